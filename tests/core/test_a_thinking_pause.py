"""How long a listener may pause to think: as long as they are given, and for as long as they hold the floor."""

import asyncio

import pytest

from engine.floor import Verdict
from engine.messages import Hold, Judged, Patience, Said, Speech, State
from engine.providers.scripted import ScriptedEars
from tests.core.scene import talking
from tests.virtual_time import run

OFFSET = 0.1
"""Seconds after which the scripted detector finds silence; then patience runs."""


def judged_at(s):
    return next((at for at, out in s.out if isinstance(out, Judged)), None)


@pytest.mark.parametrize("patience", [0.3, 1.5])
def test_a_pause_in_mid_sentence_within_patience_is_one_turn(patience):
    async def scene():
        ears = ScriptedEars(says=["what I mean is the price", "never"])
        async with talking(ears=ears, patience=patience) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=patience)
            await s.say(0.5, pause_after=patience + 0.5)
            assert [said.text for said in s.all(Said) if said.speaker == "user"] == ["what I mean is the price"]
            assert judged_at(s) == pytest.approx(5.0 + patience + OFFSET + patience, abs=0.021)

    run(scene())


def test_while_held_no_pause_ends_the_turn_and_released_in_silence_it_ends_after_patience():
    async def scene():
        async with talking(ears=ScriptedEars(says=["a long thought"])) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=0.2)
            s.talk.post(Hold(on=True))
            await s.say(0, pause_after=20.0)
            await s.say(0.5, pause_after=20.0)
            assert not s.all(Judged)
            assert s.states[-1] is State.LISTENING
            assert s.silent_between(4.0, 46.0)
            s.talk.post(Hold(on=False))
            released = s.talk.journal.elapsed
            await s.say(0, pause_after=5.0)
            assert judged_at(s) == pytest.approx(released + 0.5), "patience, from the release on"
            assert s.verdicts == [Verdict.TURN]

    run(scene())


def test_released_while_speaking_the_turn_ends_after_the_speech():
    async def scene():
        async with talking(ears=ScriptedEars(says=["a long thought"])) as s:
            await s.at(4.0)
            s.talk.post(Hold(on=True))
            await s.say(1.0, pause_after=3.0)
            speaking = asyncio.create_task(s.say(2.0, pause_after=3.0))
            await asyncio.sleep(0.5)
            s.talk.post(Hold(on=False))
            await asyncio.sleep(1.0)
            assert not s.all(Judged)
            await speaking
            assert judged_at(s) == pytest.approx(4.0 + 4.0 + 2.0 + OFFSET + 0.5, abs=0.021)

    run(scene())


def test_a_held_floor_ends_at_the_longest_turn_all_the_same():
    async def scene():
        async with talking(ears=ScriptedEars(says=["hm"]), longest_turn=30.0) as s:
            await s.at(4.0)
            s.talk.post(Hold(on=True))
            await s.say(0.5, pause_after=40.0)
            assert judged_at(s) == pytest.approx(4.0 + 30.0, abs=0.1)

    run(scene())


@pytest.mark.parametrize(("patience", "after"), [(0.1, 0.1), (2.0, 2.0)])
def test_patience_changed_in_mid_pause_counts_from_then(patience, after):
    async def scene():
        async with talking(ears=ScriptedEars(says=["well"])) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=0.3)
            s.talk.post(Patience(seconds=patience))
            changed = s.talk.journal.elapsed
            await s.say(0, pause_after=3.0)
            assert judged_at(s) == pytest.approx(changed + after)
            await s.at(15.0)
            assert s.when(Speech)[-1] > judged_at(s)

    run(scene())


def test_patience_set_while_held_is_that_of_the_release():
    async def scene():
        async with talking(ears=ScriptedEars(says=["well"])) as s:
            await s.at(4.0)
            s.talk.post(Hold(on=True))
            await s.say(0.5, pause_after=2.0)
            s.talk.post(Patience(seconds=1.5))
            await s.say(0, pause_after=5.0)
            assert not s.all(Judged)
            s.talk.post(Hold(on=False))
            released = s.talk.journal.elapsed
            await s.say(0, pause_after=3.0)
            assert judged_at(s) == pytest.approx(released + 1.5)

    run(scene())
