// What was said, by whom, and what of it was heard. Fed with the server's messages; pure.

const KEPT_TURNS = 12; // on the page; all of it is in the history

const joined = (texts) => texts.filter(Boolean).join(" ");

export class Captions {
  constructor() {
    this.turns = []; // {key, speaker: "you" or "agent", lines: [{line, text, heard}], lost, open}; heard null: not yet
    this.live = null; // what the user is saying: {text, final}
    this.times = []; // of every finished line, for the summary: {speaker, start, end, turn}
    this.made = 0;
  }

  // ---- what happens

  line({ line, mark, text }) {
    const turn = this.openTurn(mark);
    if (!turn.lines.some((known) => known.line === line)) turn.lines.push({ line, text, heard: null });
  }

  said({ speaker, text, start, end, interrupted }) {
    if (speaker === "user") {
      this.live = null;
      this.add({ speaker: "you", lines: [{ line: 0, text, heard: text }], open: false, lost: interrupted ? " " : "" });
      // What cut them off sounds already: it comes after.
      if (interrupted && this.turns.at(-2)?.speaker === "agent") this.turns.push(...this.turns.splice(-2, 1));
    } else this.heard(text, interrupted);
    this.times.push({ speaker, start, end, turn: this.made });
  }

  // A reply is over: what was begun and not heard of it is lost; a reply of which nothing was heard was not said.
  reply() {
    const turn = this.last;
    if (!turn?.open) return;
    turn.open = false;
    turn.lost = joined(turn.lines.map(({ text, heard }) => text.slice((heard ?? "").length).trim()));
    turn.lines = turn.lines.filter(({ heard }) => heard);
    if (!turn.lines.length) this.turns.pop();
  }

  understood({ text, final }) {
    this.live = text ? { text, final } : this.live;
  }

  judged({ verdict }) {
    if (verdict !== "turn") this.live = null;
  }

  // Another conversation begins: what was said before stays on the page only. Whether there was anything.
  beginAnew() {
    const some = this.turns.length > 0;
    this.reply();
    this.times = [];
    return some;
  }

  // The transcript as it was kept, after a time without a connection; what is just being said stays.
  restore(lines) {
    const pending = (this.last?.open ? this.last.lines : []).filter(({ heard }) => heard === null);
    Object.assign(this, { turns: [], times: [], live: null });
    for (const { speaker, text, start, end, interrupted, mark } of lines) {
      const goesOn = speaker === "agent" && this.last?.speaker === "agent" && this.last.mark === mark && !this.last.lost;
      if (!goesOn) this.add({ speaker: speaker === "user" ? "you" : "agent", lines: [], mark, open: false, restored: true });
      this.last.lines.push({ line: 0, text, heard: text });
      this.last.lost = interrupted ? " " : "";
      this.times.push({ speaker, start, end, turn: this.made });
    }
    for (const line of pending) this.openTurn().lines.push(line);
  }

  // ---- what is shown

  // Turns with the text that was heard, that sounds, that comes and that was lost. `now`: {line, begun, finished}.
  view(now) {
    return this.turns.map(({ key, speaker, lines, lost, open }) => {
      const current = lines.find(({ line, heard }) => heard === null && line === now.line);
      const before = lines.filter(({ heard }) => heard !== null).map(({ heard }) => heard);
      const after = lines.filter((each) => each.heard === null && each !== current).map(({ text }) => text);
      const { text = "" } = current ?? {};
      const { begun, finished } = current ? now : { begun: 0, finished: 0 };
      const sounding = text.slice(0, begun).slice(finished).trim() ? finished : begun;
      return {
        key, speaker, open, lost: lost?.trim() ?? "", cut: Boolean(lost),
        heard: joined([...before, text.slice(0, sounding).trim()]),
        sounding: text.slice(sounding, begun).trim(),
        coming: joined([text.slice(begun).trim(), ...after]),
      };
    });
  }

  // What the user is just saying, as far as it is known; `listening`: there may be nothing yet.
  interim(listening) {
    if (this.live) return this.live.final ? this.live.text : `${this.live.text} …`;
    return listening ? "…" : "";
  }

  // {seconds, you, agent, longest}: how long, turns of each, the longest silence before the user answered.
  summary() {
    const turns = (who) => new Set(this.times.filter(({ speaker }) => speaker === who).map(({ turn }) => turn)).size;
    const gaps = this.times.slice(1).map(({ speaker, start }, i) => {
      const before = this.times[i];
      return speaker === "user" && before.speaker !== "user" ? start - before.end : 0;
    });
    const [first, last] = [this.times[0], this.times.at(-1)];
    return { seconds: last ? last.end - first.start : 0, you: turns("user"), agent: turns("agent"), longest: Math.max(0, ...gaps) };
  }

  // ---- inside

  get last() {
    return this.turns.at(-1);
  }

  openTurn(mark) {
    const { last } = this;
    const goesOn = last?.open || (last?.restored && last.speaker === "agent" && last.mark === mark && !last.lost);
    if (goesOn) last.open = true;
    else this.add({ speaker: "agent", lines: [], mark, open: true });
    return this.last;
  }

  add(turn) {
    this.turns.push({ key: ++this.made, lost: "", ...turn });
    this.turns.splice(0, this.turns.length - KEPT_TURNS);
  }

  // A line was heard to its end, or cut off after `text`.
  heard(text, interrupted) {
    const turn = this.openTurn();
    const line = turn.lines.find((each) => each.heard === null && each.text.startsWith(text));
    if (line) line.heard = interrupted ? text : line.text;
    else turn.lines.push({ line: 0, text, heard: text });
  }
}
