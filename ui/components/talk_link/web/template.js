// The HTML of a talk. Classes are styled in `ui/static/talk.css`.

const icon = (name) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons.${name}"/></svg>`;

const HEAD = `
  <p v-if="caveat && !over" class="talk-thinks">{{ caveat }}</p>
  <div v-if="!over" class="talk-head">
    <h1>{{ name }}</h1>
    <p class="talk-scene">{{ scene }}</p>
    <div v-if="started" class="talk-ends">
      <span v-if="taping" class="taping">{{ t('Recording') }}</span>
      <button type="button" class="quiet" popovertarget="waterfall">{{ t('How fast?') }}</button>
      <button type="button" class="button" @click="finish">{{ t('End the talk') }}</button>
    </div>
  </div>`;

const CAPTIONS = `
  <div ref="captions" class="captions" role="region" :aria-label="t('What was said')" tabindex="0">
    <div v-for="turn in turns" :key="turn.key" class="turn" :class="[turn.speaker, { latest: turn.key === latest }]">
      <b>{{ turn.speaker === "you" ? t('You') : name }}</b>
      <p>{{ turn.heard }} <mark v-if="turn.sounding">{{ turn.sounding }}</mark> <span v-if="turn.coming" class="coming">{{ turn.coming }}</span
        ><template v-if="turn.cut"><s v-if="turn.lost"><span class="unseen">{{ t('Not heard:') }} </span>{{ turn.lost }}</s> <i class="cut">{{ t('cut off') }}</i></template></p>
    </div>
    <div v-if="interim" class="turn you live latest"><b>{{ t('You') }}</b><p>{{ interim }}</p></div>
  </div>`;

const DOCK = `
  <div class="talk-dock">
    <div class="talk-acts">
      <button type="button" class="act" :class="{ on: microphone.muted }" :aria-pressed="microphone.muted" :disabled="!microphone.keepOpen" @click="mute">
        ${icon("mute")}<span>{{ microphone.muted ? t('Unmute') : t('Mute') }}</span></button>
      <button type="button" class="act" :disabled="!busy" @click="interrupt">${icon("interrupt")}<span>{{ t('Interrupt') }}</span></button>
    </div>
    <div class="talk-mic">
      <canvas ref="meter" class="talk-level" aria-hidden="true"></canvas>
      <button ref="mic" type="button" class="mic" :class="{ pressed: microphone.pressed }" :aria-label="tapLabel" :title="tapLabel"
        @pointerdown="press" @pointerup="release(true)" @pointercancel="release(false)" @contextmenu.prevent @click="$event.detail || tap()">
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons['face_' + face]"/></svg></button>
    </div>
    <div class="talk-acts">
      <button type="button" class="act" :class="{ on: holding }" :aria-pressed="holding" :disabled="!started" @click="think">
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="holding ? icons.done : icons.holding"/></svg
        ><span>{{ holding ? t('I have finished') : t('Still thinking') }}</span></button>
      <details ref="more" class="more" @keydown.esc.stop="$event.currentTarget.open = false">
        <summary class="act">${icon("tune")}<span>{{ t('Settings') }}</span></summary>
        <div class="more-panel">
          <label class="switch"><input type="checkbox" role="switch" :checked="handsFree" @change="free($event.target.checked)"
            ><span>{{ t('Hands-free') }}</span></label>
          <p>{{ t('Off: it hears you only while you hold Space, or the microphone.') }}</p>
          <label>{{ t('Voice') }}<select :value="voice" @change="tune({ voice: $event.target.value })">
            <option value="">{{ t('Their own') }}</option>
            <option v-for="each in voices" :key="each" :value="each">{{ each }}</option></select></label>
          <label>{{ t('Speed') }}<select :value="speed || 1" @change="tune({ speed: Number($event.target.value) })">
            <option v-for="each in speeds" :key="each" :value="each">{{ each }} ×</option></select></label>
          <label>{{ t('Cutting in') }}<select :value="interrupts" @change="listenWith({ interrupts: $event.target.value })">
            <option v-for="(words, how) in hardnesses" :key="how" :value="how">{{ words }}</option></select></label>
          <label class="switch"><input type="checkbox" role="switch" :checked="headphones" @change="wear($event.target.checked)"
            ><span>{{ sound ? t('I wear a headset') : t('I wear headphones') }}</span></label>
          <p>{{ sound ? t('Then it hears you while it speaks.') : t('Turns echo cancellation off: your voice arrives clearer.') }}</p>
          <machine-devices v-if="sound" :sound="sound" @pick="pick"></machine-devices>
          <label class="switch"><input type="checkbox" role="switch" :checked="record" @change="tape($event.target.checked)"
            ><span>{{ t('Keep a recording on this machine') }}</span></label>
          <p>{{ started ? t('From the next talk on.') : t('Both voices, to hear again in the history.') }}</p>
        </div>
      </details>
    </div>
    <div class="talk-face"><strong role="status">{{ word }}</strong><p>{{ hint }}</p></div>
  </div>`;

const FOOT = `
  <machine-note v-if="sound" :sound="sound" @wear="wear"></machine-note>
  <div class="talk-foot">
    <form class="field" @submit.prevent="say">
      <input v-model="text" type="text" maxlength="2000" autocomplete="off" enterkeyhint="send"
        :aria-label="t('Type instead of speaking')" :placeholder="t('Or type')" @keydown.esc="$event.target.blur()">
      <button type="submit" class="send" :aria-label="t('Send')" :disabled="!text.trim()">${icon("send")}</button>
    </form>
    <label class="patience">{{ t('How long may I pause?') }}
      <input type="range" min="0.3" max="3" step="0.1" :value="pause" :style="{ '--done': (100 * (pause - 0.3)) / 2.7 + '%' }"
        :aria-valuetext="pauseText" @input="listenWith({ patience: Number($event.target.value) })"><output>{{ pauseText }}</output></label>
    <p class="keys"><kbd>Space</kbd> {{ t('hold to talk') }} <kbd>M</kbd> {{ t('mute') }} <kbd>Esc</kbd> {{ t('stop') }} <kbd>?</kbd> {{ t('all keys') }}</p>
  </div>`;

const FALL = `
  <div id="waterfall" class="badge-panel waterfall" popover="auto">
    <h2>{{ t('From your last word to the answer') }}</h2>
    <template v-if="shown">
      <p class="total"><b>{{ precisely(shown.total) }}</b> {{ t('until you heard the first sound, in turn {turn}', { turn: shown.turn }) }}</p>
      <table>
        <thead class="unseen"><tr><th>{{ t('What') }}</th><th>{{ t('When') }}</th><th>{{ t('How long') }}</th></tr></thead>
        <tbody><tr v-for="stage in shown.stages" :key="stage.name" :data-stage="stage.name">
          <th scope="row">{{ stage.does }}<small>{{ stage.owner }}</small></th>
          <td class="lane" aria-hidden="true"><i :style="{ left: stage.left + '%', width: stage.width + '%' }"></i></td>
          <td class="number">{{ precisely(stage.seconds) }}</td>
        </tr></tbody>
        <tfoot><tr><th scope="row" colspan="2">{{ t('In all') }}</th><td class="number">{{ precisely(shown.total) }}</td></tr></tfoot>
      </table>
      <div v-if="falls.length > 1" class="falls" role="group" :aria-label="t('Turns')"><button v-for="fall in falls" :key="fall.turn" type="button" class="quiet"
        :aria-pressed="fall.turn === shown.turn" @click="looked = fall.turn">{{ t('Turn {turn}', { turn: fall.turn }) }}: {{ precisely(fall.total) }}</button></div>
    </template>
    <p v-else class="soft">{{ t('Nothing measured yet. Speak, and after the answer you see here where the time went. What you type is not measured.') }}</p>
  </div>`;

const END = `
  <div v-if="summary" class="talk-end">
    <h1 ref="end" tabindex="-1">{{ summary.title }}</h1>
    <p v-if="summary.you" class="lead">{{ t('Every word of it is in your history, and what was cut off only as far as it was heard.') }}</p>
    <dl v-if="summary.you"><div v-for="[what, value] in summary.figures" :key="what"><dt>{{ what }}</dt><dd>{{ value }}</dd></div></dl>
    <div class="talk-next">
      <button type="button" class="button main" @click="again">{{ t('Talk again') }}</button>
      <a v-if="summary.heard" class="button" :href="'/history/' + summary.conversation">{{ t('Read what was said') }}</a>
      <a class="quiet" href="/talk">{{ t('Talk with somebody else') }}</a>
    </div>
  </div>`;

export const TALK_TEMPLATE = `
<section class="talk-stage" :data-face="face" :data-begun="started" :aria-label="t('Talk with {name}', { name })">
  ${HEAD}
  <div class="trouble" role="alert"><template v-if="trouble"><p>{{ trouble }}</p>
    <button v-if="problem" type="button" class="quiet" @click="problem = ''">{{ t('Close') }}</button></template></div>
  ${END}
  <template v-else>
    ${CAPTIONS}
    <p class="unseen" aria-live="polite">{{ announced }}</p>
    <p class="talk-note" role="status">{{ note }}</p>
    ${DOCK}
    ${FOOT}
  </template>
  ${FALL}
</section>`;
