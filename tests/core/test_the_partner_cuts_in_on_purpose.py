"""Practising to be interrupted: when the partner cuts in, what it says, and who keeps the floor. Nothing that was said
by then is lost."""

import asyncio
from itertools import pairwise

import pytest

from engine.audio import HEARING_RATE, silence
from engine.cutting_in import MANNERS, Gaps, Hardness
from engine.floor import Verdict
from engine.inputs import CutIns
from engine.messages import (
    Cancel,
    Clear,
    Hold,
    LineBegan,
    MicAudio,
    Said,
    Speech,
    State,
    TalkPressed,
    TalkReleased,
)
from engine.providers.scripted import ScriptedEars, ScriptedMind
from tests.core.scene import FRAME, talking, voice
from tests.virtual_time import run

CUT = "Sorry, but who pays for that?"
GAP = 0.08
"""Seconds between two words: less than what the scripted detector takes for silence."""
SAID = ["we build a sensor for farms and it", "the ministry pays for it", "and then some more", "and on"]


class CuttingMind(ScriptedMind):
    """Cuts in with `CUT`; answers as it is told."""

    def reply(self, prompt):
        self.asked.append(prompt)
        mind = ScriptedMind(text=CUT if prompt.cuts_in else self.text, fails=self.fails, first_after=self.first_after)
        return mind.reply(prompt)


async def speak(s, seconds, *, word=0.32, until=None):
    """Words with short gaps between them, for `seconds` or until something has been emitted."""
    begun = len(s.all(until)) if until else 0
    for _ in range(round(seconds / (word + GAP))):
        for pcm in [voice(FRAME)] * round(word / FRAME) + [silence(FRAME, HEARING_RATE)] * round(GAP / FRAME):
            s.talk.post(MicAudio(pcm=pcm))
            await asyncio.sleep(FRAME)
            if until and len(s.all(until)) > begun:
                return


def talk(hardness=Hardness.FIRM, **rest):
    return talking(ears=rest.pop("ears", ScriptedEars(says=list(SAID))), mind=rest.pop("mind", CuttingMind()), **rest)


def cuts(s):
    """(when, its text) of each time the partner cut in."""
    return [(at, out.text) for at, out in s.out if isinstance(out, LineBegan) and out.mark == "interjection"]


async def cut_into(s, hardness):
    """Speak until the partner has cut in; when."""
    s.talk.post(CutIns(hardness=hardness))
    await s.at(4.0)
    await speak(s, 60, until=LineBegan)
    assert len(cuts(s)) == 1
    return cuts(s)[0][0]


@pytest.mark.parametrize("hardness", [Hardness.GENTLE, Hardness.FIRM, Hardness.RELENTLESS])
def test_it_cuts_in_after_enough_was_said_and_in_a_gap_between_two_words(hardness):
    async def scene():
        async with talk() as s:
            at = await cut_into(s, hardness) - 4.0
            after = MANNERS[hardness].after
            assert after <= at <= 1.5 * after + 0.5
            assert at % 0.4 == pytest.approx(0.38, abs=0.021), "at the end of a word, not within one"
            assert cuts(s)[0][1] == CUT
            assert s.states[-1] is State.SPEAKING

    run(scene())


def test_switched_off_it_lets_everybody_finish():
    async def scene():
        async with talk() as s:
            await s.at(4.0)
            await speak(s, 40)
            await s.say(0, pause_after=3.0)
            assert not cuts(s)
            assert s.verdicts == [Verdict.TURN]

    run(scene())


def test_without_a_gap_it_waits():
    async def scene():
        async with talk() as s:
            s.talk.post(CutIns(hardness=Hardness.FIRM))
            await s.at(4.0)
            await s.say(20.0, pause_after=0)
            assert not cuts(s)

    run(scene())


def test_what_it_had_ready_for_a_turn_that_ended_first_never_sounds():
    async def scene():
        async with talk() as s:
            s.talk.post(CutIns(hardness=Hardness.FIRM))
            await s.at(4.0)
            while not s.mind.asked:
                await speak(s, 0.4)
            assert s.mind.asked[-1].cuts_in
            await s.say(0, pause_after=3.0)
            assert not cuts(s)
            assert s.verdicts == [Verdict.TURN]
            assert CUT not in [text for _, text, _ in s.transcript]

    run(scene())


def test_who_gives_way_is_kept_word_for_word_and_the_partner_finishes():
    async def scene():
        async with talk() as s:
            at = await cut_into(s, Hardness.FIRM)
            await s.say(0, pause_after=6.0)
            mine = next(said for said in s.all(Said) if said.speaker == "user")
            assert (mine.text, mine.interrupted) == (SAID[0], True)
            assert mine.start == pytest.approx(4.0, abs=0.05)
            assert s.verdicts == [Verdict.CUT_OFF]
            assert ("agent", CUT, False) in s.transcript, "it is heard to its end, and nothing answers beside it"
            assert s.silent_between(at + 2.5, 99)

            await s.say(1.0, pause_after=3.0)
            asked = s.mind.asked[-1]
            assert asked.question == SAID[1]
            assert [line.text for line in asked.history][-2:] == [f"{SAID[0]} —", CUT], "both, in their order"

    run(scene())


def test_words_that_are_understood_late_stand_before_what_cut_them_off():
    async def scene():
        async with talk(ears=ScriptedEars(says=list(SAID), final_after=3.5)) as s:
            await cut_into(s, Hardness.FIRM)
            await s.say(0, pause_after=6.0)
            await s.say(1.0, pause_after=6.0)
            history = [line.text for line in s.mind.asked[-1].history]
            assert history[-2:] == [f"{SAID[0]} —", CUT]

    run(scene())


@pytest.mark.parametrize("hardness", [Hardness.GENTLE, Hardness.FIRM])
def test_who_speaks_on_keeps_the_floor_and_is_answered_whole(hardness):
    async def scene():
        async with talk() as s:
            at = await cut_into(s, hardness)
            cleared = len(s.all(Clear))
            await speak(s, 6.0)
            yielded = s.when(Clear)[cleared] - at
            assert yielded == pytest.approx(MANNERS[hardness].yields, abs=0.05)
            assert not [t for t in s.when(Speech) if at + yielded < t < at + 6.0]
            await s.say(0, pause_after=3.0)
            agent = [text for who, text, interrupted in s.transcript if who == "agent" and interrupted]
            assert len(agent) <= 1 and all(CUT.startswith(text) for text in agent), "as far as it was heard"
            assert s.verdicts == [Verdict.TURN]
            assert s.mind.asked[-1].question == SAID[0]
            assert not s.all(Said)[-1].interrupted

    run(scene())


def test_the_relentless_one_says_its_line_whoever_speaks_and_comes_back():
    async def scene():
        async with talk() as s:
            await cut_into(s, Hardness.RELENTLESS)
            await speak(s, 30)
            heard = [text for who, text, cut_short in s.transcript if text == CUT and not cut_short]
            assert 2 <= len(heard) <= MANNERS[Hardness.RELENTLESS].times
            times = [at for at, _ in cuts(s)]
            assert all(b - a >= MANNERS[Hardness.RELENTLESS].every for a, b in pairwise(times))
            await s.say(0, pause_after=3.0)
            assert s.verdicts == [Verdict.TURN], "they spoke through it: one turn, answered whole"

    run(scene())


def test_a_breath_while_holding_the_floor_loses_nothing():
    async def scene():
        async with talk(ears=ScriptedEars(says=list(SAID), final_after=0.4)) as s:
            await cut_into(s, Hardness.FIRM)
            await s.say(0, pause_after=0.2)
            await speak(s, 5.0)
            await s.say(0, pause_after=3.0)
            assert s.verdicts == [Verdict.TURN]
            assert s.mind.asked[-1].question == f"{SAID[0]} {SAID[1]}"

    run(scene())


def test_whoever_speaks_over_the_rest_of_it_silences_it_at_once():
    async def scene():
        async with talk() as s:
            await cut_into(s, Hardness.RELENTLESS)
            await s.say(0, pause_after=0.5)  # gave way, and understood
            assert s.verdicts == [Verdict.CUT_OFF]
            began = s.talk.journal.elapsed
            await s.say(1.0, pause_after=2.5)
            assert s.silent_between(began + 0.08, began + 1.0)
            assert s.mind.asked[-1].question == SAID[1]

    run(scene())


@pytest.mark.parametrize("busy", ["key", "hold", "paused"])
def test_nobody_is_cut_into_who_holds_the_key_or_the_floor(busy):
    async def scene():
        async with talk() as s:
            s.talk.post(CutIns(hardness=Hardness.RELENTLESS))
            await s.at(4.0)
            s.talk.post({"key": TalkPressed(), "hold": Hold(on=True), "paused": TalkPressed()}[busy])
            await speak(s, 12)
            s.talk.post(TalkReleased() if busy != "hold" else Hold(on=False))
            await s.say(0, pause_after=3.0)
            assert not cuts(s)
            assert s.verdicts == [Verdict.TURN]

    run(scene())


def test_a_mind_that_fails_or_is_late_stops_nobody():
    async def scene():
        for mind in (CuttingMind(fails=0), CuttingMind(first_after=60.0)):
            async with talk(mind=mind) as s:
                s.talk.post(CutIns(hardness=Hardness.FIRM))
                await s.at(4.0)
                await speak(s, 15)
                assert not cuts(s)
                mind.fails, mind.first_after = None, 0.0
                await s.say(0, pause_after=4.0)
                assert s.verdicts == [Verdict.TURN]
                assert s.marks[-1] == "user_response"

    run(scene())


def test_cut_short_by_the_page_it_is_no_reason_to_forget_what_was_said():
    async def scene():
        async with talk() as s:
            await cut_into(s, Hardness.RELENTLESS)
            s.talk.post(Cancel())
            await s.say(0, pause_after=3.0)
            assert s.verdicts == [Verdict.TURN]
            assert s.mind.asked[-1].question == SAID[0]

    run(scene())


def test_a_gap_is_where_the_sound_falls_far_and_for_long_enough():
    gaps = Gaps()
    assert not gaps.push(voice(0.5))
    assert not gaps.push(silence(0.06, HEARING_RATE)), "a closed consonant"
    assert gaps.push(silence(0.02, HEARING_RATE))
    assert not gaps.push(voice(0.02))
