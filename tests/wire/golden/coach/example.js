// 1. Create session
const response = await fetch('http://localhost:8000/session', {
  method: 'POST',
  headers: {'Content-Type': 'application/json'},
  body: JSON.stringify({
    context: "...",
    goal: "...",
    user_name: "Alex"
  })
});
const {session_id} = await response.json();

// 2. Connect WebSocket
const ws = new WebSocket(`ws://localhost:8000/ws/${session_id}`);

// 3. Handle messages
ws.onmessage = (event) => {
  const data = JSON.parse(event.data);

  if (data.type === 'suggestion') {
    // Display suggestion text
    showSuggestion(data.text);
  } else if (data.type === 'audio') {
    // Play audio in user's ear
    playAudio(data.data);
  } else if (data.type === 'transcript') {
    // Show transcript
    addToTranscript(data.text, data.speaker);
  }
};

// 4. Send audio from microphone
navigator.mediaDevices.getUserMedia({audio: true})
  .then(stream => {
    const mediaRecorder = new MediaRecorder(stream);
    mediaRecorder.ondataavailable = (e) => {
      ws.send(e.data);  // Send audio chunks
    };
    mediaRecorder.start(100);  // Send chunks every 100ms
  });

// 5. Stop session
ws.send(JSON.stringify({type: 'stop'}));

// 6. Get summary
const summary = await fetch(`http://localhost:8000/session/${session_id}/finish`, {
  method: 'POST'
});
const results = await summary.json();
