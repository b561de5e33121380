export { clock, sound } from "./sound.js";
export { HEIGHTS, blocksOf, lineOf, shapesOf } from "./lanes.js";
export { LEAST_ZOOM, axis, levels, linePath, nearest, step } from "./scale.js";
export { Rows } from "./rows.js";
export { copied, found, pieces, runs, wordAt } from "./words.js";
export { TRANSCRIPT_TEMPLATE } from "./transcript_template.js";
export { TIMELINE_TEMPLATE } from "./timeline_template.js";
