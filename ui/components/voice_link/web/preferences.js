// What this browser remembers: how to sound, what is on the user's ears, a question half typed, how to be listened to.

const KEY = "rostrum.stage";
const DEFAULTS = { voice: "", speed: 1, headphones: false, keepOpen: false };
const TALK_KEY = "rostrum.talk";
const TALK_DEFAULTS = { voice: "", speed: 0, headphones: false, handsFree: true, patience: 0, record: false }; // 0: theirs

function load(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback; // storage may be forbidden or hold something else
  }
}

function save(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    return; // forbidden or full: nothing that matters is lost
  }
}

export const preferences = {
  read: () => ({ ...DEFAULTS, ...load(KEY, {}) }),
  write: (values) => save(KEY, values),
  // The question being typed about a pitch; with `text` it is kept.
  draft(pitch, text) {
    const key = `rostrum.question.${pitch}`;
    if (text === undefined) return load(key, "");
    if (text) return save(key, text);
    return localStorage.removeItem(key);
  },
};

export const talkPreferences = {
  read: () => ({ ...TALK_DEFAULTS, ...load(TALK_KEY, {}) }),
  write: (values) => save(TALK_KEY, values),
};
