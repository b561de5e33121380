"""Thinking ahead: a reply is begun on what the turn will probably say, and nothing comes of it unless it says that."""

import asyncio
from dataclasses import replace

import pytest

from engine.errors import ProviderFailed
from engine.floor import Floor
from engine.foresight import Foresight, Prepare, Withdraw, look
from engine.messages import ANSWER, Brief, Fault, Hold, Pause, Remember, Said, Seek, Speech, Typed
from engine.providers.base import ChatLine, EndOfTurn, Prompt
from engine.providers.scripted import ScriptedEars, ScriptedMind
from engine.speculation import Speculation
from engine.turn import Phase, Turn
from engine.words import load
from tests.core.scene import stage, talking
from tests.virtual_time import run

MONEY = "it is about money"
FLOOR = Floor(words=load(), directed=False)


def slow(text="I see. Tell me more.", after=1.0):
    return ScriptedMind(text=text, first_after=after)


def questions(s):
    return [prompt.question for prompt in s.mind.asked]


async def says(s, text=MONEY, *, seconds=0.5, opinion=EndOfTurn.UNKNOWN, pause=0.1):
    """Say `text`, of which all is understood as soon as silence is found."""
    await s.say(seconds, pause_after=0.14)
    s.understand(text, opinion)
    await s.say(0, pause_after=pause)


# ---- what comes of it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [False, True])
def test_the_answer_comes_sooner_and_is_asked_for_once(ahead):
    async def scene():
        ears = ScriptedEars(says=["It is about money."], final_after=0.3)
        async with talking(mind=slow(), ears=ears, ahead=ahead, patience=0.5) as s:
            await s.at(4.0)
            await says(s, pause=4.0)
            assert questions(s) == [MONEY if ahead else "It is about money."]
            first = next(at for at in s.when(Speech) if at > 4.0)
            found, decided = 4.6, 5.4
            assert first == pytest.approx(found + 1.04 if ahead else decided + 1.0, abs=0.05)
            assert [said.text for said in s.all(Said) if said.speaker == "agent"][2:] == ["I see.", "Tell me more."]
            assert s.mind.asked[0].history[-1].role == "assistant"

    run(scene())


def test_it_never_sounds_before_the_decision():
    async def scene():
        ears = ScriptedEars(says=[MONEY], final_after=2.0)
        async with talking(mind=slow(after=0.0), ears=ears, ahead=True, patience=0.5) as s:
            await s.at(4.0)
            await says(s, pause=4.0)
            decided = 4.5 + 0.1 + 0.5 + 2.0
            first = next(at for at in s.when(Speech) if at > 4.0)
            assert first == pytest.approx(decided, abs=0.021)
            assert questions(s) == [MONEY]

    run(scene())


def test_likely_to_be_over_it_is_begun_while_the_detector_still_hears_a_voice():
    async def scene():
        async with talking(mind=slow(), ears=ScriptedEars(says=[MONEY]), ahead=True) as s:
            await s.at(4.0)
            await s.say(0.4, pause_after=0.0)
            s.understand(MONEY)
            await s.say(0.1, pause_after=0.0)
            assert not s.mind.asked
            s.understand(MONEY, EndOfTurn.LIKELY)
            await asyncio.sleep(0.001)
            assert questions(s) == [MONEY]
            await s.say(0.1, pause_after=3.0)
            assert questions(s) == [MONEY]

    run(scene())


def test_a_question_over_the_pitch_is_foreseen_with_what_was_heard_of_it():
    async def scene():
        ears = ScriptedEars(says=["how much does it cost"], final_after=0.4)
        async with stage(mind=slow(), ears=ears, ahead=True) as s:
            s.play()
            await s.at(1.1)
            await says(s, "how much does it cost", pause=3.0)
            (prompt,) = s.mind.asked
            assert [line.role for line in prompt.history] == ["assistant", "user"]
            assert prompt.history[0].text == "One two three four —"
            assert s.marks.count(ANSWER) == 1

    run(scene())


def test_what_is_added_to_the_history_meanwhile_makes_it_void():
    async def scene():
        ears = ScriptedEars(says=[MONEY], final_after=0.3)
        async with talking(mind=slow(), ears=ears, ahead=True) as s:
            await s.at(4.0)
            await says(s)
            s.talk.post(Remember(id="a", role="assistant", text="By the way."))
            await s.say(0, pause_after=4.0)
            first, second = s.mind.asked
            assert second.history[-1].text == f"{first.history[-1].text} By the way."
            assert s.mind.open_now == 0

    run(scene())


# ---- every other path cancels it ------------------------------------------------------------------------------------


async def _typed(s):
    s.talk.post(Typed(text="never mind"))
    s.mind.first_after = 0.0


async def _cough(s):
    await s.say(0, pause_after=0.6)


async def _goes_on(s):
    await s.say(0.2, pause_after=0.0)


async def _resumed(s):
    s.understand(MONEY, EndOfTurn.RESUMED)


async def _paused(s):
    s.talk.post(Pause())


async def _sought(s):
    s.talk.post(Seek(mark=1))


PATHS = {
    "typed turn": (_typed, MONEY),
    "cough": (_cough, ""),
    "backchannel over the agent": (_cough, "mm-hm"),
    "user goes on": (_goes_on, MONEY),
    "recogniser changes its mind": (_resumed, MONEY),
    "pause": (_paused, MONEY),
    "seek": (_sought, MONEY),
    "other words": (_cough, "it is about honey"),
}


@pytest.mark.parametrize("path", PATHS)
def test_every_other_path_cancels_it(path):
    happens, final = PATHS[path]

    async def scene():
        mind = slow(after=60.0)
        async with stage(mind=mind, ears=ScriptedEars(says=[final, "x"]), ahead=True, patience=0.3) as s:
            s.play()
            await s.at(1.1)
            await says(s)
            assert (questions(s), mind.open_now) == ([MONEY], 1)
            await happens(s)
            await asyncio.sleep(0.001)
            answered = 1 if path == "other words" else 0
            assert mind.open_now == answered, "what was begun is given up, and was not waited for"
            assert questions(s)[1:] == {"typed turn": ["never mind"], "other words": ["it is about honey"]}.get(
                path, []
            )

    run(scene())


def test_the_end_of_the_conversation_cancels_it_at_once():
    async def scene():
        mind = slow(after=60.0)
        async with talking(mind=mind, ahead=True) as s:
            await s.at(4.0)
            await says(s)
            assert mind.open_now == 1
            leaves = s.talk.journal.elapsed
        assert s.talk.journal.elapsed == pytest.approx(leaves)
        assert mind.open_now == 0

    run(scene())


def test_other_instructions_make_it_void():
    async def scene():
        ears = ScriptedEars(says=[MONEY], final_after=0.3)
        async with talking(mind=slow(), ears=ears, ahead=True) as s:
            await s.at(4.0)
            await says(s)
            s.talk.post(Brief(instructions="Be brief."))
            await s.say(0, pause_after=4.0)
            assert [prompt.instructions for prompt in s.mind.asked][1:] == ["Be brief."]
            assert s.mind.open_now == 0

    run(scene())


def test_who_thinks_aloud_with_the_floor_held_makes_nobody_think_ahead():
    async def scene():
        async with talking(mind=slow(), ears=ScriptedEars(says=[MONEY]), ahead=True) as s:
            await s.at(4.0)
            s.talk.post(Hold(on=True))
            await says(s, pause=9.0)
            assert not s.mind.asked

    run(scene())


def test_one_that_failed_is_asked_anew_and_nobody_is_told():
    async def scene():
        mind = ScriptedMind(text="I see.", fails=0)
        ears = ScriptedEars(says=[MONEY], final_after=0.3)
        async with talking(mind=mind, ears=ears, ahead=True) as s:
            await s.at(4.0)
            await says(s)
            mind.fails = None
            await s.say(0, pause_after=3.0)
            assert not s.all(Fault)
            assert questions(s) == [MONEY, MONEY]
            assert s.transcript[-1] == ("agent", "I see.", False)

    run(scene())


# ---- the rule, which is pure ----------------------------------------------------------------------------------------

SILENT_NOW = Turn(number=1, phase=Phase.TRAILING, began=0.0, interim=MONEY, caught_up=True)


def test_the_same_words_are_tried_once_and_three_others_at_most():
    foresight, effects = Foresight(), []
    for text in ("a b", "A b!", "a b c", "a b c d", "a b c d e", "a b c d e"):
        foresight, effect = look(foresight, replace(SILENT_NOW, interim=text), 1.0, FLOOR)
        effects.append(effect)
    assert effects == [Prepare(text="a b"), None, Prepare(text="a b c"), Prepare(text="a b c d"), Withdraw(), None]


def test_words_that_were_told_before_the_silence_may_lack_the_last_ones_until_the_turn_is_over():
    behind = replace(SILENT_NOW, caught_up=False)
    assert look(Foresight(), behind, 1.0, FLOOR)[1] is None
    assert look(Foresight(), replace(behind, end_of_turn=EndOfTurn.LIKELY), 1.0, FLOOR)[1] == Prepare(text=MONEY)
    assert look(Foresight(), replace(behind, phase=Phase.TRANSCRIBING), 1.0, FLOOR)[1] == Prepare(text=MONEY)


def test_nothing_is_begun_in_a_turn_of_more_than_ten_seconds():
    assert look(Foresight(), SILENT_NOW, 10.0, FLOOR)[1] == Prepare(text=MONEY)
    assert look(Foresight(), SILENT_NOW, 10.1, FLOOR)[1] is None


@pytest.mark.parametrize("text", ["", "…"])
def test_nothing_is_begun_where_nothing_was_understood(text):
    assert look(Foresight(), replace(SILENT_NOW, interim=text), 1.0, FLOOR)[1] is None


def test_agreement_over_the_agent_is_no_question():
    over = replace(SILENT_NOW, over_agent=True, interim="mm-hm")
    assert look(Foresight(), over, 1.0, FLOOR)[1] is None
    assert look(Foresight(), replace(over, over_agent=False), 1.0, FLOOR)[1] == Prepare(text="mm-hm")


def test_words_of_the_same_turn_that_came_before_belong_to_it():
    carried = replace(SILENT_NOW, carried="well")
    assert look(Foresight(), carried, 1.0, FLOOR)[1] == Prepare(text=f"well {MONEY}")


# ---- the model ------------------------------------------------------------------------------------------------------

ASKED = Prompt(instructions="i", question="How much?", history=(ChatLine(role="user", text="hello"),))


async def read(model, prompt):
    return "".join([piece async for piece in model.reply(prompt)])


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        (replace(ASKED, question="how much"), 1),
        (replace(ASKED, question="how many"), 2),
        (replace(ASKED, instructions="j"), 2),
        (replace(ASKED, history=()), 2),
        (replace(ASKED, temperature=0.5), 2),
    ],
)
def test_only_the_same_question_with_the_same_history_and_instructions_gets_it(other, asked):
    async def scene():
        mind = ScriptedMind(text="It is free.", word_every=0.1)
        async with Speculation(mind) as model:
            model.prepare(ASKED)
            await asyncio.sleep(0.15)
            assert await read(model, other) == "It is free."
            assert len(mind.asked) == asked
            await asyncio.sleep(0)
            assert mind.open_now == 0

    run(scene())


def test_a_failure_after_it_was_taken_is_raised_to_whoever_reads_it():
    async def scene():
        async with Speculation(ScriptedMind(text="one two three", word_every=0.1, fails=2)) as model:
            model.prepare(ASKED)
            await asyncio.sleep(0.05)
            pieces = []
            with pytest.raises(ProviderFailed):
                async for piece in model.reply(ASKED):
                    pieces.append(piece)
            assert pieces == ["one", " two"]

    run(scene())


def test_left_in_the_middle_it_is_cancelled():
    async def scene():
        mind = slow("one two three", after=0.0)
        mind.word_every = 9.0
        async with Speculation(mind) as model:
            model.prepare(ASKED)
            reply = model.reply(ASKED)
            assert await anext(reply) == "one"
            await reply.aclose()
            await asyncio.sleep(0.001)
            assert mind.open_now == 0

    run(scene())
