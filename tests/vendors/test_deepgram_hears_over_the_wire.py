"""Deepgram's ears against its wire: words, times, order of turns, and what is sent for them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Expectation
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, deepgram

BOTH = pytest.mark.parametrize("kind", [DeepgramEars, DeepgramFlux])
PATIENT = HearingDeadlines(handshake=10, no_result=10, final=10, quiet=10)
FIRST, SECOND = "Um, this is the first sentence of it.", "And here is the second."


@asynccontextmanager
async def listening(kind, server, *, expect=None, **made):
    ears = kind(key=KEY, base_url=server.url, **{"deadlines": PATIENT} | made)
    await ears.warm()
    async with ears.listen(expect or Expectation()) as ear:
        yield ear
    await ears.close()


def push(ear, pcm, turn):
    """In live frames of 20 ms, all at once."""
    step = pcm.rate // 50 * 2
    for at in range(0, len(pcm.data), step):
        ear.push(Pcm(pcm.data[at : at + step], pcm.rate), turn)


async def final(ear, turn):
    """The final transcript of `turn`, and the interim ones before it."""
    interim = []
    async with asyncio.timeout(15):
        async for heard in ear:
            assert heard.turn == turn
            if heard.final:
                return heard, interim
            interim.append(heard.text)
    raise AssertionError("the ear closed")


async def understood(ear, pcm, turn):
    push(ear, pcm, turn)
    ear.finish(turn)
    heard, _ = await final(ear, turn)
    return heard.text


async def until(true):
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


@BOTH
async def test_what_is_said_is_understood_with_its_times(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        for turn, text in enumerate((FIRST, SECOND), 1):
            push(ear, uttered(text, after=0.5, tail=0.5), turn)
            ear.finish(turn)
            heard, interim = await final(ear, turn)
            assert heard.text == text
            assert interim
            assert all(text.startswith(each) for each in interim)
            assert [word.text for word in heard.words] == text.split()
            assert [word.start for word in heard.words] == pytest.approx(
                [0.5 + place * 0.25 for place in range(len(text.split()))], abs=0.02
            ), "seconds of the turn, not of the connection"
            assert all(word.end - word.start == pytest.approx(0.2, abs=0.02) for word in heard.words)
            assert heard.confidence == pytest.approx(0.9)
        assert len(server.sessions) == 1


@BOTH
async def test_words_are_told_while_they_are_said(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        push(ear, uttered(FIRST), 1)
        async with asyncio.timeout(5):
            heard = await anext(ear)
        assert not heard.final
        assert FIRST.startswith(heard.text)


@BOTH
async def test_the_wire_is_asked_for_what_it_needs(kind):
    expect = Expectation(sentences=("We built Rostrum in New York.", "It is a B2B product, and Rostrum is free."))
    async with deepgram() as server, listening(kind, server, expect=expect) as ear:
        await understood(ear, uttered("Hello."), 1)
    (session,) = server.sessions
    assert session.asked("encoding") == ["linear16"]
    assert session.asked("sample_rate") == ["16000"]
    assert session.asked("keyterm") == ["Rostrum", "New York", "B2B"]
    if kind is DeepgramEars:
        assert session.asked("model") == ["nova-3"]
        assert session.asked("filler_words") == ["true"]
        assert session.asked("interim_results") == ["true"]
        assert session.asked("language") == ["en"]
    else:
        assert session.asked("model") == ["flux-general-en"]


async def test_other_languages_are_heard_by_the_models_that_know_them():
    for kind in (DeepgramEars, DeepgramFlux):
        async with deepgram() as server, listening(kind, server, expect=Expectation(language="de")) as ear:
            await understood(ear, uttered("Guten Morgen."), 1)
        (session,) = server.sessions
        if kind is DeepgramEars:
            assert session.asked("language") == ["de"]
            assert not session.asked("filler_words")
        else:
            assert session.asked("model") == ["flux-general-multi"]
            assert session.asked("language_hint") == ["de"]


@BOTH
async def test_a_turn_that_was_never_spoken_and_one_without_words_end_empty(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        ear.finish(1)
        heard, _ = await final(ear, 1)
        assert (heard.text, heard.words) == ("", ())
        assert await understood(ear, silence(1.0, 16_000), 2) == ""
        assert await understood(ear, uttered(FIRST), 3) == FIRST


@BOTH
async def test_an_abandoned_turn_is_not_told_and_leaves_nothing_in_the_next(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        push(ear, uttered("Nobody wants to know this."), 1)
        await until(lambda: server.sessions and server.sessions[0].audio)
        assert await understood_only(ear, uttered(SECOND), 2) == SECOND


async def understood_only(ear, pcm, turn):
    """As `understood`, passing over interim words of turns before."""
    push(ear, pcm, turn)
    ear.finish(turn)
    async with asyncio.timeout(15):
        async for heard in ear:
            assert heard.turn == turn or not heard.final
            if heard.final:
                return heard.text
    raise AssertionError("the ear closed")


@BOTH
async def test_turns_that_follow_quickly_are_kept_apart(kind):
    async with deepgram(final_after=0.05) as server, listening(kind, server) as ear:
        texts = [f"Turn number {number} says this." for number in range(1, 6)]
        for turn, text in enumerate(texts, 1):
            push(ear, uttered(text), turn)
            ear.finish(turn)
        finals = []
        async with asyncio.timeout(15):
            async for heard in ear:
                finals += [(heard.turn, heard.text)] if heard.final else []
                if len(finals) == len(texts):
                    break
        assert finals == list(enumerate(texts, 1))


@BOTH
async def test_words_up_to_the_very_end_are_understood(kind):
    """As when the key is released in the middle of a word."""
    async with deepgram() as server, listening(kind, server) as ear:
        pcm = uttered(FIRST)
        assert await understood(ear, pcm.cut(0.0, pcm.seconds - 0.15), 1) == FIRST


@BOTH
async def test_a_pause_in_a_turn_does_not_end_it(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        push(ear, uttered(FIRST, tail=1.5), 1)
        assert await understood(ear, uttered(SECOND), 1) == f"{FIRST} {SECOND}"


@BOTH
async def test_audio_is_taken_before_there_is_a_connection(kind):
    async with deepgram(slow_headers=0.3) as server, listening(kind, server) as ear:
        assert await understood(ear, uttered(FIRST), 1) == FIRST


@BOTH
async def test_audio_of_another_rate_is_heard_whole(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        for rate in (48_000, 24_000):
            push(ear, silence(0.5, rate), 1)
        ear.finish(1)
        await final(ear, 1)
        assert 1.0 <= len(server.sessions[0].audio) / 32_000 < 1.0 + 0.5, "no more than Flux's silence behind it"


@BOTH
async def test_too_much_for_one_turn_is_refused(kind):
    async with deepgram() as server, listening(kind, server) as ear:
        for _ in range(12):
            ear.push(silence(10.0, 16_000), 1)
        with pytest.raises(TooLarge, match="120 seconds"):
            ear.push(silence(10.0, 16_000), 1)


async def test_nova_is_kept_from_hanging_up_while_nobody_speaks():
    waits = HearingDeadlines(keep_alive=0.05, handshake=10, no_result=10, final=10)
    async with deepgram(idle_close=1.0) as server, listening(DeepgramEars, server, deadlines=waits) as ear:
        await until(lambda: server.sessions and len(server.sessions[0].kinds) >= 22)
        assert await understood(ear, uttered(FIRST), 1) == FIRST
        assert set(server.sessions[0].kinds) == {"KeepAlive", "Finalize"}
        assert len(server.sessions) == 1


@BOTH
async def test_words_come_when_the_vendor_does_not_confirm_the_end_of_a_turn(kind):
    """It need not, where only silence was left."""
    waits = HearingDeadlines(quiet=0.2, final=10)
    async with deepgram(confirms=False) as server, listening(kind, server, deadlines=waits) as ear:
        assert await understood(ear, uttered(FIRST, tail=0.8), 1) == FIRST
        assert await understood(ear, uttered(SECOND, tail=0.8), 2) == SECOND


async def test_where_flux_took_a_turn_to_be_over_its_words_are_final_without_asking():
    async with deepgram(confirms=False) as server, listening(DeepgramFlux, server) as ear:
        for tail in (0.5, 1.0):
            push(ear, uttered(FIRST, tail=tail), turn := round(tail * 2))
            await until(lambda: len(server.sessions) == 1)
            await asyncio.sleep(0.05)
            ear.finish(turn)
            heard, _ = await final(ear, turn)
            assert heard.text == FIRST


@BOTH
async def test_leaving_ends_the_iteration_and_closes_the_connection(kind):
    before = asyncio.all_tasks()
    async with deepgram() as server:
        async with listening(kind, server) as ear:
            assert await understood(ear, uttered(FIRST), 1) == FIRST
        assert [heard async for heard in ear] == []
        await until(lambda: server.open == 0)
    assert asyncio.all_tasks() == before


@BOTH
@pytest.mark.parametrize("faults", [{"silent_peer": True}, {"slow_headers": 30}], ids=["silent", "opening"])
async def test_leaving_does_not_wait_for_whoever_does_not_answer(kind, faults):
    async with deepgram(**faults) as server:
        ears = kind(key=KEY, base_url=server.url)
        await ears.warm()
        loop = asyncio.get_running_loop()
        async with ears.listen(Expectation()) as ear:
            push(ear, uttered(FIRST), 1)
            await until(lambda: server.requests)
            leaves = loop.time()
        assert loop.time() - leaves < 5.0, "the vendor's library waits for 10 to 30"
        await until(lambda: server.open == 0)
        await ears.close()


@BOTH
async def test_a_key_is_checked_without_listening(kind):
    async with deepgram() as server:
        await kind(key=KEY, base_url=server.url).check()
        with pytest.raises(ProviderFailed, match="refused the key") as refused:
            await kind(key="dg-wrong", base_url=server.url).check()
    assert not refused.value.retryable
    assert {request.path for request in server.requests} == {"/v1/projects"}
