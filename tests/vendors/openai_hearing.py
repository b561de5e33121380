"""What the tests of OpenAI's ears share."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed
from engine.providers.base import Expectation
from engine.providers.deadlines import HearingDeadlines
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_live_ears import OpenAiLiveEars
from tests.vendors.openai import signal

SAID = "well um it is it is free"
SLOW = HearingDeadlines(handshake=10, final=10, backoff=0.02)
"""Where an answer comes."""
QUICK = HearingDeadlines(handshake=0.15, final=0.15, catch_up=0.0, backoff=0.02, close=0.1)
"""Where none comes anyway."""
KINDS = (OpenAiEars, OpenAiLiveEars)


def speech(seconds=2.0, rate=16_000):
    """Sound that is no silence."""
    return Pcm(signal("x" * 200, rate), rate).cut(0, seconds)


@asynccontextmanager
async def ear(kind, server, *, sentences=(), deadlines=SLOW, **made):
    ears = kind(base_url=server.url, deadlines=deadlines, **made)
    await ears.warm()
    async with ears.listen(Expectation(sentences=sentences)) as listening:
        yield listening
    await ears.close()


def say(listening, turn=1, pcm=None, *, finish=True):
    """A turn in live frames of 20 ms, all at once."""
    pcm = pcm or speech()
    for at in range(0, len(pcm.data), pcm.rate // 50 * 2):
        listening.push(Pcm(pcm.data[at : at + pcm.rate // 50 * 2], pcm.rate), turn)
    if finish:
        listening.finish(turn)


async def heard(listening, finals=1):
    """All that comes up to so many finals: transcripts, and failures among them."""
    found, left = [], finals
    async with asyncio.timeout(10):
        while left:
            try:
                found.append(await anext(aiter(listening)))
                left -= found[-1].final
            except ProviderFailed as failed:
                found.append(failed)
    return found


async def final(listening):
    """The next final, nothing having failed."""
    found = await heard(listening)
    faults = [each for each in found if isinstance(each, ProviderFailed)]
    assert not faults, faults
    return found[-1]


def pause(seconds):
    return silence(seconds, 16_000)
