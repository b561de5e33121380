"""What goes wrong with OpenAI's Realtime model: others go on, the user is told once, nothing is lost or said twice."""

import asyncio

import pytest

from engine.messages import Fault, LineBegan, ReplyEnded, Said
from engine.providers.scripted import ScriptedEars
from tests.vendors.openai import spoken
from tests.vendors.openai_talking import QUICK, SLOW, agent, ask, sessions, sound, talk

TEXT = "One two three four. And so on."
OTHERS = "Now I speak with another voice."
AT_ONCE = {
    "unauthorized": True,
    "rate_limited": 600.0,
    "server_error": True,
    "bad_gateway_html": True,
    "slow_headers": 30.0,
    "silent_peer": True,
}
ON_THE_WAY = {
    "slow_first_byte": 30.0,
    "stall": 0,
    "cut": 0,
    "clean_early_end": 0,
    "malformed_frame": True,
    "error_event": True,
}
LATER = ("stall", "cut", "clean_early_end")
PIECES = 6
"""Of a tenth of a second: in the middle of the first sentence."""


def told(stage):
    """The one thing that the user was told."""
    (fault,) = stage.all(Fault)
    assert "sk-" not in fault.message
    assert "<" not in fault.message
    assert fault.message.endswith("from now on Scripted ears hears, Scripted mind thinks and Scripted speech speaks")
    return fault.message


@pytest.mark.parametrize("fault", AT_ONCE)
@pytest.mark.parametrize("spoken_to", [True, False])
async def test_whoever_cannot_be_reached_is_done_without(fault, spoken_to):
    def spoil(server):
        setattr(server.faults, fault, AT_ONCE[fault])

    async with talk(deadlines=QUICK, before=spoil, ears=ScriptedEars(says=["hello"])) as (_, stage):
        if spoken_to:
            await stage.say(0.6)
        else:
            stage.write("hello")
        await stage.until(ReplyEnded)
    assert stage.transcript == [("user", "hello", False), ("agent", OTHERS, False)]
    assert ("refused the key" in told(stage)) is (fault == "unauthorized")


@pytest.mark.parametrize("fault", ON_THE_WAY)
async def test_a_reply_that_fails_before_its_first_sound_is_given_by_the_others(fault):
    deadlines = QUICK if fault in ("slow_first_byte", "stall") else SLOW
    async with talk(deadlines=deadlines, replies=[(TEXT,)]) as (server, stage):
        await asyncio.sleep(0.2)
        setattr(server.faults, fault, ON_THE_WAY[fault])
        await ask(stage, "count")
        server.faults.__init__()
        await ask(stage, "and now")
        assert len(server.asked) == 1, "it is not asked again"
    assert agent(stage) == f"{OTHERS} {OTHERS}"
    told(stage)
    assert stage.mind.asked[0].question == "count"


@pytest.mark.parametrize("fault", LATER)
async def test_a_reply_that_breaks_off_is_finished_by_another_voice(fault):
    deadlines = QUICK if fault == "stall" else SLOW
    async with talk(deadlines=deadlines, replies=[(TEXT,)]) as (server, stage):
        await asyncio.sleep(0.2)
        setattr(server.faults, fault, PIECES)
        await ask(stage, "count")
    said = agent(stage)
    assert TEXT.startswith(said), "nothing is said twice, nothing is left out in between"
    assert said.startswith("One two three four."), "the sentence was told to its end"
    began = sound(stage)[: PIECES * 4800]
    assert began == spoken(TEXT)[: PIECES * 4800], "what had come is heard"
    assert stage.senses.speech.ended, "the rest is said by the other voice"
    assert stage.mind.asked == []
    told(stage)
    assert next(said.interrupted for said in stage.all(Said) if said.speaker == "agent")


@pytest.mark.parametrize("fault", ["slow_first_byte", "stall", "error_event"])
async def test_a_turn_of_which_no_words_come_is_heard_by_the_others(fault):
    ears = ScriptedEars(says=["how much is it"])
    async with talk(deadlines=QUICK, says=["never told"] * 9, ears=ears) as (server, stage):
        await asyncio.sleep(0.2)
        setattr(server.faults, fault, ON_THE_WAY[fault])
        await stage.say(0.6)
        await stage.until(ReplyEnded)
    assert stage.transcript == [("user", "how much is it", False), ("agent", OTHERS, False)]
    assert sum(pcm.seconds for pcm in ears.heard[1] if any(pcm.data)) == pytest.approx(0.6, abs=0.05)
    told(stage)


@pytest.mark.parametrize("fault", ["cut", "malformed_frame"])
async def test_a_turn_in_which_the_connection_breaks_once_is_heard_on_the_next(fault):
    async with talk(says=["how much is it"], replies=[(TEXT,)]) as (server, stage):
        await asyncio.sleep(0.2)
        setattr(server.faults, fault, ON_THE_WAY[fault])
        saying = asyncio.create_task(stage.say(0.9))
        while len(server.sessions) < 2:
            await asyncio.sleep(0.01)
            server.faults.__init__() if len(server.sessions) > 1 else None
        await stage.until(ReplyEnded)
        await saying
    assert stage.transcript[0] == ("user", "how much is it", False)
    assert sound(stage) == spoken(TEXT)
    assert stage.all(Fault) == []


@pytest.mark.parametrize(("ends", "says"), [("failed", "reported an error"), ("cancelled", "broke off")])
async def test_a_reply_that_ends_badly_was_one_all_the_same(ends, says):
    async with talk(replies=[(TEXT,)], ends=ends) as (_, stage):
        await ask(stage, "count")
    assert sound(stage).startswith(spoken(TEXT)), "all of it had come"
    assert agent(stage) == TEXT
    assert says in told(stage)


async def test_a_model_that_does_not_tell_what_it_says_is_no_partner():
    async with talk(replies=[(TEXT,)], tells=False) as (_, stage):
        await ask(stage, "count")
    assert agent(stage) == OTHERS
    assert "does not tell what it says" in told(stage)


async def test_whoever_leaves_in_the_middle_of_a_reply_leaves_no_task_and_no_socket():
    before = asyncio.all_tasks()
    async with talk(replies=[(TEXT,)], pace=0.1) as (server, stage):
        stage.write("count")
        await stage.until(LineBegan)
        ours = {task.get_name() for task in asyncio.all_tasks() - before}
        assert "dialogue" in ours
        assert len(sessions(server)) == 1
    left = {task for task in asyncio.all_tasks() - before if "serve" not in repr(task)}
    assert not left
