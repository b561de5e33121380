const pitch = new WebSocket("ws://localhost:8000/ws/pitch");
const player = new Audio(), queue = [];
const play = () => {
  if (queue.length && player.paused) {
    player.src = queue.shift();
    player.play();
  }
};
player.onended = play;
pitch.onopen = () => pitch.send(JSON.stringify({ event: "start" }));
pitch.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  console.log(message.event, message.media?.mark ?? message.message ?? "");
  if (message.event === "media") queue.push("data:audio/mpeg;base64," + message.media.payload);
  if (message.event === "clear") {
    queue.length = 0;
    player.pause();
  }
  play();
};
// To cut in: pitch.send(JSON.stringify({ event: "user_audio", audio: base64OfAnyRecording }));
