// One of a few: radio buttons, which the arrow keys go through.
let number = 0;

export default {
  template: `
    <div class="choice" role="radiogroup">
      <label v-for="option in options" :key="option.value" class="option"><input type="radio" :name="name" :checked="option.value === modelValue" @change="$emit('update:model-value', option.value)">{{ option.label }}</label>
    </div>`,
  props: { options: Array, modelValue: Number },
  emits: ["update:model-value"],
  created() { this.name = `choice${(number += 1)}`; },
};
