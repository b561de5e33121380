# Without a socket: one request a turn, its answer with the sound as one WAV file.
import base64
import json
import urllib.request
from pathlib import Path


def say(url: str, text: str) -> dict:
    body = json.dumps({"messageType": "text", "audioData": text}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


answer = say("http://localhost:8000/api/audio/message", "Hello, how are you?")
print(answer["response"])
Path("answer.wav").write_bytes(base64.b64decode(answer["audio"]))
