curl -X POST "http://localhost:8000/api/v1/pitches" -H 'Content-Type: application/json' \
  -d '{"title": "Cups that keep warm", "text": "Our cups keep tea warm. Will you try one?"}'
curl "http://localhost:8000/api/v1/sessions"
