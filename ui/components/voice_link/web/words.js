// What the stage says about itself, in one place.

export const STATES = {
  connecting: "Connecting",
  idle: "Ready",
  listening: "Listening",
  thinking: "Thinking",
  speaking: "Speaking",
  paused: "Paused",
  ended: "Finished",
  muted: "Muted",
  offline: "No connection",
  tap: "Waiting for you",
};

export const CONNECTION = {
  lost: "The connection was lost. Trying again; your place is kept.",
  restarting: "Rostrum is restarting. It comes back by itself; your place is kept.",
};

export const PROBLEMS = {
  denied: "The browser does not allow the microphone here. Allow it in the address bar, then try again. Typing works meanwhile.",
  missing: "No microphone was found. Plug one in and try again. Typing works meanwhile.",
  busy: "Another program is using the microphone. Close it there and try again. Typing works meanwhile.",
  failed: "The microphone could not be opened. Try again, or type your question.",
  unplugged: "The microphone was unplugged. Plug it in and turn it on again. Typing works meanwhile.",
  insecure: "Browsers give sound and microphone only to secure addresses. Open this page on http://localhost or over https. You can read along and type here.",
};

export function resumeNote(mark, reason) {
  const place = `sentence ${mark}`;
  const notes = {
    answered: `Going on at ${place}`,
    noise: `That was only noise. Going on at ${place}`,
    backchannel: `Going on at ${place}`,
    echo: `That was my own voice. Going on at ${place}`,
  };
  return notes[reason] ?? `Going on at ${place}`;
}
