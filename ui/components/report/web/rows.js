// Which rows of a long list are in the document: those in view and a few around them, so that an hour is as light as a
// minute. What is above and below them is room of the height that it has, or that it probably has.

const AROUND = 160; // pixels of rows above and below the view
const ROW = 11; // pixels: what a row has beside its text
const LEAST = 47; // pixels of a row
const TEXT = { height: 25.6, letter: 7.6 }; // pixels of a line of text and of a letter
const FIRST = 8; // rows before and behind one that is gone to

export class Rows {
  heights = new Map();

  constructor(lines) { this.lines = lines; }

  height({ id, text }, width) {
    return this.heights.get(id) ?? Math.max(LEAST, ROW + TEXT.height * Math.ceil((text.length * TEXT.letter) / Math.max(120, width)));
  }
  room(first, last, width) {
    let sum = 0;
    for (let i = first; i < last; i += 1) sum += this.height(this.lines[i], width);
    return sum;
  }

  // {first, last, above, below} for a list whose upper edge is at `top` of a view of `tall` pixels; `last` is behind it.
  inView(top, tall, width) {
    let [y, first, last] = [top, 0, 0];
    const { lines } = this;
    while (first < lines.length - 1 && y + this.height(lines[first], width) < -AROUND) y += this.height(lines[first++], width);
    for (last = first; last < lines.length && y < tall + AROUND; last += 1) y += this.height(lines[last], width);
    return this.between(first - 1, Math.max(last, first + 1) + 1, width); // a row may be higher than all the rest of the view
  }
  // The same range, and the row of `index` in it; without one it is -1.
  including({ first, last }, index, width) {
    return this.between(index < 0 ? first : Math.min(first, index), Math.max(last, index + 1), width);
  }
  around(index, width) { return this.between(index - FIRST, index + FIRST, width); }
  between(first, last, width) {
    const [from, to] = [Math.max(0, first), Math.min(this.lines.length, last)];
    return { first: from, last: to, above: this.room(0, from, width), below: this.room(to, this.lines.length, width) };
  }

  // `elements` by the ids of their lines.
  measure(elements) {
    for (const [id, element] of elements) {
      const { height } = element.getBoundingClientRect();
      if (height) this.heights.set(id, height);
    }
  }
}
