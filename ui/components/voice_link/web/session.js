// One conversation in the browser: socket, speaker and microphone joined; no drawing in here.
import { AudioProblem, Microphone, Speaker, MIC_RATE } from "./audio.js";
import { Link } from "./link.js";
import { Timeline } from "./timeline.js";
import { Trace } from "./trace.js";

const ACK_SECONDS = 0.05;
const WARM_SECONDS = 20; // a microphone that was opened for one question stays ready for the next
const RESTARTING = 1012;

export class VoiceSession {
  // `options`: path, pitch, mark, voice, speed, headphones. `on(event)`: everything the screen has to know,
  // as {type, ...}: the server's messages as they are, and connection, sounding, problem, level, microphone.
  constructor(options, on) {
    this.options = options;
    this.on = on;
    this.mark = options.mark;
    this.timeline = new Timeline();
    this.trace = window.rostrumVoice = new Trace();
    this.trace.session = this;
    this.position = { generation: 0, seconds: 0 };
    this.state = "idle";
    this.wanted = false; // whether the pitch should be playing once that is possible
    this.waiting = []; // questions typed while there was no connection
    this.keepOpen = this.muted = this.pressed = false;
    this.acked = 0;
    this.speaker = new Speaker({
      onPosition: (report) => this.moved(report),
      onCleared: (report) => this.cleared(report),
      onLevel: (report) => this.rendered(report),
      onInterrupted: () => this.on({ type: "sounding", can: false }),
    });
    this.microphone = new Microphone({
      onFrame: (pcm, peak) => this.frame(pcm, peak),
      onLost: () => this.lostMicrophone(),
    });
    this.link = new Link({
      path: options.path,
      hello: () => this.hello(),
      onMessage: (message) => this.heard(message),
      onAudio: (generation, rate, pcm) => this.speaker.audio(generation, rate, pcm),
      onClosed: (event) => this.disconnected(event),
    });
    this.link.connect();
  }

  hello() {
    const { pitch, voice, speed } = this.options;
    return { type: "hello", pitch, mark: this.mark, mic_rate: MIC_RATE, voice, speed };
  }

  // ---- from the server

  heard(message) {
    this.trace.message(message);
    if (message.type === "ready") this.ready();
    else if (message.type === "line") this.timeline.begin(message);
    else if (message.type === "words") this.timeline.words(message);
    else if (message.type === "clear") this.speaker.clear(message.generation);
    else if (message.type === "done") this.speaker.done();
    else if (message.type === "state") this.state = message.state;
    else if (message.type === "end") this.wanted = false;
    this.on(message);
  }

  ready() {
    this.on({ type: "connection", state: "open" });
    if (this.pressed) this.link.send({ type: "talk", pressed: true });
    for (const text of this.waiting.splice(0)) this.link.send({ type: "ask", text });
    if (this.wanted) this.play();
  }

  disconnected({ code, reason, final }) {
    this.speaker.reset();
    this.timeline = new Timeline();
    this.position = { generation: 0, seconds: 0 };
    const state = final ? "refused" : code === RESTARTING ? "restarting" : "lost";
    this.on({ type: "connection", state, reason });
  }

  // ---- from the speaker

  moved({ generation, seconds, sounding }) {
    this.position = { generation, seconds };
    const entry = this.current();
    if (typeof entry?.mark === "number") this.mark = entry.mark;
    const now = performance.now() / 1000;
    if (sounding && now - this.acked < ACK_SECONDS) return;
    this.acked = now;
    this.link.send({ type: "played", generation, seconds });
  }

  rendered(report) {
    this.trace.level(report, this.timeline.at(report.generation, report.from));
    this.on({ type: "speaker", rms: report.rms });
  }

  cleared(report) {
    this.trace.cleared(report);
    this.link.send({ type: "played", generation: report.generation, seconds: report.seconds });
  }

  // The entry of the timeline that is being heard. Without a speaker: the latest, since nothing tells.
  current() {
    const { generation } = this.position;
    const entry = this.speaker.node ? this.timeline.at(generation, this.heardSeconds) : this.timeline.latest;
    return entry === this.left ? undefined : entry;
  }

  get heardSeconds() {
    if (!this.speaker.node) return Infinity;
    return Math.max(0, this.position.seconds - this.speaker.latency);
  }

  // ---- what the user does; call these in the gesture

  // Whether sound may be heard. Without sound the words still appear.
  async sound() {
    try {
      const can = await this.speaker.open();
      this.on({ type: "sounding", can });
      return can;
    } catch (error) {
      if (!(error instanceof AudioProblem)) throw error;
      this.on({ type: "problem", code: error.code });
      return true;
    }
  }

  async play() {
    this.wanted = true;
    if (await this.sound()) this.link.send({ type: "play" });
  }

  pause() {
    this.wanted = false;
    this.speaker.hold();
    this.link.send({ type: "pause" });
  }

  seek(mark) {
    this.left = this.current();
    this.mark = mark;
    this.speaker.hold();
    this.link.send({ type: "seek", mark });
  }

  tune(change) {
    Object.assign(this.options, change);
    this.link.send({ type: "set", ...change });
  }

  async ask(text) {
    const can = this.sound();
    this.speaker.hold();
    if (!this.link.send({ type: "ask", text })) this.waiting.push(text);
    await can;
  }

  // ---- the microphone

  async talk(pressed) {
    if (pressed === this.pressed) return;
    this.pressed = pressed;
    if (!pressed) return this.released();
    this.speaker.hold();
    this.link.send({ type: "talk", pressed: true });
    if (!(await this.openMicrophone())) await this.talk(false);
  }

  released() {
    this.link.send({ type: "talk", pressed: false });
    this.announceMicrophone();
    clearTimeout(this.warm);
    if (!this.keepOpen) this.warm = setTimeout(() => this.closeMicrophone(), 1000 * WARM_SECONDS);
  }

  async keepMicrophone(open) {
    this.keepOpen = open;
    this.muted = false;
    if (!open) return this.closeMicrophone();
    this.keepOpen = await this.openMicrophone();
    this.announceMicrophone();
  }

  mute(muted) {
    this.muted = muted;
    this.announceMicrophone();
  }

  async openMicrophone() {
    clearTimeout(this.warm);
    this.sound();
    try {
      await this.microphone.open(this.options.headphones);
    } catch (error) {
      if (!(error instanceof AudioProblem)) throw error;
      this.on({ type: "problem", code: error.code });
      return false;
    }
    this.on({ type: "problem", code: "" });
    this.announceMicrophone();
    return true;
  }

  closeMicrophone() {
    this.microphone.close();
    this.announceMicrophone();
  }

  lostMicrophone() {
    this.keepOpen = false;
    this.on({ type: "problem", code: "unplugged" });
    this.announceMicrophone();
  }

  async wearHeadphones(headphones) {
    this.options.headphones = headphones;
    if (!this.microphone.stream) return;
    this.microphone.close();
    await this.openMicrophone();
  }

  get live() {
    return Boolean(this.microphone.stream) && (this.pressed || (this.keepOpen && !this.muted));
  }

  announceMicrophone() {
    const { keepOpen, muted, pressed, live } = this;
    this.on({ type: "microphone", keepOpen, muted, pressed, live });
  }

  frame(pcm, peak) {
    if (!this.live) return;
    this.trace.microphone(peak);
    this.on({ type: "level", peak });
    this.link.sendAudio(pcm);
  }

  close() {
    clearTimeout(this.warm);
    this.link.close();
    this.microphone.close();
    this.speaker.close();
  }
}
