// The transcript as pieces to show: runs of words that carry the same highlights, pauses between them.

// A word is covered by a mark of its line's words, of its whole line, or of the time in which it is said.
const covers = (mark, line, index) => {
  if (mark.line !== null) return mark.line === line.id && (mark.first === null || (index >= mark.first && index <= mark.last));
  if (line.speaker !== "user") return false;
  const [, start, end] = line.words[index];
  const middle = (start + end) / 2;
  return middle >= mark.start && middle <= mark.end;
};
const BETWEEN = new Set(["pause", "long_pause"]);
const AT_ONCE = new Set(["interruption", "follow_up", "monologue"]); // said at the head of the line, too
const HEADS = { interruption: "cut in", follow_up: "follow-up", monologue: "long turn" };

// What is shown of a word: as people read it where that has as many words as were timed, else as it was heard. A line
// without timed words is one.
const shown = (line) => {
  if (!line.words.length) return [line.text];
  const read = line.text.split(/\s+/).filter(Boolean);
  return read.length === line.words.length ? read : line.words.map(([text]) => text);
};

// Of one line: {heads: [{layer, text}], words: [{text, start, layers, pause}]}.
export function pieces(line, marks) {
  const near = marks.filter((mark) => (mark.line === null ? mark.end >= line.start && mark.start <= line.end + 0.5 : mark.line === line.id));
  const heads = near.filter((mark) => AT_ONCE.has(mark.layer) && (mark.line !== null || (line.speaker === "user" && mark.start >= line.start - 0.05)))
    .map(({ layer }) => ({ layer, text: HEADS[layer] }));
  const words = shown(line).map((text, index) => ({
    text, start: line.words.length ? line.words[index][1] : line.start, pause: null,
    layers: new Set(line.words.length ? near.filter((mark) => !BETWEEN.has(mark.layer) && covers(mark, line, index)).map(({ layer }) => layer) : []),
  }));
  if (line.speaker === "user") for (const mark of near) if (BETWEEN.has(mark.layer)) rest(line, words, mark);
  return { heads, words };
}

// A pause stands behind the last word that was over when it began.
function rest(line, words, mark) {
  const behind = line.words.findLastIndex(([, , end]) => end <= mark.start + 0.1);
  if (behind < 0 || behind === words.length - 1) return;
  words[behind].pause = { layer: mark.layer, text: `${(mark.end - mark.start).toFixed(1)} s`, note: mark.note };
}

// The words as [{text, classes, pause}], as few as can be: what has no classes is text alone. `of(word, index)` gives
// the classes of a word; what marks a word and the next one marks the space between them.
export function runs(words, of) {
  const found = [];
  const add = (text, classes) => {
    const last = found.at(-1);
    if (last && !last.pause && last.classes === classes) last.text += text;
    else found.push({ text, classes, pause: null });
  };
  const named = words.map((word, index) => [...of(word, index)].sort());
  words.forEach(({ text, pause }, index) => {
    add(text, named[index].join(" "));
    add(" ", pause ? "" : named[index].filter((name) => named[index + 1]?.includes(name)).join(" "));
    if (pause) found.at(-1).pause = pause;
  });
  return found;
}

// The index of the word at the `at`-th letter of what `runs` shows.
export function wordAt(words, at) {
  let end = -1;
  const index = words.findIndex(({ text }) => (end += text.length + 1) >= at);
  return index < 0 ? words.length - 1 : index;
}

// Where `query` is found: [{line, first, last}] as indices of words (0 and 0 in a line without words).
export function found(lines, query) {
  const sought = query.trim().toLowerCase();
  if (!sought) return [];
  const places = [];
  for (const line of lines) {
    const texts = shown(line);
    const starts = [];
    let text = "";
    for (const word of texts) {
      starts.push(text.length);
      text += `${word.toLowerCase()} `;
    }
    const word = (at) => starts.findLastIndex((start) => start <= at);
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1))
      places.push({ line: line.id, first: word(at), last: word(at + sought.length - 1) });
  }
  return places;
}

// As one text: as it was said, or, with "clean", without fillers.
export const copied = (lines, names, clock, how) =>
  lines.map((line) => `[${clock(line.start)}] ${names[line.speaker]}: ${how === "clean" ? line.clean : line.text}`).join("\n");
