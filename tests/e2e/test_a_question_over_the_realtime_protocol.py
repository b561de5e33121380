"""`python main.py` as anybody starts it, without a key: a question asked aloud over the realtime protocol is heard,
answered in text and sound, and a tone is not taken for words."""

from __future__ import annotations

import array
import json
import math
from contextlib import asynccontextmanager

import websockets

from engine.audio import Pcm
from engine.media import encode_wav
from engine.providers.base import Voice
from engine.providers.offline_espeak import EspeakVoice
from tests.e2e.browser import server
from tests.wire.realtime import PATH, Client


@asynccontextmanager
async def talking(running):
    async with websockets.connect(f"{running.url.replace('http', 'ws')}{PATH}/ann", proxy=None) as socket:
        yield Client(socket)


async def said(text):
    """`text` in the voice that the offline recogniser understands best."""
    chunks = [chunk.pcm async for chunk in EspeakVoice().speak(text, Voice(name="en-us-clear"))]
    return Pcm(b"".join(chunk.data for chunk in chunks), chunks[0].rate)


async def test_a_spoken_question_is_heard_and_answered(tmp_path):
    question = encode_wav(await said("I want to talk about my work."))
    with server(tmp_path) as running:
        async with talking(running) as client:
            await client.say(question)
            created = (await client.until("conversation.item.created", seconds=60))["conversation_item"]
            heard = created["content"][0]["transcript"]
            assert "work" in heard.lower().split() or "talk" in heard.lower().split(), heard
            await client.until("response.done", seconds=60)
            assert len(client.text.split()) >= 3
            assert len(client.audio) / 2 / 24_000 > 0.5
            assert max(abs(sample) for sample in memoryview(client.audio).cast("h")) > 1000
            assert client.types.count("response.done") == 1
            assert "error" not in client.types


async def test_a_tone_is_quietly_done_and_a_text_after_it_is_answered(tmp_path):
    samples = (round(8000 * math.sin(2 * math.pi * 440 * n / 16_000)) for n in range(32_000))
    tone = encode_wav(Pcm(array.array("h", samples).tobytes(), 16_000))
    with server(tmp_path) as running:
        async with talking(running) as client:
            await client.say(tone)
            done = await client.until("response.done", seconds=60)
            assert done["response"]["usage"] == {"input_tokens": 0, "output_tokens": 0}
            assert client.types == ["response.done"], json.dumps(client.got)[:500]
            await client.type("I want to talk about my work.")
            await client.until("response.done", seconds=60)
            assert client.text
            assert client.audio
