const talk = new WebSocket("ws://localhost:8000/api/v1/streaming/realtime/ann");
const speaker = new AudioContext({ sampleRate: 24000 });
let at = 0;
const play = (base64) => { // 16-bit samples at 24 kHz
  const samples = new Int16Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);
  const buffer = speaker.createBuffer(1, samples.length, 24000);
  buffer.getChannelData(0).set(Float32Array.from(samples, (sample) => sample / 32768));
  const source = new AudioBufferSourceNode(speaker, { buffer });
  source.connect(speaker.destination);
  at = Math.max(at, speaker.currentTime + 0.05);
  source.start(at);
  at += buffer.duration;
};
talk.onopen = () => talk.send(JSON.stringify({
  type: "conversation.item.input",
  conversation_item_input: { type: "input_text", text: "Hello, how are you?" },
}));
talk.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "response.audio") play(message.response.audio);
  else console.log(message.type, message.response?.delta?.content ?? message.error?.message ?? "");
};
