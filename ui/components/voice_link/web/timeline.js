// Which line sounds at which second of which generation, and how far its words have come. Pure.

const KEPT_LINES = 200;

export class Timeline {
  constructor() {
    this.lines = [];
  }

  // A `line` message. The same line may come again in a later generation (after a pause, from `offset` on).
  begin({ line, mark, text, generation, at, offset }) {
    const words = this.lines.find((known) => known.line === line)?.words ?? [];
    this.lines.push({ line, mark, text, generation, at, offset, words });
    this.lines.splice(0, this.lines.length - KEPT_LINES);
  }

  // A `words` message: later words of a line may come while it sounds already.
  words({ line, words }) {
    const known = this.lines.findLast((entry) => entry.line === line);
    known?.words.push(...words.map(([first, last, start, end]) => ({ first, last, start, end })));
  }

  // The entry that sounds at `seconds` of `generation`, or undefined where none has begun.
  at(generation, seconds) {
    return this.lines.findLast((entry) => entry.generation === generation && entry.at <= seconds + 1e-6);
  }

  get latest() {
    return this.lines.at(-1);
  }
}

// Characters of the entry's text that have been spoken `seconds` into the generation: [begun, finished].
export function spoken(entry, seconds) {
  const position = seconds - entry.at + entry.offset;
  let begun = 0;
  let finished = 0;
  for (const word of entry.words) {
    if (word.start <= position) begun = Math.max(begun, word.last);
    if (word.end <= position) finished = Math.max(finished, word.last);
  }
  return [begun, finished];
}

// The text cut at spaces, so that each piece can be lit: [{ text, first, last }].
export function pieces(text) {
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ text: word, first: index, last: index + word.length }));
}
