// What went both ways, calmly: long base64 is cut short, and sound that follows sound is one line that grows.

const LONGEST = 72; // characters of a text within a message
const MOST = 200; // lines

const shorten = (value) => typeof value === "string" && value.length > LONGEST
  ? `${value.slice(0, 24)}… ${(value.length / 1024).toFixed(1)} kB`
  : Array.isArray(value) ? value.map(shorten)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shorten(one)]))
  : value;

export function shown(message) {
  if (typeof message !== "string") return JSON.stringify(shorten(message), null, 1).replace(/\n\s*/g, " ");
  return message.length > 600 ? `${message.slice(0, 600)}… ${(message.length / 1024).toFixed(1)} kB` : message;
}

export class Log {
  constructor() {
    this.lines = [];
    this.begun = performance.now();
    this.number = 0;
  }

  // `way`: sent, got, note or error. `kind`: of sound, by which a line grows; nothing for anything else.
  add(way, text, kind = "", seconds = 0) {
    const last = this.lines.at(-1);
    if (kind && last?.kind === kind && last.way === way) {
      last.count += 1;
      last.seconds += seconds;
      return;
    }
    const at = ((performance.now() - this.begun) / 1000).toFixed(2);
    this.lines.push({ number: this.number++, at, way, text, kind, count: 1, seconds });
    if (this.lines.length > MOST) this.lines.splice(0, this.lines.length - MOST);
  }

  clear() {
    this.lines = [];
    this.begun = performance.now();
  }
}
