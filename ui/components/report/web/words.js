// The transcript as pieces to show: words with the highlights they carry, pauses between them.

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

// What is shown of a word: as people read it where that has as many words as were timed, else as it was heard.
const shown = (line) => {
  const read = line.text.split(/\s+/).filter(Boolean);
  return read.length === line.words.length ? read : line.words.map(([text]) => text);
};

// What marks a word and the next one marks the space between them.
const shared = (one, other) => one.split(" ").filter((layer) => layer && other?.split(" ").includes(layer)).join(" ");

// Of one line: {heads: [{layer, text}], words: [{text, start, layers, gap, pause}]}.
export function pieces(line, marks) {
  const near = marks.filter((mark) => (mark.line === null ? mark.end >= line.start && mark.start <= line.end + 0.5 : mark.line === line.id));
  const heads = near.filter((mark) => AT_ONCE.has(mark.layer) && (mark.line !== null || (line.speaker === "user" && mark.start >= line.start - 0.05)))
    .map(({ layer }) => ({ layer, text: HEADS[layer] }));
  if (!line.words.length) return { heads, words: [] };
  const texts = shown(line);
  const words = line.words.map(([, start], index) => ({
    text: texts[index], start, pause: null,
    layers: [...new Set(near.filter((mark) => !BETWEEN.has(mark.layer) && covers(mark, line, index)).map(({ layer }) => layer))].sort().join(" "),
  }));
  words.forEach((word, index) => { word.gap = shared(word.layers, words[index + 1]?.layers); });
  if (line.speaker === "user") for (const mark of near) if (BETWEEN.has(mark.layer)) rest(line, words, mark);
  return { heads, words };
}

// A pause stands behind the last word that was over when it began.
function rest(line, words, mark) {
  const behind = line.words.findLastIndex(([, , end]) => end <= mark.start + 0.1);
  if (behind < 0 || behind === words.length - 1) return;
  words[behind].pause = { layer: mark.layer, text: `${(mark.end - mark.start).toFixed(1)} s`, note: mark.note };
  words[behind].gap = "";
}

// Where `query` is found: [{line, first, last}] as indices of words (0 and 0 in a line without words).
export function found(lines, query) {
  const sought = query.trim().toLowerCase();
  if (!sought) return [];
  const places = [];
  for (const line of lines) {
    const texts = line.words.length ? shown(line) : [line.text];
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
