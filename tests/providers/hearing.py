"""What the tests of recognisers share: recorded voices, synthesized ones, and an ear that is asked one turn."""

from __future__ import annotations

import asyncio

import pytest

from bench.recordings import Reading, readings
from engine.audio import Pcm, silence
from engine.providers.base import Listening, Transcript, Voice
from engine.providers.child_pool import Limits
from engine.providers.offline_espeak import EspeakVoice

UNHURRIED = Limits(start=60.0, answer=60.0)
"""What is understood is asked for, not how soon, on a machine that is busy."""
DEADLINE = 120


def recorded(name: str) -> list[Reading]:
    """The recordings whose names begin with `name`; skips the test where they are not beside the repository."""
    found = [reading for reading in readings() if reading.path.name.startswith(name)]
    if not found:
        pytest.skip("no recorded human voices in ../shared/audio")
    return found


async def said(text: str) -> Pcm:
    """`text` in the synthesized voice that a recogniser understands best; a turn's pre-roll before it."""
    chunks = [chunk.pcm async for chunk in EspeakVoice().speak(text, Voice(name="en-us-clear"))]
    rate = chunks[0].rate
    return Pcm(silence(0.3, rate).data + b"".join(chunk.data for chunk in chunks), rate)


async def final(listening: Listening, turn: int) -> Transcript:
    """The final transcript of `turn`; anything else that is final before it is an error."""
    async with asyncio.timeout(DEADLINE):
        async for transcript in listening:
            if transcript.final:
                assert transcript.turn == turn
                return transcript
    raise AssertionError("the ear closed without a final transcript")


async def hear(listening: Listening, pcm: Pcm, turn: int) -> Transcript:
    """`pcm` as one turn, pushed in live frames of 20 ms."""
    step = pcm.rate // 50 * 2
    for at in range(0, len(pcm.data), step):
        listening.push(Pcm(pcm.data[at : at + step], pcm.rate), turn)
    listening.finish(turn)
    return await final(listening, turn)
