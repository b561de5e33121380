"""What `/api/conversation` and its requests cannot use: a clear error in their own form, and nobody else notices."""

import base64
import json

import httpx
import pytest

from engine.wire.conversation_rest import BODY_LIMIT
from tests.wire.conversing import TRANSCRIPT, kind, talking
from tests.wire.serving import recording, serving

LEAKS = ("Traceback", "Error", "/engine/", "site-packages", "av.", "orjson", "NoneType")


def audio(data, **more):
    return json.dumps({"messageType": "audio", "audioData": base64.b64encode(data).decode(), **more})


FRAMES = {
    "not JSON": "start",
    "half a JSON object": '{"action": "sta',
    "nothing": "",
    "a list": '["start"]',
    "a number": "7",
    "null": "null",
    "a deep nest": "[" * 5_000,
    "no kind": "{}",
    "a kind that is a number": '{"type": 5}',
    "a kind that is a list": '{"type": ["audio"]}',
    "an unknown kind": '{"type": "video"}',
    "an unknown action": '{"action": "pause"}',
    "audio without any": '{"messageType": "audio"}',
    "audio that is empty": '{"messageType": "audio", "audioData": ""}',
    "audio that is null": '{"messageType": "audio", "audioData": null}',
    "audio that is a number": '{"type": "audio", "data": 42}',
    "audio that is an object": '{"type": "audio", "data": {"0": 1}}',
    "audio that is no base64": '{"type": "audio", "data": "this is not base64!"}',
    "text as audio": audio(b"How much does it cost? " * 40),
    "a picture as audio": audio(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "a WAV header and no sound": audio(recording(0)[:44]),
    "a broken WebM": audio(b"\x1a\x45\xdf\xa3" + b"\xff" * 400),
    "50 ms": audio(bytes(2_400)),
    "more audio than is taken": json.dumps({"type": "audio", "data": "AAAA" * 6_000_000}),
    "a text without any": '{"messageType": "text"}',
    "a text that is empty": '{"messageType": "text", "audioData": "   "}',
    "a text that is a number": '{"type": "text", "text": 5}',
    "a text without end": json.dumps({"type": "text", "text": "x" * 100_000}),
    "an encoding nobody has": '{"type": "audio_metadata", "encoding": "morse", "rate": 24000}',
    "a rate that is a text": '{"type": "audio_metadata", "encoding": "audio/pcm", "rate": "fast"}',
    "a rate of 1 Hz": '{"type": "audio_metadata", "encoding": "audio/pcm", "rate": 1}',
    "a size below nothing": '{"type": "audio_metadata", "encoding": "audio/pcm", "rate": 24000, "size": -5}',
    "a binary frame of 3 bytes": b"\x00\x01\x02",
    "an empty binary frame": b"",
    "a picture in a binary frame": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


async def test_whatever_is_wrong_is_said_and_the_socket_stays(tmp_path):
    assert len(FRAMES) >= 20
    async with serving(tmp_path) as server, talking(server) as witness, talking(server) as client:
        await witness.say()
        for what, frame in FRAMES.items():
            await client.send(frame)
            event = await client.next()
            assert event.keys() == {"type", "message", "timestamp"}, what
            assert event["type"] == "error", (what, event)
            assert len(event["message"]) > 20, (what, event)
            assert not any(leak in event["message"] for leak in LEAKS), (what, event)
        await witness.until("response")
        assert [kind(event) for event in witness.got].count("error") == 0
        await client.say()
        await client.until("response")
        assert client.texts(TRANSCRIPT) == ["how much does it cost"]


BODIES = {
    "not JSON": b"{nope",
    "nothing": b"",
    "half": b'{"action": "sta',
    "bytes": b"\xff\xfe\x00",
    "audio without any": b'{"messageType": "audio"}',
    "audio that is empty": b'{"messageType": "audio", "audioData": ""}',
    "audio that is a number": b'{"messageType": "audio", "audioData": 5}',
    "audio that is no base64": b'{"messageType": "audio", "audioData": "this is not base64!"}',
    "text as audio": audio(b"How much does it cost? " * 40).encode(),
    "a picture as audio": audio(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20).encode(),
    "a WAV header and no sound": audio(recording(0)[:44]).encode(),
    "a broken WebM": audio(b"\x1a\x45\xdf\xa3" + b"\xff" * 400).encode(),
    "50 ms": audio(bytes(2_400)).encode(),
    "a text without any": b'{"messageType": "text"}',
    "a text that is a list": b'{"messageType": "text", "audioData": ["x"]}',
    "a text without end": json.dumps({"messageType": "text", "audioData": "x" * 100_000}).encode(),
    "a session that is a number": b'{"messageType": "text", "audioData": "hi", "sessionId": 5}',
    "a persona that is a list": b'{"messageType": "text", "audioData": "hi", "persona": []}',
}
NOT_JSON = {
    "statusCode": 400,
    "code": "FST_ERR_CTP_INVALID_JSON_BODY",
    "error": "Bad Request",
    "message": "Body is not valid JSON but content-type is set to 'application/json'",
}


async def test_whatever_is_wrong_with_a_request_is_said_and_a_conversation_goes_on_meanwhile(tmp_path):
    async with (
        serving(tmp_path) as server,
        talking(server) as witness,
        httpx.AsyncClient(base_url=server.http("")) as http,
    ):
        await witness.say()
        for what, body in BODIES.items():
            reply = await http.post("/api/audio/message", content=body, headers={"Content-Type": "application/json"})
            assert reply.status_code == 400, what
            answer = reply.json()
            if "statusCode" in answer:
                assert answer == NOT_JSON, what
            else:
                assert answer.keys() == {"error"}, what
                assert len(answer["error"]) > 15, what
            assert not any(leak in json.dumps(answer) for leak in LEAKS), (what, answer)
        nobody = await http.post("/api/message", json={"messageType": "text", "audioData": "hi", "persona": "nobody"})
        assert nobody.status_code == 404
        assert nobody.json().keys() == {"error"}
        await witness.until("response")
        assert "error" not in witness.kinds


@pytest.mark.parametrize("body", ["{}", "[]", "5", "null", '{"action": "pause"}', '{"messageType": "video"}'])
async def test_what_is_valid_and_asks_for_nothing_is_a_success(tmp_path, body):
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as http:
        reply = await http.post("/api/audio/message", content=body)
        assert (reply.status_code, reply.json()) == (200, {"success": True})


async def test_a_body_that_is_too_large_is_413(tmp_path):
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as http:
        reply = await http.post("/api/audio/message", content=b" " * (BODY_LIMIT + 1))
        assert reply.status_code == 413
        assert reply.json()["code"] == "FST_ERR_CTP_BODY_TOO_LARGE"
