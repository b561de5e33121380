// The browser's microphone and speaker, behind two small objects. One AudioContext a page, at the device's own rate.

const RESUME_SECONDS = 0.4; // resume() stays pending for ever where the browser wants a tap first
const JITTER_SECONDS = 0.06;
const HOLD_SECONDS = 1.0; // how long the server may take to confirm that it fell silent
export const MIC_RATE = 16000;
const FRAME_SECONDS = 0.016; // two make one window of the voice detector: none waits for a frame to fill

let context = null;
let loaded = null;

export class AudioProblem extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export async function openContext() {
  if (!globalThis.isSecureContext || !globalThis.AudioWorkletNode) throw new AudioProblem("insecure");
  context ??= new AudioContext({ latencyHint: "interactive" });
  loaded ??= context.audioWorklet.addModule(new URL("./audio.worklet.js", import.meta.url).href);
  await loaded;
  return context;
}

export class Speaker {
  constructor({ onPosition, onCleared, onLevel, onBegan, onInterrupted }) {
    this.handlers = { position: onPosition, cleared: onCleared, level: onLevel, began: onBegan };
    this.onInterrupted = onInterrupted;
    this.node = null;
    this.early = []; // what came before there was anything to sound it
  }

  // Resolves to whether sound may be heard now; false: the browser waits for a tap. Call it in a user gesture.
  async open() {
    const ctx = await openContext();
    if (!this.node) this.connect(ctx);
    if (ctx.state !== "running") {
      await Promise.race([ctx.resume(), new Promise((late) => setTimeout(late, 1000 * RESUME_SECONDS))]);
    }
    return ctx.state === "running";
  }

  connect(ctx) {
    this.node = new AudioWorkletNode(ctx, "rostrum-playback", {
      numberOfInputs: 0, outputChannelCount: [1], processorOptions: { jitterSeconds: JITTER_SECONDS },
    });
    this.node.port.onmessage = ({ data }) => this.handlers[data.type](data);
    this.node.connect(ctx.destination);
    for (const [message, transfer] of this.early.splice(0)) this.post(message, transfer);
    ctx.onstatechange = () => ctx.state !== "running" && this.onInterrupted();
  }

  // Seconds between rendering a sample and hearing it.
  get latency() {
    return context?.outputLatency || 0;
  }

  post(message, transfer = []) {
    this.node?.port.postMessage(message, transfer);
  }

  audio(generation, rate, pcm) {
    this.feed({ type: "audio", generation, rate, pcm }, [pcm]);
  }

  clear(generation) {
    clearTimeout(this.holding);
    this.early = [];
    this.post({ type: "clear", generation });
  }

  // Silent at once, nothing lost: goes on by itself if no `clear` says that the silence was meant.
  hold() {
    this.post({ type: "hold" });
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.post({ type: "release" }), 1000 * HOLD_SECONDS);
  }

  done() {
    this.feed({ type: "done" });
  }

  feed(message, transfer = []) {
    if (this.node) this.post(message, transfer);
    else this.early.push([message, transfer]);
  }

  reset() {
    clearTimeout(this.holding);
    this.early = [];
    this.post({ type: "reset" });
  }

  close() {
    clearTimeout(this.holding);
    this.post({ type: "stop" });
    this.node?.disconnect();
    this.node = null;
  }
}

const PROBLEMS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing",
  OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy" };

// What the browser lets a page hear; with headphones there is no echo to cancel.
function voiceOf(headphones) {
  const audio = { channelCount: 1, echoCancellation: !headphones, noiseSuppression: true, autoGainControl: true };
  return navigator.mediaDevices.getUserMedia({ audio });
}

export class Microphone {
  // `acquire(headphones)` resolves to the stream to be heard, if it is to be another than the microphone's.
  constructor({ onFrame, onLost, acquire = voiceOf }) {
    this.onFrame = onFrame;
    this.onLost = onLost;
    this.acquire = acquire;
    this.stream = null;
    this.opening = null;
  }

  // Resolves once frames come. Throws AudioProblem: insecure, denied, missing, busy or failed.
  open(headphones) {
    if (this.stream) return Promise.resolve();
    this.opening ??= this.start(headphones).finally(() => (this.opening = null));
    return this.opening;
  }

  async start(headphones) {
    if (!navigator.mediaDevices?.getUserMedia) throw new AudioProblem("insecure");
    const ctx = await openContext();
    try {
      this.stream = await this.acquire(headphones);
    } catch (error) {
      throw error instanceof AudioProblem ? error : new AudioProblem(PROBLEMS[error.name] || "failed");
    }
    this.stream.getAudioTracks()[0].onended = () => {
      this.close();
      this.onLost();
    };
    ctx.resume();
    this.source = ctx.createMediaStreamSource(this.stream);
    this.node = new AudioWorkletNode(ctx, "rostrum-capture", {
      numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit",
      processorOptions: { rate: MIC_RATE, frameSeconds: FRAME_SECONDS },
    });
    this.node.port.onmessage = ({ data }) => this.onFrame(data.pcm, data.peak);
    this.source.connect(this.node);
  }

  close() {
    this.node?.port.postMessage("stop");
    this.source?.disconnect();
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = this.source = this.node = null;
  }
}
