// What the stage of a talk says about itself, in one place.

// The one state that is shown, of a stage with all that it knows.
export function faceOf({ over, connection, begun, needsTap, microphone, state, handsFree }) {
  if (over) return "ended";
  if (connection === "connecting" || connection === "refused") return connection;
  if (connection !== "open") return "offline";
  if (!begun) return "ready";
  if (needsTap) return "tap";
  if (microphone.pressed && microphone.live) return "listening";
  if (["listening", "thinking", "speaking", "paused"].includes(state)) return state;
  if (microphone.keepOpen) return microphone.muted ? "muted" : "open";
  return handsFree ? "typing" : "push";
}

// The word for a state, and what to do in it. `name`: who is talked with; `pause`: what a pause may be;
// `pressed`: it is held to talk.
export function describe(face, { name, opens, pause, holding, handsFree, muted, pressed, reason, connection }) {
  const breath = pressed ? "Let go when you have finished" : holding ? "Take your time: your turn ends when you say so" : `A pause of ${pause} ends your turn`;
  const hands = handsFree ? "Cut in whenever you like" : "Hold Space, or the microphone, to cut in";
  const cutIn = muted ? "You are muted: unmute to be heard" : hands;
  const table = {
    connecting: ["Connecting", ""],
    ready: ["Start talking", opens ? `${name} speaks first` : "You speak first"],
    tap: ["Tap to go on", "The browser waits for a tap before it sounds"],
    open: ["Listening", holding ? breath : "Your turn: speak when you like"],
    listening: ["Hearing you", breath],
    thinking: ["Thinking", `${name} is about to answer`],
    speaking: ["Speaking", cutIn],
    paused: ["Paused", "Tap the microphone to go on"],
    muted: ["Muted", "Nothing you say is heard"],
    push: ["Your turn", "Hold Space, or the microphone, and speak"],
    typing: ["Your turn", "The microphone is off: type, or tap it to try again"],
    ended: ["Finished", ""],
    offline: ["No connection", `${connection === "restarting" ? "Rostrum is restarting" : "Trying again"}: what was said is kept`],
    refused: ["Not connected", reason],
  };
  return table[face];
}

export const TAPS = {
  ready: "Start talking", tap: "Go on", open: "Mute the microphone", listening: "Mute the microphone",
  thinking: "Cut in", speaking: "Cut in", paused: "Go on", muted: "Unmute the microphone", push: "Hold to talk", typing: "Turn the microphone on",
};

export const LIMITS = {
  still_there: (seconds) => `It has been quiet for a while. The talk ends in ${spell(seconds)} if it stays so.`,
  nearly_over: (seconds) => `About ${spell(seconds)} left: a talk lasts an hour at most.`,
  silence_ends: () => "It was quiet for too long: the talk ends here.",
  time_is_up: () => "The hour is over: the talk ends here.",
};

export const HEARD_NOTHING = "I heard something, but no words. Say it again, or type it.";
export const BEGUN_ANEW = "The talk could not be picked up where it was, and begins anew. What was said before is in the history.";

export const NOTES = { noise: "That was only noise.", backchannel: "", echo: "That was my own voice." };

// A duration as a person says it.
export function spell(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return whole === 1 ? "a second" : `${whole} seconds`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const said = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return rest ? `${said} and ${rest} s` : said;
}

const times = (number) => ["never", "once", "twice"][number] ?? `${number} times`;

// What is said of a talk that is over; `summary` is that of its captions.
export function summed({ seconds, you, agent, longest }, name) {
  return {
    you,
    heard: you + agent > 0,
    title: you ? `You talked with ${name} for ${spell(seconds)}.` : `You did not say anything to ${name} yet.`,
    figures: [
      ["You spoke", times(you)],
      [`${name} spoke`, times(agent)],
      ...(longest >= 1 ? [["Your longest pause before an answer", spell(longest)]] : []),
    ],
  };
}

// How hard the partner cuts in.
export const HARDNESSES = {
  off: "They let me finish", gentle: "They cut in, gently", firm: "They cut in, firmly", relentless: "They cut in, again and again",
};

// How long a pause may be, in words.
export function patienceWords(seconds) {
  if (seconds < 0.6) return "answers at once";
  if (seconds < 1.2) return "a breath";
  if (seconds < 2.1) return "a moment to think";
  return "all the time you need";
}
