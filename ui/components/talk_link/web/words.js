// What the stage of a talk says about itself, in one place; `t` says it in the language of the page.

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
export function describe(t, face, { name, opens, pause, holding, handsFree, muted, pressed, reason, connection }) {
  const turn = holding ? t("Take your time: your turn ends when you say so") : t("A pause of {pause} ends your turn", { pause });
  const breath = pressed ? t("Let go when you have finished") : turn;
  const hands = handsFree ? t("Cut in whenever you like") : t("Hold Space, or the microphone, to cut in");
  const cutIn = muted ? t("You are muted: unmute to be heard") : hands;
  const back = connection === "restarting" ? t("Rostrum is restarting: what was said is kept") : t("Trying again: what was said is kept");
  const table = {
    connecting: [t("Connecting"), ""],
    ready: [t("Start talking"), opens ? t("{name} speaks first", { name }) : t("You speak first")],
    tap: [t("Tap to go on"), t("The browser waits for a tap before it sounds")],
    open: [t("Listening"), holding ? breath : t("Your turn: speak when you like")],
    listening: [t("Hearing you"), breath],
    thinking: [t("Thinking"), t("{name} is about to answer", { name })],
    speaking: [t("Speaking"), cutIn],
    paused: [t("Paused"), t("Tap the microphone to go on")],
    muted: [t("Muted"), t("Nothing you say is heard")],
    push: [t("Your turn"), t("Hold Space, or the microphone, and speak")],
    typing: [t("Your turn"), t("The microphone is off: type, or tap it to try again")],
    ended: [t("Finished"), ""],
    offline: [t("No connection"), back],
    refused: [t("Not connected"), reason],
  };
  return table[face];
}

export const taps = (t) => ({
  ready: t("Start talking"),
  tap: t("Go on"),
  open: t("Mute the microphone"),
  listening: t("Mute the microphone"),
  thinking: t("Cut in"),
  speaking: t("Cut in"),
  paused: t("Go on"),
  muted: t("Unmute the microphone"),
  push: t("Hold to talk"),
  typing: t("Turn the microphone on"),
});

export const limits = (t, seconds) => ({
  still_there: t("It has been quiet for a while. The talk ends in {time} if it stays so.", { time: spell(t, seconds) }),
  nearly_over: t("About {time} left: a talk lasts an hour at most.", { time: spell(t, seconds) }),
  silence_ends: t("It was quiet for too long: the talk ends here."),
  time_is_up: t("The hour is over: the talk ends here."),
});

export const heardNothing = (t) => t("I heard something, but no words. Say it again, or type it.");
export const begunAnew = (t) => t("The talk could not be picked up where it was, and begins anew. What was said before is in the history.");

export const notes = (t) => ({ noise: t("That was only noise."), backchannel: "", echo: t("That was my own voice.") });

// A duration as a person says it.
export function spell(t, seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return whole === 1 ? t("a second") : t("{whole} seconds", { whole });
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const said = minutes === 1 ? t("a minute") : t("{minutes} minutes", { minutes });
  return rest ? t("{said} and {rest} s", { said, rest }) : said;
}

const times = (t, number) => [t("never"), t("once"), t("twice")][number] ?? t("{number} times", { number });

// What is said of a talk that is over; `summary` is that of its captions.
export function summed(t, { seconds, you, agent, longest }, name) {
  return {
    you,
    heard: you + agent > 0,
    title: you ? t("You talked with {name} for {time}.", { name, time: spell(t, seconds) }) : t("You did not say anything to {name} yet.", { name }),
    figures: [
      [t("You spoke"), times(t, you)],
      [t("{name} spoke", { name }), times(t, agent)],
      ...(longest >= 1 ? [[t("Your longest pause before an answer"), spell(t, longest)]] : []),
    ],
  };
}

// How hard the partner cuts in.
export const hardnesses = (t) => ({
  off: t("They let me finish"), gentle: t("They cut in, gently"), firm: t("They cut in, firmly"),
  relentless: t("They cut in, again and again"),
});

// How long a pause may be, in words.
export function patienceWords(t, seconds) {
  if (seconds < 0.6) return t("answers at once");
  if (seconds < 1.2) return t("a breath");
  if (seconds < 2.1) return t("a moment to think");
  return t("all the time you need");
}
