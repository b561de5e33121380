// What the stage says about itself, in one place; `t` says it in the language of the page.

export const states = (t) => ({
  connecting: t("Connecting"),
  idle: t("Ready"),
  listening: t("Listening"),
  thinking: t("Thinking"),
  speaking: t("Speaking"),
  paused: t("Paused"),
  ended: t("Finished"),
  muted: t("Muted"),
  offline: t("No connection"),
  tap: t("Waiting for you"),
});

export const connection = (t) => ({
  lost: t("The connection was lost. Trying again; your place is kept."),
  restarting: t("Rostrum is restarting. It comes back by itself; your place is kept."),
});

export const problems = (t) => ({
  denied: t("The browser does not allow the microphone here. Allow it in the address bar, then try again. Typing works meanwhile."),
  missing: t("No microphone was found. Plug one in and try again. Typing works meanwhile."),
  busy: t("Another program is using the microphone. Close it there and try again. Typing works meanwhile."),
  failed: t("The microphone could not be opened. Try again, or type your question."),
  unplugged: t("The microphone was unplugged. Plug it in and turn it on again. Typing works meanwhile."),
  insecure: t("Browsers give sound and microphone only to secure addresses. Open this page on http://localhost or over https. You can read along and type here."),
});

export function resumeNote(t, mark, reason) {
  const notes = {
    noise: t("That was only noise. Going on at sentence {mark}", { mark }),
    echo: t("That was my own voice. Going on at sentence {mark}", { mark }),
  };
  return notes[reason] ?? t("Going on at sentence {mark}", { mark });
}
