const talk = new WebSocket("ws://localhost:8000/api/conversation");
talk.onopen = () => {
  talk.send(JSON.stringify({ action: "start" }));
  talk.send(JSON.stringify({ messageType: "text", audioData: "Hello, how are you?" }));
};
talk.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  const part = message.data?.type ?? message.type;
  // Its sound comes as ….output_audio.delta: base64 of 16-bit samples at 24 kHz.
  console.log(part, message.data?.delta ?? message.message ?? "");
};
