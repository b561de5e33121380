// The check before a session: is there a microphone, is the room quiet enough, does the loudspeaker come back. Nothing
// that is heard here leaves the page.
import { AudioProblem, COACH_ICONS, MIC_RATE, Meter, openContext } from "rostrum-voice";
import { CHECK_TEMPLATE, COACH_PROBLEMS, Ears, Room, chirp, coachPreferences, echoIn, saidOfEcho, saidOfRoom } from "rostrum-coach";

const LISTENED_SECONDS = 1.4; // for the chirp, and for the longest way through a loudspeaker without wires
const LOOK_SECONDS = 0.4; // between looks at the room

export default {
  template: CHECK_TEMPLATE,

  data() {
    return {
      ...coachPreferences.read(), // device, headphones
      devices: [], open: false, opening: false, problem: "", playing: false, echo: undefined, found: { verdict: "waiting" },
    };
  },

  computed: {
    trouble() { return COACH_PROBLEMS[this.problem] ?? ""; },
    room() { return saidOfRoom(this.found); },
    loudspeaker() { return saidOfEcho(this.echo); },
  },

  created() {
    this.marks = { good: COACH_ICONS.tick, fair: COACH_ICONS.tick, bad: COACH_ICONS.attention };
    this.level = 0;
    this.recording = null;
    this.ears = new Ears({
      device: () => this.device, onFrame: (frame) => this.take(frame), onLost: () => this.lost(),
    });
    window.rostrumCheck = this;
  },

  async mounted() {
    this.meter = new Meter(this.$refs.meter, () => this.bar());
    this.frame = requestAnimationFrame((at) => this.tick(at));
    this.looking = setInterval(() => this.open && !this.playing && (this.found = this.measured.found), 1000 * LOOK_SECONDS);
    if (navigator.userActivation?.hasBeenActive) await this.listen();
  },

  beforeUnmount() {
    cancelAnimationFrame(this.frame);
    clearInterval(this.looking);
    this.ears.close();
  },

  methods: {
    async listen() {
      this.opening = true;
      this.measured = new Room();
      this.found = { verdict: "waiting" };
      try {
        // Without the browser's cancelling: what comes back has to be heard here.
        await this.ears.listen(true);
        this.problem = "";
      } catch (error) {
        if (!(error instanceof AudioProblem)) throw error;
        this.problem = error.code;
      }
      this.opening = false;
      this.open = this.ears.open;
      if (this.open) await this.name();
    },
    // The names are told once a microphone was allowed.
    async name() {
      const all = await navigator.mediaDevices.enumerateDevices();
      const inputs = all.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId);
      this.devices = inputs.map(({ deviceId, label }, i) => ({ id: deviceId, label: label || `Microphone ${i + 1}` }));
      if (!this.devices.some(({ id }) => id === this.device)) this.device = this.devices[0]?.id ?? "";
    },
    async pick(device) {
      this.device = device;
      coachPreferences.write({ device });
      this.ears.close();
      await this.listen();
    },
    wear(headphones) {
      this.headphones = headphones;
      coachPreferences.write({ headphones });
    },
    lost() {
      this.open = false;
      this.problem = "unplugged";
    },

    take({ pcm, mine }) {
      const samples = new Int16Array(pcm);
      this.level = Math.max(this.level, mine);
      if (this.recording) this.recording.push(samples);
      else this.measured.push(samples, MIC_RATE);
    },

    async sound() {
      this.playing = true;
      const context = await openContext();
      await context.resume();
      const tone = chirp(context.sampleRate);
      const buffer = new AudioBuffer({ length: tone.length, sampleRate: context.sampleRate });
      buffer.copyToChannel(tone, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      this.recording = [];
      source.start();
      await new Promise((later) => setTimeout(later, 1000 * LISTENED_SECONDS));
      const heard = this.recording.flatMap((frame) => Array.from(frame, (sample) => sample / 32768));
      this.recording = null;
      this.echo = echoIn(Float32Array.from(heard), MIC_RATE);
      this.playing = false;
    },

    tick(at) {
      this.meter.draw(at);
      this.level *= 0.85;
      this.frame = requestAnimationFrame((next) => this.tick(next));
    },
    bar() {
      const colour = getComputedStyle(this.$el).getPropertyValue(this.open && this.level > 0.01 ? "--listening" : "--line");
      return { peak: this.level, colour };
    },
  },
};
