// The transcript: read it, hear a word of it, correct it.
import { TRANSCRIPT_TEMPLATE, clock, copied, found, pieces, sound } from "rostrum-report";

const LOOKING = 4000; // ms after scrolling by hand in which the page does not scroll by itself
let number = 0;

export default {
  template: TRANSCRIPT_TEMPLATE,
  props: { lines: Array, marks: Array, layers: Array, names: Object, recorded: Boolean, pencil: String },
  emits: ["text", "speaker", "swap", "copied"],

  data() {
    return { uid: (number += 1), on: {}, query: "", place: 0, editing: null, draft: "", told: "" };
  },
  computed: {
    parts() { return Object.fromEntries(this.lines.map((line) => [line.id, pieces(line, this.marks)])); },
    shows() { return [{ recorded: this.recorded }, ...Object.keys(this.on).filter((id) => this.on[id]).map((id) => `show-${id}`)]; },
    places() { return found(this.lines, this.query); },
  },
  watch: {
    lines() { this.$nextTick(() => this.gather()); },
    places() { this.$nextTick(() => this.light()); },
  },

  created() {
    Object.assign(this, { clock, looked: 0 });
    for (const { id, on } of this.layers) this.on[id] = on;
  },
  mounted() {
    this.gather();
    this.leaveSound = sound.follow((seconds, playing) => this.follow(seconds, playing));
    this.reader = () => this.$nextTick(() => this.read());
    sound.readers.add(this.reader);
    this.looking = () => (this.looked = performance.now());
    for (const event of ["wheel", "touchmove"]) window.addEventListener(event, this.looking, { passive: true });
    this.reader();
  },
  beforeUnmount() {
    this.leaveSound();
    sound.readers.delete(this.reader);
    for (const event of ["wheel", "touchmove"]) window.removeEventListener(event, this.looking);
  },

  methods: {
    // ---- hearing

    gather() {
      this.spoken = [...this.$el.querySelectorAll("p [data-w]")].map((element) => ({ element, start: Number(element.dataset.w) }));
      this.spoken.sort((one, other) => one.start - other.start);
      this.rows = new Map(this.lines.map(({ id }) => [id, this.$el.querySelector(`[data-line="${id}"]`)]));
      this.light();
    },
    pick({ target }, line) {
      if (!this.recorded || getSelection()?.toString()) return;
      const word = target.closest("[data-w]");
      sound.hear(word ? Number(word.dataset.w) : line.start);
    },
    follow(seconds, playing) {
      const word = playing || seconds ? this.spoken.findLast(({ start }) => start <= seconds + 0.05)?.element : null;
      if (word === this.now) return;
      this.now?.classList.remove("now");
      word?.classList.add("now");
      this.now = word;
      const row = word?.closest("li");
      if (row === this.row) return;
      this.row?.classList.remove("now");
      row?.classList.add("now");
      this.row = row;
      if (playing && performance.now() - this.looked > LOOKING) this.bring(row);
    },
    bring(row) { row?.scrollIntoView({ block: "nearest", behavior: "smooth" }); },
    // A moment that cannot be heard, or that somebody wants to read.
    read() {
      if (sound.sought === null || !this.$el.offsetParent) return;
      const line = this.lines.findLast(({ start }) => start <= sound.sought + 0.05) ?? this.lines[0];
      sound.sought = null;
      const row = line && this.rows.get(line.id);
      if (!row) return;
      for (const other of this.rows.values()) other?.classList.toggle("sought", other === row);
      row.scrollIntoView({ block: "center" });
      row.querySelector(".at").focus({ preventScroll: true });
    },

    // ---- searching

    go(way) {
      if (!this.places.length) return;
      this.place = way ? (this.place + way + this.places.length) % this.places.length : 0;
      this.light();
      this.rows.get(this.places[this.place].line)?.scrollIntoView({ block: "center" });
    },
    light() {
      for (const element of this.$el.querySelectorAll(".hit")) element.classList.remove("hit", "first");
      this.places.forEach(({ line, first, last }, index) => {
        const words = this.rows.get(line)?.querySelectorAll("p [data-w]") ?? [];
        for (let i = first; i <= last; i += 1) words[i]?.classList.add("hit", ...(index === this.place ? ["first"] : []));
      });
    },

    // ---- correcting

    other({ speaker }) {
      const id = speaker === "user" ? "partner" : "user";
      return { id, title: `Give this line to ${this.names[id]}` };
    },
    turn(line) {
      const { id } = this.other(line);
      this.$emit("speaker", { line: line.id, speaker: id });
      this.told = `The line at ${clock(line.start)} is now ${this.names[id]}'s. The numbers follow.`;
    },
    async edit(line) {
      Object.assign(this, { editing: line.id, draft: line.text });
      await this.$nextTick();
      const [box] = this.$refs.draft;
      box.focus();
    },
    save(line) {
      const text = this.draft.trim();
      if (text && text !== line.text) {
        this.$emit("text", { line: line.id, text });
        this.told = "Changed. The numbers follow.";
      }
      this.leave(line);
    },
    async leave(line) {
      this.editing = null;
      await this.$nextTick();
      this.gather();
      this.rows.get(line.id)?.querySelector(".edit").focus();
    },

    async copy(how) {
      const text = copied(this.lines, this.names, clock, how);
      try {
        await navigator.clipboard.writeText(text);
        this.told = "Copied.";
      } catch {
        this.told = "The browser did not let it be copied. The exports have it as a file.";
      }
      this.$emit("copied", this.told);
    },
  },
};
