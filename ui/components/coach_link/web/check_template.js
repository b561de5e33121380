// The HTML of the check before a session. Classes are styled in `ui/static/coach.css`.

const verdict = (about, words) => `<p class="check-verdict" role="status" :data-verdict="${about}[0]">
      <svg v-if="${about}[0] !== 'waiting'" class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="marks[${about}[0]]"/></svg><span>{{ ${words} }}</span></p>`;

export const CHECK_TEMPLATE = `
<section class="check" aria-label="Check" :data-open="open">
  <div class="trouble" role="alert"><template v-if="trouble"><p>{{ trouble }}</p>
    <button type="button" class="quiet" @click="listen">Try again</button></template></div>
  <div class="check-part">
    <h2>Your microphone</h2>
    <div>
      <div class="check-row">
        <select aria-label="Microphone" :value="device" :disabled="!devices.length" @change="pick($event.target.value)">
          <option v-if="!devices.length" value="">The system's microphone</option>
          <option v-for="each in devices" :key="each.id" :value="each.id">{{ each.label }}</option></select>
        <canvas ref="meter" class="meter" role="img" aria-label="Sound level"></canvas>
      </div>
      <template v-if="open">${verdict("room", "room[1]")}</template>
      <button v-else type="button" class="button" :disabled="opening" @click="listen">{{ opening ? "Waiting for the browser" : "Turn the microphone on" }}</button>
    </div>
  </div>
  <div class="check-part">
    <h2>Your loudspeaker</h2>
    <div>
      <div class="check-row">
        <button type="button" class="button" :disabled="playing || !open" @click="sound">{{ playing ? "Listening for it" : "Play a sound" }}</button>
        <label class="switch"><input type="checkbox" role="switch" :checked="headphones" @change="wear($event.target.checked)"
          ><span>I wear headphones</span></label>
      </div>
      ${verdict("loudspeaker", "loudspeaker[1]")}
      <p v-if="echo !== undefined" class="faint">Heard no tone yourself? Look at the volume, and at which output the system uses.</p>
    </div>
  </div>
</section>`;
