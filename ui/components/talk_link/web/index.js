export { Captions } from "./captions.js";
export { keepTalk, keptLines } from "./kept.js";
export { TALK_TEMPLATE } from "./template.js";
export { Waterfall, precisely } from "./waterfall.js";
export * from "./words.js";
