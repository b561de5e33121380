// One conversation in the browser: socket, speaker and microphone joined; no drawing in here.
import { AudioProblem, Microphone, Speaker, MIC_RATE } from "./audio.js";
import { Link } from "./link.js";
import { Machine } from "./machine.js";
import { Timeline } from "./timeline.js";
import { Trace } from "./trace.js";

const ACK_SECONDS = 0.1;
const WARM_SECONDS = 20; // a microphone that was opened for one question stays ready for the next
const RESTARTING = 1012;
const NOT_HERE = ["denied", "insecure", "failed"]; // what a window says that gives pages no microphone

export class VoiceSession {
  // `options`: path, headphones, voice, speed, and pitch with mark, or talk (whom to talk with), with the conversation to
  // come back to, if any; machine: whether sound is on this machine "always", as a "fallback", or not. `on(event)`: everything the screen has to know, as {type, ...}: the server's messages as they
  // are, and connection, sounding, problem, level, microphone, and audio, began, quiet: when speech came and sounded.
  constructor(options, on) {
    this.options = options;
    this.on = on;
    this.mark = options.mark;
    this.conversation = options.conversation;
    this.timeline = new Timeline();
    this.trace = window.rostrumVoice = new Trace();
    this.trace.session = this;
    this.position = { generation: 0, seconds: 0 };
    this.state = "idle";
    this.wanted = false; // whether it should be playing once that is possible
    this.unsent = []; // what the user did while there was no connection
    this.keepOpen = this.muted = this.pressed = false;
    this.acked = 0;
    this.equip(options.machine === "always");
    this.link = new Link({
      path: options.path,
      hello: () => this.hello(),
      onMessage: (message) => this.heard(message),
      onAudio: (generation, rate, pcm) => this.arrived(generation, rate, pcm),
      onClosed: (event) => this.disconnected(event),
    });
    this.link.connect();
  }

  // With the browser's microphone and speaker, or the machine's.
  equip(withMachine) {
    const handlers = {
      onPosition: (report) => this.moved(report),
      onCleared: (report) => this.cleared(report),
      onLevel: (report) => this.rendered(report),
      onBegan: ({ at }) => this.on({ type: "began", at }),
      onInterrupted: () => this.on({ type: "sounding", can: false }),
      onFrame: (pcm, peak) => this.frame(pcm, peak),
      onLost: () => this.lostMicrophone(),
    };
    const told = { send: (message) => this.link.send(message), on: (event) => this.shown(event) };
    this.machine = withMachine ? new Machine({ ...told, ...handlers }) : null;
    this.speaker = this.machine?.speaker ?? new Speaker(handlers);
    this.microphone = this.machine?.microphone ?? new Microphone(handlers);
  }

  // The same conversation, with the machine's microphone and speaker from now on.
  moveToMachine() {
    this.microphone.close();
    this.speaker.close();
    this.equip(true);
    this.link.again();
  }

  hello() {
    const sound = this.machine ? "machine" : undefined;
    const { pitch, talk, record, voice, speed } = this.options;
    const { conversation, mark } = this;
    const { generation, seconds } = conversation ? this.position : {};
    const back = { conversation, generation, seconds };
    return { type: "hello", pitch, talk, mark, record, mic_rate: MIC_RATE, voice, speed, sound, ...back };
  }

  // Another conversation, not yet begun, with these options changed.
  beginWith(change) {
    Object.assign(this.options, change);
    this.conversation = undefined;
    this.link.renew();
  }

  // ---- from the server

  heard(message) {
    if (this.machine?.heard(message)) return;
    this.trace.message(message);
    if (message.type === "ready" && !this.ready(message)) return;
    if (message.type === "line") this.timeline.begin(message);
    else if (message.type === "words") this.timeline.words(message);
    else if (message.type === "clear") this.speaker.clear(message.generation);
    else if (message.type === "done") this.speaker.done();
    else if (message.type === "state") this.state = message.state;
    else if (message.type === "end") this.wanted = false;
    this.on(message);
  }

  // A conversation that was `returned` to goes on by itself, and is told what was done meanwhile. One that is over gives
  // way to another, which has a name of its own and knows its place from `hello`. Whether there is one now.
  ready({ conversation, returned }) {
    const over = this.conversation && !returned;
    this.conversation = over ? undefined : conversation;
    if (over) return this.link.renew();
    if (!returned) this.position = { generation: 0, seconds: 0 };
    this.on({ type: "connection", state: "open" });
    this.machine?.begin(this.options.headphones);
    if (this.pressed) this.link.send({ type: "talk", pressed: true });
    for (const message of this.unsent.splice(0)) if (returned || message.type === "ask") this.link.send(message);
    if (this.wanted && !returned) this.play();
    return true;
  }

  disconnected({ code, reason, final }) {
    this.speaker.reset();
    this.timeline = new Timeline();
    const state = final ? "refused" : code === RESTARTING ? "restarting" : "lost";
    this.on({ type: "connection", state, reason });
  }

  arrived(generation, rate, pcm) {
    this.on({ type: "audio", at: Date.now() });
    this.speaker.audio(generation, rate, pcm);
  }

  // ---- from the speaker

  moved({ generation, seconds, sounding }) {
    if (!this.link.open && generation < this.position.generation) return; // what was heard last is said on coming back
    this.position = { generation, seconds };
    if (!sounding) this.on({ type: "quiet" });
    const entry = this.current();
    if (typeof entry?.mark === "number") this.mark = entry.mark;
    if (this.machine) return; // the server knows
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

  // Now, or once there is a connection again.
  tell(message) {
    if (!this.link.send(message)) this.unsent.push(message);
  }

  async play() {
    this.wanted = true;
    if (await this.sound()) this.tell({ type: "play" });
  }

  pause() {
    this.wanted = false;
    this.speaker.hold();
    this.tell({ type: "pause" });
  }

  // Ends what is being said, for good.
  cancel() {
    this.speaker.hold();
    this.link.send({ type: "cancel" });
  }

  // Whether the listener is still thinking; how long they may pause, in seconds.
  holdFloor(on) {
    this.tell({ type: "hold", on });
  }

  // How the partner listens: with how much patience, in seconds, and how hard they cut in. What is left out stays.
  listenWith({ patience, interrupts }) {
    if (patience) this.tell({ type: "patience", seconds: patience });
    if (interrupts) this.tell({ type: "interrupts", how: interrupts });
  }

  seek(mark) {
    this.left = this.current();
    this.mark = mark;
    this.speaker.hold();
    this.tell({ type: "seek", mark });
  }

  tune(change) {
    Object.assign(this.options, change);
    this.tell({ type: "set", ...change });
  }

  async ask(text) {
    const can = this.sound();
    this.speaker.hold();
    this.tell({ type: "ask", text });
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
      if (this.options.machine === "fallback" && !this.machine && NOT_HERE.includes(error.code)) {
        this.moveToMachine();
        return this.openMicrophone();
      }
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
    if (this.machine) return this.machine.choose({ headset: headphones });
    if (!this.microphone.stream) return;
    this.microphone.close();
    await this.openMicrophone();
  }

  get live() {
    return Boolean(this.microphone.stream) && (this.pressed || (this.keepOpen && !this.muted));
  }

  announceMicrophone() {
    const { keepOpen, muted, pressed, live } = this;
    this.machine?.microphone.hear(live);
    this.on({ type: "microphone", keepOpen, muted, pressed, live });
  }

  shown(event) {
    if (event.type === "level") this.trace.microphone(event.peak);
    this.on(event);
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
