export const CONSOLE_TEMPLATE = `
<div class="api">
  <fieldset class="api-ways">
    <legend class="unseen">Protocol</legend>
    <label v-for="one in protocols" :key="one.id" :class="{ on: one.id === chosen }">
      <input type="radio" name="protocol" :value="one.id" :checked="one.id === chosen" @change="choose(one.id)">
      <b>{{ one.name }}</b><small>{{ one.path }}</small>
    </label>
  </fieldset>

  <section class="api-told" aria-labelledby="api-name">
    <h2 id="api-name">{{ protocol.name }}</h2>
    <p class="soft">{{ protocol.about }}</p>
    <div class="api-copy"><code>{{ address }}</code>
      <button type="button" class="quiet" @click="copy(address, 'address')">{{ note === 'address' ? 'Copied' : 'Copy' }}<span class="unseen"> the address</span></button></div>
    <label v-if="guarded" class="api-token"><span>Your access token, to fill it into the examples; it stays in this page</span>
      <input type="password" v-model="token" autocomplete="off" spellcheck="false" placeholder="ACCESS_TOKEN"></label>
    <fieldset class="api-tongues">
      <legend class="unseen">Language of the example</legend>
      <label v-for="(name, id) in tongues" :key="id" :class="{ on: id === tongue }">
        <input type="radio" name="tongue" :value="id" :checked="id === tongue" @change="tongue = id">{{ name }}</label>
      <button type="button" class="quiet" @click="copy(example, 'example')">{{ note === 'example' ? 'Copied' : 'Copy' }}<span class="unseen"> the example</span></button>
    </fieldset>
    <pre tabindex="0" aria-label="Example"><code>{{ example }}</code></pre>
  </section>

  <section class="api-live" aria-labelledby="api-live-name">
    <div class="api-row">
      <h2 id="api-live-name">Try it here</h2>
      <span class="api-state" role="status" :data-state="state">{{ stateWord }}</span>
    </div>
    <div class="api-row" v-if="!plain">
      <button type="button" class="button" :class="{ main: state !== 'on' }" :disabled="state === 'connecting'" @click="toggle()">{{ state === 'on' ? 'Disconnect' : 'Connect' }}</button>
      <button type="button" class="button" :disabled="state !== 'on'" :aria-pressed="String(listening)" @click="speak()">{{ listening ? 'Microphone off' : 'Speak' }}</button>
      <button type="button" class="button" v-if="way.last" :disabled="!created" @click="finish()">Finish: the report</button>
    </div>
    <p v-if="trouble" class="api-trouble" role="alert">{{ trouble }}</p>
    <label class="api-field"><span>{{ plain ? 'Call' : 'Message' }}</span>
      <select :value="picked" @change="pick($event.target.value)"><option v-for="([name], at) in way.canned" :key="name" :value="at">{{ name }}</option></select></label>
    <label class="api-field"><span class="unseen">As JSON; Ctrl and Enter send it</span>
      <textarea v-model="text" rows="4" spellcheck="false" autocomplete="off" @keydown.ctrl.enter.prevent="send()" @keydown.meta.enter.prevent="send()"></textarea></label>
    <div class="api-row">
      <button type="button" class="button" :class="{ main: plain || state === 'on' }" :disabled="busy || (!plain && state !== 'on')" @click="send()">Send</button>
      <button type="button" class="button" :disabled="!sounding" @click="hush()">Silence</button>
      <button type="button" class="quiet api-clear" :disabled="!log.lines.length" @click="log.clear()">Clear the log</button>
    </div>
    <div ref="log" class="api-log" role="log" aria-live="off" aria-label="What was sent and what came" tabindex="0">
      <div class="api-line" v-for="line in log.lines" :key="line.number" :data-way="line.way">
        <time>{{ line.at }}</time><b>{{ words[line.way] }}</b>
        <span>{{ line.text }}<i v-if="line.seconds">{{ line.seconds.toFixed(1) }} s</i><i v-else-if="line.count > 1">×{{ line.count }}</i></span>
      </div>
      <div v-if="!log.lines.length" class="api-none">{{ plain ? 'Choose a call and send it: the answer comes here.' : 'Connect, then send a message or speak: both directions come here.' }}</div>
    </div>
  </section>
</div>`;
