// Where the time went between the user's last word and the first sound of the answer, turn by turn. Pure.

const KEPT_TURNS = 8;

// A stage's name on the wire, what it is, and who owns it: an engine's task in `ready`, or a name.
const stages = (t) => [
  { name: "waiting", does: t("Waiting in case you go on"), owner: t("Your pause") },
  { name: "hearing", does: t("Understanding you"), task: "hears" },
  { name: "thinking", does: t("Thinking of an answer"), task: "thinks" },
  { name: "speaking", does: t("Finding the voice"), task: "speaks" },
  { name: "sending", does: t("Sending"), owner: "Rostrum" },
  { name: "heard", does: t("Until it sounds"), owner: t("This browser") },
];

export class Waterfall {
  constructor() {
    this.turns = []; // {turn, stages: [{name, from, seconds}], total}, the newest last
    this.sounding = false;
    this.first = null; // when the first audio of what is to sound came, epoch ms
    this.delay = null; // seconds from then until it sounded, once it does
    this.open = null; // measured by the server, not heard yet
  }

  audio({ at }) {
    if (this.sounding || this.first !== null) return;
    this.first = at;
    this.delay = null;
  }

  began({ at }) {
    this.sounding = true;
    if (this.first === null) return;
    this.delay = Math.max(0, at - this.first) / 1000;
    this.first = null;
    if (this.open) this.close();
  }

  quiet() {
    this.sounding = false;
  }

  // What was on its way is not going to sound.
  clear() {
    this.sounding = false;
    this.first = this.delay = this.open = null;
  }

  latency({ turn, stages }) {
    this.open = { turn, stages };
    if (this.delay !== null) this.close();
  }

  close() {
    const { turn, stages } = this.open;
    let from = 0;
    const all = [...stages, ["heard", this.delay]].map(([name, seconds]) => {
      from += seconds;
      return { name, seconds, from: from - seconds };
    });
    this.turns.push({ turn, stages: all, total: from });
    this.turns.splice(0, this.turns.length - KEPT_TURNS);
    this.open = this.delay = null;
  }

  // The turn numbered `looked`, else the newest, with its stages for the screen; undefined before the first.
  view(t, looked, engines) {
    const fall = this.turns.find(({ turn }) => turn === looked) ?? this.turns.at(-1);
    return fall && { ...fall, stages: fall.stages.map((stage) => owned(t, stage, fall.total, engines)) };
  }
}

// A stage for the screen: what it is, whose it is, and its place in the whole, in percent.
function owned(t, { name, seconds, from }, total, engines) {
  const { does, owner, task } = stages(t).find((stage) => stage.name === name) ?? { does: name, owner: "" };
  const [left, width] = [from, seconds].map((each) => (100 * each) / (total || 1));
  return { name, seconds, does, owner: task ? engines[task]?.label : owner, left, width };
}

// Seconds as milliseconds: whole ones, or a tenth where there are few.
export function precisely(seconds) {
  const milliseconds = 1000 * seconds;
  return `${milliseconds < 9.95 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
