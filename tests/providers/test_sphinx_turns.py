"""Turns share the processes that hear them. (What all ears do with turns is in speech_to_text_conformance.)"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine.audio import silence
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Expectation
from engine.providers.offline_sphinx import SphinxEars
from tests.providers.hearing import DEADLINE, UNHURRIED, final, hear, said

EXPECT = Expectation(sentences=("Does it work without the internet?", "Who is it for?"))


@pytest.fixture
async def ears() -> AsyncIterator[SphinxEars]:
    ears = SphinxEars(children=1, limits=UNHURRIED)
    yield ears
    await ears.close()


async def test_more_than_a_minute_is_refused_and_what_was_said_before_is_understood(ears: SphinxEars) -> None:
    clip = await said("Who is it for?")
    async with ears.listen(EXPECT) as listening:
        listening.push(clip, 1)
        with pytest.raises(TooLarge, match="60 seconds"):
            listening.push(silence(59.9, 16_000), 1)
        listening.finish(1)
        assert (await final(listening, 1)).text == "who is it for"


async def test_a_second_speaker_waits_for_the_only_child(ears: SphinxEars) -> None:
    async with ears.listen(EXPECT) as one, ears.listen(EXPECT) as two:
        one.push(await said("Does it work without the internet?"), 1)
        two.push(await said("Who is it for?"), 1)
        two.finish(1)
        one.finish(1)
        assert (await final(one, 1)).text == "does it work without the internet"
        assert (await final(two, 1)).text == "who is it for"


async def test_who_still_speaks_makes_way_for_who_has_finished_and_loses_nothing(ears: SphinxEars) -> None:
    clip = await said("Does it work without the internet?")
    begun, more, rest = (clip.cut(a * clip.seconds, b * clip.seconds) for a, b in ((0, 0.6), (0.6, 0.8), (0.8, 1)))
    async with ears.listen(EXPECT) as one, ears.listen(EXPECT) as two:
        one.push(begun, 1)
        async with asyncio.timeout(DEADLINE):
            assert not (await anext(aiter(one))).final
        two.push(await said("Who is it for?"), 1)
        two.finish(1)
        one.push(more, 1)
        assert (await final(two, 1)).text == "who is it for"
        one.push(rest, 1)
        one.finish(1)
        assert (await final(one, 1)).text == "does it work without the internet"


async def test_who_leaves_in_the_middle_of_a_turn_frees_the_child(ears: SphinxEars) -> None:
    async with ears.listen(EXPECT) as leaving:
        leaving.push(await said("Does it work without the internet?"), 1)
        async with asyncio.timeout(DEADLINE):
            await anext(aiter(leaving))
    async with ears.listen(EXPECT) as listening:
        assert (await hear(listening, await said("Who is it for?"), 1)).text == "who is it for"


async def test_after_closing_nothing_is_started_any_more(ears: SphinxEars) -> None:
    await ears.warm()
    await ears.close()
    with pytest.raises(ProviderFailed, match="closed"):
        await ears.warm()


def test_ears_are_made_without_an_event_loop() -> None:
    assert SphinxEars().about.local
