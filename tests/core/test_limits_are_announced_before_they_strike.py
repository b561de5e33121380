"""Silence and the greatest length: asked after, announced, and ended with a goodbye; never while somebody is busy."""

import asyncio
from dataclasses import replace

import pytest

from engine.floor import Verdict
from engine.limits import Limits, Reminder
from engine.messages import (
    ANSWER,
    CLOSING,
    REMINDER,
    Clear,
    Ended,
    Hold,
    Judged,
    Left,
    LimitNear,
    LineBegan,
    Pause,
    Play,
    ReplyEnded,
    Respond,
    Returned,
    Said,
    Speech,
    State,
    Typed,
)
from engine.providers.scripted import ScriptedEars, ScriptedMind
from engine.vigil import Tick, Vigil
from tests.core.scene import PAT, talking
from tests.virtual_time import VirtualTimeLoop, run

OPENED = 2.25
"""When the opening has been heard."""
QUIET = Limits(silence=5.0, asks=2, paused=12.0)
SHORT = Limits(length=30.0, notice=10.0, overtime=5.0, paused=None)
GOODBYE = "I will leave it there for today. It was good to talk. Goodbye."


def told(s):
    return [(at, out.reason, out.seconds) for at, out in s.out if isinstance(out, LimitNear)]


def reminders(s):
    return [out.reason for out in s.all(LimitNear)]


def test_a_silence_is_asked_after_twice_and_then_it_says_goodbye():
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.until(Ended)
            first = OPENED + 5.0
            second = first + 1.0 + 5.0  # "Are you still there?" takes a second
            third = second + 1.75 + 5.0
            assert told(s) == [
                (pytest.approx(first), Reminder.STILL_THERE, 10.0),
                (pytest.approx(second), Reminder.STILL_THERE, 5.0),
                (pytest.approx(third), Reminder.SILENCE_ENDS, 0.0),
            ]
            assert [said.text for said in s.all(Said)][2:] == [
                "Are you still there?",
                "Take your time.",
                "Shall we go on?",
                *("I will leave it there for today.", "It was good to talk.", "Goodbye."),
            ]
            assert s.marks[2:] == [REMINDER] * 3 + [CLOSING] * 3
            assert s.when(Ended)[0] == pytest.approx(third + 3.25), "when the goodbye has been heard"
            assert s.states[-1] is State.ENDED
            await asyncio.sleep(100)
            assert len(s.all(Ended)) == 1
            assert len(s.all(LimitNear)) == 3

    run(scene())


def test_each_announcement_comes_before_what_it_announces():
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.until(Ended)
            for at, _, _ in told(s):
                began = min(when for when in s.when(LineBegan) if when >= at - 1e-9)
                order = [type(out) for when, out in s.out if when == began]
                assert order.index(LimitNear) < order.index(LineBegan)

    run(scene())


def test_a_turn_in_between_makes_it_count_anew():
    async def scene():
        async with talking(limits=QUIET, mind=ScriptedMind(text="Yes.")) as s:
            await s.at(8.5)  # asked once
            await s.say(0.5)
            await s.until(Ended)
            assert reminders(s) == [Reminder.STILL_THERE] * 3 + [Reminder.SILENCE_ENDS]

    run(scene())


def test_noise_makes_it_wait_but_is_nobody():
    async def scene():
        async with talking(limits=QUIET, ears=ScriptedEars()) as s:
            await s.at(8.5)
            await s.say(0.5)
            await s.until(Ended)
            assert s.verdicts == [Verdict.NOISE]
            assert reminders(s) == [Reminder.STILL_THERE] * 2 + [Reminder.SILENCE_ENDS]

    run(scene())


async def speak(s):
    await s.say(15.0, pause_after=0.6)


async def think(s):
    s.mind.first_after = 15.0
    s.write("a hard question")


async def hold(s):
    s.talk.post(Hold(on=True))


async def hold_in_mid_sentence(s):
    await s.say(0.5, pause_after=0.2)
    s.talk.post(Hold(on=True))


async def pause(s):
    s.talk.post(Pause())


async def leave(s):
    s.talk.post(Left())


@pytest.mark.parametrize("busy", [speak, think, hold, hold_in_mid_sentence, pause, leave])
def test_nobody_is_asked_who_is_busy(busy):
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.at(4.0)
            acting = asyncio.create_task(busy(s))
            await s.at(15.0)
            assert not s.all(LimitNear)
            await acting

    run(scene())


@pytest.mark.parametrize(("pauses", "goes_on"), [(Pause(), Play()), (Hold(on=True), Hold(on=False))])
def test_a_pause_is_borne_longer_and_over_it_counts_from_then(pauses, goes_on):
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.at(4.0)
            s.talk.post(pauses)
            await s.at(14.0)
            s.talk.post(goes_on)
            await s.until(LimitNear)
            assert told(s) == [(pytest.approx(19.0), Reminder.STILL_THERE, 10.0)]

    run(scene())


def test_a_pause_that_does_not_end_is_ended_with_a_goodbye():
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.at(0.5)
            s.talk.post(Pause())
            await s.until(Ended)
            assert told(s) == [(pytest.approx(12.5), Reminder.SILENCE_ENDS, 0.0)]
            assert [r.complete for r in s.all(ReplyEnded)] == [False, True]

    run(scene())


@pytest.mark.parametrize("into", [0.5, 2.5])
def test_cutting_into_the_goodbye_revives_the_talk(into):
    async def scene():
        async with talking(limits=QUIET, ears=ScriptedEars(says=["no, I am here"])) as s:
            await s.until(LimitNear, times=3)
            await asyncio.sleep(into)
            await s.say(0.5, pause_after=1.0)
            assert not s.all(Ended)
            assert s.marks[-1] == ANSWER
            await s.until(LimitNear, times=4)
            assert reminders(s)[3] is Reminder.STILL_THERE, "and it counts anew"

    run(scene())


def test_a_cough_in_the_goodbye_does_not_lose_it():
    async def scene():
        async with talking(limits=QUIET, ears=ScriptedEars()) as s:
            await s.until(LimitNear, times=3)
            await asyncio.sleep(0.5)
            await s.say(0.3)
            await s.until(Ended)
            said = [said.text for said in s.all(Said)]
            assert " ".join(said[-3:]) == GOODBYE

    run(scene())


def test_who_comes_back_is_asked_a_whole_silence_later():
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.at(3.0)
            s.talk.post(Left())
            await s.at(40.0)
            assert not s.all(LimitNear)
            s.talk.post(Returned())
            await s.until(LimitNear)
            assert told(s)[0][0] == pytest.approx(45.0)

    run(scene())


def test_nothing_is_asked_before_it_has_begun():
    async def scene():
        async with talking(limits=QUIET, play=False) as s:
            await s.at(60.0)
            assert not s.out

    run(scene())


# ---- the greatest length --------------------------------------------------------------------------------------------


def test_the_end_is_announced_and_comes_with_a_goodbye():
    async def scene():
        async with talking(limits=SHORT) as s:
            await s.until(Ended)
            assert told(s) == [(20.0, Reminder.NEARLY_OVER, 10.0), (30.0, Reminder.TIME_IS_UP, 0.0)]
            assert s.all(Said)[-1].text == "Goodbye."
            assert s.when(Ended)[0] < 35.0

    run(scene())


def test_both_come_at_a_turns_border():
    async def scene():
        mind = ScriptedMind(text="One two three four five six seven eight nine ten eleven twelve.")  # 3 s
        async with talking(limits=SHORT, mind=mind, ears=ScriptedEars(says=["a", "b"])) as s:
            await s.at(18.0)
            await s.say(3.0, pause_after=0.0)  # over the time for the announcement; then it is answered
            await s.say(0, pause_after=0.7)
            await s.at(28.5)
            await s.say(0.5, pause_after=0.7)  # the answer goes on over the end
            await s.until(Ended)
            told_at = [at for at, _, _ in told(s)]
            ended = [at for at, out in s.out if isinstance(out, ReplyEnded) and out.turn]
            assert reminders(s) == [Reminder.NEARLY_OVER, Reminder.TIME_IS_UP]
            assert told_at == [pytest.approx(at) for at in ended], "as soon as the answer was heard"
            assert [reply.complete for reply in s.all(ReplyEnded)][:3] == [True, True, True]

    run(scene())


def test_after_the_overtime_nothing_more_is_said_or_answered():
    async def scene():
        mind = ScriptedMind(text=" ".join(f"Sentence number {n} of a reply without end." for n in range(99)))
        async with talking(limits=SHORT, mind=mind) as s:
            await s.at(29.0)
            s.write("tell me everything")
            await s.at(40.0)
            assert s.when(Ended) == [pytest.approx(35.0)]
            assert s.when(Clear)[-1] == pytest.approx(35.0)
            assert s.states[-1] is State.ENDED
            for late in (Respond(), Typed(text="and?"), Play()):
                s.talk.post(late)
            await s.say(1.0)
            await s.at(60.0)
            assert not [at for at in s.when(Speech) if at > 35.0]
            assert not [at for at in s.when(Judged) if at > 35.0]
            assert len(s.all(Ended)) == 1

    run(scene())


def test_a_length_without_overtime_left_for_speech_ends_a_listener_who_does_not():
    async def scene():
        async with talking(limits=SHORT) as s:
            await s.at(10.0)
            speaking = asyncio.create_task(s.say(40.0))
            await s.until(Ended)
            assert s.when(Ended) == [pytest.approx(35.0)]
            speaking.cancel()

    run(scene())


def test_who_has_said_goodbye_is_asked_nothing_more():
    async def scene():
        async with talking(limits=replace(QUIET, length=60.0, notice=20.0)) as s:
            await s.at(4.0)
            s.write("goodbye")
            await s.at(85.0)
            assert not s.all(LimitNear)
            assert s.transcript[-1] == ("agent", "Tell me more about it.", False)
            assert len(s.all(Ended)) == 1

    run(scene())


def test_after_the_goodbye_into_a_pause_nobody_is_asked_again():
    async def scene():
        async with talking(limits=QUIET) as s:
            await s.at(3.0)
            s.talk.post(Hold(on=True))
            await s.at(300.0)
            assert reminders(s) == [Reminder.SILENCE_ENDS]
            assert s.transcript[-1] == ("agent", "Goodbye.", False)

    run(scene())


@pytest.mark.parametrize("pauses", [Pause(), Hold(on=True)])
def test_the_length_is_announced_into_a_pause_without_a_word(pauses):
    async def scene():
        async with talking(limits=SHORT) as s:
            await s.at(1.5)  # in mid-sentence
            s.talk.post(pauses)
            await s.at(29.9)
            assert told(s) == [(20.0, Reminder.NEARLY_OVER, 10.0)]
            assert not [at for at in s.when(LineBegan) if at >= 20.0]
            s.talk.post(Hold(on=False) if pauses == Hold(on=True) else Play())
            await s.at(29.99)
            assert next(said.text for said in s.all(Said) if not said.interrupted) == "Good morning to you."
            assert (s.states[-1] is State.SPEAKING) is (pauses == Pause()), "what was paused is not lost"

    run(scene())


def test_an_end_that_could_not_be_announced_is_told_with_its_reason():
    """By the goodbye's turn somebody was speaking: a client that ends with the reason must not wait for ever."""

    async def scene():
        mind = ScriptedMind(text=" ".join(f"Sentence number {n} of a reply without end." for n in range(99)))
        async with talking(limits=SHORT, mind=mind) as s:
            await s.at(29.0)
            s.write("tell me everything")
            await s.until(Ended)
            order = [out for _, out in s.out if isinstance(out, (LimitNear, Ended))]
            assert order[-2:] == [LimitNear(reason=Reminder.TIME_IS_UP, seconds=0.0), Ended()]

    run(scene())


def test_who_said_goodbye_before_is_told_when_the_time_is_over():
    async def scene():
        async with talking(limits=SHORT) as s:
            await s.at(4.0)
            s.write("goodbye")
            await s.at(36.0)
            assert s.when(Ended)[1:] == [35.0]
            assert told(s) == [(35.0, Reminder.TIME_IS_UP, 0.0)]

    run(scene())


def test_who_comes_back_after_the_time_was_over_is_told():
    async def scene():
        async with talking(limits=SHORT) as s:
            await s.at(25.0)
            s.talk.post(Left())
            await s.at(40.0)
            s.out.clear()
            s.talk.post(Returned())
            assert s.states == [State.ENDED]
            assert s.all(LimitNear) == [LimitNear(reason=Reminder.TIME_IS_UP, seconds=0.0)]
            assert s.all(Ended)

    run(scene())


def test_a_timer_that_fires_too_early_still_strikes():
    class Early(VirtualTimeLoop):
        """As a loop that counts in milliseconds may be."""

        def call_at(self, when, callback, *args, **rest):
            return super().call_at(when - 0.0004, callback, *args, **rest)

    async def scene():
        ticks = []
        vigil = Vigil(replace(QUIET, asks=0), lambda tick: ticks.append(tick))
        vigil.begin()
        reason = None
        for _ in range(20):
            vigil.arm(quiet=True, paused=False)
            await asyncio.sleep(0.5)
            if ticks and not reason:
                ticks.clear()
                reason = vigil.due()
        assert reason is Reminder.SILENCE_ENDS
        assert isinstance(Tick(), Tick)

    with asyncio.Runner(loop_factory=Early) as runner:
        runner.run(scene())


def test_the_persona_of_a_test_opens_in_the_time_assumed_here():
    assert len(PAT.opening.split()) * 0.25 == OPENED
