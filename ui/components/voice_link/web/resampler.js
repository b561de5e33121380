// Streaming change of sampling rate: polyphase windowed sinc, no clicks at block borders, no drift.
// Output sample n stands for source time n * from / to exactly; only a few samples of lookahead are held back until
// `end`. Runs on the audio thread.

const ZEROS = 16; // zero crossings of the sinc on each side: about -70 dB of aliasing
const MAX_PHASES = 640; // enough for every usual pair of rates to be exact

function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

export class Resampler {
  constructor(from, to) {
    const common = gcd(from, to);
    this.from = from;
    this.to = to;
    this.up = to / common;
    this.down = from / common;
    this.identity = from === to;
    if (!this.identity) this.design(0.95 * Math.min(1, to / from));
    this.reset();
  }

  design(cutoff) {
    this.half = Math.ceil(ZEROS / cutoff);
    this.phases = Math.min(this.up, MAX_PHASES);
    this.kernels = Array.from({ length: this.phases }, (_, phase) => {
      const kernel = new Float32Array(2 * this.half);
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) {
        const t = k - (this.half - 1) - phase / this.phases;
        const x = Math.PI * cutoff * t;
        const window = 0.42 + 0.5 * Math.cos((Math.PI * t) / this.half) + 0.08 * Math.cos((2 * Math.PI * t) / this.half);
        kernel[k] = (x === 0 ? 1 : Math.sin(x) / x) * Math.max(0, window);
        sum += kernel[k];
      }
      return kernel.map((weight) => weight / sum);
    });
  }

  reset() {
    this.phase = 0;
    this.held = new Float32Array(this.identity ? 0 : this.half - 1);
  }

  // Source samples in, output samples out. `end` gives back what was held for lookahead and starts afresh.
  push(input, end = false) {
    if (this.identity) return input;
    const source = new Float32Array(this.held.length + input.length + (end ? this.half : 0));
    source.set(this.held);
    source.set(input, this.held.length);
    const taps = 2 * this.half;
    const output = new Float32Array(Math.ceil((source.length * this.up) / this.down) + 1);
    let made = 0;
    let start = 0;
    while (start + taps <= source.length) {
      const kernel = this.kernels[Math.floor((this.phase * this.phases) / this.up)];
      let sample = 0;
      for (let k = 0; k < taps; k++) sample += kernel[k] * source[start + k];
      output[made++] = sample;
      this.phase += this.down;
      const whole = Math.floor(this.phase / this.up);
      start += whole;
      this.phase -= whole * this.up;
    }
    if (end) this.reset();
    else this.held = source.slice(Math.min(start, source.length));
    return output.subarray(0, made);
  }
}
