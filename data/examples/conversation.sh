curl -X POST "http://localhost:8000/api/audio/message" \
  -H 'Content-Type: application/json' \
  -d '{"messageType": "text", "audioData": "Hello, how are you?"}' | cut -c 1-400
