(echo '{"type": "websocket_audio_config_start", "subscribe_transcript": true}'; cat) |
  websocat "ws://localhost:8000/conversation" | cut -c 1-120
