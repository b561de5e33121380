"""What cannot be used on `/conversation`: this protocol's own error, or the tolerance it documents; and nobody else
notices."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

import pytest
import websockets

from engine.media import encode_wav
from engine.wire import vocode
from engine.wire.vocode_messages import START
from tests.wire.calling import call, golden, hosted
from tests.wire.serving import serving, voice

LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."
"""2.8 s."""


def start(**changes):
    return golden("start") | changes


def formats(**config):
    return start(input_audio_config=config)


def audio(data):
    return {"type": "websocket_audio", "data": data}


STARTS = {
    "no JSON": ("hello", 1007, "this is not JSON"),
    "half JSON": ('{"type": "websocket_audio_config_start"', 1007, "this is not JSON"),
    "a list": ([start()], 1007, "a JSON object"),
    "a number": ("42", 1007, "a JSON object"),
    "nested too deep": ("[" * 100_000, 1007, "this is not JSON"),
    "no type": ({"input_audio_config": {}}, 1003, "the first message has to be a websocket_audio_config_start"),
    "type of another kind": ({"type": 1}, 1003, "the first message has to be"),
    "audio first": (audio("AAAA"), 1003, "the first message has to be"),
    "unknown type": ({"type": "start"}, 1003, "the first message has to be"),
    "binary first": (b"\0" * 640, 1003, "the first message has to be"),
    "unknown encoding": (formats(audio_encoding="opus"), 1008, '"audio_encoding" has to be "linear16" or "mulaw"'),
    "encoding a number": (formats(audio_encoding=16), 1008, '"audio_encoding" has to be a text'),
    "rate 0": (formats(sampling_rate=0), 1008, '"sampling_rate" has to be from 8000 to 192000 Hz'),
    "rate 1e9": (formats(sampling_rate=1e9), 1008, '"sampling_rate" has to be from 8000 to 192000 Hz'),
    "rate below zero": (formats(sampling_rate=-16_000), 1008, '"sampling_rate" has to be'),
    "rate a text": (formats(sampling_rate="16000"), 1008, '"sampling_rate" has to be a whole number'),
    "rate true": (formats(sampling_rate=True), 1008, '"sampling_rate" has to be a whole number'),
    "rate broken": (formats(sampling_rate=16_000.5), 1008, '"sampling_rate" has to be a whole number'),
    "rate out": (start(output_audio_config={"sampling_rate": 4_000}), 1008, '"sampling_rate" has to be from 8000'),
    "downsampling 0": (formats(downsampling=0), 1008, '"downsampling" has to be from 1 to 8'),
    "downsampling 1e6": (formats(downsampling=10**6), 1008, '"downsampling" has to be from 1 to 8'),
    "config a list": (start(input_audio_config=[16_000]), 1008, '"input_audio_config" has to be an object'),
    "subscription a text": (start(subscribe_transcript="yes"), 1008, '"subscribe_transcript" has to be true or false'),
    "id a number": (start(conversation_id=7), 1008, '"conversation_id" has to be a text'),
    "id too long": (start(conversation_id="x" * 1000), 1008, '"conversation_id" has at most 200 characters'),
    "unknown container": (start(output_audio_config={"container": "mp3"}), 1008, "expected wav or raw"),
    "opening a number": (hosted(7), 1008, '"text" has to be a text'),
    "opening too long": (hosted("x" * 5000), 1008, '"text" has at most 2000 characters'),
    "agent a text": (hosted() | {"agent_config": "chat"}, 1008, '"agent_config" has to be an object'),
    "hosted rate 1": (hosted(sampling_rate=1), 1008, '"sampling_rate" has to be from 8000'),
}
ADDRESSES = {
    "?format=mp3": "this format is not known: expected wav or raw",
    "?sender=me": "this sender is not known: expected user or human",
    "?persona=nobody": "there is nobody called 'nobody' to talk with",
    f"?persona={quote('😀' * 60)}": "there is nobody called",
}
REFUSED = {
    "no JSON": ("hello", "this is not JSON"),
    "a list": ("[]", "expected a JSON object"),
    "no type": ({"data": "AAAA"}, 'this "type" is not known'),
    "unknown type": ({"type": "websocket_sing"}, 'this "type" is not known'),
    "one of ours": (golden("ready"), 'this "type" is not known'),
    "no data": ({"type": "websocket_audio"}, 'websocket_audio needs "data"'),
    "data null": (audio(None), 'websocket_audio needs "data"'),
    "data a list": (audio([0, 0]), 'websocket_audio needs "data"'),
    "bad base64": (audio("%%%%"), "this is not base64"),
    "words": (golden("audio"), "this is not base64"),
    "text as audio": (audio(base64.b64encode(b"How much does it cost? " * 9).decode()), "this is text, not audio"),
    "a picture": (audio(base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(99)).decode()), "this is a PNG picture"),
    "a damaged file": (audio(base64.b64encode(encode_wav(voice(0.1))[:16] + bytes(400)).decode()), "is damaged"),
    "too much sound": (audio(base64.b64encode(bytes(32_000 * 61)).decode()), "60 s"),
    "too many bytes": (audio("A" * (24 << 20)), "too large"),
    "a second start that is none": (formats(sampling_rate=0), '"sampling_rate" has to be'),
}
TOLERATED = {
    "odd bytes": audio(base64.b64encode(bytes(641)).decode()),
    "empty data": audio(""),
    "camelCase in audio": {"type": "websocket_audio", "data": "AAAA", "sampleRate": 16_000},
    "no padding": audio("AAA"),
    "url-safe letters": audio("__-_"),
    "a data URL": audio("data:audio/wav;base64,AAAA"),
    "binary audio": bytes(640),
    "an empty binary frame": b"",
    "bytes of half a sample": b"\0",
    "a second start": start(),
    "a second start in camelCase": {
        "type": "websocket_audio_config_start",
        "inputAudioConfig": {"samplingRate": 8_000},
    },
    "a second start of the other kind": hosted() | {"type": START},
}


@asynccontextmanager
async def witnessed(folder):
    """A server on which somebody else is spoken to from beginning to end, and notices nothing."""
    async with serving(folder) as server, call(server) as witness:
        await witness.begin(hosted(LONG))
        yield server
        await witness.quiet()
        assert set(witness.kinds) == {"ready", "audio"}
        assert witness.pcm().seconds == pytest.approx(2.8, abs=0.05)
        await witness.send(golden("stop"))
        assert await witness.closed() == (1000, "")


def is_error(message, text):
    assert message["type"] == "websocket_error", message
    assert text in message["message"] and message["error"] == message["message"] and message["code"]
    return True


async def test_a_start_that_is_none_is_told_why_and_closed(tmp_path):
    async with witnessed(tmp_path) as server:
        await asyncio.gather(*(_refused(server, *case) for case in STARTS.values()))
        assert server.studio.meetings.count("vocode") == 1, "only the witness's conversation was ever begun"


async def _refused(server, frame, code, text):
    async with call(server) as caller:
        await caller.send(json.dumps(frame) if isinstance(frame, list) else frame)
        assert is_error(await caller.next(), text)
        closed, reason = await caller.closed()
        assert closed == code and reason.startswith(caller.got[0][1]["message"][:100])


async def test_an_address_that_asks_for_what_is_not_there(tmp_path):
    async with witnessed(tmp_path) as server:
        for query, text in ADDRESSES.items():
            async with call(server, f"conversation{query}") as caller:
                with suppress(websockets.ConnectionClosed):  # what is wrong may be told at once
                    await caller.send(golden("start"))
                assert is_error(await caller.next(), text)
                assert (await caller.closed())[0] == 1008


async def test_in_mid_call_it_is_told_and_the_call_goes_on(tmp_path):
    async with witnessed(tmp_path) as server, call(server) as caller:
        await caller.begin()
        for name, (frame, text) in REFUSED.items():
            await caller.send(frame)
            assert is_error(await _next_but_speech(caller), text), name
        await _goes_on(caller)


async def test_what_is_tolerated_is_not_even_mentioned(tmp_path):
    async with witnessed(tmp_path) as server, call(server) as caller:
        await caller.begin()
        for name, frame in TOLERATED.items():
            await caller.send(frame)
            if name.startswith("a second start"):
                assert (await _next_but_speech(caller))["type"] == "websocket_ready", name
        await _goes_on(caller)
        assert "error" not in caller.kinds


async def _next_but_speech(caller):
    while (message := await caller.next())["type"] in ("websocket_audio", "websocket_transcript"):
        pass
    return message


async def _goes_on(caller):
    """It still listens, as it was asked to in the end, and answers."""
    await caller.begin_again()
    await caller.quiet(0.8)
    await caller.speak()
    await caller.until("transcript", text="It is free.")


async def test_hosted_clients_are_told_nothing_that_they_do_not_know(tmp_path):
    async with witnessed(tmp_path) as server, call(server) as caller:
        await caller.begin(hosted())
        for frame, _ in REFUSED.values():
            await caller.send(frame)
        await caller.quiet(0.8)
        assert set(caller.kinds) == {"ready", "audio"}
        await caller.speak()
        assert (await caller.next())["type"] == "websocket_audio"


async def test_a_frame_beyond_all_measure_closes_the_socket(tmp_path, caplog):
    async with witnessed(tmp_path) as server, call(server) as caller:
        await caller.begin()
        with suppress(websockets.ConnectionClosed):  # before the last of it is sent
            await caller.send(bytes(33 << 20))
        assert (await caller.closed())[0] == 1009
    assert "unexpected" not in caplog.text


async def test_one_that_never_starts_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setattr(vocode, "START_WITHIN", 0.2)
    async with witnessed(tmp_path) as server, call(server) as caller:
        assert is_error(await caller.next(), "no start message came within")
        assert (await caller.closed())[0] == 1008
