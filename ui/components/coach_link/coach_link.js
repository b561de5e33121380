// A coached session: one cue in one place, who said what, and what steers it. Nothing of it crosses the page's own
// socket.
import { COACH_ICONS, Meter, keyboard } from "rostrum-voice";
import {
  BACK, COACH_CONNECTION, COACH_PROBLEMS, COACH_STATES, COACH_TEMPLATE, CaptionLines, CoachSession, coachFace,
  coachPreferences, cueKind,
} from "rostrum-coach";

const CUE_SECONDS = 8; // where the coach does not say for how long
const FIXED_SECONDS = 2.5;
const NOTE_SECONDS = 5;
const ASKING_SECONDS = 4; // after that the key can be pressed again
const LONG = 34; // characters of a cue beyond which it is set smaller

export default {
  template: COACH_TEMPLATE,
  emits: ["manner"],
  props: {
    path: String, session: String, partner: String, goal: String, consent: String, cues: String, ear: Boolean,
    fluency: Boolean, start: Boolean,
  },

  data() {
    return {
      ...coachPreferences.read(), // device, headphones
      manner: { cues: this.cues, ear: this.ear, fluency: this.fluency },
      connection: "connecting", reason: "", problem: "", note: "", begun: false, paused: false, finishing: false,
      unfinished: false,
      ears: { open: false, shared: false, muted: false }, recorded: false, engines: [], saidBy: null, speaking: null,
      captions: new CaptionLines(), cue: { shown: false, text: "", kind: "" }, fixed: "", asking: false,
    };
  },

  computed: {
    face() { return coachFace(this); },
    word() { return COACH_STATES[this.face]; },
    trouble() {
      if (this.connection === "refused") return this.reason;
      return COACH_CONNECTION[this.connection] ?? COACH_PROBLEMS[this.problem] ?? this.problem;
    },
    kind() { return cueKind(this.cue.kind); },
    size() { return this.cue.text.length > LONG ? "long" : ""; },
    // What stands in the cue's place while there is none.
    rest() {
      if (this.finishing) return ["Finishing", "Your report is being written."];
      if (!this.captions.lines.length) return ["Before you begin, you could say", `“${this.consent}”`];
      return this.goal ? ["Your goal", this.goal] : ["", "Cues appear here."];
    },
    beginning() { return { finishing: "Writing your report", deaf: "Try the microphone again", paused: "Go on listening" }[this.face] ?? "Start listening"; },
    canShare() { return Boolean(navigator.mediaDevices?.getDisplayMedia); },
  },

  watch: {
    captions: { deep: true, handler() { this.follow(); } },
  },

  created() {
    this.icons = COACH_ICONS;
    this.levels = { mine: 0, theirs: 0 };
  },

  mounted() {
    const { path, session, device, headphones } = this;
    const options = { path, session, device, headphones, manner: { ...this.manner } };
    this.link = new CoachSession(options, (event) => this.take(event));
    this.meter = new Meter(this.$refs.meter, () => this.level());
    this.leaveKeyboard = keyboard({
      talk: (pressed) => pressed && this.help(), toggle: () => this.help(), stop: (event) => this.ask(event), mute: () => this.mute(),
      held: { p: (pressed) => this.theySpeak(pressed) },
    });
    this.frame = requestAnimationFrame((at) => this.tick(at));
    this.elsewhere = ({ target }) => this.$refs.more?.contains(target) || (this.$refs.more.open = false);
    document.addEventListener("pointerdown", this.elsewhere);
    this.awake = () => document.visibilityState === "visible" && this.begun && this.keepAwake();
    document.addEventListener("visibilitychange", this.awake);
    // A click led here; after a reload none did.
    if (this.start && (navigator.userActivation?.hasBeenActive ?? true)) this.begin();
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
    document.removeEventListener("pointerdown", this.elsewhere);
    document.removeEventListener("visibilitychange", this.awake);
    this.lock?.release();
    this.leaveKeyboard();
    this.link.close();
  },

  methods: {
    // ---- what happens

    take(event) {
      const handle = this[`on_${event.type}`];
      if (handle) handle.call(this, event);
    },
    on_ready({ lines, recorded, hears, thinks, speaks }) {
      this.captions.restore(lines ?? []);
      this.recorded = Boolean(recorded);
      this.engines = Object.entries({ Hears: hears, "Thinks of cues": thinks, Whispers: speaks })
        .filter(([, label]) => label).map(([task, label]) => `${task}: ${label}`);
    },
    on_connection({ state, reason }) {
      const back = state === "open" && ["lost", "restarting"].includes(this.connection);
      this.connection = state;
      this.reason = reason ? `${reason[0].toUpperCase()}${reason.slice(1)}.` : "This session cannot be opened.";
      if (back) this.for("note", BACK, NOTE_SECONDS);
      if (state !== "open") this.captions.live = null;
    },
    on_problem({ code }) { this.problem = code; },
    on_error({ message }) { this.problem = message; },
    on_paused({ paused }) { this.paused = paused; },
    on_ears({ open, shared, muted }) { this.ears = { open, shared, muted }; },
    on_level({ mine, theirs }) {
      this.levels.mine = Math.max(mine, this.levels.mine);
      this.levels.theirs = Math.max(theirs, this.levels.theirs);
    },
    on_said_by({ speaker }) { this.saidBy = speaker; },
    on_speaking({ speaker }) { this.speaking = speaker; },
    on_interim(interim) { this.captions.interim(interim); },
    on_transcript(line) { this.captions.said(line); },
    on_relabelled({ line, speaker }) { this.captions.relabel(line, speaker); },
    on_shortened({ line, text }) { this.captions.shorten(line, text); },
    on_suggestion({ text, kind, seconds }) {
      this.asking = false;
      this.fixed = "";
      this.cue = { shown: true, text, kind };
      this.later("cue", seconds ?? CUE_SECONDS, () => (this.cue.shown = false));
    },
    on_fixed() {
      this.cue.shown = false;
      this.for("fixed", "Better", FIXED_SECONDS);
    },
    on_ended() { if (!this.finishing) this.finish(); },

    // `what` says `words` for a while.
    for(what, words, seconds) {
      this[what] = words;
      this.later(what, seconds, () => (this[what] = ""));
    },
    later(name, seconds, act) {
      this.timers ??= {};
      clearTimeout(this.timers[name]);
      this.timers[name] = setTimeout(act, 1000 * seconds);
    },
    tick(at) {
      this.meter.draw(at);
      this.levels.mine *= 0.85;
      this.levels.theirs *= 0.85;
      this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    level() {
      const { mine, theirs } = this.levels;
      const partner = this.ears.shared ? theirs > mine : (this.saidBy ?? this.speaking) === "partner";
      const peak = Math.max(mine, theirs);
      const role = peak < 0.01 ? "--edge" : partner ? "--accent" : "--listening";
      return { peak, colour: getComputedStyle(this.$el).getPropertyValue(role) };
    },
    async follow() {
      await this.$nextTick();
      this.$refs.lines?.scrollTo(0, this.$refs.lines.scrollHeight);
    },
    name(speaker) { return speaker === "partner" ? this.partner || "They" : "You"; },
    who(speaker) { return speaker === "partner" ? this.partner || "them" : "you"; },

    // ---- what the user does

    async begin() {
      this.begun = await this.link.listen() || this.begun;
      if (this.begun) this.keepAwake();
    },
    // A screen that goes dark takes the microphone with it.
    async keepAwake() {
      this.lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
    },
    help() {
      if (!this.begun || !this.link.help()) return;
      this.asking = true;
      this.later("asking", ASKING_SECONDS, () => (this.asking = false));
    },
    theySpeak(pressed) {
      if (!this.begun || this.ears.shared) return;
      const now = performance.now() / 1000;
      if (pressed) this.link.partner.press(now);
      else this.link.partner.release(now);
    },
    tapPartner(event) {
      if (event.repeat) return;
      this.theySpeak(true);
      this.theySpeak(false);
    },
    relabel(line) {
      const speaker = line.speaker === "partner" ? "user" : "partner";
      this.captions.relabel(line.line, speaker);
      this.link.correct(line.line, speaker);
    },
    mute() { if (this.ears.open) this.link.mute(!this.ears.muted); },
    share() {
      if (this.ears.shared) this.link.unshare();
      else this.link.share();
    },
    behave(change) {
      Object.assign(this.manner, change);
      this.link.behave(change);
      this.$emit("manner", change);
    },
    wear(headphones) {
      this.headphones = headphones;
      coachPreferences.write({ headphones });
      this.link.hearWith({ headphones });
    },
    comeBack() { location.reload(); },
    ask(event) {
      event.preventDefault(); // or the browser closes by the same key what is opened here
      if (!this.finishing && !this.unfinished) this.$refs.sure.showModal();
    },
    async finish() {
      this.$refs.sure.close();
      Object.assign(this, { finishing: true, unfinished: false, problem: "" });
      this.cue.shown = false;
      if (await this.link.finish()) location.assign(`${window.path_prefix || ""}/report/${this.session}`);
      else Object.assign(this, { finishing: false, unfinished: true, problem: "report" });
    },
  },
};
