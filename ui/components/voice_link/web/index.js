export { ICONS } from "./icons.js";
export { keyboard } from "./keyboard.js";
export { Meter } from "./meter.js";
export { preferences, talkPreferences } from "./preferences.js";
export { Resampler } from "./resampler.js";
export { VoiceSession } from "./session.js";
export { TEMPLATE } from "./template.js";
export { pieces, spoken } from "./timeline.js";
export * from "./words.js";
