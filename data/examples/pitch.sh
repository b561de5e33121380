# websocat: one line is one message; type {"event": "stop"} and it falls silent.
(echo '{"event": "start"}'; cat) | websocat "ws://localhost:8000/ws/pitch" | cut -c 1-120
