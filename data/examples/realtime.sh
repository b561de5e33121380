curl "http://localhost:8000/api/v1/streaming/realtime/status"
(echo '{"type": "conversation.item.input", "conversation_item_input": {"type": "input_text", "text": "Hello!"}}'; cat) |
  websocat "ws://localhost:8000/api/v1/streaming/realtime/ann" | cut -c 1-160
