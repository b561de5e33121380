// One connection of the console: the socket, what goes through it, its microphone and its loudspeaker.
import { Microphone } from "rostrum-voice";
import { socketAddress } from "./addresses.js";
import { shown } from "./log.js";
import { closed } from "./words.js";

const PIECE = 3200; // bytes of the microphone in one message: 0.1 s
const OPEN_SECONDS = 10;
const ANSWER_SECONDS = 75; // the server itself gives up after 60

export class Session {
  constructor(way, { log, player, onState, onTrouble }) {
    Object.assign(this, { way, log, player, onState, onTrouble });
    this.held = [];
    this.microphone = new Microphone({
      onFrame: (pcm) => this.hear(pcm), onLost: () => this.onTrouble("The microphone was unplugged."),
    });
  }

  async open() {
    this.onState("connecting");
    if (this.way.first) {
      this.created = await this.call(this.way.first);
      if (!this.created) return this.onState("off");
    }
    const path = this.created ? this.way.path(this.created) : this.way.path;
    const socket = (this.socket = new WebSocket(socketAddress(path)));
    socket.binaryType = "arraybuffer";
    this.log.add("note", `connecting to ${path}`);
    this.giving = setTimeout(() => socket.close(), 1000 * OPEN_SECONDS);
    socket.onopen = () => {
      clearTimeout(this.giving);
      this.opened = true;
      this.onState("on");
      this.log.add("note", "connected");
      if (this.way.greeting) this.send(this.way.greeting);
    };
    socket.onmessage = ({ data }) => this.take(data);
    socket.onclose = (event) => this.gone(event);
  }

  gone({ code, reason }) {
    clearTimeout(this.giving);
    this.microphone.close();
    const told = closed(code, reason, this.opened);
    this.log.add(told.trouble ? "error" : "note", told.text);
    if (told.trouble) this.onTrouble(told.text);
    this.onState("off");
  }

  send(message) {
    const binary = message instanceof ArrayBuffer || ArrayBuffer.isView(message);
    this.socket.send(binary ? message : JSON.stringify(message));
    if (!binary) this.log.add("sent", shown(message));
  }

  take(data) {
    if (typeof data !== "string") return this.log.add("got", "binary", "binary");
    const message = JSON.parse(data);
    const sound = this.way.sound(message);
    if (this.way.silence(message)) this.player.clear();
    if (sound?.file) this.player.file(sound.file);
    if (sound?.pcm) this.player.pcm(sound.pcm, sound.rate);
    const bad = message.type === "error" || message.event === "error" || message.type === "websocket_error";
    this.log.add(bad ? "error" : "got", shown(message), sound && !message.media ? "sound" : "");
  }

  // Throws what `Microphone.open` does.
  async listen() {
    await this.microphone.open(false);
    if (this.way.before) this.send(this.way.before);
  }

  mute() {
    this.microphone.close();
    this.held = [];
  }

  hear(pcm) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.held.push(new Uint8Array(pcm.buffer ?? pcm));
    const size = this.held.reduce((sum, one) => sum + one.length, 0);
    if (size < PIECE) return;
    const piece = new Uint8Array(size);
    this.held.reduce((at, one) => (piece.set(one, at), at + one.length), 0);
    this.held = [];
    const frame = this.way.speech(piece.buffer);
    this.socket.send(frame instanceof ArrayBuffer ? frame : JSON.stringify(frame));
    this.log.add("sent", "your microphone", "microphone", size / 32000);
  }

  // An HTTP call, as it went into the log; its answer, or nothing where it was refused.
  async call({ method, path, body }) {
    this.log.add("sent", `${method} ${path} ${body ? shown(body) : ""}`);
    const headers = body ? { "Content-Type": "application/json" } : {};
    try {
      const signal = AbortSignal.timeout(1000 * ANSWER_SECONDS);
      const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
      const text = await answer.text();
      const json = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
      this.log.add(answer.ok ? "got" : "error", `${answer.status} ${shown(json ?? text)}`);
      const sound = json && this.way.sound(json);
      if (sound) this.player.file(sound.file);
      if (answer.ok) return json ?? text;
      this.onTrouble(answer.status === 401 ? "It asks for its access token: load this page anew and log in."
        : `It was refused with ${answer.status}: see the log.`);
    } catch (error) {
      const late = error.name === "TimeoutError";
      this.log.add("error", late ? "no answer in time" : "no answer");
      this.onTrouble(late ? "No answer came in time. Try again." : "No answer: is Rostrum still running? Then try again.");
    }
    return null;
  }

  finish() {
    return this.call(this.way.last(this.created));
  }

  close() {
    this.microphone.close();
    this.socket?.close(1000);
  }
}
