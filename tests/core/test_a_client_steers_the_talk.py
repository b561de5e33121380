"""What a client may do to a talk besides talking: its history, its briefing, a reply on demand or no more of one."""

from dataclasses import replace

import pytest

from engine.errors import BadInput, TooLarge
from engine.messages import (
    ANSWER,
    OPENING,
    Brief,
    Cancel,
    Clear,
    Correct,
    Forget,
    LineBegan,
    Remember,
    ReplyEnded,
    Respond,
    Said,
    Speech,
    State,
)
from engine.providers.scripted import ScriptedEars, ScriptedMind
from tests.core.scene import PAT, talking
from tests.virtual_time import run

SILENT = replace(PAT, opening="")
TWO = "This is the first sentence. And this is the second."


def history(s, at=-1):
    return [(line.role, line.text) for line in s.mind.asked[at].history]


def test_what_is_remembered_is_thought_of_and_not_answered():
    async def scene():
        async with talking(persona=SILENT) as s:
            s.talk.post(Remember(id="a", role="user", text="My name is Ada."))
            s.talk.post(Remember(id="b", role="assistant", text="Hello Ada."))
            await s.at(5.0)
            assert not s.all(Speech)
            s.write("What is my name?")
            assert not s.mind.asked
            await s.at(6.0)
            assert history(s) == [("user", "My name is Ada."), ("assistant", "Hello Ada.")]
            assert s.mind.asked[-1].question == "What is my name?"

    run(scene())


def test_items_are_corrected_and_forgotten_by_their_ids_own_or_made_here():
    async def scene():
        async with talking(persona=SILENT) as s:
            s.talk.post(Remember(id="a", role="user", text="I like tea."))
            s.write("first")
            await s.until(ReplyEnded)
            asked, replied = [said.item for said in s.all(Said)][:2]
            s.talk.post(Correct(id="a", text="I like coffee."))
            s.talk.post(Correct(id=replied, text="Sorry?"))
            s.talk.post(Forget(id=asked))
            s.write("second")
            await s.at(20.0)
            assert history(s) == [("user", "I like coffee."), ("assistant", "Sorry?")]

    run(scene())


def test_a_reply_that_was_stopped_ends_with_the_item_that_the_history_has_of_it():
    async def scene():
        async with talking(ears=ScriptedEars(says=["stop", "what is it for"])) as s:
            await s.at(0.6)
            await s.say(0.4)
            await s.at(5.0)
            await s.say(0.5)
            await s.at(15.0)
            cut = next(said for said in s.all(Said) if said.interrupted)
            assert s.all(ReplyEnded)[0].item == cut.item
            s.talk.post(Forget(id=s.all(ReplyEnded)[0].item))

    run(scene())


def test_a_client_that_adds_items_for_ever_is_refused(monkeypatch):
    monkeypatch.setattr("engine.history.MOST", 3)

    async def scene():
        async with talking() as s:
            for number in range(3):
                s.talk.post(Remember(id=f"{number}", role="user", text="again"))
            with pytest.raises(TooLarge, match="3 items"):
                s.talk.post(Remember(id="3", role="user", text="again"))
            s.talk.post(Forget(id="0"))
            s.talk.post(Remember(id="3", role="user", text="again"))
            s.write("and?")
            await s.at(5.0)
            assert len(s.all(ReplyEnded)) >= 1

    run(scene())


@pytest.mark.parametrize(
    "change",
    [
        Remember(id="a", role="user", text="again"),
        Remember(id="item_1", role="user", text="taken by what was said"),
        Correct(id="nobody", text="x"),
        Forget(id="nobody"),
    ],
)
def test_an_id_that_is_taken_or_unknown_is_refused_and_nothing_changes(change):
    async def scene():
        async with talking() as s:
            s.talk.post(Remember(id="a", role="user", text="once"))
            await s.at(5.0)
            with pytest.raises(BadInput):
                s.talk.post(change)
            s.write("and?")
            await s.at(8.0)
            assert history(s) == [("user", "once"), ("assistant", PAT.opening)] or history(s) == [
                ("assistant", PAT.opening),
                ("user", "once"),
            ]

    run(scene())


def test_an_item_added_in_the_middle_of_a_reply_leaves_the_reply_one_item():
    async def scene():
        async with talking(persona=SILENT, mind=ScriptedMind(text=TWO)) as s:
            s.write("go")
            await s.until(Said, times=2)  # the first sentence has been heard
            s.talk.post(Remember(id="a", role="user", text="By the way."))
            await s.until(ReplyEnded)
            assert len({said.item for said in s.all(Said)[1:]}) == 1
            s.write("and now?")
            await s.at(10.0)
            assert history(s) == [("user", "go"), ("assistant", TWO), ("user", "By the way.")]

    run(scene())


def test_an_id_that_a_client_made_up_is_never_made_here():
    async def scene():
        async with talking(persona=SILENT) as s:
            for number in (1, 2, 4):
                s.talk.post(Remember(id=f"item_{number}", role="user", text=str(number)))
            s.write("go")
            await s.until(ReplyEnded)
            assert [said.item for said in s.all(Said)][:2] == ["item_3", "item_5"]

    run(scene())


def test_an_id_given_to_a_reply_that_has_not_sounded_is_taken():
    async def scene():
        async with talking(persona=SILENT, mind=ScriptedMind(first_after=1.0)) as s:
            s.write("go")
            with pytest.raises(BadInput):
                s.talk.post(Remember(id="item_2", role="user", text="mine"))

    run(scene())


def test_forgetting_a_reply_while_it_is_spoken_keeps_what_comes_after():
    async def scene():
        async with talking(persona=SILENT, mind=ScriptedMind(text=TWO)) as s:
            s.write("go")
            await s.until(Said, times=2)
            s.talk.post(Forget(id=s.all(Said)[1].item))
            await s.until(ReplyEnded)
            s.write("and now?")
            await s.at(10.0)
            assert history(s) == [("user", "go"), ("assistant", "And this is the second.")]

    run(scene())


def test_respond_replies_to_what_was_remembered():
    async def scene():
        async with talking(persona=SILENT) as s:
            s.talk.post(Remember(id="a", role="user", text="What is new?"))
            s.talk.post(Respond())
            await s.until(ReplyEnded)
            assert s.mind.asked[-1].question == "What is new?"
            assert history(s) == []
            assert [(r.turn, r.complete) for r in s.all(ReplyEnded)] == [(0, True)]
            s.talk.post(Respond())
            await s.until(ReplyEnded, times=2)
            assert history(s)[0] == ("user", "What is new?"), "once more, with the reply that there was"
            assert len(history(s)) == 2

    run(scene())


def test_respond_ends_the_reply_that_is_spoken():
    async def scene():
        async with talking() as s:
            await s.at(0.6)
            s.talk.post(Respond())
            await s.at(8.0)
            assert [r.complete for r in s.all(ReplyEnded)] == [False, True]
            assert s.marks == [OPENING, ANSWER, ANSWER]
            assert history(s) == [("assistant", "Good morning —")]

    run(scene())


def test_respond_while_the_listener_speaks_waits_for_them():
    async def scene():
        async with talking(persona=SILENT, ears=ScriptedEars(says=[""])) as s:
            s.talk.post(Remember(id="a", role="user", text="What is new?"))
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Respond())
            await s.say(2.0, pause_after=0.0)
            until = s.talk.journal.elapsed
            await s.say(0, pause_after=2.0)
            assert s.silent_between(0.0, until)
            assert s.all(LineBegan)

    run(scene())


def test_cancel_ends_the_reply_for_good_and_keeps_what_was_heard():
    async def scene():
        async with talking(ears=ScriptedEars(says=["", "go on"])) as s:
            await s.at(0.6)
            s.talk.post(Cancel())
            assert s.all(Clear)
            await s.at(5.0)
            assert [(r.complete, r.text) for r in s.all(ReplyEnded)] == [(False, "Good morning to you.")]
            assert s.states[-1] is State.IDLE
            await s.say(0.3, pause_after=2.0)
            assert s.marks == [OPENING], "noise resumes nothing"
            await s.say(0.3, pause_after=2.0)
            assert s.marks[1:] == [ANSWER, ANSWER], "and “go on” is something to answer"
            assert history(s) == [("assistant", "Good morning —")]

    run(scene())


@pytest.mark.parametrize("when", ["nothing is said", "thinking", "paused by noise"])
def test_cancel_is_harmless_whenever_it_comes(when):
    async def scene():
        mind = ScriptedMind(text=TWO, first_after=1.0)
        async with talking(persona=SILENT, mind=mind, ears=ScriptedEars(says=["", "hello"])) as s:
            if when != "nothing is said":
                s.write("go")
                await s.at(0.5 if when == "thinking" else 1.5)
            if when == "paused by noise":
                await s.say(0.3, pause_after=0.0)
            s.talk.post(Cancel())
            await s.at(5.0)
            assert len(s.all(ReplyEnded)) == (when != "nothing is said")
            assert s.states == [] or s.states[-1] in (State.IDLE, State.LISTENING)
            s.write("hello")
            await s.at(12.0)
            assert s.all(ReplyEnded)[-1].complete

    run(scene())


def test_a_briefing_holds_from_the_next_reply_on_and_keeps_what_it_does_not_name():
    async def scene():
        async with talking(persona=SILENT) as s:
            s.write("one")
            await s.until(ReplyEnded)
            s.talk.post(Brief(instructions="Be a pirate.", temperature=0.4))
            s.talk.post(Brief(most_tokens=50, language="de"))
            s.write("two")
            await s.until(ReplyEnded, times=2)
            before, after = s.mind.asked
            assert "You are Pat." in before.instructions
            assert "A stage." in before.instructions
            assert (before.language, before.temperature, before.most_tokens) == ("en", None, None)
            assert (after.instructions, after.language) == ("Be a pirate.", "de")
            assert (after.temperature, after.most_tokens) == (0.4, 50)

    run(scene())
