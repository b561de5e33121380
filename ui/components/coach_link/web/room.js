// Whether this microphone, in this room, hears well enough: how far the voice stands out of the noise, and how much of
// the loudspeaker comes back. Levels are decibels of full scale. Pure.

const FLOOR = -90; // of digital silence
const KEPT_SECONDS = 8;
const LEAST_SECONDS = 1.5;
const LEAST_SPEECH_SECONDS = 0.6;
const STANDS_OUT = 8; // decibels above the quietest that are taken for a voice
const NOISY = 15; // of signal to noise: below it loudness, and what depends on it, cannot be measured
const GOOD = 20;
const FAINT = -50; // a voice that a recogniser hardly hears, without a browser's gain
const CLIPPED = 0.985; // of full scale

const decibels = (amplitude) => Math.max(FLOOR, 20 * Math.log10(amplitude || 1e-9));

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

export class Room {
  constructor() {
    this.frames = []; // {level, seconds, peak}, the last few seconds
    this.seconds = 0;
  }

  // 16-bit samples.
  push(samples, rate) {
    let [energy, peak] = [0, 0];
    for (const sample of samples) {
      const value = sample / 32768;
      energy += value * value;
      peak = Math.max(peak, Math.abs(value));
    }
    const seconds = samples.length / rate;
    this.frames.push({ level: decibels(Math.sqrt(energy / samples.length)), seconds, peak });
    this.seconds += seconds;
    while (this.seconds > KEPT_SECONDS) this.seconds -= this.frames.shift().seconds;
  }

  // {verdict, noise, voice, ratio}: waiting (nobody has spoken yet), clipped, faint, noisy, fair or good.
  get found() {
    const levels = this.frames.map(({ level }) => level).sort((a, b) => a - b);
    if (this.seconds < LEAST_SECONDS) return { verdict: "waiting" };
    const over = quantile(levels, 0.1) + STANDS_OUT;
    const noise = quantile(levels.filter((level) => level <= over), 0.85); // others in the room come and go
    const voiced = this.frames.filter(({ level }) => level > over);
    const spoken = voiced.reduce((sum, { seconds }) => sum + seconds, 0);
    if (spoken < LEAST_SPEECH_SECONDS) return { verdict: "waiting", noise };
    const voice = quantile(voiced.map(({ level }) => level).sort((a, b) => a - b), 0.5);
    const ratio = voice - noise;
    return { verdict: this.judge(voice, ratio), noise, voice, ratio };
  }

  judge(voice, ratio) {
    if (this.frames.some(({ peak }) => peak >= CLIPPED)) return "clipped";
    if (voice < FAINT) return "faint";
    return ratio < NOISY ? "noisy" : ratio < GOOD ? "fair" : "good";
  }
}

// ---- the loudspeaker in the microphone

const CHIRP = { seconds: 0.5, from: 400, to: 2800, gain: 0.25 };
const CERTAIN = 5; // times the median of all correlations: chance makes it 3.4

// A sweep that rises from `from` to `to` hertz, faded in and out; `turn`: its phase, in quarters.
export function chirp(rate, turn = 0) {
  const { seconds, from, to, gain } = CHIRP;
  const count = Math.round(seconds * rate);
  const fade = 0.05 * rate;
  return Float32Array.from({ length: count }, (_, i) => {
    const t = i / rate;
    const phase = 2 * Math.PI * (from * t + ((to - from) * t * t) / (2 * seconds)) + (turn * Math.PI) / 2;
    const edge = Math.min(1, i / fade, (count - 1 - i) / fade);
    return gain * edge * Math.sin(phase);
  });
}

const ALIKE = 0.05; // the least share of the sound that is the chirp: less is another tone, or hidden in noise

// A quarter of the work, and the chirp is still in it.
const halved = (samples) => Float32Array.from({ length: samples.length >> 1 }, (_, i) => (samples[2 * i] + samples[2 * i + 1]) / 2);

// How loud the chirp is in `samples` (-1 to 1, at `rate`), in decibels of what was played; null: not found. Both of its
// quadratures are looked for, so that it is found whatever the way from the loudspeaker did to its phase.
export function echoIn(samples, rate) {
  const [heard, sine, cosine] = [samples, chirp(rate), chirp(rate, 1)].map(halved);
  const energy = sine.reduce((sum, sample) => sum + sample * sample, 0);
  let around = heard.slice(0, sine.length).reduce((sum, sample) => sum + sample * sample, 0); // the energy under the chirp
  const found = [];
  const alike = [];
  for (let lag = 0; lag + sine.length <= heard.length; lag++) {
    let [one, other] = [0, 0];
    for (let i = 0; i < sine.length; i++) {
      one += heard[lag + i] * sine[i];
      other += heard[lag + i] * cosine[i];
    }
    found.push(Math.hypot(one, other) / energy);
    alike.push(around > 0 ? (one * one + other * other) / (energy * around) : 0);
    around += (heard[lag + sine.length] ?? 0) ** 2 - heard[lag] ** 2;
  }
  if (!found.length) return null;
  const best = found.reduce((most, each) => Math.max(most, each), 0);
  const usual = quantile(Float32Array.from(found).sort(), 0.5);
  const certain = best > CERTAIN * usual && alike[found.indexOf(best)] > ALIKE;
  return certain ? decibels(best) : null;
}
