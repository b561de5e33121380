// The session on one axis of time: lanes that are seen together and heard at a click.
import {
  HEIGHTS, LEAST_ZOOM, TIMELINE_TEMPLATE, axis, blocksOf, clock, levels, lineOf, linePath, nearest, shapesOf, sound, step,
} from "rostrum-report";

const MOST_SCALE = 90; // pixels a second: a word is then as wide as a finger
const RUNNING_OUT = 40; // pixels
const WAYS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

export default {
  template: TIMELINE_TEMPLATE,
  props: { seconds: Number, lanes: Array },

  data() {
    return { width: 0, zoom: 1, left: 0, chosen: {}, focused: "", pointed: null, near: null, over: "", table: false };
  },

  computed: {
    least() { return LEAST_ZOOM; },
    most() { return Math.max(1, (MOST_SCALE * this.seconds) / Math.max(1, this.width)); },
    view() {
      const scale = (this.width * this.zoom) / Math.max(1, this.seconds);
      return { from: this.left / scale, width: this.width, scale };
    },
    times() { return axis(this.view, this.seconds); },
    bytes() {
      const decoded = {};
      for (const { sides } of this.lanes) for (const side of sides ?? []) decoded[side.name] = Uint8Array.from(atob(side.level), (letter) => letter.charCodeAt(0));
      return decoded;
    },
    stepped() { return this.lanes.map((lane) => (lane.kind === "line" ? { ...lane, points: this.along(lane) } : lane)); },
    drawn() { return this.width ? this.stepped.map((lane) => this.draw(lane)) : []; },
    rows() {
      const rows = this.lanes.filter(({ kind }) => kind === "marks")
        .flatMap(({ name, points }) => points.map((point, index) => ({ ...point, lane: name, key: `${name} ${index}` })));
      return rows.sort((one, other) => one.at - other.at);
    },
    curves() { return this.stepped.filter(({ kind, points }) => kind === "line" && points.length); },
    samples() {
      const each = step(720 / Math.max(1, this.seconds));
      const count = this.curves.length ? Math.floor(this.seconds / each) : 0;
      return Array.from({ length: count }, (_, index) => {
        const at = (index + 1) * each;
        return { at, values: this.curves.map(({ times, values }) => {
          const value = values[times.findLastIndex((time) => time <= at)];
          return value === null || value === undefined ? "–" : this.rounded(value);
        }) };
      });
    },
  },

  created() { Object.assign(this, { clock }); },
  mounted() {
    this.watcher = new ResizeObserver(() => this.measure());
    this.watcher.observe(this.$refs.scroll);
    this.measure();
    this.leaveSound = sound.follow((seconds, playing) => this.follow(seconds, playing));
  },
  beforeUnmount() {
    this.watcher.disconnect();
    this.leaveSound();
  },

  methods: {
    measure() {
      const { clientWidth } = this.$refs.scroll;
      if (clientWidth) this.width = clientWidth;
      this.$nextTick(() => this.follow(sound.seconds, false));
    },
    along({ times, values, unit }) {
      const known = times.map((at, index) => ({ at, until: at, value: values[index] })).filter(({ value }) => value !== null);
      return known.map(({ at, until, value }) => ({ at, until, says: `${clock(at)}: ${this.rounded(value)} ${unit}` }));
    },
    rounded(value) { return Math.abs(value) >= 20 ? Math.round(value) : Math.round(10 * value) / 10; },

    // ---- what is drawn: of each lane what lies in view

    draw(lane) {
      const height = lane.points.length ? HEIGHTS[lane.kind] : 0;
      const chosen = Math.min(this.chosen[lane.id] ?? 0, lane.points.length - 1);
      const view = { ...lane, height, chosen, valuetext: lane.points[chosen]?.says ?? "" };
      if (!height) return view;
      if (this.focused === lane.id) view.ring = this.box(lane.points[chosen], height);
      if (lane.kind === "voices") return Object.assign(view, this.voices(lane, height));
      if (lane.kind === "line") return Object.assign(view, lineOf(lane, height, (y) => linePath(this.view, lane.times, lane.values, y)));
      const near = this.near?.lane === lane.id && lane.points[this.near.index];
      if (near) view.near = this.box(near, height);
      view.marks = shapesOf(this.visible(lane.points), (point) => this.box(point, height));
      return view;
    },
    visible(points) {
      const { from, width, scale } = this.view;
      return points.filter(({ at, until }) => Math.max(at, until) >= from - 12 / scale && at <= from + (width + 12) / scale);
    },
    box({ at, until }, height) {
      const { from, scale } = this.view;
      return { x: (at - from) * scale - 3, y: 2, width: Math.max(0, (Math.max(at, until) - at) * scale) + 6, height: height - 4 };
    },
    voices(lane, height) {
      const blocks = lane.sides.map(({ spans, level }, side) => {
        const boxes = this.visible(spans.map(([at, until]) => ({ at, until }))).map((span) => this.box(span, height));
        return blocksOf(boxes, side, height, !level);
      });
      const halves = lane.sides.map(({ name, step: each }, side) => (
        { side: side ? "partner" : "user", path: levels(this.view, this.bytes[name], each, height / 2, height / 2 - 6, side ? 1 : -1) }));
      return { blocks, halves };
    },

    // ---- moving about

    scrolled() { this.left = this.$refs.scroll.scrollLeft; },
    async magnify(by, px = this.width / 2) {
      const at = this.view.from + px / this.view.scale;
      this.zoom = Math.min(this.most, Math.max(LEAST_ZOOM, this.zoom * by));
      await this.$nextTick();
      this.$refs.scroll.scrollLeft = this.left = Math.max(0, at * this.view.scale - px);
    },
    fit() { this.magnify(0); },
    wheel(event) {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.magnify(Math.exp(-event.deltaY / 200), event.clientX - this.$refs.scroll.getBoundingClientRect().left);
    },
    follow(seconds, playing) {
      const { from, width, scale } = this.view;
      const px = (seconds - from) * scale;
      const ranOut = px > width && px < width + RUNNING_OUT; // and nobody looks at another place
      if (playing && ranOut) this.$refs.scroll.scrollLeft = seconds * scale - width / 8;
      const { head } = this.$refs;
      head.style.transform = `translateX(${px}px)`;
      head.hidden = !seconds || px < 0 || px > width;
    },
    show({ at }) {
      const { from, width, scale } = this.view;
      const px = (at - from) * scale;
      if (px < 0 || px > width) this.$refs.scroll.scrollLeft = at * scale - width / 2;
    },

    // ---- hearing

    place({ clientX }) { return clientX - this.$refs.window.getBoundingClientRect().left; },
    point(lane, event) {
      const px = this.place(event);
      this.pointed = px;
      const at = Math.max(0, this.view.from + px / this.view.scale);
      const near = nearest(lane.points, this.view, px);
      this.near = lane.kind === "marks" && near ? { lane: lane.id, index: lane.points.indexOf(near) } : null;
      this.over = near ? near.says : `${clock(at)}`;
    },
    hear(lane, event) {
      const px = this.place(event);
      const near = lane.kind === "marks" && nearest(lane.points, this.view, px);
      if (near) this.chosen[lane.id] = lane.points.indexOf(near);
      sound.hear(near ? near.at : Math.max(0, this.view.from + px / this.view.scale));
    },
    key(lane, event) {
      if (event.key === "Enter" || event.key === " ") sound.hear(lane.points[lane.chosen].at);
      else if (event.key in WAYS) {
        const next = Math.min(lane.points.length - 1, Math.max(0, lane.chosen + WAYS[event.key]));
        this.chosen[lane.id] = next;
        this.over = lane.points[next].says;
        this.show(lane.points[next]);
      } else return;
      event.preventDefault();
    },
  },
  watch: {
    view() { this.follow(sound.seconds, false); },
  },
};
