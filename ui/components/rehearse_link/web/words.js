// What the pages of a rehearsal say, in one place.

export const PROMPTER_STATES = { ready: "Ready", listening: "Following you", finishing: "Finishing", unfinished: "Not finished" };

export const REHEARSE_CONNECTION = {
  lost: "The connection was lost. It comes back by itself, to this same take. What is said meanwhile is not heard.",
  restarting: "Rostrum is restarting. It comes back by itself, to this same take. What is said meanwhile is not heard.",
};
export const UNWRITTEN = "This take could not be written down just now. Everything that was said is kept.";

export const FATES = { said: "Said", changed: "Changed", skipped: "Skipped", unreached: "Not reached", added: "Added" };
export const FATE_ICONS = {
  said: "M19.7 6.3a1 1 0 0 1 0 1.4l-9.5 9.5a1 1 0 0 1-1.4 0l-4.5-4.5a1 1 0 1 1 1.4-1.4l3.8 3.8 8.8-8.8a1 1 0 0 1 1.4 0z",
  changed: "M5 8.5a1 1 0 0 1 1-1h9.2l-1.9-1.9a1 1 0 0 1 1.4-1.4l3.6 3.6a1 1 0 0 1 0 1.4l-3.6 3.6a1 1 0 0 1-1.4-1.4l1.9-1.9H6a1 1 0 0 1-1-1zM19 15.5a1 1 0 0 1-1 1H8.8l1.9 1.9a1 1 0 0 1-1.4 1.4l-3.6-3.6a1 1 0 0 1 0-1.4l3.6-3.6a1 1 0 0 1 1.4 1.4l-1.9 1.9H18a1 1 0 0 1 1 1z",
  skipped: "M5 11h14a1 1 0 1 1 0 2H5a1 1 0 1 1 0-2z",
  unreached: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6z",
  added: "M11 5a1 1 0 1 1 2 0v6h6a1 1 0 1 1 0 2h-6v6a1 1 0 1 1-2 0v-6H5a1 1 0 1 1 0-2h6z",
};

export const seconds = (value) => `${value.toFixed(1)} s`;
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
