// Sounds what comes, piece after piece, in the order in which it came.

const AHEAD = 0.06; // seconds: pieces that come late by less do not tear

export class Player {
  constructor() {
    this.context = null;
    this.generation = 0;
    this.coming = Promise.resolve();
  }

  // In a tap or a key press: browsers let a page sound only then.
  open() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
    this.at = 0;
    this.sources = new Set();
  }

  // A complete file: MP3, WAV.
  file(bytes) {
    const { generation } = this;
    this.coming = this.coming
      .then(() => this.context.decodeAudioData(bytes.buffer))
      .then((buffer) => generation === this.generation && this.sound(buffer), () => {});
  }

  // 16-bit little-endian samples, mono.
  pcm(bytes, rate) {
    const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
    if (!samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, rate);
    buffer.getChannelData(0).set(Float32Array.from(samples, (sample) => sample / 32768));
    this.sound(buffer);
  }

  sound(buffer) {
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.context.destination);
    this.at = Math.max(this.at, this.context.currentTime + AHEAD);
    source.start(this.at);
    this.at += buffer.duration;
    this.sources.add(source);
    source.onended = () => this.sources.delete(source);
  }

  get sounding() {
    return Boolean(this.context) && this.at > this.context.currentTime;
  }

  clear() {
    this.generation += 1;
    for (const source of this.sources ?? []) source.stop();
    this.sources?.clear();
    this.at = 0;
  }

  close() {
    this.clear();
    this.context?.close();
    this.context = null;
  }
}
