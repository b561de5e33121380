"""A conversation whose client drops and comes back: silent and unhurried meanwhile, then on where it was."""

import asyncio
from dataclasses import replace

import pytest

from engine.messages import (
    ANSWER,
    OPENING,
    Clear,
    Fault,
    Hold,
    Judged,
    Left,
    LineBegan,
    Played,
    ReplyEnded,
    Returned,
    Said,
    Speech,
    StateChanged,
    TalkPressed,
    WordsTimed,
)
from engine.playout import Delivery
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.core.scene import PAT, ReportingClient, talking
from tests.virtual_time import run


def after(s, at, kind):
    return [out for when, out in s.out if when >= at and isinstance(out, kind)]


def test_it_is_silent_while_nobody_is_there_and_goes_on_at_the_word_that_was_cut():
    async def scene():
        async with talking() as s:
            await s.at(0.6)
            s.talk.post(Left())
            await s.at(20.0)
            assert s.silent_between(0.6, 20.0)
            s.talk.post(Returned())
            await s.at(30.0)
            again = after(s, 20.0, LineBegan)
            assert [(line.text, line.offset, round(line.at, 6)) for line in again] == [
                ("Good morning to you.", 0.5, 0.0),
                ("What brings you here today?", 0.0, 0.5),
            ]
            assert [said.text for said in s.all(Said)] == ["Good morning to you.", "What brings you here today?"]
            assert [reply.complete for reply in s.all(ReplyEnded)] == [True]

    run(scene())


def test_who_comes_back_is_told_the_state_the_line_and_all_its_words():
    async def scene():
        async with talking() as s:
            await s.at(0.6)
            s.talk.post(Left())
            await s.at(5.0)
            s.talk.post(Returned())
            told = [out for at, out in s.out if at >= 5.0 and isinstance(out, (StateChanged, LineBegan, WordsTimed))]
            assert {StateChanged, LineBegan, WordsTimed} == {type(out) for out in told}
            assert len(next(out for out in told if isinstance(out, WordsTimed)).words) == 4

    run(scene())


def test_a_reply_that_became_ready_meanwhile_waits_for_them():
    async def scene():
        async with talking(mind=ScriptedMind(text="Yes.", first_after=1.0), ears=ScriptedEars(says=["are you"])) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Left())  # in mid-sentence: the microphone is gone, too
            await s.at(20.0)
            assert [judged.text for judged in s.all(Judged)] == ["are you"]
            assert s.silent_between(4.0, 20.0)
            s.talk.post(Returned())
            await s.at(25.0)
            assert s.marks == [OPENING, OPENING, ANSWER]
            assert s.all(ReplyEnded)[-1].complete

    run(scene())


@pytest.mark.parametrize("holding", [TalkPressed(), Hold(on=True)])
def test_who_goes_lets_go_of_key_and_floor(holding):
    async def scene():
        async with talking(ears=ScriptedEars(says=["one", "two"])) as s:
            await s.at(4.0)
            s.talk.post(holding)
            await s.say(0.5, pause_after=0.3)
            s.talk.post(Left())
            await s.at(10.0)
            assert len(s.all(Judged)) == 1
            s.talk.post(Returned())
            await s.at(15.0)
            await s.say(0.5)
            assert len(s.all(Judged)) == 2

    run(scene())


@pytest.mark.parametrize("stalled_for", [0.0, 4.0])
def test_a_client_that_reports_starts_from_nothing_and_hears_the_rest(stalled_for):
    """Also where it held nothing when it dropped, since the voice was slow: it counts what it plays from nothing."""

    class Slow(ScriptedSpeech):
        async def speak(self, text, voice):
            async for chunk in ScriptedSpeech.speak(self, text, voice):
                yield chunk
                if chunk.words and chunk.words[0].start == 0.5:
                    await asyncio.sleep(stalled_for)

    async def scene():
        persona = replace(PAT, opening="One two three four five six.")
        async with talking(persona=persona, speech=Slow(chunk=0.25), delivery=Delivery(reports=True)) as s:
            playing = asyncio.create_task(ReportingClient(s).run())
            await s.at(1.5 if stalled_for else 0.5)
            playing.cancel()
            s.talk.post(Left())
            await s.at(2.0)
            client = ReportingClient(s)
            client.generation = s.all(Clear)[-1].generation
            kept, s.out = s.out, []
            s.talk.post(Returned())
            playing = asyncio.create_task(client.run())
            await s.at(15.0)
            playing.cancel()
            assert not s.all(Fault)
            assert s.all(LineBegan)[0].at == 0.0
            assert s.all(Said)[-1].text == persona.opening
            heard_before = next(out.offset for out in s.all(LineBegan))
            assert client.got == pytest.approx(1.5 - heard_before), "nothing twice, nothing lost"
            assert [out for _, out in kept if isinstance(out, LineBegan)], "it had begun"

    run(scene())


def test_a_report_that_the_old_client_could_not_make_still_counts():
    async def scene():
        async with talking(delivery=Delivery(reports=True, lead=0.4)) as s:
            await s.at(0.1)
            s.talk.post(Played(generation=1, seconds=0.05))
            s.talk.post(Left())
            await s.at(5.0)
            s.talk.post(Played(generation=1, seconds=0.4))
            s.talk.post(Returned())
            assert after(s, 5.0, LineBegan)[0].offset == 0.25, "the start of the second word, not of the first"

    run(scene())


def test_going_twice_or_coming_twice_changes_nothing():
    async def scene():
        async with talking() as s:
            await s.at(0.6)
            for message in (Left(), Left(), Returned(), Returned()):
                s.talk.post(message)
            await s.at(10.0)
            assert [said.text for said in s.all(Said)] == ["Good morning to you.", "What brings you here today?"]
            generations = [out.generation for out in s.all(Speech)]
            assert generations == sorted(generations)

    run(scene())
