"""A talk with OpenAI's Realtime model: the official SDK over real sockets, in real time."""

import asyncio

import pytest

from engine.messages import (
    Brief,
    Clear,
    Correct,
    Fault,
    Forget,
    LineBegan,
    Remember,
    ReplyEnded,
    Respond,
    Retune,
    Said,
    Speech,
)
from engine.providers import openai_live_listening
from engine.providers.base import Expectation, Voice
from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from tests.core.scene import PAT
from tests.vendors.openai import spoken
from tests.vendors.openai_conversing import respond
from tests.vendors.openai_talking import QUICK, agent, ask, sent, sessions, sound, talk

LONG = "One two three four five six seven. And so on, and so on."


async def test_a_conversation_by_voice_is_heard_remembered_and_said():
    replies = [("That is ", "free. ", "Is that all?"), ("Goodbye to you.",)]
    async with talk(says=["how much is it", "goodbye"], replies=replies, play=True) as (server, stage):
        await stage.until(Said, 2)
        await stage.say(0.8)
        await stage.until(ReplyEnded, 2)
        await stage.say(0.8)
        await stage.until(ReplyEnded, 3)
    assert stage.transcript == [
        ("agent", "Good morning to you.", False),
        ("agent", "What brings you here today?", False),
        ("user", "how much is it", False),
        ("agent", "That is free.", False),
        ("agent", "Is that all?", False),
        ("user", "goodbye", False),
        ("agent", "Goodbye to you.", False),
    ]
    assert server.asked == [
        [("assistant", PAT.opening), ("user", "how much is it")],
        [
            ("assistant", PAT.opening),
            ("user", "how much is it"),
            ("assistant", "That is free. Is that all?"),
            ("user", "goodbye"),
        ],
    ]
    assert server.errors == []
    assert not stage.all(Fault)
    assert stage.senses.ears.heard == {}, "nobody else had to hear"


async def test_what_was_said_arrives_sample_for_sample_at_24_khz():
    async with talk(replies=[(LONG,)]) as (_, stage):
        await ask(stage, "count")
    assert sound(stage) == spoken(LONG)
    assert {speech.pcm.rate for speech in stage.all(Speech)} == {24_000}


async def test_the_session_hears_for_us_and_decides_nothing():
    async with talk() as (server, stage):
        await ask(stage, "hello")
        (session,) = sessions(server)
    settings = session.settings
    assert settings["audio"]["input"]["turn_detection"] is None
    assert settings["audio"]["input"]["transcription"] == {"model": "whisper-1"}
    assert settings["audio"]["output"]["format"] == {"type": "audio/pcm", "rate": 24_000}
    assert settings["output_modalities"] == ["audio"]
    assert settings["instructions"].startswith(PAT.who)


def test_the_vendor_itself_is_asked_for_every_um_and_to_think_little():
    session = OpenAiRealtimeDialogue(key="sk-mine").converse(Expectation(), Voice(name="cedar"))
    settings = session._settings()
    transcription = settings["audio"]["input"]["transcription"]
    assert transcription["model"] == "gpt-transcribe"
    assert "um" in transcription["prompt"]
    assert settings["audio"]["output"]["voice"] == "cedar"
    assert settings["reasoning"] == {"effort": "minimal"}


async def test_cutting_in_stops_the_model_and_it_forgets_what_was_not_heard():
    async with talk(replies=[(LONG,), ("Fine.",)], pace=0.05) as (server, stage):
        stage.write("count")
        await stage.until(LineBegan)
        await asyncio.sleep(1.0)
        await ask(stage, "and what about zero", 2)
        (session,) = sessions(server)
    cut = next(said for said in stage.all(Said) if said.interrupted)
    heard = round(1000 * sum(speech.pcm.seconds for at, speech in stage.out_before(Clear)))
    (_, end), remembered = session.remembered.truncated[0], server.asked[1]
    assert 900 <= end <= heard, "what was heard, and no more"
    assert len(session.cancelled) == 1
    assert remembered == [("user", "count"), ("assistant", f"{end} ms"), ("user", "and what about zero")]
    assert LONG.startswith(cut.text)
    assert server.errors == []
    assert spoken("Fine.") in sound(stage), "nothing of the first came after it"


async def test_cutting_in_on_a_reply_that_is_made_truncates_it_too():
    async with talk(replies=[(LONG,), ("Fine.",)]) as (server, stage):
        stage.write("count")
        await stage.until(LineBegan)
        await asyncio.sleep(1.0)
        await ask(stage, "and what about zero", 2)
        (session,) = sessions(server)
    assert len(session.remembered.truncated) == 1
    assert sent(session, "response.cancel") == [], "there was nothing to stop"
    assert server.errors == []


async def test_a_reply_of_which_nothing_was_heard_is_not_remembered():
    async with talk(replies=[(LONG,), ("Fine.",)]) as (server, stage):
        server.stops_after = 0.1
        stage.write("count")
        await asyncio.sleep(0.001)
        await ask(stage, "count backwards", 2)
        (session,) = sessions(server)
    assert server.asked[-1] == [("user", "count count backwards")]
    assert session.remembered.truncated == []
    assert server.errors == []


async def test_interrupting_again_and_again_never_asks_for_two_replies_at_once():
    async with talk(replies=[(LONG,)], pace=0.01, stops_after=0.02) as (server, stage):
        for number in range(30):
            stage.write(f"count, {number}")
            await asyncio.sleep(0.01 * (number % 7))
        await ask(stage, "that is all", 31)
        assert len(sessions(server)) == 1
    assert set(server.errors) <= {"response_cancel_not_active"}, "over just when it was to be stopped"
    assert stage.all(Fault) == []
    assert agent(stage).endswith(LONG)


async def test_a_model_that_does_not_stop_is_hung_up_on_and_a_new_session_knows_all():
    async with talk(replies=[(LONG,), ("Fine.",)], pace=0.2, stops_after=30.0, deadlines=QUICK) as (server, stage):
        stage.write("count")
        await stage.until(LineBegan)
        await asyncio.sleep(0.6)
        await ask(stage, "and what about zero", 2)
        assert len(sessions(server)) == 2
    cut = next(said.text for said in stage.all(Said) if said.interrupted)
    assert server.asked[-1] == [("user", "count"), ("assistant", f"{cut} —"), ("user", "and what about zero")]
    assert stage.all(Fault) == []


async def test_a_cough_is_forgotten_and_the_reply_goes_on():
    async with talk(says=[""], replies=[(LONG,), ("Yes.",)]) as (server, stage):
        stage.write("count")
        await stage.until(LineBegan)
        await stage.say(0.3)
        await stage.until(ReplyEnded)
        await ask(stage, "was that all")
    assert server.asked[1] == [("user", "count"), ("assistant", LONG), ("user", "was that all")]
    assert server.errors == []


async def test_a_client_may_change_what_was_said_and_who_the_model_is():
    async with talk(replies=[("Yes.",)]) as (server, stage):
        stage.talk.post(Remember(id="a", role="user", text="My name is Ann."))
        stage.talk.post(Remember(id="b", role="assistant", text="Hello Ann."))
        await ask(stage, "are you well")
        stage.talk.post(Correct(id="b", text="Hello, dear Ann."))
        stage.talk.post(Forget(id="a"))
        stage.talk.post(Brief(instructions="You are a robot.", most_tokens=9000))
        stage.talk.post(Retune(speed=1.25))
        await ask(stage, "who are you")
        await ask(stage, "really")
        (session,) = sessions(server)
    first = [("user", "My name is Ann."), ("assistant", "Hello Ann."), ("user", "are you well")]
    second = [("assistant", "Hello, dear Ann."), *first[2:], ("assistant", "Yes."), ("user", "who are you")]
    assert server.asked == [first, second, [*second, ("assistant", "Yes."), ("user", "really")]]
    updates = sent(session, "session.update")
    assert len(updates) == 3, "once to open it, and when something has changed"
    assert updates[-1]["session"]["instructions"] == "You are a robot."
    assert updates[-1]["session"]["audio"]["output"]["speed"] == 1.25
    assert sent(session, "response.create")[-1]["response"] == {"max_output_tokens": 4096}
    assert server.errors == []


async def test_a_reply_to_what_was_said_so_far():
    async with talk(replies=[("Yes.",)]) as (server, stage):
        stage.talk.post(Remember(id="a", role="user", text="Is it free?"))
        stage.talk.post(Respond())
        await stage.until(ReplyEnded)
    assert server.asked == [[("user", "Is it free?")]]


async def test_a_voice_is_chosen_until_it_has_spoken():
    async with talk(replies=[("Yes.",)]) as (server, stage):
        stage.talk.post(Retune(voice="cedar"))
        await ask(stage, "hello")
        stage.talk.post(Retune(voice="alloy", speed=9.0))
        await ask(stage, "hello")
        (session,) = sessions(server)
    *_, first, second = (update["session"]["audio"]["output"] for update in sent(session, "session.update"))
    assert (first["voice"], first["speed"]) == ("cedar", 1.0)
    assert (second["voice"], second["speed"]) == ("cedar", 1.5)


@pytest.mark.parametrize("knob", [{"beta_names": True}, {"refuses": {"voice"}}])
async def test_servers_that_speak_a_little_differently(knob):
    async with talk(says=["how much is it"], replies=[(LONG,)], **knob) as (_, stage):
        await asyncio.sleep(0.2)
        await stage.say(0.8)
        await stage.until(ReplyEnded)
    assert sound(stage) == spoken(LONG)
    assert stage.all(Fault) == []


async def test_a_response_that_nobody_asked_for_is_stopped_and_not_heard():
    async with talk(replies=[(LONG,), ("Fine.",)], pace=0.02) as (server, stage):
        await asyncio.sleep(0.2)
        (session,) = sessions(server)
        unasked = asyncio.create_task(respond(session, {}))
        await asyncio.sleep(0.1)
        await ask(stage, "hello")
        await unasked
    assert sound(stage) == spoken("Fine.")
    assert server.errors == []


# ---- another session ------------------------------------------------------------------------------------------------


async def test_a_session_is_renewed_between_turns_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(openai_live_listening, "RENEWED", 1.0)
    async with talk(says=["how much is it"], replies=[("It is free.",), (LONG,)]) as (server, stage):
        await ask(stage, "hello")
        stage.write("count")
        await stage.until(LineBegan, 2)
        await asyncio.sleep(0.7)
        await stage.say(1.2)  # over the reply: what is being said or heard is not left
        await stage.until(ReplyEnded, 3)
        await asyncio.sleep(1.2)
        await ask(stage, "and now")
        assert len(sessions(server)) >= 2
        assert sessions(server)[0].socket.closed_with == 1000
    said = [(speaker, text) for speaker, text, _ in stage.transcript]
    assert ("user", "how much is it") in said
    last = server.asked[-1]
    assert [role for role, _ in last] == ["user", "assistant"] * 3 + ["user"]
    assert (last[0], last[4], last[-1]) == (("user", "hello"), ("user", "how much is it"), ("user", "and now"))
    assert server.errors == []
    assert stage.all(Fault) == []


async def test_a_session_that_expires_is_replaced():
    def limit(server):
        server.faults.session_limit, server.faults.times = 1.0, 1

    async with talk(replies=[("Yes.",)], before=limit) as (server, stage):
        await ask(stage, "hello")
        await asyncio.sleep(1.2)
        await ask(stage, "still there")
        assert len(sessions(server)) == 2
    assert server.asked[1] == [("user", "hello"), ("assistant", "Yes."), ("user", "still there")]
    assert server.errors == ["session_expired"]
    assert stage.all(Fault) == []


async def test_a_connection_that_is_lost_in_a_turn_hears_it_all_on_the_next():
    async with talk(says=["how much is it"], replies=[("It is free.",)]) as (server, stage):
        saying = asyncio.create_task(stage.say(1.0))
        await asyncio.sleep(0.6)
        server.sessions[-1].socket.link.writer.transport.abort()
        await stage.until(ReplyEnded)
        await saying
        assert len(sessions(server)) == 2
    assert stage.transcript == [("user", "how much is it", False), ("agent", "It is free.", False)]
    assert stage.all(Fault) == []
