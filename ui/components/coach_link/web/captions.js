// Who said what, as far as it is shown while one talks: the last few lines. Fed with the server's messages; pure.

const KEPT_LINES = 30;

export class CaptionLines {
  constructor() {
    this.lines = []; // {line, speaker, text}
    this.live = null; // {speaker, text}: not final yet
  }

  // The transcript as it is kept, after a time without a connection.
  restore(lines) {
    this.lines = lines.filter(({ speaker }) => speaker !== "coach").slice(-KEPT_LINES)
      .map(({ line, speaker, text }) => ({ line, speaker, text }));
    this.live = null;
  }

  said({ line, speaker, text }) {
    if (this.live?.speaker === speaker) this.live = null;
    if (speaker === "coach") return;
    const known = this.lines.find((each) => line !== undefined && each.line === line);
    if (known) Object.assign(known, { speaker, text });
    else this.lines.push({ line, speaker, text });
    this.lines.splice(0, this.lines.length - KEPT_LINES);
  }

  interim({ speaker, text }) {
    this.live = text ? { speaker, text } : null;
  }

  relabel(line, speaker) {
    const known = this.lines.find((each) => each.line === line);
    if (known) known.speaker = speaker;
  }

  // What followed was somebody else's, and comes as a line of its own.
  shorten(line, text) {
    const known = this.lines.find((each) => each.line === line);
    if (known) known.text = text;
  }
}
