// The stage's HTML. Classes are styled in `ui/static/stage.css`.

const icon = (name) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons.${name}"/></svg>`;

const LINES = `
  <div class="stage-lines">
    <button v-if="above" type="button" class="stage-side" tabindex="-1" @click="step(-1)">{{ above }}</button>
    <p v-else-if="mode === 'answer' && asked" class="stage-asked"><span>{{ t('You asked') }}</span>{{ asked }}</p>
    <div class="stage-now" :key="mode + now.first + now.mark">
      <p class="stage-label" :class="{ noted: note && mode === 'pitch' }">{{ label }}</p>
      <p v-if="mode === 'asking'" class="stage-text asking" :class="size">{{ asking || (microphone.pressed ? "…" : asked) }}</p>
      <p v-else class="stage-text" :class="size"><span v-if="before" class="lit">{{ before }}</span><template v-for="piece in pieces" :key="piece.first"><span
        :class="{ lit: piece.first < now.begun, sounding: piece.first < now.begun && piece.last > now.finished }"
        >{{ piece.text }}</span>{{ " " }}</template></p>
    </div>
    <template v-if="below">
      <button v-if="mode === 'pitch'" type="button" class="stage-side" tabindex="-1" @click="step(1)">{{ below }}</button>
      <p v-else class="stage-resumes"><span>{{ t('Then on with sentence {place}', { place }) }}</span>{{ below }}</p>
    </template>
  </div>`;

const TRANSPORT = `
  <div class="transport">
    <button type="button" class="round" :aria-label="t('Previous sentence')" :disabled="place <= 1" @click="step(-1)">${icon("previous")}</button>
    <button type="button" class="round play" :aria-label="playLabel" :title="playLabel" @click="toggle">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="playing ? icons.pause : icons.play"/></svg>
    </button>
    <button type="button" class="round" :aria-label="t('Next sentence')" :disabled="place >= total" @click="step(1)">${icon("next")}</button>
  </div>
  <div class="tools">
    <button type="button" class="round" :aria-label="t('Repeat this sentence')" :title="t('Repeat this sentence')" @click="go(place)">${icon("repeat")}</button>
    <details ref="more" class="more" @keydown.esc.stop="$event.currentTarget.open = false">
      <summary class="round" :aria-label="t('Speed, voice and headphones')" :title="t('Speed, voice and headphones')">${icon("tune")}</summary>
      <div class="more-panel">
        <label>{{ t('Speed') }}<select :value="speed" @change="tune({ speed: Number($event.target.value) })">
          <option v-for="each in speeds" :key="each" :value="each">{{ each }} ×</option></select></label>
        <label>{{ t('Voice') }}<select :value="voice" @change="tune({ voice: $event.target.value })">
          <option value="">{{ t('As it comes') }}</option>
          <option v-for="each in voices" :key="each" :value="each">{{ each }}</option></select></label>
        <p>{{ t('A change begins the current sentence again.') }}</p>
        <label class="switch"><input type="checkbox" role="switch" :checked="headphones"
          @change="wear($event.target.checked)"><span>{{ sound ? t('I wear a headset') : t('I wear headphones') }}</span></label>
        <p>{{ sound ? t('Then it hears you while it speaks.') : t('Turns echo cancellation off: your voice arrives clearer.') }}</p>
        <machine-devices v-if="sound" :sound="sound" @pick="pick"></machine-devices>
        <p class="engines" v-if="engines.length">
          <span v-for="(engine, i) in engines" :key="i">{{ [t('Hears'), t('Answers'), t('Speaks')][i] }}: {{ engine.label }},
            {{ engine.local ? t('on this machine') : t('in the cloud') }}<template v-if="engine.caveat"> ({{ engine.caveat }})</template></span>
        </p>
      </div>
    </details>
  </div>`;

const ASK = `
  <form class="ask" @submit.prevent="ask">
    <button type="button" class="talk" :class="{ pressed: microphone.pressed }" :aria-pressed="microphone.pressed"
      @pointerdown.prevent="$event.target.setPointerCapture($event.pointerId); talk(true)"
      @pointerup="talk(false)" @pointercancel="talk(false)" @contextmenu.prevent>
      ${icon("microphone")}<span>{{ microphone.pressed ? t('Release to send') : t('Hold to talk') }}</span></button>
    <div class="field">
      <input ref="ask" v-model="question" type="text" maxlength="500" autocomplete="off" enterkeyhint="send"
        :aria-label="t('Type a question')" :placeholder="t('Or type a question')" @keydown.esc="$event.target.blur()">
      <button type="submit" class="send" :aria-label="t('Ask')" :disabled="!question.trim()">${icon("send")}</button>
    </div>
  </form>
  <machine-note v-if="sound" :sound="sound" @wear="wear"></machine-note>
  <div class="dock-foot">
    <label class="switch"><input type="checkbox" role="switch" :checked="microphone.keepOpen" @change="keep"
      ><span>{{ t('Keep the microphone open') }}</span></label>
    <button v-if="microphone.keepOpen" type="button" class="quiet" @click="mute">{{ microphone.muted ? t('Unmute') : t('Mute') }}</button>
    <p class="keys" :aria-label="t('Keyboard: Space held talks, Space tapped plays or pauses, arrows step, M mutes, Escape stops')">
      <kbd>Space</kbd> {{ t('hold to talk, tap to play') }} <kbd>←</kbd><kbd>→</kbd> {{ t('sentences') }} <kbd>M</kbd> {{ t('mute') }} <kbd>Esc</kbd> {{ t('stop') }} <kbd>?</kbd> {{ t('all keys') }}</p>
  </div>`;

export const TEMPLATE = `
<section class="stage" :data-face="face" :data-mode="mode" :aria-label="t('Stage')">
  <div class="trouble" role="alert"><template v-if="trouble"><p>{{ trouble }}</p>
    <button v-if="problem && connection === 'open'" type="button" class="quiet" @click="problem = ''">{{ t('Close') }}</button></template></div>
  ${LINES}
  <p class="unseen" aria-live="polite">{{ caption }}</p>
  <div class="dock">
    <input class="place" type="range" min="1" :max="total" :value="place" :style="{ '--done': (100 * (place - 1)) / Math.max(1, total - 1) + '%' }"
      :aria-label="t('Sentence')" :aria-valuetext="t('Sentence {place} of {total}', { place, total })" @change="go(Number($event.target.value))">
    <div class="dock-row">
      <div class="face">
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons['face_' + face]"/></svg>
        <strong role="status">{{ faceWord }}</strong>
        <canvas ref="meter" class="meter" role="img" :aria-label="microphoneLabel"></canvas>
      </div>
      ${TRANSPORT}
    </div>
    ${ASK}
  </div>
</section>`;
