const added = await fetch("http://localhost:8000/api/v1/pitches", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ title: "Cups that keep warm", text: "Our cups keep tea warm. Will you try one?" }),
});
console.log(await added.json());
const sessions = await fetch("http://localhost:8000/api/v1/sessions");
console.log(await sessions.json());
