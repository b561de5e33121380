// The prompter's HTML. Classes are styled in `ui/static/rehearse.css`, and by those of the stage and the coach.

const icon = (name) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons.${name}"/></svg>`;

const HEAD = `
  <div class="coach-head">
    <div class="coach-state">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons['face_' + face]"/></svg>
      <strong role="status">{{ word }}</strong>
      <canvas ref="meter" class="meter" role="img" :aria-label="'Sound level. ' + word"></canvas>
    </div>
    <span v-if="recorded" class="taping">Recording</span>
    <button v-if="!unfinished" type="button" class="button" :disabled="finishing" @click="ask">Finish</button>
  </div>
  <p class="prompter-time" role="timer" aria-live="off"><b class="number">{{ time[0] }}</b><span>{{ time[1] }}</span></p>
  <div class="trouble" role="alert"><template v-if="trouble"><p>{{ trouble }}</p>
    <button v-if="problem" type="button" class="quiet" @click="problem = ''">Close</button></template></div>`;

const LINES = `
  <div class="stage-lines">
    <button v-if="above" type="button" class="stage-side" :title="'Again from sentence ' + (now - 1)" @click="again(now - 1)">{{ above }}</button>
    <div v-if="current" class="stage-now" :key="now">
      <p class="stage-label">Sentence {{ now }} of {{ sentences.length }}</p>
      <p class="stage-text" :class="size" aria-live="polite"><template v-for="(word, i) in current" :key="i"><span
        :class="{ lit: i < place.words }">{{ word }}</span>{{ " " }}</template></p>
    </div>
    <div v-else class="stage-now"><p class="stage-text">That was all of it.</p><p class="soft">Finish to see how it went.</p></div>
    <button v-if="below" type="button" class="stage-side" :title="'On from sentence ' + (now + 1)" @click="again(now + 1)">{{ below }}</button>
  </div>`;

const KEYS = `
  <div class="coach-keys">
    <template v-if="unfinished">
      <button type="button" class="key partner" @click="comeBack"><span><b>Go on</b></span></button>
      <button type="button" class="key help" @click="finish"><span><b>Try again</b><small>to finish</small></span></button>
    </template>
    <template v-else-if="begun && ears.open && !paused">
      <button type="button" class="key partner" :disabled="!ears.open" :aria-pressed="ears.muted" @click="mute">
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="ears.muted ? icons.microphone : icons.mute"/></svg><span><b>{{ ears.muted ? "Go on" : "Break" }}</b><small>{{ ears.muted ? "listen again" : "stop listening" }}</small></span></button>
      <button type="button" class="key help" :disabled="face === 'offline'" @click="again(back)">
        ${icon("repeat")}<span><b>Again from here</b><small>sentence {{ back }}</small></span></button>
    </template>
    <button v-else type="button" class="key help" :disabled="['connecting', 'refused', 'finishing'].includes(face)" @click="begin">
      ${icon("microphone")}<span><b>{{ beginning }}</b></span></button>
  </div>
  <div class="coach-acts">
    <details ref="more" class="more prompter-all" @keydown.esc.stop="$event.currentTarget.open = false">
      <summary class="act">${icon("tune")}<span>Again from another sentence</span></summary>
      <ol class="more-panel">
        <li v-for="(sentence, i) in sentences" :key="i"><button type="button" :class="{ on: i + 1 === now }" :aria-current="i + 1 === now ? 'true' : null"
          @click="pick(i + 1)"><span class="number">{{ i + 1 }}</span>{{ sentence }}</button></li>
      </ol>
    </details>
    <p class="keys"><kbd>Space</kbd> {{ begun ? "again from here" : "start" }} <kbd>←</kbd><kbd>→</kbd> sentences <kbd>M</kbd> break <kbd>Esc</kbd> finish</p>
  </div>`;

const ASKS = `
  <dialog ref="sure" role="alertdialog" aria-labelledby="sure-title" class="coach-sure" @keydown.stop>
    <div class="sheet">
      <h2 id="sure-title">Finish this take?</h2>
      <p class="soft">Rostrum stops listening and holds it against your script.</p>
      <div class="ends"><button type="button" class="button" autofocus @click="$refs.sure.close()">Go on</button
        ><button type="button" class="button main" @click="finish">Finish</button></div>
    </div>
  </dialog>`;

export const PROMPTER_TEMPLATE = `
<section class="coach-stage prompter" :data-face="face" :data-begun="begun" aria-label="Prompter">
  ${HEAD}
  ${LINES}
  ${KEYS}
  ${ASKS}
</section>`;
