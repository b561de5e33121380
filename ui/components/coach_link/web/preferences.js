// What this browser remembers of how somebody is coached: which microphone, and what is on their ears.

const KEY = "rostrum.coach";
const DEFAULTS = { device: "", headphones: false };

export const coachPreferences = {
  read() {
    try {
      return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY)) };
    } catch {
      return { ...DEFAULTS }; // storage may be forbidden or hold something else
    }
  },
  write(change) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...this.read(), ...change }));
    } catch {
      return; // forbidden or full: it is asked again
    }
  },
};
