export { addressed, copied, socketAddress } from "./addresses.js";
export { Log } from "./log.js";
export { Player } from "./player.js";
export { WAYS } from "./protocols.js";
export { Session } from "./session.js";
export { CONSOLE_TEMPLATE } from "./template.js";
export { closed } from "./words.js";
