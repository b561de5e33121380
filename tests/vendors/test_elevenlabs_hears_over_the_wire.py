"""ElevenLabs' ears against Scribe's wire: words, times, order of turns, and what is sent for them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Expectation
from engine.providers.deadlines import HearingDeadlines
from engine.providers.elevenlabs_ears import ElevenLabsEars
from tests.vendors.elevenlabs import KEY, emulated, eventually

PATIENT = HearingDeadlines(handshake=10, no_result=10, final=10, quiet=10)
FIRST = [("Um,", 0.2, 0.4), ("this", 0.5, 0.7), ("is", 0.8, 0.9), ("it.", 1.0, 1.3)]
SECOND = [("And", 0.1, 0.3), ("this.", 0.4, 0.8)]
PLACE = b"".join(number.to_bytes(2, "little") for number in range(1, 16_001))
"""A second of sound in which every sample tells its place."""


@asynccontextmanager
async def listening(vendor, *, expect=None, **made):
    ears = ElevenLabsEars(**{"key": KEY, "base_url": vendor.base, "deadlines": PATIENT} | made)
    async with ears.listen(expect or Expectation()) as ear:
        yield ear
    await ears.close()


def sound(seconds):
    return Pcm((PLACE * 5)[: round(seconds * 16_000) * 2], 16_000)


def push(ear, pcm, turn):
    """In live frames of 20 ms, all at once."""
    step = pcm.rate // 50 * 2
    for at in range(0, len(pcm.data), step):
        ear.push(Pcm(pcm.data[at : at + step], pcm.rate), turn)


async def final(ear, turn):
    """The final transcript of `turn`, and the interim texts before it."""
    interim = []
    async with asyncio.timeout(15):
        async for heard in ear:
            assert heard.turn == turn
            if heard.final:
                return heard, interim
            interim.append(heard.text)
    raise AssertionError("the ear closed")


async def understood(ear, turn, seconds=1.5):
    push(ear, sound(seconds), turn)
    ear.finish(turn)
    heard, _ = await final(ear, turn)
    return heard


def words(heard):
    return [(word.text, round(word.start, 6), round(word.end, 6)) for word in heard.words]


@pytest.mark.parametrize("since", ["session", "stretch"])
async def test_what_is_said_is_understood_with_its_times_from_the_start_of_its_turn(since):
    async with emulated(says=[FIRST, SECOND], since=since) as vendor, listening(vendor) as ear:
        first, second = await understood(ear, 1), await understood(ear, 2, 1.0)
    assert first.text == "Um, this is it."
    assert words(first) == FIRST
    assert first.confidence == pytest.approx(0.9)
    assert second.text == "And this."
    assert words(second) == SECOND
    assert len(vendor.sessions) == 1


async def test_words_are_told_while_they_are_said():
    async with emulated(says=[FIRST]) as vendor, listening(vendor) as ear:
        push(ear, sound(1.5), 1)
        heard = []
        async for interim in ear:
            assert not interim.final
            heard.append(interim.text)
            if len(heard) == 1 and interim.text == "Um, this is it.":
                break
            if len(heard) == 2:
                break
        assert all("Um, this is it.".startswith(text) for text in heard)
        ear.finish(1)
        assert (await final(ear, 1))[0].text == "Um, this is it."


async def test_every_sample_arrives_once_in_order_and_a_turn_ends_with_a_commit():
    async with emulated(says=[FIRST, SECOND]) as vendor, listening(vendor) as ear:
        await understood(ear, 1)
        await understood(ear, 2, 1.0)
        (session,) = vendor.sessions
    assert bytes(session.audio) == sound(1.5).data + sound(1.0).data
    assert [message["commit"] for message in session.messages].count(True) == 2
    assert session.messages[-1]["commit"]


async def test_the_wire_is_asked_for_every_word_in_the_right_language_and_for_names():
    sentences = ("We sell through HubSpot and Rostrum daily.", "The Extraordinarily Long Name is too long.")
    expect = Expectation(sentences=sentences, language="de")
    async with emulated(says=[FIRST]) as vendor, listening(vendor, expect=expect) as ear:
        await understood(ear, 1)
        query = vendor.sessions[0].query
    assert query["no_verbatim"] == "false"
    assert query["include_timestamps"] == "true"
    assert query["language_code"] == "de"
    head = vendor.requests[-1].head
    assert b"keyterms=HubSpot" in head
    assert b"keyterms=Rostrum" in head
    assert b"Extraordinarily" not in head, "the vendor takes no term as long as that"


async def test_a_turn_too_short_to_commit_is_filled_up_with_silence():
    async with emulated(says=[[("Yes.", 0.0, 0.1)]]) as vendor, listening(vendor) as ear:
        assert (await understood(ear, 1, 0.1)).text == "Yes."
        (session,) = vendor.sessions
        assert session.ended is None
        assert bytes(session.audio) == sound(0.1).data + silence(0.3, 16_000).data


async def test_a_turn_that_was_never_spoken_and_one_without_words_end_empty():
    async with emulated(says=[[], SECOND]) as vendor, listening(vendor) as ear:
        ear.finish(1)
        heard, interim = await final(ear, 1)
        assert not heard.text
        assert not interim
        assert not (await understood(ear, 2)).text
        assert words(await understood(ear, 3)) == SECOND


@pytest.mark.parametrize("kind", ["plain", "timed"])
async def test_one_of_the_two_answers_is_enough(kind):
    quick = HearingDeadlines(handshake=10, no_result=10, final=10, quiet=0.05)
    only = {"plain": kind == "plain", "timed": kind == "timed"}
    async with emulated(says=[FIRST, SECOND], **only) as vendor, listening(vendor, deadlines=quick) as ear:
        first, second = await understood(ear, 1), await understood(ear, 2)
    assert first.text == "Um, this is it."
    assert words(first) == (FIRST if kind == "timed" else [])
    assert second.text == "And this."


async def test_a_long_turn_that_the_vendor_commits_in_between_is_understood_whole():
    async with emulated(says=[FIRST, SECOND], commits_itself=1.5) as vendor, listening(vendor) as ear:
        push(ear, sound(1.5), 1)
        async for interim in ear:
            if interim.text == "Um, this is it.":
                break
        vendor.commits_itself = None
        push(ear, sound(1.0), 1)
        ear.finish(1)
        heard, _ = await final(ear, 1)
    assert heard.text == "Um, this is it. And this."
    assert words(heard)[:4] == FIRST
    assert [word[0] for word in words(heard)[4:]] == ["And", "this."]
    assert words(heard)[4][1] == pytest.approx(1.6, abs=0.1)


async def test_an_abandoned_turn_is_not_told_and_leaves_nothing_in_the_next():
    async with emulated(says=[FIRST], talkative=False) as vendor, listening(vendor) as ear:
        push(ear, sound(1.0), 1)
        await eventually(lambda: vendor.sessions and vendor.sessions[0].audio)
        heard = await understood(ear, 2)
        assert words(heard) == FIRST


async def test_turns_that_follow_quickly_are_kept_apart():
    async with emulated(says=[FIRST, SECOND, FIRST]) as vendor, listening(vendor) as ear:
        for turn in (1, 2, 3):
            push(ear, sound(1.5), turn)
            ear.finish(turn)
        assert [(await final(ear, turn))[0].text for turn in (1, 2, 3)] == [
            "Um, this is it.",
            "And this.",
            "Um, this is it.",
        ]


async def test_audio_is_taken_before_there_is_a_connection():
    async with emulated(says=[FIRST]) as vendor:
        vendor.faults.slow_headers = 0.2
        async with listening(vendor) as ear:
            assert words(await understood(ear, 1)) == FIRST


async def test_audio_of_another_rate_is_heard_whole():
    async with emulated(says=[FIRST]) as vendor, listening(vendor) as ear:
        push(ear, Pcm(b"\x00\x10" * 72_000, 48_000), 1)
        ear.finish(1)
        assert words((await final(ear, 1))[0]) == FIRST
        assert len(vendor.sessions[0].audio) == 24_000 * 2


async def test_too_much_for_one_turn_is_refused():
    async with emulated() as vendor, listening(vendor) as ear:
        with pytest.raises(TooLarge):
            for _ in range(200):
                ear.push(silence(1.0, 16_000), 1)


async def test_leaving_ends_the_iteration_and_closes_the_connection():
    async with emulated() as vendor:
        before = asyncio.all_tasks()
        async with listening(vendor) as ear:
            push(ear, sound(1.0), 1)
            await eventually(lambda: vendor.sessions and vendor.sessions[0].audio)
        async with asyncio.timeout(5):
            async for _ in ear:
                pass
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_a_key_is_checked_without_listening():
    async with emulated() as vendor:
        await (ears := ElevenLabsEars(key=KEY, base_url=vendor.base)).check()
        await ears.close()
        wrong = ElevenLabsEars(key="another", base_url=vendor.base)
        with pytest.raises(ProviderFailed, match="ELEVENLABS_API_KEY"):
            await wrong.check()
        await wrong.close()
        assert not vendor.sessions
