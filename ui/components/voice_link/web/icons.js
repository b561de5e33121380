// Every icon there is: shapes on a 24 x 24 grid, drawn with the text's colour. `ui/icons.py` reads this list too.

const SHAPES = {
  play: "M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8a1 1 0 0 0 0-1.6l-10-6.8C8.9 3.9 8 4.4 8 5.2z",
  pause: "M7 6a1.5 1.5 0 0 1 3 0v12a1.5 1.5 0 0 1-3 0zM14 6a1.5 1.5 0 0 1 3 0v12a1.5 1.5 0 0 1-3 0z",
  stop: "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6z",
  previous: "M6 5a1 1 0 0 1 2 0v14a1 1 0 0 1-2 0zM19 6.3v11.4c0 .8-.9 1.3-1.6.8L9.6 12.8a1 1 0 0 1 0-1.6l7.8-5.7c.7-.5 1.6 0 1.6.8z",
  next: "M16 5a1 1 0 0 1 2 0v14a1 1 0 0 1-2 0zM5 6.3v11.4c0 .8.9 1.3 1.6.8l7.8-5.7a1 1 0 0 0 0-1.6L6.6 5.5C5.9 5 5 5.5 5 6.3z",
  repeat: "M12 5V2.5c0-.7-.8-1-1.3-.6L6.9 5.3a.9.9 0 0 0 0 1.4l3.8 3.4c.5.4 1.3.1 1.3-.6V7a5.5 5.5 0 1 1-5.3 7 1 1 0 1 0-1.9.5A7.5 7.5 0 1 0 12 5z",
  microphone: "M12 3a3 3 0 0 0-3 3v5.5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6.5 10.5a1 1 0 0 0-2 0v1a7.5 7.5 0 0 0 6.5 7.4V21a1 1 0 0 0 2 0v-2.1a7.5 7.5 0 0 0 6.5-7.4v-1a1 1 0 0 0-2 0v1a5.5 5.5 0 0 1-11 0z",
  mute: "M5.7 4.3a1 1 0 0 0-1.4 1.4L9 10.4v1.1a3 3 0 0 0 4.5 2.6l1.4 1.4A5.5 5.5 0 0 1 6.5 11.5v-1a1 1 0 0 0-2 0v1a7.5 7.5 0 0 0 6.5 7.4V21a1 1 0 0 0 2 0v-2.1a7.4 7.4 0 0 0 3.3-2l2 2a1 1 0 0 0 1.4-1.4zM15 11.2V6a3 3 0 0 0-5.8-1zM19.5 11.5v-1a1 1 0 0 0-2 0v1c0 .5-.1.9-.2 1.4l1.6 1.6c.4-.9.6-1.9.6-3z",
  send: "M11 19V7.8l-4.3 4.3a1 1 0 0 1-1.4-1.4l6-6a1 1 0 0 1 1.4 0l6 6a1 1 0 0 1-1.4 1.4L13 7.8V19a1 1 0 0 1-2 0z",
  tune: "M4 7a1 1 0 0 1 1-1h7.2a2.8 2.8 0 0 1 5.6 0H19a1 1 0 1 1 0 2h-1.2a2.8 2.8 0 0 1-5.6 0H5a1 1 0 0 1-1-1zM5 16a1 1 0 1 0 0 2h1.2a2.8 2.8 0 0 0 5.6 0H19a1 1 0 1 0 0-2h-7.2a2.8 2.8 0 0 0-5.6 0z",
  arc: "M12 3a9 9 0 1 0 9 9h-2.5A6.5 6.5 0 1 1 12 5.5z",
  ring: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
  thinking: "M5 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zm7 0a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zm7 0a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  speaking: "M4 10a1.2 1.2 0 0 1 2.4 0v4A1.2 1.2 0 0 1 4 14zm4.8-4a1.2 1.2 0 0 1 2.4 0v12a1.2 1.2 0 0 1-2.4 0zm4.8 2.5a1.2 1.2 0 0 1 2.4 0v7a1.2 1.2 0 0 1-2.4 0zM18.4 11a1.2 1.2 0 0 1 2.4 0v2a1.2 1.2 0 0 1-2.4 0z",
  crossed: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 12A5.5 5.5 0 0 1 15 7.5L7.5 15a5.5 5.5 0 0 1-1-3zm2.6 4.7L16.6 9.2a5.5 5.5 0 0 1-7.5 7.5z",
  warning: "M11 4.3a1.15 1.15 0 0 1 2 0l8 14a1.15 1.15 0 0 1-1 1.7H4a1.15 1.15 0 0 1-1-1.7zM11 10v4a1 1 0 0 0 2 0v-4a1 1 0 0 0-2 0zm1 6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
  hourglass: "M7 3h10a1 1 0 1 1 0 2h-.5v2.2a4 4 0 0 1-1.4 3L13 12l2.1 1.8a4 4 0 0 1 1.4 3V19h.5a1 1 0 1 1 0 2H7a1 1 0 1 1 0-2h.5v-2.2a4 4 0 0 1 1.4-3L11 12 8.9 10.2a4 4 0 0 1-1.4-3V5H7a1 1 0 0 1 0-2zm2.5 2v2.2c0 .6.3 1.1.7 1.5L12 10.2l1.8-1.5c.4-.4.7-.9.7-1.5V5zm2.5 8.8-1.8 1.5c-.4.4-.7.9-.7 1.5V19h5v-2.2c0-.6-.3-1.1-.7-1.5z",
  tick: "M19.7 6.3a1 1 0 0 1 0 1.4l-9.5 9.5a1 1 0 0 1-1.4 0l-4.5-4.5a1 1 0 1 1 1.4-1.4l3.8 3.8 8.8-8.8a1 1 0 0 1 1.4 0z",
  partner: "M4.5 4h15A2.5 2.5 0 0 1 22 6.5v8a2.5 2.5 0 0 1-2.5 2.5H12l-4.3 3.6c-.7.5-1.7.1-1.7-.8V17H4.5A2.5 2.5 0 0 1 2 14.5v-8A2.5 2.5 0 0 1 4.5 4zm0 2a.5.5 0 0 0-.5.5v8c0 .3.2.5.5.5H7a1 1 0 0 1 1 1v1.7l3-2.5a1 1 0 0 1 .6-.2h7.9c.3 0 .5-.2.5-.5v-8a.5.5 0 0 0-.5-.5z",
  help: "M12 2.5c.4 0 .8.3.9.7l1.3 4.3a3.5 3.5 0 0 0 2.3 2.3l4.3 1.3c.9.3.9 1.5 0 1.8l-4.3 1.3a3.5 3.5 0 0 0-2.3 2.3l-1.3 4.3c-.3.9-1.5.9-1.8 0l-1.3-4.3a3.5 3.5 0 0 0-2.3-2.3l-4.3-1.3c-.9-.3-.9-1.5 0-1.8l4.3-1.3a3.5 3.5 0 0 0 2.3-2.3l1.3-4.3c.1-.4.5-.7.9-.7z",
  call: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6.5v1.5H16a1 1 0 1 1 0 2H8a1 1 0 1 1 0-2h2.5V17H4a2 2 0 0 1-2-2V6c0-1.1.9-2 2-2zm0 2v9h16V6zm4.5 3a1 1 0 0 1 1 1v1a1 1 0 1 1-2 0v-1a1 1 0 0 1 1-1zM12 7.5a1 1 0 0 1 1 1v4a1 1 0 1 1-2 0v-4a1 1 0 0 1 1-1zm3.5 1.5a1 1 0 0 1 1 1v1a1 1 0 1 1-2 0v-1a1 1 0 0 1 1-1z",
  unreachable: "M5.7 4.3a1 1 0 0 0-1.4 1.4l3 3A11 11 0 0 0 4.2 11a1 1 0 1 0 1.5 1.4 9 9 0 0 1 3.1-2.2l1.7 1.7a7 7 0 0 0-3.3 2 1 1 0 1 0 1.5 1.3 5 5 0 0 1 3.5-1.5l4.6 4.6a1 1 0 0 0 1.4-1.4zM12 17a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2zM12 7.5c-.4 0-.8 0-1.2.1l2 2a9 9 0 0 1 5.5 2.8 1 1 0 1 0 1.5-1.4A11 11 0 0 0 12 7.5z",
  dots: "M6 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM12 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM18 10.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z",
  attention: "M12 3.5a1.6 1.6 0 0 1 1.6 1.7l-.5 8.4a1.1 1.1 0 0 1-2.2 0l-.5-8.4A1.6 1.6 0 0 1 12 3.5zM12 17a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z",
  half_moon: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2.2v13.6a6.8 6.8 0 0 1 0-13.6z",
  ear: "M12 3a8 8 0 0 0-8 8v6.5A2.5 2.5 0 0 0 6.5 20H7a2 2 0 0 0 2-2v-3a2 2 0 0 0-2-2H6v-2a6 6 0 1 1 12 0v2h-1a2 2 0 0 0-2 2v3a2 2 0 0 0 2 2h.5a2.5 2.5 0 0 0 2.5-2.5V11a8 8 0 0 0-8-8z",
  star: "M12 2.6l2.9 6 6.5.8-4.8 4.5 1.3 6.5-5.9-3.2-5.9 3.2 1.3-6.5L2.6 9.4l6.5-.8z",
  spark: "M12 2.5l1.5 4.8a5 5 0 0 0 3.2 3.2l4.8 1.5-4.8 1.5a5 5 0 0 0-3.2 3.2L12 21.5l-1.5-4.8a5 5 0 0 0-3.2-3.2L2.5 12l4.8-1.5a5 5 0 0 0 3.2-3.2z",
  pencil: "M4 16.7V20h3.3L17.6 9.7l-3.3-3.3zM20.2 7a1 1 0 0 0 0-1.3l-1.9-1.9a1 1 0 0 0-1.3 0l-1.5 1.5 3.3 3.3z",
};

// One shape for each state, so that it can be told without its colour.
const faces = (shapes) => Object.fromEntries(Object.entries(shapes).map(([face, shape]) => [`face_${face}`, SHAPES[shape]]));

export const ICONS = {
  ...SHAPES,
  ...faces({
    connecting: "arc", idle: "ring", listening: "microphone", thinking: "thinking", speaking: "speaking",
    paused: "pause", ended: "stop", muted: "crossed", offline: "warning", tap: "play",
  }),
};

export const TALK_ICONS = {
  ...SHAPES,
  interrupt: SHAPES.stop,
  holding: SHAPES.hourglass,
  done: SHAPES.tick,
  // the same microphone, in a ring that tells them apart: waiting for you, hearing you, to be held, closed
  ...faces({
    connecting: "arc", idle: "ring", listening: "microphone", thinking: "thinking", speaking: "speaking",
    paused: "pause", ended: "stop", muted: "mute", offline: "warning", tap: "play",
    ready: "microphone", open: "microphone", push: "microphone", typing: "microphone", refused: "unreachable",
  }),
};

export const COACH_ICONS = {
  ...SHAPES,
  ...faces({
    listening: "microphone", ready: "microphone", muted: "mute", paused: "pause", deaf: "mute",
    offline: "unreachable", refused: "unreachable", connecting: "dots", finishing: "dots", unfinished: "pause",
  }),
};
