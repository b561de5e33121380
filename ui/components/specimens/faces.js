// Every state of the three stages side by side, from the stages' own icons and words.
import { COACH_ICONS, ICONS, TALK_ICONS, states, translator } from "rostrum-voice";
import { COACH_STATES } from "rostrum-coach";
import { describe } from "rostrum-talk";

const TALK_FACES = [
  "connecting", "ready", "tap", "open", "listening", "thinking", "speaking", "paused", "muted", "push", "typing", "offline", "refused",
];

const known = { name: "Sam", pause: "0.9 s", handsFree: true, reason: "The talk is open in another window." };

export default {
  template: `
  <div class="faces">
    <div v-for="{ face, word, shape } in pitch" :key="face" class="stage" :data-face="face"><div class="face">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="shape"/></svg><strong>{{ word }}</strong></div></div>
    <div v-for="{ face, word, hint, shape } in talk" :key="'talk' + face" class="talk-stage" :data-face="face">
      <span class="mic"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="shape"/></svg></span>
      <div class="talk-face"><strong>{{ word }}</strong><p>{{ hint }}</p></div></div>
    <div v-for="{ face, word, shape } in coach" :key="'coach' + face" class="coach-stage" :data-face="face"><div class="coach-state">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="shape"/></svg><strong>{{ word }}</strong></div></div>
  </div>`,
  created() {
    const t = translator({});
    this.pitch = Object.entries(states(t)).map(([face, word]) => ({ face, word, shape: ICONS[`face_${face}`] }));
    this.talk = TALK_FACES.map((face) => {
      const [word, hint] = describe(t, face, known);
      return { face, word, hint, shape: TALK_ICONS[`face_${face}`] };
    });
    this.coach = Object.entries(COACH_STATES).map(([face, word]) => ({ face, word, shape: COACH_ICONS[`face_${face}`] }));
  },
};
