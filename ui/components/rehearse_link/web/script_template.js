// The script as it was said. Classes are styled in `ui/static/rehearse.css`.

export const SCRIPT_TEMPLATE = `
<ol class="take-script" aria-label="The script as you said it">
  <li v-for="(row, i) in rows" :key="i" :class="row.fate">
    <span class="fate"><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="icons[row.fate]"/></svg
      ><span>{{ fates[row.fate] }}</span></span>
    <component :is="row.start == null ? 'p' : 'button'" class="words" :type="row.start == null ? null : 'button'"
      :data-hear="row.start" :data-until="row.end" :title="row.start == null ? null : 'Hear it'">
      <template v-if="row.fate === 'changed'"><template v-for="(piece, n) in row.pieces" :key="n"><span v-if="piece.kind === 'said'">{{ piece.script }}</span
        ><template v-else><del v-if="piece.script"><span class="unseen">instead of: </span>{{ piece.script }}</del>{{ piece.script && piece.said ? " " : "" }}<ins
        v-if="piece.said"><span class="unseen">you said: </span>{{ piece.said }}</ins></template>{{ " " }}</template></template>
      <template v-else>{{ row.text }}</template>
    </component>
    <div v-if="row.start != null" class="figures">
      <span class="took" :class="{ over: over(row) }"><span class="bar" aria-hidden="true"><i :style="{ width: share(row) + '%' }"></i></span
        ><b class="number">{{ seconds(row.took) }}</b><span v-if="row.budget" class="faint"> of {{ seconds(row.budget) }}{{ over(row) ? ", over" : "" }}</span></span>
      <span v-if="row.number" class="how">{{ how(row) }}</span>
    </div>
  </li>
</ol>`;
