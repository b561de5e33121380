"""The lanes of the socket: `Clear` goes first and takes stale audio with it, the rest keeps its order."""

import asyncio
import json
import threading

import pytest

from engine.audio import Pcm
from engine.messages import Clear, LineBegan, Said, Speech
from engine.wire.outbox import QUEUED, Outbox, Unread
from engine.wire.page import PageCodec
from engine.wire.pitch import PitchCodec


def line(generation):
    return LineBegan(line=generation, mark=1, text="One.", generation=generation, at=0.0, offset=0.0)


def speech(generation, mark=1):
    return Speech(line=generation, mark=mark, generation=generation, pcm=Pcm(bytes(640), 16_000))


def said(text):
    return Said(speaker="agent", text=text, start=0.0, end=1.0)


async def waiting(outbox):
    """All that would be sent now."""
    sent, frames = [], outbox.frames()
    while True:
        try:
            sent.append(await asyncio.wait_for(anext(frames), 0.1))
        except TimeoutError:
            return sent


def kinds(frames):
    return [json.loads(frame)["type"] if isinstance(frame, str) else "audio" for frame in frames]


async def test_clear_is_written_before_what_was_queued_and_stale_audio_never():
    outbox = Outbox(PageCodec(16_000))
    for output in (line(1), speech(1), said("One"), speech(1), Clear(generation=2), line(2), speech(2), said("Two")):
        outbox.put(output)
    assert kinds(await waiting(outbox)) == ["clear", "said", "line", "audio", "said"]


async def test_audio_of_an_old_generation_that_comes_late_is_not_sent():
    outbox = Outbox(PageCodec(16_000))
    for output in (Clear(generation=2), speech(1), line(1), speech(2)):
        outbox.put(output)
    assert kinds(await waiting(outbox)) == ["clear", "audio"]


class Held(PitchCodec):
    """Encodes when it is let."""

    def __init__(self):
        super().__init__("wav")
        self.begun, self.go = threading.Event(), threading.Event()

    def encode(self, output):
        if isinstance(output, Speech):
            self.begun.set()
            assert self.go.wait(5)
        return super().encode(output)


async def test_clear_does_not_wait_for_a_sentence_that_is_being_encoded_and_that_is_dropped():
    codec = Held()
    outbox = Outbox(codec)
    encoding = asyncio.create_task(outbox.encode())
    outbox.put(speech(1, mark=7))
    assert await asyncio.to_thread(codec.begun.wait, 5)
    outbox.put(Clear(generation=2))
    assert [json.loads(frame)["event"] for frame in await waiting(outbox)] == ["clear"]
    outbox.put(speech(2, mark=8))
    codec.go.set()
    sent = outbox.frames()
    first = json.loads(await asyncio.wait_for(anext(sent), 5))
    assert first["media"]["mark"] == 8
    encoding.cancel()
    await asyncio.wait([encoding])


async def test_a_client_that_does_not_read_is_let_go():
    outbox = Outbox(PageCodec(16_000))
    for _ in range(QUEUED):
        outbox.put(said("One"))
    assert kinds([await anext(outbox.frames())]) == ["said"]
    for _ in range(2):
        outbox.put(said("One"))
    with pytest.raises(Unread):
        await anext(outbox.frames())
