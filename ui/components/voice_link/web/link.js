// The socket to /voice: comes back by itself, drops microphone frames rather than falling behind.

const BACKOFF_SECONDS = [0.25, 0.5, 1, 2, 4];
const BACKLOG_BYTES = 64000; // two seconds of microphone
const PING_SECONDS = 10;
const PONG_SECONDS = 8; // a network that went away silently closes no socket
const HEADER_BYTES = 8;
const AGAIN = 4000;
const FINAL = [1000, 1008, 4004]; // it is over here, was refused, or is not there: asking again changes nothing

export class Link {
  // `hello()` gives the first message; `onClosed({ code, reason, final })` tells why there is none.
  constructor({ path, hello, onMessage, onAudio, onClosed }) {
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    this.url = scheme + location.host + (window.path_prefix || "") + path;
    Object.assign(this, { hello, onMessage, onAudio, onClosed });
    this.attempt = 0;
    this.retryNow = () => this.socket?.readyState === WebSocket.CLOSED && !this.left && this.connect();
    window.addEventListener("online", this.retryNow);
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    clearTimeout(this.retry);
    const socket = (this.socket = new WebSocket(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.send(this.hello());
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.text(JSON.parse(data)) : this.binary(data));
    socket.onclose = (event) => this.closed(event);
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.ping(), 1000 * PING_SECONDS);
  }

  text(message) {
    if (message.type === "pong") return clearTimeout(this.ponging);
    if (message.type === "ready") this.attempt = 0;
    this.onMessage(message);
  }

  binary(data) {
    const header = new DataView(data, 0, HEADER_BYTES);
    this.onAudio(header.getUint32(0, true), header.getUint32(4, true), data.slice(HEADER_BYTES));
  }

  ping() {
    if (!this.send({ type: "ping", at: performance.now() / 1000 })) return;
    clearTimeout(this.ponging);
    this.ponging = setTimeout(() => this.abandon(), 1000 * PONG_SECONDS);
  }

  // Says goodbye, and `hello` again on another connection.
  renew() {
    this.socket.onclose = null;
    this.socket.close(1000);
    this.connect();
  }

  // The same conversation on another connection: no goodbye.
  again() {
    this.socket.onclose = null;
    this.socket.close(AGAIN);
    this.connect();
  }

  abandon() {
    const socket = this.socket;
    socket.onclose = null;
    socket.close();
    this.closed({ code: 1006, reason: "" });
  }

  closed({ code, reason }) {
    clearInterval(this.pinging);
    clearTimeout(this.ponging);
    const final = FINAL.includes(code);
    if (!this.left && !final) {
      const wait = BACKOFF_SECONDS[Math.min(this.attempt++, BACKOFF_SECONDS.length - 1)];
      this.retry = setTimeout(() => this.connect(), 1000 * wait);
    }
    if (!this.left) this.onClosed({ code, reason, final });
  }

  // Whether the message could be sent.
  send(message) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  sendAudio(pcm) {
    if (this.open && this.socket.bufferedAmount < BACKLOG_BYTES) this.socket.send(pcm);
  }

  close() {
    this.left = true;
    clearTimeout(this.retry);
    clearTimeout(this.ponging);
    clearInterval(this.pinging);
    window.removeEventListener("online", this.retryNow);
    this.socket?.close(1000);
  }
}
