"""The real server on the engines that ship with it, a recorded human voice, one request."""

import base64

import httpx
import pytest

from engine.media import decode_clip
from tests.e2e.browser import RECORDINGS, server


def test_a_recorded_speech_is_understood_and_answered_aloud(tmp_path):
    recording = RECORDINGS / "jfk.flac"
    if not recording.is_file():
        pytest.skip("the recording jfk.flac is not beside the checkout")
    audio = base64.b64encode(recording.read_bytes()).decode()
    with server(tmp_path) as running, httpx.Client(base_url=running.url, timeout=90, trust_env=False) as http:
        assert http.get("/api/audio/status").json()["connected"] is True
        answer = http.post("/api/audio/message", json={"messageType": "audio", "audioData": audio}).json()
        assert "country" in answer["transcript"]
        assert answer["response"]
        assert decode_clip(base64.b64decode(answer["audio"])).seconds > 0.5
        more = {"messageType": "text", "audioData": "I asked for it myself.", "sessionId": answer["sessionId"]}
        again = http.post("/api/audio/message", json=more).json()
        assert again["continued"] is True
        assert again["response"] not in ("", answer["response"])
