// A coached session in the browser: socket, ears and whispers joined; no drawing in here.
import { AudioProblem, Link, MIC_RATE, openContext } from "rostrum-voice";
import { Ears } from "./ears.js";
import { PartnerKey } from "./partner.js";
import { Whisper } from "./whisper.js";

const RESTARTING = 1012;
const RESUME_SECONDS = 0.4; // resume() stays pending for ever where the browser wants a tap first
const FINISH_SECONDS = 90; // a long talk may be written up by a slow model
const KEPT = 2000;

export class CoachSession {
  // `options`: path, session, device, headphones, and manner {cues, ear, fluency}. `on(event)`: everything the
  // screen has to know, as {type, ...}: the server's messages as they are, and connection, problem, ears, level, paused,
  // said: what the partner's key says.
  constructor(options, on) {
    this.options = options;
    this.on = on;
    this.unsent = []; // corrections made while there was no connection
    this.trace = window.rostrumCoach = { session: this, messages: [], sounds: [], frames: 0, bytes: 0 };
    this.whisper = new Whisper((what) => this.note("sounds", { what, t: Date.now() }));
    this.partner = new PartnerKey((speaker) => {
      this.link.send({ type: "speaking", speaker });
      this.on({ type: "said_by", speaker });
    });
    this.ears = new Ears({
      device: () => this.options.device, onFrame: (frame) => this.frame(frame), onLost: (which) => this.lost(which),
    });
    this.link = new Link({
      path: `${options.path}/${encodeURIComponent(options.session)}`,
      hello: () => this.hello(),
      onMessage: (message) => this.heard(message),
      onAudio: () => {},
      onClosed: (event) => this.disconnected(event),
    });
    this.link.connect();
  }

  hello() {
    this.fresh = true;
    return this.config();
  }

  config() {
    const { cues, ear, fluency } = this.options.manner;
    const channels = this.ears.shared ? ["user", "partner"] : ["user"];
    return { type: "config", sample_rate: MIC_RATE, channels, interim: true, speakers: true, cues, ear, fluency };
  }

  // ---- from the server

  heard(message) {
    this.note("messages", { ...message, data: undefined, t: Date.now() });
    if (message.type === "ready") return this.ready(message);
    if (message.type === "audio") this.whisper.say(message.data);
    else if (message.type === "hush") this.whisper.hush();
    else if (message.type === "earcon") this.whisper.earcon();
    return this.on(message);
  }

  // Of a new connection, with the transcript so far; later ones only say that a change was taken.
  ready(message) {
    if (!this.fresh) return;
    this.fresh = false;
    this.on(message);
    this.on({ type: "connection", state: "open" });
    const { speaking } = this.partner;
    if (speaking && !this.ears.shared) this.link.send({ type: "speaking", speaker: speaking });
    for (const message of this.unsent.splice(0)) this.link.send(message);
  }

  disconnected({ code, reason, final }) {
    this.whisper.hush();
    const state = final ? "refused" : code === RESTARTING ? "restarting" : "lost";
    this.on({ type: "connection", state, reason });
  }

  // ---- ears

  // Begins to listen. Call it in a user gesture. Resolves to whether it does.
  async listen() {
    const opened = await this.attempt(() => this.ears.listen(this.options.headphones));
    if (opened) this.on({ type: "paused", paused: !(await this.resume()) });
    this.announce();
    return opened;
  }

  async resume() {
    const context = await openContext();
    context.onstatechange = () => this.on({ type: "paused", paused: context.state !== "running" });
    if (context.state !== "running") {
      await Promise.race([context.resume(), new Promise((late) => setTimeout(late, 1000 * RESUME_SECONDS))]);
    }
    return context.state === "running";
  }

  async hearWith(change) {
    Object.assign(this.options, change);
    if (!this.ears.open) return;
    this.ears.microphone.close();
    await this.listen();
  }

  async share() {
    if (await this.attempt(() => this.ears.share())) this.link.send(this.config());
    this.announce();
  }

  unshare() {
    this.ears.unshare();
    this.link.send(this.config());
    this.announce();
  }

  async attempt(open) {
    try {
      await open();
    } catch (error) {
      if (!(error instanceof AudioProblem)) throw error;
      this.on({ type: "problem", code: error.code });
      return false;
    }
    this.on({ type: "problem", code: "" });
    return true;
  }

  lost(which) {
    if (which === "call") return this.unshare();
    this.on({ type: "problem", code: "unplugged" });
    return this.announce();
  }

  mute(muted) {
    this.ears.muted = muted;
    this.announce();
  }

  announce() {
    const { open, shared, muted } = this.ears;
    this.on({ type: "ears", open, shared, muted });
  }

  frame({ pcm, mine, theirs }) {
    this.trace.frames++;
    this.trace.bytes += pcm.byteLength;
    this.on({ type: "level", mine, theirs });
    this.link.sendAudio(pcm);
  }

  // ---- what the user does

  help() {
    return this.link.send({ type: "help" });
  }

  correct(line, speaker) {
    const message = { type: "correct", line, speaker };
    if (!this.link.send(message)) this.unsent.push(message);
  }

  behave(change) {
    Object.assign(this.options.manner, change);
    if (!this.options.manner.ear) this.whisper.hush();
    this.link.send(this.config());
  }

  // Resolves to whether the report is there.
  async finish() {
    this.link.send({ type: "stop" });
    this.close();
    const url = `${window.path_prefix || ""}/session/${encodeURIComponent(this.options.session)}/finish`;
    const signal = AbortSignal.timeout(1000 * FINISH_SECONDS);
    const answer = await fetch(url, { method: "POST", signal }).catch(() => null);
    return Boolean(answer?.ok);
  }

  note(list, entry) {
    this.trace[list].push(entry);
    if (this.trace[list].length > KEPT) this.trace[list].shift();
  }

  close() {
    this.ears.close();
    this.announce();
    this.whisper.hush();
    this.link.close();
  }
}
