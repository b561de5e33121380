// What the page shows where sound is on this machine: which devices, and whether one can cut in by voice.

const named = (name, all) => (name && !all.includes(name) ? [name, ...all] : all);

const MachineDevices = {
  props: { sound: Object },
  emits: ["pick"],
  computed: {
    inputs() { return named(this.sound.input, this.sound.inputs); },
    outputs() { return named(this.sound.output, this.sound.outputs); },
  },
  template: `
    <label>Mic<select :value="sound.input" aria-label="Microphone of this machine" @change="$emit('pick', { input: $event.target.value })">
      <option value="">The system's own choice</option>
      <option v-for="each in inputs" :key="each" :value="each">{{ each }}</option></select></label>
    <label>Speaker<select :value="sound.output" aria-label="Speaker of this machine" @change="$emit('pick', { output: $event.target.value })">
      <option value="">The system's own choice</option>
      <option v-for="each in outputs" :key="each" :value="each">{{ each }}</option></select></label>`,
};

const MachineNote = {
  props: { sound: Object },
  emits: ["wear"],
  template: `
    <p class="machine-note" role="note"><b>Sound is on this machine.</b>
      <span v-if="sound.headset">With a headset: cut in whenever you like.</span>
      <template v-else><span>While it speaks it hears you only if you hold Space.</span>
        <button type="button" class="quiet" @click="$emit('wear', true)">I wear a headset</button></template></p>`,
};

// For a stage: what it knows of that sound, null where sound is in the browser, and what can be done about it.
export const withMachine = {
  components: { MachineDevices, MachineNote },
  data: () => ({ sound: null }),
  computed: {
    cutsIn() { return !this.sound || this.sound.headset; },
  },
  methods: {
    on_machine(sound) {
      if (sound.problem || this.problem === this.sound?.problem) this.problem = sound.problem;
      this.sound = sound;
    },
    pick(choice) { this.session.machine?.choose(choice); },
  },
};
