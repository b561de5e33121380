// What was recorded, at the foot of the report.
import { clock, sound } from "rostrum-report";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const AGAIN = 1500; // ms: of a session that has just ended the sound is there a moment later

export default {
  template: `
    <section class="report-sound" aria-label="Recording" :data-silent="!source || broken">
      <p v-if="!source" class="nothing">Nothing was recorded of this session. A click on a moment shows its words.</p>
      <template v-else>
        <audio class="sound" ref="audio" :src="source" preload="metadata" @error="failed" @durationchange="measured"
          @play="playing = true" @pause="playing = false" @ended="playing = false"></audio>
        <p v-if="broken" class="nothing">The recording cannot be played. It may have been deleted, or the session may
          still be going on. A click on a moment shows its words.</p>
        <template v-else>
          <button type="button" class="round play" :aria-label="playing ? 'Pause' : 'Play'" @click="toggle">
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="playing ? icons.pause : icons.play"/></svg>
          </button>
          <div class="heard">
            <p class="caption" :class="{ faint: !playing && !at }" aria-hidden="true"><template v-if="caption"><b :class="caption[2] === you && 'you'">{{ caption[2] }}</b> {{ caption[3] }}</template></p>
            <input class="place" type="range" min="0" :max="length" step="0.1" :value="at" aria-label="Place in the recording"
              :aria-valuetext="said" :style="{ '--done': 100 * at / length + '%' }" @input="seek">
          </div>
          <span class="time number">{{ clock(at) }}<span class="faint"> / {{ clock(length) }}</span></span>
          <label class="speed"><span class="unseen">Speed</span>
            <select v-model="speed" @change="$refs.audio.playbackRate = speed"><option v-for="each in speeds" :value="each">{{ each }}×</option></select>
          </label>
        </template>
      </template>
    </section>`,
  props: { source: String, seconds: Number, captions: Array, you: String },

  data() {
    return { playing: false, broken: false, tried: false, at: 0, duration: 0, speed: 1 };
  },
  computed: {
    length() { return this.duration || this.seconds || 1; },
    caption() { return this.captions.findLast(([start]) => start <= this.at + 0.05) ?? this.captions[0]; },
    said() { return `${clock(this.at)} of ${clock(this.length)}`; },
  },
  created() {
    Object.assign(this, { clock, speeds: SPEEDS });
    this.icons = {
      play: "M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8a1 1 0 0 0 0-1.6l-10-6.8C8.9 3.9 8 4.4 8 5.2z",
      pause: "M7 6a1.5 1.5 0 0 1 3 0v12a1.5 1.5 0 0 1-3 0zM14 6a1.5 1.5 0 0 1 3 0v12a1.5 1.5 0 0 1-3 0z",
    };
  },
  mounted() {
    sound.attach(this.$refs.audio ?? null);
    this.leave = sound.follow((seconds) => (this.at = seconds));
  },
  beforeUnmount() {
    this.leave();
    sound.detach();
  },
  watch: {
    source(source) { if (!source) sound.lose(); },
  },
  methods: {
    toggle() { sound.toggle(); },
    seek({ target }) { this.$refs.audio.currentTime = Number(target.value); },
    measured() {
      const { duration } = this.$refs.audio;
      if (Number.isFinite(duration)) this.duration = duration;
    },
    failed() {
      if (this.tried) {
        this.broken = true;
        sound.lose();
      } else setTimeout(() => this.$refs.audio?.load(), AGAIN);
      this.tried = true;
    },
  },
};
