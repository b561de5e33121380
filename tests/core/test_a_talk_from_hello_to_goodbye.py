"""A free conversation: it opens, answers, is interrupted and goes on, and ends politely; nothing is made up or lost."""

import asyncio
from dataclasses import replace

import pytest

from engine.floor import Verdict
from engine.messages import (
    ANSWER,
    CLOSING,
    OPENING,
    Clear,
    Ended,
    Judged,
    LineBegan,
    Pause,
    Play,
    ReplyEnded,
    Resumed,
    Said,
    Speech,
    State,
)
from engine.playout import Delivery
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.core.scene import PAT, talking
from tests.virtual_time import run

LONG = "This is the first sentence of the reply. And this is the second sentence of it."
"""Two seconds and 1.75."""
SILENT = replace(PAT, opening="")


def hears(*texts, **rest):
    return ScriptedEars(says=list(texts), **rest)


def lines(s, at=-1):
    """What the partner was given to think of: the history, and the words it was asked."""
    prompt = s.mind.asked[at]
    return [(line.role, line.text) for line in prompt.history], prompt.question


def test_the_opening_sounds_at_once_and_the_floor_is_free_after_it():
    async def scene():
        async with talking() as s:
            await s.at(4.0)
            assert s.when(Speech)[0] == 0.0
            assert [said.text for said in s.all(Said)] == ["Good morning to you.", "What brings you here today?"]
            assert s.marks == [OPENING, OPENING]
            assert s.states == [State.SPEAKING, State.IDLE]
            assert [(r.complete, r.turn) for r in s.all(ReplyEnded)] == [(True, 0)]

    run(scene())


def test_without_an_opening_the_listener_has_the_first_word():
    async def scene():
        async with talking(persona=SILENT, ears=hears("hello, it is about money")) as s:
            await s.at(2.0)
            assert not s.out or s.states == [State.IDLE]
            await s.say(1.0)
            await s.at(10.0)
            assert s.marks == [ANSWER, ANSWER]

    run(scene())


def test_an_opening_that_was_cut_is_not_begun_again():
    async def scene():
        async with talking(ears=hears("let me begin")) as s:
            await s.at(0.6)
            await s.say(1.0)
            await s.at(12.0)
            assert s.marks == [OPENING, ANSWER, ANSWER]
            s.play()
            await s.at(15.0)
            assert s.marks == [OPENING, ANSWER, ANSWER]

    run(scene())


def test_a_turn_is_judged_once_then_answered_once():
    async def scene():
        async with talking(ears=hears("it is about a new kind of lamp")) as s:
            await s.at(3.0)
            await s.say(1.0)
            await s.at(10.0)
            assert [(j.verdict, j.text) for j in s.all(Judged)] == [(Verdict.TURN, "it is about a new kind of lamp")]
            assert [(r.turn, r.complete) for r in s.all(ReplyEnded)] == [(0, True), (1, True)]
            items = [(said.speaker, said.item) for said in s.all(Said)]
            assert items[0] == items[1]
            assert items[3] == items[4]
            assert len({item for _, item in items}) == 3, "one item for each side's turn"

    run(scene())


def test_cutting_in_silences_at_once_then_decides_then_drops_then_answers():
    async def scene():
        async with talking(persona=SILENT, mind=ScriptedMind(text=LONG), ears=hears("tell me", "no, the price")) as s:
            await s.say(0.5)
            await s.until(LineBegan)
            began = s.when(LineBegan)[0]
            await s.at(began + 1.1)
            await s.say(1.0)
            await s.until(ReplyEnded, times=2)
            order = [out for at, out in s.out if at > began and isinstance(out, (Clear, Judged, Said, LineBegan))]
            kinds = [type(out).__name__ for out in order]
            assert kinds[:5] == ["Clear", "Judged", "Said", "Said", "LineBegan"]
            assert (order[2].text, order[2].interrupted) == ("This is the first", True), "one second of four words"
            assert order[3].text == "no, the price"
            ended = s.all(ReplyEnded)
            assert [reply.complete for reply in ended] == [False, True]
            assert ended[0].text == "This is the first sentence of the reply.", "what began to sound, and no more"
            assert s.when(Clear)[0] <= began + 1.1 + 0.08 + 1e-6

    run(scene())


@pytest.mark.parametrize(("heard", "reason"), [("", "noise"), ("mm-hm", "backchannel"), ("yeah, right", "backchannel")])
def test_what_is_no_turn_lets_it_go_on_at_the_word_that_was_cut(heard, reason):
    async def scene():
        async with talking(persona=SILENT, mind=ScriptedMind(text=LONG), ears=hears("tell me", heard)) as s:
            await s.say(0.5)
            await s.until(LineBegan)
            began = s.when(LineBegan)[0]
            await s.at(began + 1.1)  # silent 60 to 80 ms later, within the fifth word
            await s.say(0.3)
            await s.until(ReplyEnded)
            assert [r.reason for r in s.all(Resumed)] == [reason]
            assert [line.offset for line in s.all(LineBegan)] == [0.0, 1.0, 0.0]
            assert s.when(Resumed)[0] >= s.when(Judged)[1]
            assert not [said for said in s.all(Said) if said.interrupted]
            assert len(s.mind.asked) == 1
            assert s.all(ReplyEnded)[0].complete

    run(scene())


def test_wait_stop_silences_and_new_words_are_a_turn():
    async def scene():
        ears = hears("tell me", "wait, stop", "what about the price")
        async with talking(persona=SILENT, mind=ScriptedMind(text=LONG), ears=ears) as s:
            await s.say(0.5)
            await s.until(LineBegan)
            began = s.when(LineBegan)[0]
            await s.at(began + 1.1)
            await s.say(0.4, pause_after=6.0)
            assert s.states[-1] is State.PAUSED
            assert s.silent_between(began + 1.2, began + 7.0)
            await s.say(0.5)
            await s.until(ReplyEnded, times=2)
            assert s.verdicts == [Verdict.TURN, Verdict.STOP, Verdict.TURN]
            assert [reply.complete for reply in s.all(ReplyEnded)] == [False, True]
            asked = lines(s)
            assert ("assistant", "This is the first —") in asked[0]
            assert asked[1] == "what about the price"

    run(scene())


def test_wait_stop_then_go_on_resumes_the_sentence_that_was_cut():
    async def scene():
        ears = hears("tell me", "wait, stop", "go on please")
        async with talking(persona=SILENT, mind=ScriptedMind(text=LONG), ears=ears) as s:
            await s.say(0.5)
            await s.until(LineBegan)
            await s.at(s.when(LineBegan)[0] + 1.1)
            await s.say(0.4, pause_after=4.0)
            await s.say(0.4)
            await s.until(ReplyEnded)
            assert s.verdicts == [Verdict.TURN, Verdict.STOP, Verdict.GO_ON]
            assert [line.offset for line in s.all(LineBegan)] == [0.0, 1.0, 0.0]
            assert len(s.mind.asked) == 1
            assert s.all(ReplyEnded)[0].complete

    run(scene())


@pytest.mark.parametrize("words", ["go on", "stop", "wait a moment", "okay", "mm-hm"])
def test_whatever_is_said_while_the_agent_has_nothing_to_say_is_a_turn(words):
    async def scene():
        async with talking(ears=hears(words)) as s:
            await s.at(4.0)
            await s.say(0.4)
            await s.at(10.0)
            assert s.verdicts == [Verdict.TURN]
            assert lines(s)[1] == words
            assert s.marks[-1] == ANSWER

    run(scene())


@pytest.mark.parametrize(
    ("at", "during"),
    [(0.5, State.SPEAKING), (2.6, State.IDLE), (3.3, State.LISTENING), (4.8, State.THINKING), (6.0, State.SPEAKING)],
)
def test_typing_is_a_turn_whatever_goes_on(at, during):
    async def scene():
        mind = ScriptedMind(text=LONG, first_after=0.5)
        async with talking(mind=mind, ears=hears("spoken words")) as s:
            speaking = asyncio.create_task(_speak(s, 3.0))
            await s.at(at)
            assert s.states[-1] is during
            s.write("written words")
            await s.at(20.0)
            await speaking
            assert [j.text for j in s.all(Judged)].count("written words") == 1
            answered = next(r for r in s.all(ReplyEnded) if r.complete and r.text == LONG)
            assert answered.turn
            assert s.states[-1] is State.IDLE
            assert ("written words") in [lines(s, n)[1] for n in range(len(s.mind.asked))]

    async def _speak(s, at):
        await s.at(at)
        await s.say(1.0, pause_after=0.6)

    run(scene())


def test_typing_while_paused_is_answered_aloud():
    async def scene():
        async with talking() as s:
            await s.at(0.5)
            s.talk.post(Pause())
            await s.at(5.0)
            assert s.states[-1] is State.PAUSED
            s.write("the price please")
            await s.at(10.0)
            assert s.marks == [OPENING, ANSWER, ANSWER]
            assert s.states[-1] is State.IDLE

    run(scene())


def test_a_pause_made_while_the_words_are_awaited_holds_their_answer_until_play():
    async def scene():
        async with talking(persona=SILENT, ears=hears("the price", final_after=1.0)) as s:
            await s.say(1.0, pause_after=0.7)
            assert s.states[-1] is State.THINKING
            s.talk.post(Pause())
            await s.at(8.0)
            assert s.states[-1] is State.PAUSED
            assert [said.speaker for said in s.all(Said)] == ["user"]
            s.talk.post(Play())
            await s.at(14.0)
            assert s.marks == [ANSWER, ANSWER]

    run(scene())


def test_play_after_a_pause_goes_on_in_mid_sentence():
    async def scene():
        async with talking() as s:
            await s.at(0.6)
            s.talk.post(Pause())
            await s.at(5.0)
            s.talk.post(Play())
            await s.at(10.0)
            assert [line.offset for line in s.all(LineBegan)] == [0.0, 0.5, 0.0]
            assert [said.text for said in s.all(Said)] == ["Good morning to you.", "What brings you here today?"]

    run(scene())


def test_the_history_is_what_was_heard():
    async def scene():
        mind = ScriptedMind(text=LONG)
        ears = hears("one", "two", "three", "four")
        async with talking(persona=SILENT, mind=mind, ears=ears, speech=ScriptedSpeech(first_after=0.4)) as s:
            await s.say(0.5)
            await s.until(LineBegan)
            await s.at(s.when(LineBegan)[0] + 0.6)  # two words
            await s.say(0.5, pause_after=0.7)  # … and before its answer has sounded
            assert s.states[-1] is State.THINKING
            await s.say(0.5, pause_after=0.7)
            await s.until(ReplyEnded, times=3)
            assert lines(s)[0][-1] == ("user", "two"), "unanswered, and not forgotten"
            await s.say(0.5, pause_after=5.0)
            assert lines(s) == (
                [
                    ("user", "one"),
                    ("assistant", "This is —"),
                    ("user", "two three"),
                    ("assistant", LONG),
                ],
                "four",
            ), "the reply to “two” was never heard: it is not there"

    run(scene())


def test_a_reply_that_was_ready_late_is_dropped_and_never_sounds():
    async def scene():
        mind = ScriptedMind(text=LONG, first_after=2.0)
        async with talking(persona=SILENT, mind=mind, ears=hears("one", "two")) as s:
            await s.say(0.5, pause_after=1.0)
            began = s.talk.journal.elapsed
            await s.say(3.0, pause_after=0.0)  # the reply to "one" would begin in here
            until = s.talk.journal.elapsed
            await s.at(20.0)
            assert s.silent_between(began, until)
            assert [(r.turn, r.complete) for r in s.all(ReplyEnded)] == [(1, False), (2, True)]
            assert s.marks == [ANSWER, ANSWER], "one reply of two sentences"

    run(scene())


def test_a_goodbye_is_answered_and_then_it_is_over():
    async def scene():
        async with talking(ears=hears("thank you for your time, goodbye"), mind=ScriptedMind(text="Goodbye.")) as s:
            await s.at(4.0)
            await s.say(1.0)
            await s.until(Ended)
            assert s.marks[-1] == CLOSING
            closed = next(at for at, out in s.out if isinstance(out, Said) and out.mark == CLOSING)
            assert s.when(Ended) == [closed], "when its last word was heard"
            assert s.states[-1] is State.ENDED
            await s.at(30.0)
            assert len(s.all(Ended)) == 1

    run(scene())


def test_cutting_into_the_goodbye_revives_the_talk_and_it_can_end_again():
    async def scene():
        mind = ScriptedMind(text="It was good to talk. Goodbye now.")
        ears = hears("goodbye", "oh, one more thing", "goodbye")
        async with talking(ears=ears, mind=mind) as s:
            await s.at(4.0)
            await s.say(0.5)
            await s.until(LineBegan, times=4)  # the second sentence of the goodbye: the first has been heard
            await s.say(0.6)
            await s.at(15.0)
            assert not s.all(Ended)
            assert s.marks[-1] == ANSWER
            await s.say(0.5)
            await s.until(Ended)
            assert s.states[-1] is State.ENDED

    run(scene())


def test_a_turn_after_the_end_goes_on_and_the_next_goodbye_is_told_too():
    async def scene():
        async with talking(mind=ScriptedMind(text="Fine."), delivery=Delivery(allowance=0.25)) as s:
            await s.at(4.0)
            for text, ends in (("goodbye", 1), ("one more thing", 1), ("goodbye", 2)):
                s.write(text)
                await asyncio.sleep(3.0)
                assert len(s.all(Ended)) == ends
                assert (s.states[-1] is State.ENDED) is (text == "goodbye")

    run(scene())
