// The audio thread: microphone to 16-bit frames, and the queue that feeds the speaker.
import { Resampler } from "./resampler.js";

const FADE_SECONDS = 0.003; // short enough to be "at once", long enough not to click
const REPORT_SECONDS = 0.02; // how often the position is told while something sounds
const LEVEL_SECONDS = 0.05; // one entry of the log of what was really rendered

class Capture extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate, frameSeconds } }) {
    super();
    this.resampler = new Resampler(sampleRate, rate);
    this.size = Math.round(rate * frameSeconds);
    this.alive = true;
    this.begin();
    this.port.onmessage = () => (this.alive = false);
  }

  begin() {
    this.frame = new Int16Array(this.size);
    this.filled = 0;
    this.peak = 0;
  }

  process([input]) {
    if (!input[0]) return this.alive;
    for (const sample of this.resampler.push(input[0])) {
      const value = Math.max(-1, Math.min(1, sample));
      this.peak = Math.max(this.peak, Math.abs(value));
      this.frame[this.filled++] = Math.round(value * 32767);
      if (this.filled < this.size) continue;
      this.port.postMessage({ pcm: this.frame.buffer, peak: this.peak }, [this.frame.buffer]);
      this.begin();
    }
    return this.alive;
  }
}

// Plays one generation at a time. `seconds` is what was rendered of it, in seconds of the source.
// `hold` falls silent and keeps the queue, `clear` falls silent and drops it.
class Playback extends AudioWorkletProcessor {
  constructor({ processorOptions: { jitterSeconds } }) {
    super();
    this.jitter = jitterSeconds * sampleRate;
    this.step = 1 / (FADE_SECONDS * sampleRate);
    this.alive = true;
    this.sinceReport = 0;
    this.tail = new Float32Array(0);
    this.begin(0);
    this.energy = this.measured = this.levelFrom = 0;
    this.port.onmessage = ({ data }) => this[data.type](data);
  }

  begin(generation) {
    if (this.measured) this.postLevel();
    this.generation = generation;
    this.levelFrom = 0;
    this.queue = [];
    this.queued = 0;
    this.head = 0;
    this.received = 0; // seconds of source taken in
    this.rendered = 0; // frames given out
    this.waited = 0;
    this.started = false;
    this.ending = false;
    this.held = false;
    this.gain = 1;
    this.resampler = null;
  }

  get seconds() {
    return Math.min(this.rendered / sampleRate, this.received);
  }

  // ---- messages from the page

  audio({ generation, rate, pcm }) {
    if (generation < this.generation) return;
    if (generation > this.generation) this.begin(generation);
    if (this.resampler?.from !== rate) {
      this.flush();
      this.resampler = new Resampler(rate, sampleRate);
    }
    const samples = Float32Array.from(new Int16Array(pcm), (sample) => sample / 32768);
    this.received += samples.length / rate;
    this.enqueue(this.resampler.push(samples));
    this.ending = false;
  }

  done() {
    this.flush();
    this.ending = true;
  }

  hold() {
    if (!this.started) this.gain = 0;
    this.held = this.queued > 0; // with nothing to sound there is nothing that a `clear` would confirm
    this.report();
  }

  release() {
    this.held = false;
  }

  clear({ generation }) {
    if (generation <= this.generation) return;
    this.tail = this.fadeOut();
    const at = Date.now();
    this.port.postMessage({
      type: "cleared", generation: this.generation, seconds: this.seconds, at,
      silent: at + (1000 * this.tail.length) / sampleRate,
    });
    this.begin(generation);
  }

  reset() {
    this.tail = this.fadeOut();
    this.report();
    this.begin(0);
  }

  stop() {
    this.alive = false;
  }

  // ---- the queue

  flush() {
    if (this.resampler) this.enqueue(this.resampler.push(new Float32Array(0), true));
  }

  enqueue(samples) {
    if (!samples.length) return;
    this.queue.push(samples);
    this.queued += samples.length;
  }

  take(out, from) {
    const chunk = this.queue[0];
    const count = Math.min(out.length - from, chunk.length - this.head);
    let taken = 0;
    while (taken < count && !(this.held && this.gain === 0)) {
      const goal = this.held ? 0 : 1;
      if (this.gain !== goal) this.gain = Math.max(0, Math.min(1, this.gain + (goal ? this.step : -this.step)));
      out[from + taken++] = chunk[this.head++] * this.gain;
    }
    if (this.head === chunk.length) {
      this.queue.shift();
      this.head = 0;
    }
    this.queued -= taken;
    this.rendered += taken;
    return taken;
  }

  fadeOut() {
    if (!this.started || this.gain === 0) return new Float32Array(0);
    const tail = new Float32Array(Math.round(FADE_SECONDS * sampleRate));
    this.held = true;
    let made = 0;
    while (made < tail.length && this.queue.length && this.gain > 0) made += this.take(tail, made);
    return tail.slice(0, made);
  }

  // ---- rendering

  process(_inputs, [output]) {
    const out = output[0];
    const made = this.tail.length ? this.renderTail(out) : this.render(out);
    for (const channel of output.slice(1)) channel.set(out);
    this.measure(out);
    this.sinceReport += out.length;
    if (made && this.sinceReport >= REPORT_SECONDS * sampleRate) this.report();
    return this.alive;
  }

  renderTail(out) {
    const count = Math.min(out.length, this.tail.length);
    out.set(this.tail.subarray(0, count));
    this.tail = this.tail.slice(count);
    return 0;
  }

  render(out) {
    if (!this.started && this.queued) {
      this.waited += out.length; // the buffer is full when enough has come, or has waited long enough for more
      this.started = this.ending || this.queued >= this.jitter || this.waited >= this.jitter;
      if (this.started) this.port.postMessage({ type: "began", at: Date.now() });
    }
    if (!this.started) return 0;
    let made = 0;
    while (made < out.length && this.queue.length) {
      const taken = this.take(out, made);
      if (!taken) return made;
      made += taken;
    }
    if (!this.queue.length) {
      this.started = false;
      this.waited = 0;
      this.report();
    }
    return made;
  }

  report() {
    this.sinceReport = 0;
    this.port.postMessage({
      type: "position", generation: this.generation, seconds: this.seconds, sounding: this.started && !this.held,
    });
  }

  // ---- the log of what was really rendered

  measure(out) {
    for (const sample of out) this.energy += sample * sample;
    this.measured += out.length;
    if (this.measured >= LEVEL_SECONDS * sampleRate) this.postLevel();
  }

  postLevel() {
    const rms = Math.sqrt(this.energy / this.measured);
    const to = this.seconds;
    this.port.postMessage({ type: "level", generation: this.generation, from: this.levelFrom, to, rms, at: Date.now() });
    this.energy = this.measured = 0;
    this.levelFrom = to;
  }
}

registerProcessor("rostrum-capture", Capture);
registerProcessor("rostrum-playback", Playback);
