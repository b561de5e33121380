"""Voices in the microphone that overlap and do not end: the agent never starts over them, and answers afterwards."""

import asyncio

from engine.floor import Verdict
from engine.messages import ANSWER, Judged, LineBegan, Said, Speech, State
from engine.providers.scripted import ScriptedEars
from tests.core.scene import talking
from tests.virtual_time import run


def test_the_agent_never_starts_over_voices_that_do_not_pause():
    async def scene():
        async with talking(ears=ScriptedEars(says=["what they both said"]), longest_turn=10.0) as s:
            await s.at(1.0)
            await s.say(17.0, pause_after=5.0)
            assert 11.0 < s.when(Judged)[0] < 11.2, "cut at the longest turn"
            assert s.silent_between(1.1, 18.0), "but nobody speaks over them"
            assert s.marks[-1] == ANSWER, "answered when it was quiet"
            assert s.when(Speech)[-1] > 18.0

    run(scene())


def test_voices_that_take_turns_without_a_gap_are_one_turn():
    async def scene():
        async with talking(ears=ScriptedEars(says=["yes no yes"] * 9), longest_turn=30.0) as s:
            await s.at(4.0)
            for _ in range(20):
                await s.say(0.7, pause_after=0.3)
            until = s.talk.journal.elapsed
            await s.say(0, pause_after=5.0)
            assert s.silent_between(4.0, until)
            assert s.verdicts == [Verdict.TURN]
            assert s.marks[-1] == ANSWER

    run(scene())


def test_somebody_else_who_goes_on_during_the_answer_silences_it_again():
    async def scene():
        async with talking(ears=ScriptedEars(says=["a question", "and another thing"], final_after=0.3)) as s:
            await s.at(4.0)
            await s.say(0.5, pause_after=1.2)
            assert s.states[-1] is State.SPEAKING
            await s.say(3.0, pause_after=0.0)
            until = s.talk.journal.elapsed
            await s.say(0, pause_after=6.0)
            assert s.silent_between(until - 2.9, until)
            assert [said.text for said in s.all(Said) if said.speaker == "user"] == ["a question", "and another thing"]

    run(scene())


def test_a_television_without_words_silences_for_one_turn_at_most():
    async def scene():
        async with talking(ears=ScriptedEars(says=[""]), longest_turn=10.0) as s:
            await s.at(1.0)
            television = asyncio.create_task(s.say(60.0, pause_after=0.0))
            await s.at(15.0)  # the turn, and no second one for the sound that goes on
            assert s.verdicts == [Verdict.NOISE]
            assert len(s.all(LineBegan)) > 2, "it went on with its opening"
            television.cancel()

    run(scene())
