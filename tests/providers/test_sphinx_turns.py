"""Turns of an ear: one final each, in order, none for what was abandoned, and a child for whoever speaks."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Expectation, Listening, Transcript
from engine.providers.offline_sphinx import SphinxEars
from tests.providers.hearing import DEADLINE, final, hear, said

EXPECT = Expectation(sentences=("Does it work without the internet?", "Who is it for?"))


@pytest.fixture
async def ears() -> AsyncIterator[SphinxEars]:
    ears = SphinxEars(children=1)
    yield ears
    await ears.close()


async def finals(listening: Listening, count: int) -> list[Transcript]:
    found: list[Transcript] = []
    async with asyncio.timeout(DEADLINE):
        async for transcript in listening:
            if transcript.final:
                found.append(transcript)
            if len(found) == count:
                break
    return found


async def test_finals_come_in_the_order_of_turns_once_each(ears: SphinxEars) -> None:
    clip = await said("Who is it for?")
    async with ears.listen(EXPECT) as listening:
        for turn in (1, 2, 3):
            listening.push(clip, turn)
            listening.finish(turn)
            listening.finish(turn)
        heard = await finals(listening, 3)
        listening.finish(4)
        heard += await finals(listening, 1)
    assert [(t.turn, t.text) for t in heard] == [*((turn, "who is it for") for turn in (1, 2, 3)), (4, "")]


async def test_an_abandoned_turn_has_no_final(ears: SphinxEars) -> None:
    async with ears.listen(EXPECT) as listening:
        listening.push(await said("Does it work without the internet?"), 1)
        async with asyncio.timeout(DEADLINE):
            interim = await anext(aiter(listening))
        assert (interim.turn, interim.final) == (1, False)
        listening.push(await said("Who is it for?"), 2)
        listening.finish(1)
        listening.finish(2)
        assert (await final(listening, 2)).text == "who is it for"


async def test_late_audio_of_a_finished_turn_is_not_heard(ears: SphinxEars) -> None:
    async with ears.listen(EXPECT) as listening:
        listening.push(await said("Who is it for?"), 1)
        listening.finish(1)
        listening.push(await said("Does it work without the internet?"), 1)
        assert (await final(listening, 1)).text == "who is it for"


async def test_a_turn_without_audio_ends_empty(ears: SphinxEars) -> None:
    async with ears.listen(EXPECT) as listening:
        listening.push(Pcm(b"", 16_000), 1)
        listening.finish(1)
        assert (await final(listening, 1)).text == ""


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


async def test_an_error_in_the_conversation_leaves_as_it_is(ears: SphinxEars) -> None:
    with pytest.raises(LookupError):
        async with ears.listen(EXPECT) as listening:
            listening.push(silence(0.5, 16_000), 1)
            raise LookupError


async def test_after_closing_nothing_is_started_any_more(ears: SphinxEars) -> None:
    await ears.warm()
    await ears.close()
    with pytest.raises(ProviderFailed, match="closed"):
        await ears.warm()


def test_ears_are_made_without_an_event_loop() -> None:
    assert SphinxEars().about.local
