SESSION=$(curl -s -X POST "http://localhost:8000/session" -H 'Content-Type: application/json' \
  -d '{"context": "At a meetup", "goal": "Be brief", "user_name": "Alex"}' | cut -d '"' -f 4)
websocat -b "ws://localhost:8000/ws/$SESSION" < question.wav
curl -X POST "http://localhost:8000/session/$SESSION/finish"
