// What the speaker really rendered, for tests and for the bench: `window.rostrumVoice`.

const KEPT = 4000; // entries of each: 200 s of levels; a page may be left open for hours
const VOICE = 0.02; // of full scale

export class Trace {
  constructor() {
    this.rendered = []; // runs of speech: {generation, line, mark, from, to, rms, t, until}: seconds; t, until epoch ms
    this.levels = []; // about every 50 ms, silence too: {generation, from, to, rms, t}
    this.clears = []; // {generation (the old one), seconds, received, silent}: epoch ms
    this.messages = []; // what the server said, as JSON, with its arrival t (epoch ms)
    this.micFrames = 0;
    this.voices = []; // microphone frames that are louder than a quiet room: {peak, t}: epoch ms of the frame's end
  }

  message(message) {
    this.keep(this.messages, { ...message, t: Date.now() });
  }

  microphone(peak) {
    this.micFrames++;
    if (peak > VOICE) this.keep(this.voices, { peak, t: Date.now() });
  }

  level({ generation, from, to, rms, at }, entry) {
    this.keep(this.levels, { generation, from, to, rms, t: at });
    if (to <= from) return;
    const run = this.rendered.at(-1);
    const { line = null, mark = null } = entry ?? {};
    if (run && run.generation === generation && run.line === line && at - run.until < 400) {
      run.rms = Math.max(run.rms, rms);
      run.to = to;
      run.until = at;
      return;
    }
    this.keep(this.rendered, { generation, line, mark, from, to, rms, t: at - 1000 * (to - from), until: at });
  }

  cleared({ generation, seconds, at, silent }) {
    this.keep(this.clears, { generation, seconds, received: at, silent });
  }

  keep(list, entry) {
    list.push(entry);
    if (list.length > KEPT) list.shift();
  }
}
