"""Deepgram's ears against its wire: words, times, order of turns, and what is sent for them."""

import asyncio

import pytest

from engine.audio import Pcm
from engine.providers.base import Expectation
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, deepgram


def speak(listening, pcm, turn):
    """In live frames of 20 ms, but at once."""
    for at in range(0, len(pcm.data), 640):
        listening.push(Pcm(pcm.data[at : at + 640], pcm.rate), turn)


async def final(listening, turn):
    async with asyncio.timeout(5):
        async for heard in listening:
            if heard.final:
                assert heard.turn == turn
                return heard
    raise AssertionError("the ear closed")


@pytest.mark.parametrize("ears", [DeepgramEars, DeepgramFlux])
async def test_what_is_said_is_understood(ears):
    async with deepgram() as server:
        ear = ears(key=KEY, base_url=server.url)
        async with ear.listen(Expectation()) as listening:
            speak(listening, uttered("Um, the first sentence of it.", after=0.5, tail=0.5), 1)
            listening.finish(1)
            heard = await final(listening, 1)
            assert heard.text == "Um, the first sentence of it."
            speak(listening, uttered("And the second", after=0.3), 2)
            listening.finish(2)
            heard = await final(listening, 2)
            assert heard.text == "And the second"
        await ear.close()
