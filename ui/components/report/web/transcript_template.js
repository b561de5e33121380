export const TRANSCRIPT_TEMPLATE = `
  <div class="report-transcript" :class="shows">
    <div class="tools">
      <div class="search">
        <label class="unseen" :for="'search' + uid">Search what was said</label>
        <input :id="'search' + uid" type="search" v-model="query" placeholder="Search what was said" autocomplete="off"
          @keydown.enter.prevent="go($event.shiftKey ? -1 : 1)" @input="go(0)">
        <output aria-live="polite">{{ query.trim() ? (places.length ? (place + 1) + ' of ' + places.length : 'not found') : '' }}</output>
      </div>
      <div class="acts">
        <button type="button" class="quiet" @click="$emit('swap')">Swap speakers</button>
        <button type="button" class="quiet" @click="copy('clean')">Copy clean</button>
        <button type="button" class="quiet" @click="copy('verbatim')">Copy verbatim</button>
      </div>
      <div class="layers" role="group" aria-label="Highlights">
        <button v-for="layer in layers" :key="layer.id" type="button" class="layer" :aria-pressed="on[layer.id] ? 'true' : 'false'"
          :disabled="!layer.count" :data-count="layer.count" @click="on[layer.id] = !on[layer.id]"><span class="w" :class="layer.id">{{ layer.name }}</span></button>
      </div>
      <p class="unseen" aria-live="polite">{{ told }}</p>
    </div>
    <p v-if="!bare" class="unseen">From the time of a line Tab leads to its speaker, to change who said it, and to Edit, to change what was said.</p>
    <ol class="lines" ref="list" :style="{ paddingTop: range.above + 'px', paddingBottom: range.below + 'px', '--pencil': 'path(&quot;' + pencil + '&quot;)' }"
      @pointermove="point" @pointerover="at = lineOf($event)" @pointerleave="away"
      @focusin="focused = lineOf($event)" @focusout="left">
      <li v-for="(line, index) in within" :key="line.id" :data-line="line.id" :data-who="names[line.speaker]" :aria-posinset="range.first + index + 1" :aria-setsize="lines.length"
        :class="[line.speaker, { now: playing?.line === line.id, sought: sought === line.id, open: open(line) }]">
        <button type="button" class="at number" :data-hear="line.start" :aria-label="'Hear it from ' + clock(line.start)">{{ clock(line.start) }}</button>
        <button v-if="open(line)" type="button" class="who" :title="other(line).title" :aria-label="names[line.speaker] + '. ' + other(line).title" @click="turn(line)">{{ names[line.speaker] }}</button>
        <form v-if="editing === line.id" class="editing" @submit.prevent="save(line)">
          <label class="unseen" :for="'edit' + uid">What was said</label>
          <textarea :id="'edit' + uid" ref="draft" v-model="draft" rows="3" @keydown.esc.prevent="leave(line)" @keydown.enter.exact.prevent="save(line)"></textarea>
          <div><button type="submit" class="button main">Save</button><button type="button" class="button" @click="leave(line)">Cancel</button></div>
        </form>
        <p v-else @click="pick($event, line)"><template v-for="run in runs(line)"><span v-if="run.classes" class="w" :class="run.classes">{{ run.text }}</span><template v-else>{{ run.text }}</template><i v-if="run.pause && on.pause" class="rest" :class="run.pause.layer" :title="run.pause.note">{{ run.pause.text }}</i></template><i v-for="head in heads(line)" class="head-note" :class="head.layer">{{ head.text }}</i></p>
        <button v-if="open(line) && editing !== line.id" type="button" class="edit" :aria-label="'Edit what was said at ' + clock(line.start)" title="Edit" @click="edit(line)"></button>
      </li>
    </ol>
    <p v-if="!lines.length" class="soft">Nothing was said.</p>
  </div>`;
