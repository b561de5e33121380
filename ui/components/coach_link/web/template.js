// The HTML of a coached session. Classes are styled in `ui/static/coach.css`.

const icon = (name) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons.${name}"/></svg>`;

const HEAD = `
  <div class="coach-head">
    <div class="coach-state">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons['face_' + face]"/></svg>
      <strong role="status">{{ word }}</strong>
      <canvas ref="meter" class="meter" role="img" :aria-label="'Sound level. ' + word"></canvas>
    </div>
    <span v-if="recorded" class="taping">Recording</span>
    <button v-if="!unfinished" type="button" class="button" :disabled="finishing" @click="finish">Finish</button>
  </div>`;

const CUE = `
  <div class="coach-cue">
    <div class="coach-notes">
      <div class="trouble" role="alert"><template v-if="trouble"><p>{{ trouble }}</p>
        <button v-if="problem" type="button" class="quiet" @click="problem = ''">Close</button></template></div>
      <p class="coach-note" role="status">{{ note }}</p></div>
    <div class="coach-rest" :class="{ gone: cue.shown || fixed }" :aria-hidden="cue.shown || fixed">
      <span class="coach-kind">{{ rest[0] }}</span><p>{{ rest[1] }}</p></div>
    <div class="coach-now" role="status" :class="{ gone: !cue.shown }">
      <template v-if="cue.text"><span class="coach-kind">{{ kind }}</span><p :class="size">{{ cue.text }}</p></template></div>
    <p class="coach-fixed" role="status" :class="{ gone: !fixed }">${icon("tick")}<span>{{ fixed }}</span></p>
  </div>`;

const LINES = `
  <div ref="lines" class="coach-lines" role="log" aria-live="polite" aria-label="Who said what" tabindex="0">
    <p v-for="line in captions.lines" :key="line.line" :class="line.speaker">
      <button type="button" :title="'Not ' + who(line.speaker) + '? Click to change it'" @click="relabel(line)"
        >{{ name(line.speaker) }}<span class="unseen"> said this. Change the speaker.</span></button><span>{{ line.text }}</span></p>
    <p v-if="captions.live" class="live" :class="captions.live.speaker"><b>{{ name(captions.live.speaker) }}</b><span>{{ captions.live.text }}</span></p>
  </div>`;

const KEYS = `
  <div class="coach-keys">
    <template v-if="unfinished">
      <button type="button" class="key partner" @click="comeBack"><span><b>Go on talking</b></span></button>
      <button type="button" class="key help" @click="finish"><span><b>Try again</b><small>to write the report</small></span></button>
    </template>
    <template v-else-if="begun && ears.open && !paused">
      <button v-if="!ears.shared" type="button" class="key partner" :class="{ on: saidBy === 'partner' }" :aria-pressed="saidBy === 'partner'"
        title="Hold it while they speak, or tap it to mark that they do (P)" @pointerdown.prevent="$event.currentTarget.setPointerCapture($event.pointerId); theySpeak(true)"
        @pointerup="theySpeak(false)" @pointercancel="theySpeak(false)" @contextmenu.prevent @keydown.enter.prevent="tapPartner" @keydown.space.prevent.stop="tapPartner">
        ${icon("partner")}<span><b>{{ partner ? partner + " speaks" : "They speak" }}</b><small>{{ saidBy === "partner" ? "until you let go, or tap" : "hold or tap" }}</small></span></button>
      <button type="button" class="key help" :disabled="face === 'offline'" @click="help">
        ${icon("help")}<span><b>{{ asking ? "One moment" : "Help me" }}</b><small>{{ asking ? "thinking of a line" : "what could I say?" }}</small></span></button>
    </template>
    <button v-else type="button" class="key help" :disabled="['connecting', 'refused', 'finishing'].includes(face)" @click="begin">
      ${icon("microphone")}<span><b>{{ beginning }}</b></span></button>
  </div>`;

const ACTS = `
  <div class="coach-acts">
    <button type="button" class="act" :class="{ on: ears.muted }" :aria-pressed="ears.muted" :disabled="!ears.open" @click="mute">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="ears.muted ? icons.microphone : icons.mute"/></svg><span>{{ ears.muted ? "Unmute" : "Mute" }}</span></button>
    <button v-if="canShare" type="button" class="act" :class="{ on: ears.shared }" :aria-pressed="ears.shared" :disabled="!ears.open" @click="share"
      title="On a call: your partner's voice as a channel of its own">
      ${icon("call")}<span>{{ ears.shared ? "Stop sharing" : "Share a call" }}</span></button>
    <details ref="more" class="more" @keydown.esc.stop="$event.currentTarget.open = false">
      <summary class="act">${icon("tune")}<span>Settings</span></summary>
      <div class="more-panel">
        <label>Cues<select :value="manner.cues" @change="behave({ cues: $event.target.value })">
          <option value="calm">Calm, one in 45 s at most</option>
          <option value="normal">Normal, one in 20 s at most</option>
          <option value="off">Only when I ask</option></select></label>
        <label class="switch"><input type="checkbox" role="switch" :checked="manner.ear" @change="behave({ ear: $event.target.checked })"
          ><span>Whisper them in my ear too</span></label>
        <label class="switch"><input type="checkbox" role="switch" :checked="headphones" @change="wear($event.target.checked)"
          ><span>I wear headphones</span></label>
        <p>A whisper needs them, or your partner hears it too.</p>
        <p class="engines" v-if="engines.length"><span v-for="engine in engines" :key="engine">{{ engine }}</span></p>
      </div>
    </details>
    <p class="keys"><kbd>Space</kbd> help <kbd>P</kbd> they speak <kbd>M</kbd> mute <kbd>Esc</kbd> finish</p>
  </div>`;

const ASKS = `
  <dialog ref="sure" role="alertdialog" aria-labelledby="sure-title" class="coach-sure" @keydown.stop>
    <div class="sheet">
      <h2 id="sure-title">Finish this session?</h2>
      <p class="soft">Rostrum stops listening and writes your report.</p>
      <div class="ends"><button type="button" class="button" autofocus @click="$refs.sure.close()">Go on</button
        ><button type="button" class="button main" @click="finish">Finish</button></div>
    </div>
  </dialog>`;

export const COACH_TEMPLATE = `
<section class="coach-stage" :data-face="face" :data-begun="begun" aria-label="Coach">
  ${HEAD}
  ${CUE}
  ${LINES}
  ${KEYS}
  ${ACTS}
  ${ASKS}
</section>`;
