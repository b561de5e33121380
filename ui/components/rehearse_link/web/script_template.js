// The script as it was said. Classes are styled in `ui/static/rehearse.css`.

export const SCRIPT_TEMPLATE = `
<ol class="take-script" aria-label="The script as you said it">
  <li v-for="(row, i) in rows" :key="i" :class="'was-' + row.fate">
    <span class="fate"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons[row.fate]"/></svg
      >{{ fates[row.fate] }}</span>
    <component :is="hears(row) ? 'button' : 'p'" class="words" :type="hears(row) ? 'button' : null"
      :data-hear="hears(row) ? row.start : null" :data-until="hears(row) ? row.end : null" :title="hears(row) ? 'Hear it' : null">
      <template v-if="row.fate === 'changed'"><template v-for="(piece, n) in row.pieces" :key="n"><span v-if="piece.kind === 'said'">{{ piece.script }}</span
        ><template v-else><del v-if="piece.script"><span class="unseen">instead of: </span>{{ piece.script }}</del>{{ piece.script && piece.said ? " " : "" }}<ins
        v-if="piece.said"><span class="unseen">you said: </span>{{ piece.said }}</ins></template>{{ " " }}</template></template>
      <template v-else>{{ row.text }}</template>
    </component>
    <div v-if="row.start != null" class="timing">
      <span class="took" :class="{ over: over(row), free: !row.budget }" :style="{ '--share': share(row) + '%' }"><b class="number">{{ seconds(row.took) }}</b><span v-if="row.budget" class="faint"> of {{ seconds(row.budget) }}{{ over(row) ? ", over" : "" }}</span></span>
      <span v-if="row.number" class="how">{{ how(row) }}</span>
    </div>
  </li>
</ol>`;
