// What the coach's pages say about themselves, in one place.

// The one state that is shown, of a page with all that it knows.
export function coachFace({ finishing, unfinished, connection, begun, paused, ears, problem }) {
  if (unfinished) return "unfinished";
  if (finishing) return "finishing";
  if (connection === "connecting" || connection === "refused") return connection;
  if (connection !== "open") return "offline";
  if (!ears.open) return begun || problem ? "deaf" : "ready";
  if (paused) return "paused";
  return ears.muted ? "muted" : "listening";
}

export const COACH_STATES = {
  connecting: "Connecting",
  ready: "Ready",
  listening: "Listening",
  muted: "Muted",
  paused: "Paused",
  deaf: "Not hearing you",
  offline: "No connection",
  refused: "Not connected",
  finishing: "Finishing",
  unfinished: "Not finished",
};

export const COACH_CONNECTION = {
  lost: "The connection was lost. It comes back by itself, to this same session. What is said meanwhile is not heard.",
  restarting: "Rostrum is restarting. It comes back by itself, to this same session. What is said meanwhile is not heard.",
};
export const BACK = "Connected again. What was said before is kept.";

export const COACH_PROBLEMS = {
  denied: "The browser does not allow the microphone here. Allow it in the address bar, then try again.",
  missing: "No microphone was found. Plug one in, then try again.",
  busy: "Another program is using the microphone. Close it there, then try again.",
  failed: "The microphone could not be opened. Try again.",
  unplugged: "The microphone was unplugged. Plug it in, then try again. The session goes on.",
  insecure: "Browsers give a microphone only to secure addresses. Open this page on http://localhost or over https.",
  no_sound: "No sound was shared. Share again, and turn on “share audio” in the browser's window.",
  no_sharing: "This browser cannot share the sound of a call. Let the microphone hear both of you instead.",
  report: "The report could not be written just now. Everything that was said is kept.",
};

const KINDS = {
  content: "Say next", help: "You asked", unanswered: "A question is open", microphone: "Sound", echo: "Sound",
  clipping: "Sound", inaudible: "Sound", longest_monologue: "Your turn is long", interruptions: "Turns", wpm: "Pace",
  filler_clusters: "Fillers", pitch_variation: "Voice", volume: "Volume", fade: "Volume",
};
export const cueKind = (kind) => KINDS[kind] ?? "Your coach";

// ---- the check

const TRY = "Say a sentence or two, as loud as you will talk.";

export function saidOfRoom({ verdict, ratio }) {
  const told = ratio === undefined ? "" : ` Your voice is ${Math.round(ratio)} dB above the noise.`;
  const table = {
    waiting: ["waiting", TRY],
    clipped: ["bad", "Too loud: the sound is cut off at its peaks. Move the microphone away, or turn it down."],
    faint: ["bad", "Very faint. Move the microphone closer, or turn it up in the system's settings."],
    noisy: ["bad", `Noisy.${told} Move closer to the microphone, or somewhere quieter; below 15 dB loudness is not measured.`],
    fair: ["fair", `Good enough.${told} Closer to the microphone would be better.`],
    good: ["good", `Clear.${told}`],
  };
  return table[verdict];
}

export const ECHO_LIMIT = -30; // decibels: more of the loudspeaker in the microphone passes for somebody who speaks

// `echo`: decibels, null where nothing came back, undefined where nobody has tried.
export function saidOfEcho(echo) {
  if (echo === undefined) return ["waiting", "Plays a short rising tone, and listens for it in the microphone."];
  if (echo === null) return ["good", "Nothing of the loudspeaker comes back into the microphone."];
  const level = `${echo < 0 ? "−" : "+"}${Math.abs(Math.round(echo))} dB`;
  if (echo <= ECHO_LIMIT) return ["good", `Little of the loudspeaker comes back (${level}).`];
  return ["bad", `The microphone hears the loudspeaker (${level}). Use headphones for a call, and for cues in the ear.`];
}
