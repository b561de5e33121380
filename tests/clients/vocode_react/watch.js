// Notes what sounds: when each buffer was begun on the clock of its audio context, how long it is, how loud; how many
// messages with audio came; and how the connection ended.
window.global = window;
window.sounded = [];
window.closes = [];
window.sent = 0;
let until = 0;
window.quiet = () => performance.now() > until + 1500;
const begin = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...rest) {
  const samples = this.buffer.getChannelData(0);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  window.sounded.push({ at: this.context.currentTime, seconds: this.buffer.duration, peak });
  until = performance.now() + 1000 * this.buffer.duration;
  return begin.apply(this, rest);
};
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...rest) {
    super(...rest);
    this.addEventListener("message", (event) => (window.sent += JSON.parse(event.data).type === "websocket_audio"));
    this.addEventListener("close", (event) => window.closes.push({ code: event.code, reason: event.reason }));
  }
};
