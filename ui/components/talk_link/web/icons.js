// Shapes on a 24 x 24 grid, drawn with the text's colour; those of the pitch stage are in the voice link.

export const TALK_ICONS = {
  mute: "M5.7 4.3a1 1 0 0 0-1.4 1.4L9 10.4v1.1a3 3 0 0 0 4.5 2.6l1.4 1.4A5.5 5.5 0 0 1 6.5 11.5v-1a1 1 0 0 0-2 0v1a7.5 7.5 0 0 0 6.5 7.4V21a1 1 0 0 0 2 0v-2.1a7.4 7.4 0 0 0 3.3-2l2 2a1 1 0 0 0 1.4-1.4zM15 11.2V6a3 3 0 0 0-5.8-1zM19.5 11.5v-1a1 1 0 0 0-2 0v1c0 .5-.1.9-.2 1.4l1.6 1.6c.4-.9.6-1.9.6-3z",
  interrupt: "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6z",
  holding: "M7 3h10a1 1 0 1 1 0 2h-.5v2.2a4 4 0 0 1-1.4 3L13 12l2.1 1.8a4 4 0 0 1 1.4 3V19h.5a1 1 0 1 1 0 2H7a1 1 0 1 1 0-2h.5v-2.2a4 4 0 0 1 1.4-3L11 12 8.9 10.2a4 4 0 0 1-1.4-3V5H7a1 1 0 0 1 0-2zm2.5 2v2.2c0 .6.3 1.1.7 1.5L12 10.2l1.8-1.5c.4-.4.7-.9.7-1.5V5zm2.5 8.8-1.8 1.5c-.4.4-.7.9-.7 1.5V19h5v-2.2c0-.6-.3-1.1-.7-1.5z",
  done: "M19.7 6.3a1 1 0 0 1 0 1.4l-9.5 9.5a1 1 0 0 1-1.4 0l-4.5-4.5a1 1 0 1 1 1.4-1.4l3.8 3.8 8.8-8.8a1 1 0 0 1 1.4 0z",
  face_ready: "M12 3a3 3 0 0 0-3 3v5.5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6.5 10.5a1 1 0 0 0-2 0v1a7.5 7.5 0 0 0 6.5 7.4V21a1 1 0 0 0 2 0v-2.1a7.5 7.5 0 0 0 6.5-7.4v-1a1 1 0 0 0-2 0v1a5.5 5.5 0 0 1-11 0z",
};
// the same microphone, in a ring that tells them apart: waiting for you, hearing you, to be held, closed
for (const face of ["open", "push", "typing"]) TALK_ICONS[`face_${face}`] = TALK_ICONS.face_ready;
TALK_ICONS.face_muted = TALK_ICONS.mute;
