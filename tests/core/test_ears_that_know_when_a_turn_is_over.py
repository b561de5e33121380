"""A recogniser that is sure that a turn is over ends it, unless the listener wants more time, or is heard to speak."""

import asyncio

import pytest

from engine.floor import Floor, Verdict
from engine.messages import ANSWER, Hold, Judged, Patience, Said, TalkPressed, TalkReleased
from engine.providers.base import EndOfTurn, Transcript
from engine.providers.scripted import ScriptedEars
from engine.turn import Decide, Due, Finish, Heard, Offset, Onset, Phase, Turn, step
from engine.words import load
from tests.core.scene import talking
from tests.virtual_time import run

FLOOR = Floor(words=load(), patience=0.6)
OFFSET = 0.1
"""Seconds after which the scripted detector finds silence; then patience runs."""


class Machine:
    """The turn machine, stepped by hand; `did` is everything that it asked for."""

    def __init__(self, floor=FLOOR):
        self.floor, self.turn, self.did = floor, Turn(), []

    def step(self, now, fact):
        self.turn, effects = step(self.turn, fact, now, self.floor)
        self.did += effects
        return effects

    def speaks(self, now):
        self.step(now, Onset(at=now, over_agent=False))

    def falls_silent(self, now):
        return self.step(now, Offset(settled=False))

    def hears(self, now, text="how much is it", opinion=EndOfTurn.UNKNOWN, *, final=False, turn=None):
        number = self.turn.number if turn is None else turn
        return self.step(now, Heard(transcript=Transcript(turn=number, text=text, final=final, end_of_turn=opinion)))


def asks_for_words(effects):
    return [effect for effect in effects if isinstance(effect, Finish)] != []


# ---- the machine ----------------------------------------------------------------------------------------------------


def test_sure_of_it_in_silence_it_ends_at_once_and_is_decided_once():
    turn = Machine()
    turn.speaks(1.0)
    turn.falls_silent(2.0)
    assert asks_for_words(turn.hears(2.1, opinion=EndOfTurn.OVER))
    turn.hears(2.2, opinion=EndOfTurn.OVER)
    turn.step(2.6, Due())
    turn.hears(2.7, final=True)
    turn.hears(2.8, final=True)
    assert [type(effect) for effect in turn.did[1:]] == [Finish, Decide]


@pytest.mark.parametrize("opinion", [EndOfTurn.UNKNOWN, EndOfTurn.LIKELY, EndOfTurn.RESUMED])
def test_anything_less_shortens_nothing(opinion):
    turn = Machine()
    turn.speaks(1.0)
    turn.falls_silent(2.0)
    assert not turn.hears(2.1, opinion=opinion)
    assert not turn.step(2.59, Due())
    assert asks_for_words(turn.step(2.6, Due()))


def test_who_is_audibly_speaking_is_not_ended():
    turn = Machine()
    turn.speaks(1.0)
    assert not turn.hears(2.0, opinion=EndOfTurn.OVER)
    assert turn.turn.phase is Phase.SPEAKING
    assert not turn.falls_silent(3.0), "what it thought a second ago was not of this silence"
    assert turn.turn.deadline == 3.6


def test_what_it_was_sure_of_just_before_silence_was_found_counts():
    turn = Machine()
    turn.speaks(1.0)
    turn.hears(2.0, opinion=EndOfTurn.OVER)
    turn.hears(2.1, opinion=EndOfTurn.OVER)
    assert asks_for_words(turn.falls_silent(2.3))


def test_what_it_took_back_does_not_count():
    turn = Machine()
    turn.speaks(1.0)
    turn.hears(2.0, opinion=EndOfTurn.OVER)
    turn.hears(2.1, opinion=EndOfTurn.RESUMED)
    assert not turn.falls_silent(2.2)


def test_going_on_makes_void_what_it_thought_of_the_pause():
    turn = Machine(Floor(words=load(), patience=1.5))
    turn.speaks(1.0)
    turn.falls_silent(2.0)
    turn.hears(2.1, opinion=EndOfTurn.OVER)
    turn.floor = FLOOR
    turn.speaks(2.2)
    assert not turn.falls_silent(2.3)


def test_an_opinion_of_another_turn_changes_nothing():
    turn = Machine()
    turn.speaks(1.0)
    turn.falls_silent(2.0)
    for number in (0, 2):
        assert not turn.hears(2.1, opinion=EndOfTurn.OVER, turn=number)


@pytest.mark.parametrize(("patience", "waits"), [(0.9, False), (0.91, True), (60.0, True)])
def test_who_is_granted_longer_pauses_than_usual_gets_them(patience, waits):
    turn = Machine(Floor(words=load(), patience=patience))
    turn.speaks(1.0)
    turn.falls_silent(2.0)
    assert asks_for_words(turn.hears(2.1, opinion=EndOfTurn.OVER)) is not waits


# ---- a conversation -------------------------------------------------------------------------------------------------


def judged_at(s):
    return [at for at, out in s.out if isinstance(out, Judged)]


def test_the_answer_comes_sooner_and_once():
    async def scene():
        async with talking(ears=ScriptedEars(says=["it is about money"]), patience=0.8) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=0.2)
            s.understand("it is about money", EndOfTurn.OVER)
            await s.say(0, pause_after=3.0)
            assert judged_at(s) == [pytest.approx(4.7)], "and not after patience, at 5.4"
            assert s.marks.count(ANSWER) == 2, "two sentences of one answer"
            assert [said.text for said in s.all(Said) if said.speaker == "user"] == ["it is about money"]

    run(scene())


def test_whoever_goes_on_all_the_same_loses_nothing_and_gets_one_answer():
    async def scene():
        ears = ScriptedEars(says=["it is about", "money"], final_after=0.5)
        async with talking(ears=ears, patience=0.8) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=0.2)
            s.understand("it is about", EndOfTurn.OVER)
            await s.say(0, pause_after=0.2)
            await s.say(0.5, pause_after=3.0)
            assert [said.text for said in s.all(Said) if said.speaker == "user"] == ["it is about money"]
            assert s.verdicts == [Verdict.TURN]

    run(scene())


def test_a_held_floor_a_longer_patience_and_a_key_win():
    async def scene():
        async with talking(ears=ScriptedEars(says=["one", "two", "three"]), patience=0.5) as s:
            await s.at(4.0)
            s.talk.post(Hold(on=True))
            await s.say(0.5, pause_after=0.2)
            s.understand("one", EndOfTurn.OVER)
            await s.say(0, pause_after=5.0)
            assert not judged_at(s)
            s.talk.post(Hold(on=False))
            await s.say(0, pause_after=9.0)
            assert len(judged_at(s)) == 1

            s.talk.post(Patience(seconds=2.0))
            began = s.talk.journal.elapsed
            await s.say(0.5, pause_after=0.2)
            s.understand("two", EndOfTurn.OVER)
            await s.say(0, pause_after=9.0)
            assert judged_at(s)[1] == pytest.approx(began + 0.5 + OFFSET + 2.0, abs=0.021)

            s.talk.post(Patience(seconds=0.5))
            s.talk.post(TalkPressed())
            await s.say(0.5, pause_after=0.2)
            s.understand("three", EndOfTurn.OVER)
            await asyncio.sleep(3.0)
            assert len(judged_at(s)) == 2
            s.talk.post(TalkReleased())
            await asyncio.sleep(0.1)
            assert len(judged_at(s)) == 3

    run(scene())
