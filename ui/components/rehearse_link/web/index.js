export { TakeClock, minutes } from "./clock.js";
export { PROMPTER_TEMPLATE } from "./template.js";
export { SCRIPT_TEMPLATE } from "./script_template.js";
export * from "./words.js";
