// The stage: what is being said, how far it has come, and everything that steers it. Sound, words and level stay in the
// browser; only rare events (`line`, `state`, `question`, `finished`) cross the page's own socket to Python.
import {
  ICONS, Meter, TEMPLATE, VoiceSession, connection, keyboard, pieces, preferences, problems, resumeNote, spoken, states, translator, withMachine,
} from "rostrum-voice";

const SPEEDS = [0.7, 0.85, 1, 1.15, 1.3, 1.5];

export default {
  template: TEMPLATE,
  mixins: [withMachine],
  props: { path: String, machine: String, pitch: String, mark: Number, autoplay: Boolean, sentences: Array, words: Object },
  emits: ["line", "state", "question", "finished"],

  data() {
    return {
      ...preferences.read(), // voice, speed, headphones, keepOpen
      connection: "connecting", refused: "", state: "idle", problem: "", needsTap: false,
      voices: [], engines: [], texts: this.sentences,
      now: { line: null, mark: this.mark, text: this.sentences[this.mark - 1] ?? "", begun: 0, finished: 0 },
      before: "", // lines of the answer that were spoken already
      asking: "", asked: null, unanswered: false, note: "", resumes: this.mark,
      microphone: { keepOpen: false, muted: false, pressed: false, live: false },
      question: "",
    };
  },

  computed: {
    // The one state that is shown.
    face() {
      if (this.connection === "refused" || this.connection === "lost" || this.connection === "restarting") return "offline";
      if (this.connection === "connecting") return "connecting";
      if (this.needsTap) return "tap";
      if (this.microphone.pressed && this.microphone.live) return "listening";
      const quiet = this.state === "listening" || this.state === "idle";
      return quiet && this.microphone.keepOpen && this.microphone.muted ? "muted" : this.state;
    },
    faceWord() { return states(this.t)[this.face]; },
    playing() { return ["speaking", "listening", "thinking"].includes(this.state); },
    total() { return this.texts.length; },
    // Where the pitch is: the sentence being spoken, or the one it will go on at.
    place() { return typeof this.now.mark === "number" ? Math.min(this.now.mark, this.total) : this.resumes; },
    mode() {
      if (this.asking || this.microphone.pressed || (this.state === "thinking" && this.asked)) return "asking";
      return typeof this.now.mark === "number" ? "pitch" : "answer";
    },
    size() {
      const { length } = this.mode === "asking" ? this.asking || "" : this.before + this.now.text;
      return length > 170 ? "long" : length > 90 ? "middling" : "";
    },
    pieces() { return pieces(this.now.text); },
    above() { return this.mode === "pitch" ? this.texts[this.place - 2] ?? "" : ""; },
    below() { return this.mode === "pitch" ? this.texts[this.place] ?? "" : this.texts[this.place - 1] ?? ""; },
    label() {
      if (this.mode === "asking") return this.t("You ask");
      if (this.mode === "answer") return this.unanswered ? this.t("No answer in your notes yet") : this.t("Answer");
      if (this.state === "ended") return this.t("Heard to the end");
      return this.note || this.t("Sentence {place} of {total}", { place: this.place, total: this.total });
    },
    trouble() {
      if (this.connection === "refused") return this.refused;
      return connection(this.t)[this.connection] ?? problems(this.t)[this.problem] ?? this.problem;
    },
    caption() { return this.mode === "asking" ? "" : this.now.text; },
    playLabel() {
      if (this.playing) return this.t("Pause");
      return this.state === "ended" ? this.t("Play again") : this.needsTap ? this.t("Tap to hear it") : this.t("Play");
    },
    microphoneLabel() {
      if (!this.microphone.keepOpen) return this.t("Sound level. Microphone off");
      return this.microphone.muted ? this.t("Sound level. Microphone muted") : this.t("Sound level. Microphone on");
    },
  },

  watch: {
    state(state) { this.$emit("state", state); },
    place(mark) { this.$emit("line", mark); },
    question(text) { preferences.draft(this.pitch, text); },
  },

  beforeCreate() { this.t = translator(this.$props.words); },

  created() {
    this.icons = ICONS;
    this.speeds = SPEEDS;
    this.levels = { mine: 0, speaker: 0 };
  },

  mounted() {
    this.question = preferences.draft(this.pitch);
    this.session = new VoiceSession(
      {
        path: this.path, machine: this.machine, pitch: this.pitch, mark: this.mark, voice: this.voice, speed: this.speed,
        headphones: this.headphones,
      },
      (event) => this.take(event),
    );
    this.meter = new Meter(this.$refs.meter, () => this.level());
    this.leaveKeyboard = keyboard({
      talk: (pressed) => this.session.talk(pressed), toggle: () => this.toggle(), stop: () => this.stop(),
      mute: () => this.mute(), step: (by) => this.step(by),
    });
    this.frame = requestAnimationFrame((at) => this.tick(at));
    this.elsewhere = ({ target }) => this.$refs.more.contains(target) || (this.$refs.more.open = false);
    document.addEventListener("pointerdown", this.elsewhere);
    if (this.autoplay) this.play();
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
    document.removeEventListener("pointerdown", this.elsewhere);
    this.leaveKeyboard();
    this.session.close();
  },

  methods: {
    // ---- what happens

    take(event) {
      const handle = this[`on_${event.type}`];
      if (handle) handle.call(this, event);
    },
    on_ready({ sentences, hears, thinks, speaks, voices }) {
      this.texts = sentences;
      this.engines = [hears, thinks, speaks];
      this.voices = voices;
    },
    on_connection({ state, reason }) {
      this.connection = state;
      this.refused = reason || this.t("This pitch cannot be opened.");
      if (state === "open") return;
      this.state = "idle";
      this.asking = "";
    },
    on_state({ state }) {
      this.state = state;
      if (["idle", "paused", "ended"].includes(state)) this.asking = "";
    },
    on_sounding({ can }) { this.needsTap = !can && this.session.wanted; },
    on_problem({ code }) { this.problem = code; },
    on_error({ message }) { this.problem = message; },
    on_microphone({ keepOpen, muted, pressed, live }) {
      if (pressed && !this.microphone.pressed) this.asked = null;
      this.microphone = { keepOpen, muted, pressed, live };
    },
    on_level({ peak }) { this.levels.mine = Math.max(peak, this.levels.mine); },
    on_speaker({ rms }) { this.levels.speaker = Math.min(1, 2.5 * rms); },
    on_understood({ text, final }) {
      this.asking = text;
      if (final) this.asked = text;
    },
    on_resumed({ mark, reason }) {
      this.asking = "";
      this.resumes = mark;
      this.note = resumeNote(this.t, mark, reason);
      this.noteFor = mark;
    },
    on_question(question) {
      this.asked = question.text;
      this.unanswered = !question.answered;
      this.$emit("question", question);
    },
    on_end() { this.$emit("finished"); },

    // Once a frame of the screen: which line, which word, how loud.
    tick(at) {
      const entry = this.session.current();
      if (entry) this.show(entry);
      this.meter.draw(at);
      this.levels.mine *= 0.85;
      this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    show(entry) {
      if (entry.line !== this.now.line) this.begin(entry);
      const [begun, finished] = spoken(entry, this.session.heardSeconds);
      if (begun !== this.now.begun) this.now.begun = begun;
      if (finished !== this.now.finished) this.now.finished = finished;
    },
    begin({ line, mark, text }) {
      const goesOn = mark === this.now.mark && typeof mark !== "number" && !this.asking;
      this.before = goesOn ? `${this.before}${this.now.text} ` : "";
      this.now = { line, mark, text, begun: 0, finished: 0, first: goesOn ? this.now.first : line };
      this.asking = "";
      if (typeof mark !== "number") return;
      this.resumes = mark;
      this.asked = null;
      this.unanswered = false;
      if (mark !== this.noteFor) this.note = "";
      this.noteFor = null;
    },
    level() {
      const style = getComputedStyle(this.$el);
      const mine = this.microphone.live && this.levels.mine >= this.levels.speaker;
      const colour = style.getPropertyValue(mine ? "--listening" : this.levels.speaker > 0.01 ? "--accent" : "--edge");
      return { peak: mine ? this.levels.mine : this.levels.speaker, colour };
    },

    // ---- what the user does

    async play() {
      this.problem = "";
      if (this.state === "ended") this.session.seek(1);
      await this.session.play();
      if (this.keepOpen && !this.microphone.keepOpen) await this.session.keepMicrophone(true);
    },
    pause() { this.session.pause(); },
    toggle() { if (this.playing) this.pause(); else this.play(); },
    stop() {
      this.session.pause();
      if (this.microphone.pressed) this.session.talk(false);
      else if (this.microphone.keepOpen && !this.microphone.muted) this.session.mute(true);
    },
    step(by) { this.go(this.place + by); },
    go(mark) {
      const goal = Math.max(1, Math.min(this.total, mark));
      this.note = "";
      this.asked = null;
      this.before = "";
      this.now = { line: null, mark: goal, text: this.texts[goal - 1], begun: 0, finished: 0 };
      this.resumes = goal;
      this.session.seek(goal);
    },
    async keep(event) {
      this.keepOpen = event.target.checked;
      await this.session.keepMicrophone(this.keepOpen);
      if (this.keepOpen && !this.microphone.keepOpen) event.target.checked = this.keepOpen = false;
      this.remember();
    },
    mute() { if (this.microphone.keepOpen) this.session.mute(!this.microphone.muted); },
    talk(pressed) { this.session.talk(pressed); },
    ask() {
      const text = this.question.trim();
      if (!text) return this.$refs.ask.focus();
      this.question = "";
      this.asked = this.asking = text;
      return this.session.ask(text);
    },
    tune(change) {
      Object.assign(this, change);
      this.session.tune(change);
      this.remember();
    },
    wear(headphones) {
      this.headphones = headphones;
      this.session.wearHeadphones(headphones);
      this.remember();
    },
    remember() {
      const { voice, speed, headphones, keepOpen } = this;
      preferences.write({ voice, speed, headphones, keepOpen });
    },
  },
};
