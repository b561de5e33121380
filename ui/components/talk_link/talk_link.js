// The stage of a talk: who speaks, what was said and heard, and what steers it. Nothing of it crosses the page's socket.
import { Meter, TALK_ICONS, VoiceSession, keyboard, problems, spoken, talkPreferences, translator, withMachine } from "rostrum-voice";
import {
  Captions, TALK_TEMPLATE, Waterfall, begunAnew, describe, faceOf, hardnesses, heardNothing, keepTalk, keptLines, limits, notes,
  patienceWords, precisely, summed, taps,
} from "rostrum-talk";

const SPEEDS = [0.7, 0.85, 1, 1.15, 1.3, 1.5];
const HELD_SECONDS = 0.25; // shorter is a tap
const SOON_SECONDS = 0.5; // by when the last words are kept

export default {
  template: TALK_TEMPLATE,
  mixins: [withMachine],
  props: {
    path: String, machine: String, persona: String, name: String, scene: String, opens: Boolean, start: Boolean, hardness: String,
    words: Object,
  },

  data() {
    return {
      ...talkPreferences.read(), interrupts: this.hardness, // voice, speed, headphones, handsFree, patience, record
      connection: "connecting", refused: "", state: "idle", problem: "", needsTap: false,
      voices: [], engines: {}, theirPatience: 0.9, begun: false,
      captions: new Captions(), waterfall: new Waterfall(), now: { line: null, begun: 0, finished: 0 },
      microphone: { keepOpen: false, muted: false, pressed: false, live: false },
      holding: false, taping: false, note: "", announced: "", text: "", looked: 0, over: null,
    };
  },

  computed: {
    face() { return faceOf(this); },
    described() {
      const { name, opens, holding, refused: reason, connection, microphone } = this;
      const handsFree = this.handsFree && this.cutsIn;
      return describe(this.t, this.face, { name, opens, holding, handsFree, reason, connection, ...microphone, pause: `${this.pause.toFixed(1)} s` });
    },
    word() { return this.described[0]; },
    hint() { return this.described[1]; },
    tapLabel() { return taps(this.t)[this.face] ?? this.word; },
    started() { return this.begun && !this.over; },
    busy() { return this.started && ["thinking", "speaking"].includes(this.state); },
    pause() { return this.patience || this.theirPatience; },
    pauseText() { return `${this.pause.toFixed(1)} s, ${patienceWords(this.t, this.pause)}`; },
    caveat() {
      const { thinks } = this.engines;
      return thinks?.caveat ? `${thinks.label}: ${thinks.caveat}.` : "";
    },
    trouble() { return problems(this.t)[this.problem] ?? this.problem; },
    turns() { return this.captions.view(this.now); },
    interim() { return this.captions.interim(this.face === "listening"); },
    latest() { return this.interim ? 0 : this.captions.turns.at(-1)?.key; },
    falls() { return this.waterfall.turns; },
    shown() { return this.waterfall.view(this.t, this.looked, this.engines); },
    summary() { return this.over && { ...summed(this.t, this.captions.summary(), this.name), conversation: this.over.conversation }; },
  },

  watch: {
    turns() { this.follow(); },
    interim() { this.follow(); },
  },

  beforeCreate() { this.t = translator(this.$props.words); },
  created() {
    Object.assign(this, { icons: TALK_ICONS, speeds: SPEEDS, hardnesses: hardnesses(this.t), precisely });
    this.levels = { mine: 0, speaker: 0 };
    this.keep = keepTalk(this.persona);
  },

  mounted() {
    this.open(this.keep.read());
    this.leaveKeyboard = keyboard({
      talk: (pressed) => this.talk(pressed), toggle: () => this.tap(), stop: () => this.stop(), mute: () => this.mute(),
    });
    this.frame = requestAnimationFrame((at) => this.tick(at));
    this.elsewhere = ({ target }) => this.$refs.more && !this.$refs.more.contains(target) && (this.$refs.more.open = false);
    document.addEventListener("pointerdown", this.elsewhere);
    window.addEventListener("pagehide", this.remember);
    // A click led here; after a reload none did.
    if (this.start && !this.session.conversation && (navigator.userActivation?.hasBeenActive ?? true)) this.begin();
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
    document.removeEventListener("pointerdown", this.elsewhere);
    window.removeEventListener("pagehide", this.remember);
    this.leaveKeyboard();
    this.keep.forget();
    this.session.close();
  },

  methods: {
    // ---- what happens

    // A session of its own, or the one that this tab was in (`kept`: {conversation, generation, seconds}).
    open(kept) {
      const { path, machine, voice, speed, headphones } = this;
      const options = { path, machine, talk: this.persona, voice: voice || undefined, speed: speed || undefined, headphones, record: this.record };
      this.session = new VoiceSession({ ...options, conversation: kept?.conversation }, (event) => this.take(event));
      this.sought = Boolean(kept);
      if (kept) this.session.position = { generation: kept.generation, seconds: kept.seconds };
      this.meter = new Meter(this.$refs.meter, () => this.level(), () => 1.2 * this.$refs.mic.offsetWidth);
    },
    take(event) {
      const handle = this[`on_${event.type}`];
      if (handle) handle.call(this, event);
    },
    on_ready({ hears, thinks, speaks, voices, patience, returned, conversation }) {
      Object.assign(this, { engines: { hears, thinks, speaks }, voices, theirPatience: patience });
      this.session.listenWith(this);
      if (returned) this.goOn(conversation);
      else if (this.captions.beginAnew() || this.sought) this.problem = begunAnew(this.t);
    },
    on_connection({ state, reason }) {
      this.connection = state;
      if (state === "open") return;
      this.refused = reason ? `${reason[0].toUpperCase()}${reason.slice(1)}.` : this.t("This talk cannot be opened.");
      Object.assign(this, { state: "idle", holding: false });
      this.captions.live = null;
    },
    on_state({ state }) {
      this.state = state;
      if (this.hush && state === "thinking") this.session.pause();
      this.hush &&= state === "listening";
      if (state === "listening" || state === "speaking") this.note = "";
    },
    on_sounding({ can }) { this.needsTap = !can && this.begun; },
    on_problem({ code }) { this.problem = code; },
    on_error({ message }) { this.problem = message; },
    on_microphone({ keepOpen, muted, pressed, live }) { this.microphone = { keepOpen, muted, pressed, live }; },
    on_level({ peak }) { this.levels.mine = Math.max(peak, this.levels.mine); },
    on_speaker({ rms }) { this.levels.speaker = Math.min(1, 2.5 * rms); },
    on_line(line) {
      this.captions.line(line);
      this.announced = line.text;
    },
    on_said(said) {
      this.saidMeanwhile?.push(said);
      this.captions.said(said);
      this.remember();
    },
    on_reply() { this.captions.reply(); },
    on_understood(understood) { this.captions.understood(understood); },
    on_judged(judged) {
      this.captions.judged(judged);
      this.note = judged.verdict === "noise" && !this.busy ? heardNothing(this.t) : "";
    },
    on_resumed({ reason }) { this.note = notes(this.t)[reason] ?? ""; },
    on_limit({ reason, seconds }) { this.note = limits(this.t, seconds)[reason]; },
    on_audio(event) { this.waterfall.audio(event); },
    on_began(event) { this.waterfall.began(event); },
    on_quiet() { this.waterfall.quiet(); },
    on_clear() { this.waterfall.clear(); },
    on_latency(latency) { this.waterfall.latency(latency); },
    on_end() { this.finish(); },

    // The same talk, after a drop or a reload: everything that was said meanwhile is asked for.
    async goOn(conversation) {
      const fresh = !this.begun;
      this.begun = this.session.wanted = true;
      const said = (this.saidMeanwhile = []);
      const lines = await keptLines(conversation);
      this.saidMeanwhile = null;
      this.captions.restore(lines);
      const kept = new Set(lines.map(({ speaker, start }) => `${speaker} ${start}`));
      for (const each of said) if (!kept.has(`${each.speaker} ${each.start}`)) this.captions.said(each);
      if (!fresh) return;
      await this.session.sound();
      if (this.handsFree) await this.session.keepMicrophone(true);
    },

    // Once a frame of the screen: which line, which word, how loud.
    tick(at) {
      const entry = this.session.current();
      if (entry) {
        const [begun, finished] = spoken(entry, this.session.heardSeconds);
        const { now } = this;
        if (entry.line !== now.line || begun !== now.begun || finished !== now.finished) this.now = { line: entry.line, begun, finished };
      }
      if (!this.over) this.meter.draw(at);
      this.levels.mine *= 0.85;
      this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    level() {
      const style = getComputedStyle(this.$el);
      const mine = this.microphone.live && this.levels.mine >= this.levels.speaker;
      const colour = style.getPropertyValue(mine ? "--listening" : this.levels.speaker > 0.01 ? "--accent" : "--line");
      return { peak: mine ? this.levels.mine : this.levels.speaker, colour };
    },
    async follow() {
      await this.$nextTick();
      this.$refs.captions?.scrollTo(0, this.$refs.captions.scrollHeight);
    },

    // ---- what the user does

    async begin() {
      Object.assign(this, { begun: true, taping: this.record, problem: "", note: "" });
      if (this.handsFree) await this.session.keepMicrophone(true);
      await this.session.play();
    },
    tap() { // the microphone was tapped, or Space
      const { face } = this;
      if (face === "ready") this.begin();
      else if (face === "tap" || face === "paused") this.resume();
      else if (face === "speaking" || face === "thinking") this.interrupt();
      else if (face === "typing") this.session.keepMicrophone(true);
      else this.mute();
    },
    press(event) {
      if (event.button || !this.started) return;
      event.target.closest("button").setPointerCapture(event.pointerId);
      const wait = this.handsFree ? HELD_SECONDS : 0;
      this.pressing = setTimeout(() => this.talk(true), 1000 * wait);
    },
    release(meant) {
      clearTimeout(this.pressing);
      if (this.microphone.pressed || this.session.pressed) this.talk(false);
      else if (meant) this.tap();
    },
    talk(pressed) { if (this.started) this.session.talk(pressed); },
    mute() { if (this.microphone.keepOpen) this.session.mute(!this.microphone.muted); },
    interrupt() { this.session.cancel(); },
    stop() {
      if (!this.started) return;
      this.hush = this.state === "listening"; // the answer to what was being said waits, too
      this.session.pause();
      if (this.microphone.pressed) this.session.talk(false);
      if (this.microphone.keepOpen && !this.microphone.muted) {
        this.stopped = true;
        this.session.mute(true);
      }
    },
    resume() {
      if (this.stopped) this.session.mute(false);
      this.stopped = false;
      this.session.play();
    },
    think() {
      this.holding = !this.holding;
      this.session.holdFloor(this.holding);
    },
    say() {
      const text = this.text.trim();
      if (!text) return;
      Object.assign(this, { text: "", begun: true });
      this.session.ask(text);
    },
    async free(handsFree) {
      this.handsFree = handsFree;
      this.save();
      if (this.started) await this.session.keepMicrophone(handsFree);
    },
    listenWith(change) {
      Object.assign(this, change);
      this.session.listenWith(change);
      this.save();
    },
    tune(change) {
      Object.assign(this, change);
      this.session.tune(change);
      this.save();
    },
    wear(headphones) {
      this.headphones = headphones;
      this.session.wearHeadphones(headphones);
      this.save();
    },
    // The one that is going on stays as it was begun.
    tape(record) {
      this.record = record;
      this.save();
      if (!this.begun) this.session.beginWith({ record });
    },
    save() {
      const { voice, speed, headphones, handsFree, patience, record } = this;
      talkPreferences.write({ voice, speed, headphones, handsFree, patience, record });
    },

    // ---- the end

    async finish() {
      const { conversation } = this.session;
      this.over = { conversation };
      this.keep.forget();
      this.session.close();
      await this.$nextTick();
      this.$refs.end.focus();
      await new Promise((soon) => setTimeout(soon, 1000 * SOON_SECONDS));
      const lines = await keptLines(conversation);
      if (lines.length && this.over) this.captions.restore(lines);
    },
    async again() {
      const fresh = { captions: new Captions(), waterfall: new Waterfall(), over: null, state: "idle", connection: "connecting" };
      Object.assign(this, fresh, { note: "", problem: "", holding: false });
      await this.$nextTick();
      this.open();
      await this.begin();
    },
    remember() {
      if (this.started) this.keep.write({ conversation: this.session.conversation, ...this.session.position });
    },
  },
};
