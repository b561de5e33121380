// The script as it was said, each sentence with its time and its manner; a click lets it be heard.
import { FATES, FATE_ICONS, SCRIPT_TEMPLATE, counted, seconds } from "rostrum-rehearse";

const OVER = 1.25; // of its budget: a breath more is none

export default {
  template: SCRIPT_TEMPLATE,
  props: { rows: Array, recorded: Boolean },
  created() {
    Object.assign(this, { fates: FATES, icons: FATE_ICONS, seconds });
  },
  methods: {
    hears({ start }) { return this.recorded && start != null; },
    over({ took, budget }) { return budget && took > budget * OVER && took - budget > 0.5; },
    share({ took, budget }) { return budget ? Math.min(100, (100 * took) / budget) : 0; },
    how({ wpm, fillers, pauses, attempts }) {
      const parts = [wpm && `${wpm} words a minute`, fillers && counted(fillers, "filler"), pauses && counted(pauses, "pause"),
        attempts > 1 && counted(attempts, "attempt")];
      return parts.filter(Boolean).join(", ");
    },
  },
};
