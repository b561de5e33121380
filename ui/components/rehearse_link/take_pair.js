// Two takes side by side: what became of each sentence, how long it took, and how it sounded.
import { FATES, FATE_ICONS, seconds } from "rostrum-rehearse";

const SHAPES = Object.fromEntries(Object.entries(FATE_ICONS).map(([fate, path]) => [fate, `path("${path}")`]));
const BEFORE = 0.2, AFTER = 0.3; // seconds around a sentence that are heard with it

export default {
  template: `
    <div class="take-pair">
      <audio v-for="(column, c) in columns" :key="c" ref="sounds" :src="column.sound || null" preload="none" @timeupdate="stop(c)"></audio>
      <table>
        <thead><tr><th scope="col">Sentence</th><th v-for="column in columns" :key="column.name" scope="col">{{ column.name }}</th></tr></thead>
        <tbody><tr v-for="(sentence, i) in sentences" :key="i">
          <th scope="row">{{ sentence }}</th>
          <td v-for="(column, c) in columns" :key="c" :class="'was-' + column.rows[i].fate">
            <component :is="hears(column, i) ? 'button' : 'span'" class="cell" :type="hears(column, i) ? 'button' : null" :title="hears(column, i) ? 'Hear it' : null" :style="{ '--shape': shapes[column.rows[i].fate] }" @click="hear(c, i)">
              {{ fates[column.rows[i].fate] }}<small v-if="told(column.rows[i])" class="number">{{ told(column.rows[i]) }}</small>
            </component></td></tr></tbody>
      </table>
    </div>`,
  props: { sentences: Array, columns: Array },
  created() {
    Object.assign(this, { fates: FATES, shapes: SHAPES, until: [null, null] });
  },
  methods: {
    told({ start, took, wpm }) { return start == null ? "" : [seconds(took), wpm && `${wpm} a minute`].filter(Boolean).join(", "); },
    hears(column, i) { return column.sound && column.rows[i].start != null; },
    hear(c, i) {
      const { start, end } = this.columns[c].rows[i];
      if (!this.hears(this.columns[c], i)) return;
      for (const sound of this.$refs.sounds) sound.pause();
      const sound = this.$refs.sounds[c];
      this.until[c] = end + AFTER;
      sound.currentTime = Math.max(0, start - BEFORE);
      sound.play();
    },
    stop(c) {
      const sound = this.$refs.sounds[c];
      if (this.until[c] !== null && sound.currentTime >= this.until[c]) sound.pause();
    },
  },
};
