// The machine's own microphone and speaker, as this page sees them: the server hears and sounds, the page only shows.
import { AudioProblem } from "./audio.js";

const OPENED_SECONDS = 8; // some sound servers start when they are first asked

// Stands where a `Speaker` stands. What it has played the server reports itself.
class MachineSpeaker {
  constructor({ onPosition, onLevel, onBegan }) {
    Object.assign(this, { onPosition, onLevel, onBegan, latency: 0, node: true });
    this.reset();
  }

  told({ generation, seconds, sounding, level }) {
    const at = Date.now();
    const from = generation === this.generation ? Math.min(this.seconds, seconds) : 0;
    if (sounding && !this.sounding) this.onBegan({ at });
    Object.assign(this, { generation, seconds, sounding });
    this.onPosition({ generation, seconds, sounding });
    this.onLevel({ generation, from, to: seconds, rms: level, at });
  }

  reset() {
    Object.assign(this, { generation: 0, seconds: 0, sounding: false });
  }

  async open() { return true; }
  audio() {}
  done() {}
  hold() {}
  clear() {}
  close() {}
}

// Stands where a `Microphone` stands.
class MachineMicrophone {
  constructor({ send, onLost }) {
    Object.assign(this, { send, onLost, stream: null, wanted: false, live: false });
  }

  async open() {
    if (this.stream) return;
    this.wanted = true;
    this.announce();
    const late = setTimeout(() => this.answer({ listening: "failed" }), 1000 * OPENED_SECONDS);
    const { listening, problem } = await new Promise((answer) => (this.answer = answer));
    clearTimeout(late);
    this.answer = null;
    if (listening === "open") return;
    this.wanted = false;
    throw new AudioProblem(problem || "failed");
  }

  told({ listening, problem }) {
    const had = this.stream;
    this.stream = listening === "open" ? {} : null;
    if (listening) this.answer?.({ listening, problem });
    if (had && !this.stream && this.wanted) {
      this.wanted = false;
      this.onLost();
    }
  }

  // Whether what it hears counts.
  hear(live) {
    if (live === this.live) return;
    this.live = live;
    this.announce();
  }

  announce() {
    this.send({ type: "microphone", open: this.wanted, live: this.live });
  }

  close() {
    if (!this.wanted && !this.stream) return;
    Object.assign(this, { wanted: false, live: false, stream: null });
    this.announce();
  }
}

export class Machine {
  // `send(message)`; the handlers of a `Speaker` and a `Microphone`; `on(event)`: machine, what there is of devices, and
  // level, how loud it is.
  constructor({ send, on, ...handlers }) {
    Object.assign(this, { send, on });
    this.speaker = new MachineSpeaker(handlers);
    this.microphone = new MachineMicrophone({ send, ...handlers });
  }

  // The connection is new: what was wished for holds.
  begin(headset) {
    this.choose({ headset });
    if (this.microphone.wanted) this.microphone.announce();
  }

  // {input, output} by the names of devices, headset.
  choose(choice) {
    this.send({ type: "machine", ...choice });
  }

  // Whether the server's message was about this.
  heard(message) {
    if (message.type === "position") this.speaker.told(message);
    else if (message.type === "level") this.on(message);
    else if (message.type === "machine") {
      this.situation = message;
      this.on(message);
      this.microphone.told(message);
    } else return false;
    return true;
  }
}
