"""Everything that is wrong gets a clear error in the protocol's own form; the socket stays open, and nobody else hears
of it."""

from __future__ import annotations

import base64
import json

import pytest

from engine.media import encode_wav
from tests.wire.realtime import connected
from tests.wire.serving import serving, voice

LONG_WAV = base64.b64encode(encode_wav(voice(61))).decode()
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(500)).decode()


def update(**fields):
    return {"type": "session.update", "session_update": fields}


def hear(**fields):
    return {"type": "conversation.item.input", "conversation_item_input": fields}


def item(verb, **fields):
    return {"type": f"conversation.item.{verb}", f"conversation_item_{verb}": fields}


MALFORMED = [
    ("", "Invalid JSON format"),
    ("{", "Invalid JSON format"),
    ("hello", "Invalid JSON format"),
    ("[1, 2]", "Invalid JSON format"),
    ('"ping"', "Invalid JSON format"),
    ("null", "Invalid JSON format"),
    ("[" * 5000, "Invalid JSON format"),
    ('{"type": "ping", "ping": {"timestamp": NaN}}', "Invalid JSON format"),
    ('{"type": "session.update", "session_update": {"temperature": NaN}}', "Invalid JSON format"),
    ('{"type": "ping", "ping": "\\ud800"}', "Invalid JSON format"),
    (b"\x00\x01\x02", "binary frames"),
    (bytes(200_000), "binary frames"),
    ({}, '"type" is missing'),
    ({"type": None}, '"type" is missing'),
    ({"type": 5}, '"type" is missing'),
    ({"type": "session.delete"}, "type is not known"),
    ({"type": "conversation.item.truncate"}, "type is not known"),
    ({"type": "x" * 100_000}, "type is not known"),
    ({"type": "session.update"}, 'needs "session_update"'),
    ({"type": "session.update", "session_update": "alloy"}, 'needs "session_update"'),
    ({"type": "session.update", "session_update": []}, 'needs "session_update"'),
    (update(voice=5), '"voice" has to be a text'),
    (update(voice="a" * 101), '"voice" has to be a text of at most'),
    (update(language="English, please"), '"language" has to be a code'),
    (update(instructions=["be", "kind"]), '"instructions" has to be a text'),
    (update(instructions="x" * 20_001), '"instructions" has to be a text of at most'),
    (update(temperature=-0.1), '"temperature" has to be a number from 0 to 2'),
    (update(temperature="warm"), '"temperature" has to be a number'),
    (update(temperature=True), '"temperature" has to be a number'),
    (update(max_response_output_tokens=0), '"max_response_output_tokens" has to be a number from 1'),
    (update(max_response_output_tokens=1.5), '"max_response_output_tokens" has to be a whole number'),
    (update(input_audio_format="opus"), '"input_audio_format" has to be one of'),
    (update(output_audio_format=["pcm16"]), '"output_audio_format" has to be one of'),
    (update(sample_rate=1), "sampling rate"),
    (update(sample_rate=16000.5), '"sample_rate" has to be a whole number'),
    (update(turn_detection="always"), '"turn_detection" has to be'),
    (update(turn_detection={"type": ["server_vad"]}), '"turn_detection" has to be'),
    (update(turn_detection={"silence_duration_ms": -1}), '"silence_duration_ms" has to be a number'),
    ({"type": "conversation.item.input"}, 'needs "conversation_item_input"'),
    (hear(), '"audio" is missing'),
    (hear(audio=""), '"audio" is missing'),
    (hear(audio=7), '"audio" is missing'),
    (hear(audio="***"), "not base64"),
    (hear(audio="base64_encoded_audio_data"), "not base64"),
    (hear(audio=PICTURE), "a PNG picture"),
    (hear(audio=LONG_WAV), "too long"),
    (hear(audio="A" * (23 << 20)), "too large"),
    (hear(audio="AAAA", sample_rate="fast"), '"sample_rate" has to be a number'),
    (hear(type="input_video", audio="AAAA"), "type of input is not known"),
    (hear(type=["input_text"], text="Hello"), "type of input is not known"),
    (hear(type="input_text"), '"text" has to be a text'),
    (hear(type="input_text", text="   "), '"text" has to be a text'),
    (hear(type="input_text", text=12), '"text" has to be a text'),
    (hear(type="input_text", text="word " * 2000), '"text" has to be a text of 1 to'),
    (item("create"), '"content" has to be a text'),
    (item("create", content=[]), '"content" has to be a text'),
    (item("create", content=[7]), '"content" holds texts'),
    (item("create", content=[{"type": "input_audio", "audio": "AAAA"}]), "audio is taken by"),
    (item("create", type="function_call", content="x"), '"type" of an item'),
    (item("create", role="system", content="x"), '"role" has to be'),
    (item("create", id=5, content="x"), '"id" has to be an id'),
    (item("update", content="x"), '"item_id" has to be an id'),
    (item("update", item_id="nowhere", content="x"), "there is no item"),
    (item("delete", item_id="nowhere"), "there is no item"),
    (item("delete", item_id=None), '"item_id" has to be an id'),
    ({"type": "ping", "ping": {"timestamp": [1]}}, '"timestamp" has to be a number'),
    ({"type": "ping", "ping": {"timestamp": "x" * 101}}, '"timestamp" has to be a number'),
    ({"type": "input_audio_buffer.append"}, '"audio" is missing'),
    ({"type": "input_audio_buffer.append", "audio": PICTURE}, "a PNG picture"),
]


async def test_each_gets_a_clear_error_while_a_witness_is_undisturbed(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client, connected(server) as witness:
        before = await client.update()
        for number, (message, expected) in enumerate(MALFORMED):
            await client.raw(message)
            answer = await client.next()
            shown = str(message)[:80]
            assert answer.keys() == {"type", "error"}, shown
            assert answer["type"] == "error"
            assert answer["error"].keys() == {"code", "message"}
            assert answer["error"]["code"] == "internal_error"
            assert expected in answer["error"]["message"], shown
            assert len(answer["error"]["message"]) < 500, "nothing long is echoed"
            if number % 20 == 0:
                await witness.type("Hello")
                await witness.until("response.done")
        assert await client.update() == before, "what was refused changed nothing"
        await client.type("Hello")
        await client.until("response.done")
        assert client.text == "It is free."
        assert "error" not in witness.types


@pytest.mark.parametrize("audio", [b"\x01", b"\x01\x02\x03"])
async def test_half_a_sample_is_no_error(tmp_path, audio):
    async with serving(tmp_path) as server, connected(server) as client:
        await client.say(audio)
        await client.send("ping", ping={"timestamp": 1})
        assert (await client.next())["type"] == "pong"


def test_there_are_many_and_each_can_be_sent():
    assert len(MALFORMED) >= 60
    assert all(isinstance(message, (str, bytes)) or json.dumps(message) for message, _ in MALFORMED)
