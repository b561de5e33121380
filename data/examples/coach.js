const created = await fetch("http://localhost:8000/session", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ context: "At a meetup", goal: "Ask about their project", user_name: "Alex" }),
});
const { session_id: id } = await created.json();
const coach = new WebSocket(`ws://localhost:8000/ws/${id}`);
coach.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  console.log(message.type, message.text ?? message.message ?? "");
};
await new Promise((opened) => (coach.onopen = opened));
const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
const recorder = new MediaRecorder(microphone);
recorder.ondataavailable = ({ data }) => coach.send(data);
recorder.start(250);
await new Promise((done) => setTimeout(done, 5000)); // speak for five seconds
await new Promise((stopped) => {
  recorder.onstop = () => setTimeout(stopped, 100);
  recorder.stop();
});
microphone.getTracks().forEach((track) => track.stop());
coach.send(JSON.stringify({ type: "stop" }));
const finished = await fetch(`http://localhost:8000/session/${id}/finish`, { method: "POST" });
console.log((await finished.json()).stars);
