"""Deepgram's Flux tells what it thinks of the end of a turn, over its wire, and a conversation makes use of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.audio import Pcm
from engine.journal import Event
from engine.messages import Judged, MicAudio, Said
from engine.providers.base import EndOfTurn, Expectation
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from engine.providers.scripted import ScriptedMind, ScriptedSpeech
from tests.core.scene import FRAME, talking
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, deepgram

PATIENT = HearingDeadlines(handshake=10, no_result=10, final=10, quiet=10)
FIRST, SECOND = "It is about money.", "And about love."
NEVER = 30.0
"""Seconds of patience that no test waits for."""


@asynccontextmanager
async def flux(server):
    ears = DeepgramFlux(key=KEY, base_url=server.url, deadlines=PATIENT)
    await ears.warm()
    yield ears
    await ears.close()


def frames(pcm):
    step = round(FRAME * pcm.rate) * 2
    return [Pcm(pcm.data[at : at + step], pcm.rate) for at in range(0, len(pcm.data), step)]


async def opinions(pcm):
    """What Flux lets know of a turn, until it is sure that it is over."""
    async with deepgram() as server, flux(server) as ears, ears.listen(Expectation()) as ear:
        for frame in frames(pcm):
            ear.push(frame, 1)
        told = []
        async with asyncio.timeout(10):
            async for heard in ear:
                told.append((heard.text, heard.end_of_turn))
                if heard.end_of_turn is EndOfTurn.OVER:
                    break
        ear.finish(1)
        async with asyncio.timeout(10):
            final = await anext(aiter(ear))
        assert final.final
        assert (final.text, final.end_of_turn) == (told[-1][0], EndOfTurn.UNKNOWN)
        return told


async def test_what_it_thinks_comes_with_the_words():
    told = await opinions(uttered(FIRST, tail=1.0))
    assert told[-2:] == [(FIRST, EndOfTurn.LIKELY), (FIRST, EndOfTurn.OVER)]
    assert {opinion for _, opinion in told[:-2]} == {EndOfTurn.UNKNOWN}


async def test_it_takes_back_what_it_thought_where_somebody_goes_on():
    pause = uttered(FIRST, tail=0.4)
    told = await opinions(Pcm(pause.data + uttered(SECOND, tail=1.0).data, pause.rate))
    changes = [opinion for at, (_, opinion) in enumerate(told) if at == 0 or told[at - 1][1] is not opinion]
    assert changes[:3] == [EndOfTurn.UNKNOWN, EndOfTurn.LIKELY, EndOfTurn.RESUMED]
    assert told[-1] == (f"{FIRST} {SECOND}", EndOfTurn.OVER)


async def test_what_it_thought_of_a_turn_is_not_thought_of_the_next():
    async with deepgram() as server, flux(server) as ears, ears.listen(Expectation()) as ear:
        for turn, text in enumerate((FIRST, SECOND), 1):
            for frame in frames(uttered(text)):
                ear.push(frame, turn)
            ear.finish(turn)
            async with asyncio.timeout(10):
                async for heard in ear:
                    assert heard.end_of_turn is EndOfTurn.UNKNOWN
                    if heard.final:
                        assert heard.text == text
                        break


# ---- a conversation -------------------------------------------------------------------------------------------------


async def speak(stage, pcm):
    """Into the microphone, at the pace of life."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    for frame in frames(pcm):
        stage.talk.post(MicAudio(pcm=frame))
        due += FRAME
        await asyncio.sleep(due - loop.time())


@asynccontextmanager
async def talk(ears, *, ahead=False, mind=None, **floor):
    mind = mind or ScriptedMind(text="I see.")
    speech = ScriptedSpeech(word_seconds=0.05)
    async with talking(ears=ears, speech=speech, mind=mind, ahead=ahead, **floor) as stage, asyncio.timeout(40):
        await stage.until(Said, 2)  # the opening
        yield stage


def seconds(stage, event):
    return next(entry.at for entry in stage.talk.journal.entries if entry.event is event)


async def test_a_turn_that_it_takes_for_over_is_answered_without_waiting_for_patience():
    async with (
        deepgram() as server,
        flux(server) as ears,
        talk(ears, patience=NEVER, ordinary_patience=NEVER) as stage,
    ):
        await speak(stage, uttered(FIRST, tail=1.5))
        await stage.until(Judged)
        await stage.until(Said, 4)
        assert [said.text for said in stage.all(Said)][2:] == [FIRST, "I see."]
        assert len(stage.all(Judged)) == 1
        assert seconds(stage, Event.TURN_ENDED) - seconds(stage, Event.SPEECH_ENDED) < NEVER / 2


@pytest.mark.parametrize("kind", [DeepgramFlux, DeepgramEars])
async def test_who_was_granted_longer_pauses_than_usual_gets_them_and_so_does_who_has_no_opinion(kind):
    floor = {"patience": 1.4} if kind is DeepgramFlux else {"patience": 0.9}
    async with deepgram() as server:
        ears = kind(key=KEY, base_url=server.url, deadlines=PATIENT)
        await ears.warm()
        async with talk(ears, **floor) as stage:
            await speak(stage, uttered(FIRST, tail=2.0))
            await stage.until(Said, 4)
            waited = seconds(stage, Event.TURN_ENDED) - seconds(stage, Event.SPEECH_ENDED)
            assert waited >= floor["patience"] - 0.01
        await ears.close()


async def test_its_first_doubt_is_enough_to_begin_to_think_and_the_reply_is_asked_for_once():
    mind = ScriptedMind(text="I see.", first_after=0.01)
    async with (
        deepgram() as server,
        flux(server) as ears,
        talk(ears, ahead=True, mind=mind, patience=0.9) as stage,
    ):
        await speak(stage, uttered(FIRST, tail=1.5))
        await stage.until(Said, 4)
        assert [prompt.question for prompt in mind.asked] == [FIRST]
        assert [said.text for said in stage.all(Said)][2:] == [FIRST, "I see."]
