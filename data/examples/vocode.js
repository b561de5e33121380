const call = new WebSocket("ws://localhost:8000/conversation");
const player = new Audio(), queue = [];
const play = () => {
  if (queue.length && player.paused) {
    player.src = queue.shift();
    player.play();
  }
};
player.onended = play;
const audio = { sampling_rate: 16000, audio_encoding: "linear16" };
call.onopen = () => call.send(JSON.stringify({
  type: "websocket_audio_config_start",
  input_audio_config: audio,
  output_audio_config: audio,
  subscribe_transcript: true,
}));
call.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "websocket_audio") queue.push("data:audio/wav;base64," + message.data); // to a page: WAV files
  else console.log(message.type, message.text ?? message.error ?? "");
  play();
};
// Send what the microphone hears: { type: "websocket_audio", data: base64OfItsSamples }
