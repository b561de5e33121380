// What the console knows of each protocol: where it connects, what may be sent, how speech is sent, what sounds.

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export function base64(buffer) {
  const all = new Uint8Array(buffer);
  let text = "";
  for (let from = 0; from < all.length; from += 8192) text += String.fromCharCode(...all.subarray(from, from + 8192));
  return btoa(text);
}

const AUDIO = { sampling_rate: 16000, audio_encoding: "linear16" };
const said = (text) => ({ type: "conversation.item.input", conversation_item_input: { type: "input_text", text } });
const post = (path, body) => ({ method: "POST", path, body });

// canned: [name, message]. speech(pcm): the frame for 0.1 s of the microphone, 16-bit samples at 16 kHz.
// sound(message): { file } or { pcm, rate } where a message holds some. silence(message): drop what was not played.
export const WAYS = {
  pitch: {
    path: "/ws/pitch",
    canned: [
      ["Begin the pitch", { event: "start" }],
      ["Be silent", { event: "stop" }],
      ["Something unknown", { event: "begin" }],
    ],
    speech: (pcm) => ({ event: "user_audio", audio: base64(pcm), encoding: "pcm16", sample_rate: 16000 }),
    sound: ({ event, media }) => event === "media" && { file: bytes(media.payload) },
    silence: ({ event }) => event === "clear",
  },
  realtime: {
    path: "/api/v1/streaming/realtime/console",
    greeting: { type: "session.update", session_update: { input_audio_format: "pcm16", sample_rate: 16000 } },
    canned: [
      ["Say something", said("Hello, how are you?")],
      ["Change who it is", { type: "session.update", session_update: { instructions: "You are a patient teacher." } }],
      ["End the reply", { type: "response.cancel" }],
      ["Ping", { type: "ping", ping: { timestamp: 1 } }],
    ],
    speech: (pcm) => ({ type: "input_audio_buffer.append", audio: base64(pcm) }),
    sound: ({ type, response }) => type === "response.audio" && { pcm: bytes(response.audio), rate: 24000 },
    silence: ({ type }) => type === "input_audio_buffer.speech_started",
  },
  conversation: {
    path: "/api/conversation",
    canned: [
      ["Start", { action: "start" }],
      ["Say something", { messageType: "text", audioData: "Hello, how are you?" }],
      ["Stop", { action: "stop" }],
      ["Ping", { type: "ping" }],
    ],
    before: { type: "audio_metadata", encoding: "audio/pcm", rate: 16000 },
    speech: (pcm) => ({ messageType: "audio", audioData: base64(pcm) }),
    sound: ({ data }) => data?.type?.endsWith("output_audio.delta") && { pcm: bytes(data.audio), rate: 24000 },
    silence: ({ data }) => data?.type === "output_audio_buffer.cleared",
  },
  vocode: {
    path: "/conversation",
    canned: [
      ["Start the call", { type: "websocket_audio_config_start", input_audio_config: AUDIO, output_audio_config: AUDIO, subscribe_transcript: true }],
      ["Hang up", { type: "websocket_stop" }],
    ],
    speech: (pcm) => ({ type: "websocket_audio", data: base64(pcm) }),
    sound: ({ type, data }) => type === "websocket_audio" && { file: bytes(data) },
    silence: () => false,
  },
  coach: {
    first: post("/session", { context: "Trying out the console", goal: "Be brief", user_name: "Alex" }),
    path: (session) => `/ws/${session.session_id}`,
    last: (session) => post(`/session/${session.session_id}/finish`),
    greeting: { type: "config", sample_rate: 16000, channels: ["user"], interim: true },
    canned: [
      ["Ask for help", { type: "help" }],
      ["All cues off", { type: "config", sample_rate: 16000, interim: true, cues: "off" }],
      ["Nothing more comes", { type: "stop" }],
    ],
    speech: (pcm) => pcm,
    sound: ({ type, data }) => type === "audio" && { file: bytes(data) },
    silence: ({ type }) => type === "hush",
  },
  http: {
    canned: [
      ["All pitches", { method: "GET", path: "/api/v1/pitches" }],
      ["Sessions, newest first", { method: "GET", path: "/api/v1/sessions?limit=5" }],
      ["Whom there is to talk with", { method: "GET", path: "/api/v1/personas" }],
      ["Say something, without a socket", post("/api/audio/message", { messageType: "text", audioData: "Hello, how are you?" })],
      ["Whether it is up", { method: "GET", path: "/health" }],
    ],
    sound: (answer) => typeof answer?.audio === "string" && answer.audio && { file: bytes(answer.audio) },
    silence: () => false,
  },
};
