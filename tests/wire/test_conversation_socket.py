"""`/api/conversation` over a real socket: who gets which answer when."""

import asyncio
import base64
import json

import pytest
import websockets

from engine.audio import HEARING_RATE, silence
from engine.media import encode_wav
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.wire.conversation import PATHS, REACTS, SORT, WAITING
from engine.wire.conversation_codec import DEAF
from tests.wire.conversing import (
    AUDIO,
    AUDIO_DONE,
    CLEARED,
    DELTA,
    DONE,
    TRANSCRIPT,
    EchoMind,
    samples,
    talking,
)
from tests.wire.serving import serving, voice

TURN = ["ack", TRANSCRIPT, AUDIO, DELTA, AUDIO, AUDIO_DONE, DONE, "response"]
"""What a spoken turn is answered with; equal ones in a row once."""
OVER_IT = samples(1.0)
SLOW = "One two three four five six seven eight nine ten eleven twelve."


async def test_a_recording_is_acknowledged_understood_and_answered_in_text_and_sound(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        await client.say()
        assert await client.all_until("response") == TURN
        assert client.texts(TRANSCRIPT) == ["how much does it cost"]
        assert client.texts() == ["It is free."]
        sound = b"".join(base64.b64decode(e["data"]["audio"]) for e in client.got if e.get("data", {}).get("audio"))
        assert len(sound) / 2 / 24_000 == pytest.approx(0.6, abs=0.001)


async def test_nothing_is_said_unasked(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        with pytest.raises(TimeoutError):
            await client.next(0.5)
        await client.send({"action": "start"})
        assert (await client.next())["message"] == "Conversation started"
        with pytest.raises(TimeoutError):
            await client.next(0.5)


async def test_somebody_who_was_asked_for_opens_the_conversation_when_it_is_started(tmp_path):
    async with serving(tmp_path) as server, talking(server, "?persona=partner") as client:
        with pytest.raises(TimeoutError):
            await client.next(0.5)
        await client.send({"action": "start"})
        await client.until("response")
        assert client.texts() == [server.studio.persona("partner").opening]


async def test_each_message_sent_at_once_is_answered_and_stop_comes_last(tmp_path):
    async with serving(tmp_path, mind=EchoMind()) as server, talking(server) as client:
        await client.send({"action": "start"})
        await client.say()
        await client.type("what is it for")
        await client.type("who made it")
        await client.send({"action": "stop"})
        await client.until("Conversation stopped")
        answers = ["how much does it cost", "what is it for", "who made it"]
        assert client.texts() == [f"You said {answer}." for answer in answers]
        assert client.texts(TRANSCRIPT) == answers[:1], "what was typed is not sent back"
        assert client.kinds.index("response") > client.kinds.index("ack") == 0
        assert CLEARED not in client.kinds


@pytest.mark.parametrize("dialect", [{"action": "{}"}, {"type": "{}"}, {"type": "conversation", "action": "{}"}])
async def test_start_and_stop_in_three_spellings(tmp_path, dialect):
    async with serving(tmp_path) as server, talking(server) as client:
        for word, answer in (("start", "Conversation started"), ("stop", "Conversation stopped")):
            await client.send(json.dumps(dialect).replace("{}", word))
            event = await client.next()
            assert (event["type"], event["message"]) == ("response", answer)


@pytest.mark.parametrize("path", PATHS)
async def test_every_path_leads_to_it_and_no_address_needs_a_start(tmp_path, path):
    async with serving(tmp_path) as server, talking(server, path=path) as client:
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}
        await client.send(samples(1.5))
        assert await client.all_until("response") == TURN


async def test_samples_are_heard_at_the_rate_that_they_have(tmp_path):
    ears = ScriptedEars(says=["yes"] * 9)
    async with serving(tmp_path, ears=ears) as server, talking(server) as client:
        await client.send({"type": "audio_metadata", "encoding": "audio/pcm", "rate": 24000, "size": len(samples(0.4))})
        await client.send(samples(0.4))
        await client.until("response")
        heard = sum(pcm.seconds for pcm in ears.heard[1])
        assert heard == pytest.approx(0.4, abs=0.01)


async def test_a_live_microphone_in_small_pieces_is_one_turn(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        sound = samples(1.0) + bytes(2 * 24_000 * 2)
        for at in range(0, len(sound), 1_920):  # 40 ms
            await client.send(sound[at : at + 1_920])
            await asyncio.sleep(0.02)
        assert await client.all_until("response") == TURN
        assert "error" not in client.kinds


async def test_stop_ends_the_turn_of_a_live_microphone_without_waiting_for_silence(tmp_path):
    ears = ScriptedEars(says=["how much does it cost"])
    async with serving(tmp_path, ears=ears) as server, talking(server) as client:
        sound = samples(1.0)
        for at in range(0, len(sound), 9_600):  # 0.2 s each, at once
            await client.send(sound[at : at + 9_600])
        await client.send({"action": "stop"})
        kinds = await client.all_until("Conversation stopped")
        assert kinds == [*TURN, "ack"]
        assert sum(pcm.seconds for pcm in ears.heard[1]) == pytest.approx(1.0, abs=0.01)
        await client.say()
        assert client.kinds.count("ack") == 2, "nothing else was acknowledged"


async def test_stop_with_nothing_to_wait_for_is_acknowledged_at_once_even_over_a_quiet_microphone(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        for _ in range(20):
            await client.send(bytes(1_920))
        await client.send({"action": "stop"})
        await client.until("Conversation stopped", seconds=2)
        assert set(client.kinds) == {"ack"}


async def test_a_piece_that_is_too_short_is_said_to_be_and_the_socket_stays(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        await client.send(bytes(960))
        event = await client.next()
        assert event["type"] == "error"
        assert event["message"] == "Audio too short: 960 bytes (minimum 4800 bytes for 100ms)"
        await client.send({"type": "audio_metadata", "encoding": "audio/pcm", "rate": 24000, "size": 100})
        await client.send(bytes(100))
        assert (await client.next())["message"].startswith("Audio too short: 100 bytes")
        await client.say()
        await client.until("response")


async def test_a_recording_without_speech_is_said_to_have_none(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        data = encode_wav(silence(1.0, HEARING_RATE))
        await client.send({"type": "audio", "data": base64.b64encode(data).decode()})
        assert (await client.until("error"))["message"] == DEAF
        await client.say()
        await client.until("response")


async def test_speaking_cuts_in_on_an_answer_and_nothing_stale_follows(tmp_path):
    mind, speech = ScriptedMind(text=SLOW), ScriptedSpeech(word_seconds=0.4)
    async with serving(tmp_path, mind=mind, speech=speech) as server, talking(server) as client:
        await client.type("tell me all of it")
        await client.until(AUDIO)
        await asyncio.sleep(1.0)
        mind.text = "It is free."
        await client.say()
        await client.until(CLEARED)
        assert AUDIO not in await client.all_until(TRANSCRIPT)
        [cut] = [event for event in client.got if event.get("interrupted")]
        assert cut["text"]
        assert SLOW.startswith(cut["text"]) and cut["text"] != SLOW
        await client.until("response")
        assert client.texts()[-1] == "It is free."
        assert client.texts(TRANSCRIPT) == ["how much does it cost"]
        heard = mind.asked[-1].history[-1]
        assert (heard.role, heard.text) == ("assistant", f"{cut['text']} —")


async def test_typing_cuts_in_on_an_answer_that_sounds(tmp_path):
    mind, speech = ScriptedMind(text=SLOW), ScriptedSpeech(word_seconds=0.4)
    async with serving(tmp_path, mind=mind, speech=speech) as server, talking(server) as client:
        await client.type("tell me all of it")
        await client.until(DELTA)
        await asyncio.sleep(REACTS + 0.3)
        mind.text = "It is free."
        await client.type("what does it cost")
        await client.until("It is free.")
        assert CLEARED in client.kinds


async def test_a_text_on_the_heels_of_an_answer_waits_for_it(tmp_path):
    async with serving(tmp_path, mind=EchoMind()) as server, talking(server) as client:
        await client.type("one")
        await client.until(AUDIO)
        await client.type("two")
        await client.until("You said two.")
        assert client.texts() == ["You said one.", "You said two."]
        assert CLEARED not in client.kinds


async def test_a_noise_over_an_answer_does_not_end_it(tmp_path):
    mind, ears, speech = ScriptedMind(text=SLOW), ScriptedEars(says=["mm-hm"]), ScriptedSpeech(word_seconds=0.4)
    async with serving(tmp_path, mind=mind, ears=ears, speech=speech) as server, talking(server) as client:
        await client.type("tell me all of it")
        await client.until(AUDIO)
        await asyncio.sleep(0.8)
        await client.send(OVER_IT)
        await client.until("response")
        assert client.texts() == [SLOW]
        assert client.kinds.count(DELTA) == client.kinds.count(DONE) == 1, "its text is sent once"
        assert CLEARED in client.kinds
        assert "interrupted" not in client.got[-1]


async def test_two_clients_get_their_own_answers_only(tmp_path):
    async with serving(tmp_path, mind=EchoMind()) as server, talking(server) as one, talking(server) as other:
        await asyncio.gather(one.type("this is one"), other.type("this is the other"))
        await asyncio.gather(one.until("response"), other.until("response"))
        assert one.texts() == ["You said this is one."]
        assert other.texts() == ["You said this is the other."]
        for client in (one, other):
            with pytest.raises(TimeoutError):
                await client.next(0.3)


async def test_a_client_that_drops_comes_back_to_its_conversation(tmp_path):
    mind = EchoMind()
    async with serving(tmp_path, mind=mind) as server:
        async with talking(server) as client:
            await client.send({"action": "start"})
            session = (await client.next())["sessionId"]
            await client.type("my name is Ada")
            await client.until("response")
            client.socket.transport.abort()
        async with talking(server, f"?conversation={session}") as client:
            await client.type("who am I")
            await client.until("response")
            assert client.got[0]["sessionId"] == session, client.got
        assert [line.text for line in mind.asked[-1].history] == ["my name is Ada", "You said my name is Ada."]
        async with talking(server, f"?conversation={session}") as client:  # it had said goodbye
            await client.type("and now")
            await client.until("response")
        assert not mind.asked[-1].history


async def test_a_text_that_waited_when_the_client_dropped_is_answered_when_it_is_back(tmp_path):
    mind = EchoMind(first_after=1.0)
    async with serving(tmp_path, mind=mind) as server:
        async with talking(server) as client:
            await client.send({"action": "start"})
            session = (await client.next())["sessionId"]
            for text in ("my name is Ada", "who am I"):
                await client.type(text)
                await client.until("Message received")
            client.socket.transport.abort()
        async with asyncio.timeout(5):
            while any(meeting.face for meeting in server.studio.meetings._going.values()):
                await asyncio.sleep(0.01)
        async with talking(server, f"?conversation={session}") as client:
            await client.until("response")
            assert client.texts() == ["You said who am I."]
        assert [line.text for line in mind.asked[-1].history] == ["my name is Ada"]


async def test_a_failing_mind_is_an_error_and_an_apology_before_stop_is_acknowledged(tmp_path):
    async with serving(tmp_path, mind=ScriptedMind(fails=0)) as server, talking(server) as client:
        await client.say()
        await client.send({"action": "stop"})
        await client.until("Conversation stopped")
        assert "error" in client.kinds
        assert "sorry" in client.texts()[0].lower()


async def test_without_ears_a_recording_is_an_error_and_text_is_answered(tmp_path):
    async with serving(tmp_path, ears=ScriptedEars(failing=True)) as server, talking(server) as client:
        await client.say()
        await client.until("error")
        await client.type("hello")
        await client.send({"action": "stop"})
        await client.until("Conversation stopped")
        assert client.texts() == ["It is free."]


async def test_texts_that_wait_are_bounded(tmp_path):
    speech = ScriptedSpeech(word_seconds=0.02)
    mind = EchoMind(first_after=0.3)
    async with serving(tmp_path, mind=mind, speech=speech) as server, talking(server) as client:
        for number in range(WAITING + 2):
            await client.type(f"number {number}")
        error = await client.until("error")
        assert f"{WAITING} messages are waiting" in error["message"]
        await client.until("You said number 1.")


async def test_goodbye_leaves_nothing_behind(tmp_path):
    async with serving(tmp_path) as server:
        async with talking(server) as client:
            await client.send(bytes(960))
            await client.type("hello")
            await client.until(AUDIO)
            assert server.studio.meetings.count(SORT) == 1
        async with asyncio.timeout(2):
            while server.studio.meetings.count(SORT):
                await asyncio.sleep(0.01)


async def test_the_server_ends_with_a_close_frame(tmp_path):
    async with serving(tmp_path) as server:
        socket = await websockets.connect(f"ws://127.0.0.1:{server.port}/api/conversation")
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd is not None


async def test_somebody_who_is_not_there_is_an_error_and_a_proper_close(tmp_path):
    async with serving(tmp_path) as server, talking(server, "?persona=nobody") as client:
        event = await client.next()
        assert event["type"] == "error"
        assert "nobody" in event["message"]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await client.next()
        assert closed.value.rcvd.code == 1000


async def test_pages_from_elsewhere_are_turned_away(tmp_path):
    async with serving(tmp_path) as server:
        with pytest.raises(websockets.InvalidStatus, match="403"):
            async with talking(server, origin="https://evil.example"):
                pass
        async with talking(server, origin="http://localhost:5173"):
            pass


async def test_a_voice_that_goes_on_for_more_than_a_minute_is_refused(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        await client.send({"type": "audio", "data": base64.b64encode(encode_wav(voice(61))).decode()})
        assert "60" in (await client.until("error"))["message"]
