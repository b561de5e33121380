export const TIMELINE_TEMPLATE = `
  <div class="report-timeline">
    <div class="tools">
      <p class="readout number" aria-hidden="true">{{ over }}</p>
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" class="round small" aria-label="Zoom out" :disabled="zoom <= least" @click="magnify(1 / 1.6)">−</button>
        <button type="button" class="quiet" :disabled="zoom <= least" @click="fit">Whole session</button>
        <button type="button" class="round small" aria-label="Zoom in" :disabled="zoom >= most" @click="magnify(1.6)">+</button>
      </div>
    </div>
    <div class="scroll" ref="scroll" @scroll.passive="scrolled" @wheel="wheel" @pointerleave="pointed = near = null">
      <div :style="{ width: width * zoom + 'px' }">
        <div class="window" :style="{ width: width + 'px' }" ref="window">
          <svg class="axis" :width="width" height="26" aria-hidden="true">
            <path :d="times.map(({ x }) => 'M' + x + ' 20V26').join('')"/>
            <text v-for="time in times" :key="time.at" :x="time.x" y="15" :text-anchor="time.anchor">{{ clock(time.at) }}</text>
          </svg>
          <section v-for="lane in drawn" :key="lane.id" class="lane" :class="['lane-' + lane.id, lane.kind]">
            <h3><b>{{ lane.name }}</b> <span>{{ lane.says }}</span></h3>
            <div v-if="lane.height" class="track" role="slider" tabindex="0" :aria-label="lane.name" aria-valuemin="1" :aria-valuemax="lane.points.length"
              :aria-valuenow="lane.chosen + 1" :aria-valuetext="lane.valuetext" :title="lane.near && over" :style="{ height: lane.height + 'px' }"
              @click="hear(lane, $event)" @pointermove="point(lane, $event)" @keydown="key(lane, $event)" @focus="focused = lane.id" @blur="focused = ''">
              <svg :width="width" :height="lane.height" aria-hidden="true">
                <template v-if="lane.kind === 'voices'">
                  <path v-for="block in lane.blocks" :class="block.class" :d="block.path"/>
                  <line x1="0" :x2="width" :y1="lane.height / 2" :y2="lane.height / 2" class="base"/>
                  <path v-for="half in lane.halves" :d="half.path" :class="half.side"/>
                </template>
                <template v-else-if="lane.kind === 'line'">
                  <rect v-if="lane.shade" class="band" x="0" :width="width" :y="lane.shade.y" :height="lane.shade.height"/>
                  <path :d="lane.path" class="curve"/>
                  <text v-for="edge in lane.edges" x="2" :y="edge.y" class="edge">{{ edge.text }}</text>
                </template>
                <template v-else>
                  <line x1="0" :x2="width" :y1="lane.height / 2" :y2="lane.height / 2" class="base"/>
                  <path v-for="mark in lane.marks" :key="mark.class" class="mark" :class="mark.class" :d="mark.path"/>
                </template>
                <rect v-if="lane.near" class="ring near" v-bind="lane.near"/>
                <rect v-if="lane.ring" class="ring" v-bind="lane.ring"/>
              </svg>
            </div>
          </section>
          <div class="playhead" ref="head"></div>
          <div v-if="pointed !== null" class="crosshair" :style="{ transform: 'translateX(' + pointed + 'px)' }"></div>
        </div>
      </div>
    </div>
    <p class="keys faint">Click to hear a moment. On the keyboard: <kbd>Tab</kbd> to a lane, <kbd>←</kbd> <kbd>→</kbd> through its moments, <kbd>Enter</kbd> to hear one.</p>
    <details class="as-table" @toggle="table = $event.target.open">
      <summary>The same as a table</summary>
      <template v-if="table">
        <table v-if="rows.length"><caption>Moments</caption><thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Moment</th></tr></thead>
          <tbody><tr v-for="row in rows" :key="row.key"><td><button type="button" class="quiet number" :data-hear="row.at" :data-until="row.until">{{ clock(row.at) }}</button></td><td>{{ row.lane }}</td><td>{{ row.says }}</td></tr></tbody></table>
        <table v-if="curves.length"><caption>Over time</caption><thead><tr><th scope="col">Time</th><th v-for="curve in curves" scope="col">{{ curve.name }}, {{ curve.unit }}</th></tr></thead>
          <tbody><tr v-for="row in samples" :key="row.at"><td class="number">{{ clock(row.at) }}</td><td v-for="value in row.values" class="number">{{ value }}</td></tr></tbody></table>
      </template>
    </details>
  </div>`;
