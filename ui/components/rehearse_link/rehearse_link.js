// A take while it goes on: the sentence that is to be said, its words lit as they are said, and the time. Nothing of it
// crosses the page's own socket.
import { COACH_ICONS, ICONS, Meter, keyboard } from "rostrum-voice";
import { COACH_PROBLEMS, COACH_STATES, CoachSession, coachFace, coachPreferences } from "rostrum-coach";
import { PROMPTER_STATES, PROMPTER_TEMPLATE, REHEARSE_CONNECTION, TakeClock, UNWRITTEN } from "rostrum-rehearse";

const QUIET = { cues: "off", ear: false, fluency: false };
const HURRIED = 2; // words into a sentence up to which "again" means the one before

export default {
  template: PROMPTER_TEMPLATE,
  props: { path: String, take: String, sentences: Array, shares: Array, start: Boolean },

  data() {
    return {
      ...coachPreferences.read(), // device, headphones
      connection: "connecting", reason: "", problem: "", begun: false, paused: false, finishing: false, unfinished: false,
      ears: { open: false, shared: false, muted: false }, recorded: false, place: { sentence: 1, words: 0 }, time: ["", ""],
    };
  },

  computed: {
    face() { return coachFace(this); },
    word() { return PROMPTER_STATES[this.face] ?? COACH_STATES[this.face]; },
    trouble() {
      if (this.connection === "refused") return this.reason;
      return REHEARSE_CONNECTION[this.connection] ?? COACH_PROBLEMS[this.problem] ?? this.problem;
    },
    now() { return this.place.sentence; },
    // What "again from here" goes back to: just into a sentence, it is the one before that went wrong.
    back() { return Math.max(1, Math.min(this.sentences.length, this.place.words < HURRIED ? this.now - 1 : this.now)); },
    current() { return this.sentences[this.now - 1]?.split(/\s+/); },
    above() { return this.sentences[this.now - 2] ?? ""; },
    below() { return this.sentences[this.now] ?? ""; },
    size() {
      const { length } = this.sentences[this.now - 1] ?? "";
      return length > 170 ? "long" : length > 90 ? "middling" : "";
    },
    beginning() { return { finishing: "One moment", deaf: "Try the microphone again", paused: "Go on listening" }[this.face] ?? "Start speaking"; },
  },

  created() {
    this.icons = { ...ICONS, ...COACH_ICONS };
    this.peak = 0;
    this.clock = new TakeClock(this.shares, this.sentences.map((sentence) => sentence.split(/\s+/).length));
    this.time = this.clock.told(this.place, 0);
  },

  mounted() {
    const { path, take, device, headphones } = this;
    this.link = new CoachSession({ path, session: take, device, headphones, manner: QUIET }, (event) => this.heard(event));
    this.meter = new Meter(this.$refs.meter, () => this.level());
    this.leaveKeyboard = keyboard({
      talk: (pressed) => pressed && this.space(), toggle: () => this.space(), stop: (event) => this.ask(event),
      mute: () => this.mute(), step: (by) => this.again(this.now + by),
    });
    this.frame = requestAnimationFrame((at) => this.tick(at));
    this.elsewhere = ({ target }) => this.$refs.more?.contains(target) || (this.$refs.more.open = false);
    document.addEventListener("pointerdown", this.elsewhere);
    if (this.start && (navigator.userActivation?.hasBeenActive ?? true)) this.begin();
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
    document.removeEventListener("pointerdown", this.elsewhere);
    this.lock?.release();
    this.leaveKeyboard();
    this.link.close();
  },

  methods: {
    // ---- what happens

    heard(event) {
      const handle = this[`on_${event.type}`];
      if (handle) handle.call(this, event);
    },
    on_ready({ recorded }) { this.recorded = Boolean(recorded); },
    on_connection({ state, reason }) {
      this.connection = state;
      this.reason = reason ? `${reason[0].toUpperCase()}${reason.slice(1)}.` : "This take cannot be opened.";
    },
    on_problem({ code }) { this.problem = code; },
    on_error({ message }) { this.problem = message; },
    on_paused({ paused }) { this.paused = paused; },
    on_ears({ open, shared, muted }) { this.ears = { open, shared, muted }; },
    on_level({ mine }) { this.peak = Math.max(mine, this.peak); },
    on_speaking({ speaker }) { if (speaker) this.clock.speaks(seconds()); },
    on_place({ sentence, words }) {
      this.place = { sentence, words };
      this.clock.at(this.place, seconds());
    },
    on_ended() { if (!this.finishing) this.finish(); },

    tick(at) {
      this.meter.draw(at);
      this.peak *= 0.85;
      const time = this.clock.told(this.place, seconds());
      if (this.begun && !this.finishing && time.join() !== this.time.join()) this.time = time;
      this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    level() {
      const role = this.peak < 0.01 ? "--edge" : "--listening";
      return { peak: this.peak, colour: getComputedStyle(this.$el).getPropertyValue(role) };
    },

    // ---- what the user does

    async begin() {
      this.begun = await this.link.listen() || this.begun;
      // A screen that goes dark takes the microphone with it.
      if (this.begun) this.lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
    },
    space() {
      if (this.begun && this.ears.open && !this.paused) this.again(this.back);
      else if (["ready", "deaf", "paused"].includes(this.face)) this.begin();
    },
    again(sentence) {
      if (sentence < 1 || sentence > this.sentences.length || !this.link.link.send({ type: "again", sentence })) return;
      this.clock.again(sentence, seconds());
      this.place = { sentence, words: 0 };
    },
    pick(sentence) {
      this.$refs.more.open = false;
      this.again(sentence);
    },
    mute() { if (this.ears.open) this.link.mute(!this.ears.muted); },
    comeBack() { location.reload(); },
    ask(event) {
      event?.preventDefault(); // or the browser closes by the same key what is opened here
      if (this.now > this.sentences.length) this.finish();
      else if (!this.finishing && !this.unfinished) this.$refs.sure.showModal();
    },
    async finish() {
      this.$refs.sure.close();
      Object.assign(this, { finishing: true, unfinished: false, problem: "" });
      if (await this.link.finish()) location.assign(`${window.path_prefix || ""}/takes/${this.take}`);
      else Object.assign(this, { finishing: false, unfinished: true, problem: UNWRITTEN });
    },
  },
};

const seconds = () => performance.now() / 1000;
