// The transcript: read it, hear a word of it, correct it.
import { Rows, TRANSCRIPT_TEMPLATE, clock, copied, found, pieces, runs, sound, wordAt } from "rostrum-report";

const LOOKING = 4000; // ms after scrolling by hand in which the page does not scroll by itself
const BEGIN = 12; // lines that are there before it is known how many are in view
let number = 0;

// A word that is lit is a piece of text of its own: while there is a selection its ends would move with the pieces.
const selecting = () => getSelection()?.isCollapsed === false;

export default {
  template: TRANSCRIPT_TEMPLATE,
  props: { lines: Array, marks: Array, layers: Array, names: Object, recorded: Boolean, pencil: String },
  emits: ["text", "speaker", "swap", "copied"],

  data() {
    return {
      uid: (number += 1), on: {}, query: "", place: 0, editing: null, draft: "", told: "",
      range: { first: 0, last: BEGIN, above: 0, below: 0 }, // the lines that are in the document
      playing: null, pointed: null, // words: {line, word}
      at: null, focused: null, sought: null, // lines: where the pointer and the focus are, and that somebody wants to read
    };
  },
  computed: {
    within() { return this.lines.slice(this.range.first, this.range.last); },
    parts() { return Object.fromEntries(this.within.map((line) => [line.id, pieces(line, this.marks)])); },
    shows() { return [{ recorded: this.recorded }, ...Object.keys(this.on).filter((id) => this.on[id]).map((id) => `show-${id}`)]; },
    places() { return found(this.lines, this.query); },
    spoken() {
      const words = this.lines.flatMap(({ id, start, words }) =>
        words.length ? words.map(([, begin], word) => ({ line: id, word, start: begin })) : [{ line: id, word: 0, start }]);
      return words.sort((one, other) => one.start - other.start);
    },
  },
  watch: {
    lines(lines) {
      this.rows.lines = lines;
      this.look();
    },
  },

  created() {
    Object.assign(this, { clock, looked: 0, rows: new Rows(this.lines), bare: matchMedia("(hover: none), (any-pointer: coarse)").matches });
    for (const { id, on } of this.layers) this.on[id] = on;
  },
  mounted() {
    this.leaveSound = sound.follow((seconds, playing) => this.follow(seconds, playing));
    this.reader = () => this.$nextTick(() => this.read());
    sound.readers.add(this.reader);
    this.looking = () => (this.looked = performance.now());
    for (const event of ["wheel", "touchmove"]) window.addEventListener(event, this.looking, { passive: true });
    this.scrolled = () => (this.frame ??= requestAnimationFrame(() => this.look()));
    for (const event of ["scroll", "resize"]) window.addEventListener(event, this.scrolled, { passive: true });
    this.unselected = () => { if (this.at === null && !selecting()) this.pointed = null; };
    document.addEventListener("selectionchange", this.unselected);
    this.watcher = new ResizeObserver(() => {
      this.look();
      this.read();
    });
    this.watcher.observe(this.$el);
  },
  beforeUnmount() {
    this.leaveSound();
    sound.readers.delete(this.reader);
    for (const event of ["wheel", "touchmove"]) window.removeEventListener(event, this.looking);
    for (const event of ["scroll", "resize"]) window.removeEventListener(event, this.scrolled);
    document.removeEventListener("selectionchange", this.unselected);
    this.watcher.disconnect();
    cancelAnimationFrame(this.frame);
  },

  methods: {
    // ---- which lines are there

    row(line) { return this.$refs.list?.querySelector(`[data-line="${line}"]`); },
    indexOf(id) { return this.lines.findIndex((line) => line.id === id); },
    width() { return this.$refs.list?.querySelector("p")?.clientWidth ?? 0; },
    look() {
      this.frame = null;
      const { top, width } = this.$refs.list?.getBoundingClientRect() ?? {};
      if (!width) return; // another tab or page is shown
      if (width !== this.wide) this.rows.heights.clear();
      this.wide = width;
      this.measure();
      this.stay(this.shown(this.rows.inView(top, innerHeight, this.width())));
    },
    shown(range) { return this.rows.including(range, this.indexOf(this.editing), this.width()); }, // else what is typed goes
    measure() { this.rows.measure(this.within.map(({ id }) => [id, this.row(id)]).filter(([, row]) => row)); },
    // What is in view stays where it is, whatever the rows above it turn out to measure.
    async stay(range) {
      const { first, last, above, below } = this.range;
      if (first === range.first && last === range.last && above === range.above && below === range.below) return;
      const kept = this.within.map(({ id }) => id).find((id) => this.row(id)?.getBoundingClientRect().bottom > 0);
      const before = this.row(kept)?.getBoundingClientRect().top;
      this.range = range;
      await this.$nextTick();
      const after = this.row(kept)?.getBoundingClientRect().top;
      if (before !== undefined && after !== undefined && Math.abs(after - before) > 1) window.scrollBy(0, after - before);
    },
    // The row of a line, which may be far from what is in view.
    async reach(line) {
      if (!this.row(line)) {
        this.range = this.shown(this.rows.around(this.indexOf(line), this.width()));
        await this.$nextTick();
        this.measure();
      }
      return this.row(line);
    },

    // ---- what is shown of a line

    open({ id }) { return this.bare || [this.at, this.focused, this.editing].includes(id); },
    lineOf({ target }) { return Number(target.closest("li[data-line]")?.dataset.line ?? NaN); },
    left({ relatedTarget }) { if (!this.$refs.list.contains(relatedTarget)) this.focused = null; }, // else the button that Tab goes to is removed before it has the focus
    heads({ id }) { return this.parts[id].heads.filter(({ layer }) => this.on[layer === "follow_up" ? "question" : layer]); },
    runs({ id }) {
      const layer = (name) => this.on[name === "follow_up" ? "question" : name];
      const hits = this.places.map((place, index) => ({ ...place, index })).filter(({ line }) => line === id);
      return runs(this.parts[id].words, ({ layers }, index) => {
        const classes = [...layers].filter(layer);
        const is = (one) => one?.line === id && one.word === index;
        if (is(this.playing)) classes.push("now");
        if (is(this.pointed)) classes.push("pointed");
        const over = hits.filter(({ first, last }) => index >= first && index <= last);
        if (over.length) classes.push("hit", ...(over.some(({ index: place }) => place === this.place) ? ["first"] : []));
        return classes;
      });
    },

    // ---- hearing

    // The word under the pointer: {line, word}, or null beside the words.
    under({ target, clientX, clientY }) {
      const text = target.closest("li[data-line] p");
      if (!text) return null;
      const caret = document.caretPositionFromPoint?.(clientX, clientY) ?? document.caretRangeFromPoint?.(clientX, clientY);
      const [node, offset] = [caret?.offsetNode ?? caret?.startContainer, caret?.offset ?? caret?.startOffset];
      if (node?.nodeType !== Node.TEXT_NODE || !text.contains(node) || node.parentElement.closest("i")) return null;
      const range = document.createRange();
      range.selectNodeContents(node);
      if (![...range.getClientRects()].some(({ left, right, top, bottom }) => clientX >= left && clientX <= right && clientY >= top && clientY <= bottom)) return null;
      let before = offset;
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() && walker.currentNode !== node) if (!walker.currentNode.parentElement.closest("i")) before += walker.currentNode.length;
      const line = this.lineOf({ target: text });
      return { line, word: wordAt(this.parts[line].words, before) };
    },
    point(event) {
      if (event.buttons || event.pointerType !== "mouse" || !this.recorded || selecting()) return;
      const under = this.under(event);
      if (under?.line !== this.pointed?.line || under?.word !== this.pointed?.word) this.pointed = under;
    },
    away() {
      this.at = null;
      if (!selecting()) this.pointed = null;
    },
    pick(event, line) {
      if (!this.recorded || getSelection()?.toString()) return;
      const under = this.under(event);
      sound.hear(under ? this.parts[line.id].words[under.word].start : line.start);
    },
    follow(seconds, playing) {
      const word = playing || seconds ? this.spoken.findLast(({ start }) => start <= seconds + 0.05) ?? null : null;
      if (!selecting()) this.playing = word;
      if (word === this.word) return;
      const line = this.word?.line;
      this.word = word;
      if (playing && word && word.line !== line && performance.now() - this.looked > LOOKING) this.bring(word.line);
    },
    async bring(line) {
      if (this.editing !== null || !this.$el.offsetParent) return;
      const behavior = this.row(line) ? "smooth" : "instant"; // smooth, it ends where rows turn out to be of another height
      (await this.reach(line))?.scrollIntoView({ block: "nearest", behavior });
    },
    // A moment that cannot be heard, or that somebody wants to read.
    async read() {
      if (sound.sought === null || !this.$el.offsetParent) return;
      const line = this.lines.findLast(({ start }) => start <= sound.sought + 0.05) ?? this.lines[0];
      sound.sought = null;
      if (!line) return;
      this.sought = line.id;
      const row = await this.reach(line.id);
      row?.scrollIntoView({ block: "center" });
      row?.querySelector(".at").focus({ preventScroll: true });
    },

    // ---- searching

    async go(way) {
      if (!this.places.length) return;
      this.place = way ? (this.place + way + this.places.length) % this.places.length : 0;
      (await this.reach(this.places[this.place].line))?.scrollIntoView({ block: "center" });
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
      Object.assign(this, { editing: null, focused: line.id });
      await this.$nextTick();
      this.row(line.id)?.querySelector(".edit").focus();
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
