"""`/api/v1/streaming/realtime` over a real socket: the order of events that its clients rely on."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, Pcm, silence
from engine.media import encode_wav
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.wire.realtime import PATH, address, connected
from tests.wire.serving import serving

LONG = "One two three. Four five six. Seven eight nine. Ten eleven twelve."


def slowly(folder, **more):
    """Replies of four sentences of 1.2 s."""
    return serving(folder, mind=ScriptedMind(text=LONG), speech=ScriptedSpeech(word_seconds=0.4), **more)


def tone_24k(seconds):
    return Pcm(b"\x00\x20" * round(seconds * 24_000), 24_000)


async def test_nothing_is_said_on_connecting(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        await client.is_quiet(1.5)


async def test_a_typed_line_is_answered_in_text_and_sound_and_done_once(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        await client.type("Hello, how are you?")
        done = await client.until("response.done")
        assert done["response"]["usage"] == {"input_tokens": 4, "output_tokens": 3}
        assert client.text == "It is free."
        assert len(client.audio) / 2 / 24_000 == pytest.approx(0.6, abs=0.01)
        assert client.types[0] == "conversation.item.created"
        assert client.types.index("response.delta") < client.types.index("response.done")
        await client.is_quiet()
        assert client.types.count("response.done") == 1


async def test_pieces_of_audio_are_half_a_second_at_most(tmp_path):
    async with slowly(tmp_path) as server, connected(server) as client:
        await client.type("Hello")
        await client.until("response.done")
        audio = [m["response"]["audio"] for m in client.got if m["type"] == "response.audio"]
        assert max(len(base64.b64decode(one)) for one in audio) <= 0.5 * 24_000 * 2
        assert client.text == LONG


async def test_a_recording_is_one_utterance_and_its_transcript_is_told(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        await client.say()
        created = (await client.until("conversation.item.created"))["conversation_item"]
        assert created["content"] == [{"type": "input_audio", "transcript": "how much does it cost"}]
        await client.until("response.done")
        assert client.text == "It is free."


async def test_a_stream_of_samples_is_a_turn_when_it_falls_silent(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        for piece in (*[tone_24k(0.1)] * 6, *[silence(0.1, 24_000)] * 16):
            await client.append(piece)
            await asyncio.sleep(0.02)
        await client.until("response.done")
        assert client.types.count("conversation.item.created") == 2, "what was said, and what was answered"


async def test_a_turn_without_detection_is_from_the_first_audio_to_the_commit(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        assert (await client.update(turn_detection=None)).get("turn_detection") is None
        await client.append(tone_24k(0.5))
        await client.is_quiet(1.5)
        await client.send("input_audio_buffer.commit")
        await client.send("response.create")
        await client.until("response.done")
        await client.is_quiet()
        assert client.types.count("response.done") == 1
        assert client.text == "It is free."


async def test_what_was_cleared_is_not_answered(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        await client.update(turn_detection=None)
        await client.append(tone_24k(0.5))
        await client.send("input_audio_buffer.clear")
        done = await client.until("response.done")
        assert done["response"]["usage"] == {"input_tokens": 0, "output_tokens": 0}
        await client.is_quiet()
        assert "conversation.item.created" not in client.types


async def test_sound_without_words_is_quietly_done(tmp_path):
    async with serving(tmp_path, ears=ScriptedEars()) as server, connected(server) as client:
        for audio in (None, encode_wav(silence(1.0, HEARING_RATE))):
            await client.say(audio)
            done = await client.until("response.done")
            assert done["response"]["usage"] == {"input_tokens": 0, "output_tokens": 0}
        assert set(client.types) == {"response.done"}


async def test_cutting_in_silences_the_reply_ends_it_and_answers_what_was_said(tmp_path):
    async with slowly(tmp_path) as server, connected(server) as client:
        await client.type("Hello")
        await client.until("response.delta")
        await client.say()
        cut = await client.until("response.done")
        assert cut["response"]["status"] == "cancelled"
        before = client.types
        assert "input_audio_buffer.speech_started" in before
        between = before[before.index("input_audio_buffer.speech_started") :]
        assert "response.audio" not in between, "nothing sounds between the silence and the end of the reply"
        done = await client.until("response.done")
        assert "status" not in done["response"]


async def test_a_cough_over_a_reply_is_followed_by_the_rest_of_it_and_nothing_is_told_twice(tmp_path):
    async with slowly(tmp_path, ears=ScriptedEars()) as server, connected(server) as client:
        await client.type("Hello")
        await client.until("response.delta")
        await client.say()
        await client.until("input_audio_buffer.speech_started")
        before = len(client.audio)
        done = await client.until("response.done")
        assert "status" not in done["response"]
        assert client.text == LONG
        assert (len(client.audio) - before) / 2 / 24_000 > 3.5, "most of 4.8 s were still to be heard"
        await client.is_quiet()
        assert client.types.count("response.done") == 1


async def test_a_response_is_cancelled_and_another_can_be_asked_for(tmp_path):
    async with slowly(tmp_path) as server, connected(server) as client:
        await client.type("Hello")
        await client.until("response.delta")
        await client.send("response.cancel")
        assert (await client.until("response.done"))["response"]["status"] == "cancelled"
        await client.is_quiet()
        await client.send("response.create")
        assert "status" not in (await client.until("response.done"))["response"]


async def test_items_are_added_changed_and_removed_and_the_next_reply_knows_them(tmp_path):
    mind = ScriptedMind(text="I see.")
    async with serving(tmp_path, mind=mind) as server, connected(server) as client:
        for text in ("My name is Ada.", "I like cups."):
            item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
            await client.send("conversation.item.create", conversation_item_create=item)
            await client.until("conversation.item.created")
        ada, cups = (message["conversation_item"]["id"] for message in client.got)
        await client.is_quiet()
        change = {"item_id": ada, "type": "message", "role": "user", "content": [{"text": "My name is Eve."}]}
        await client.send("conversation.item.update", conversation_item_update=change)
        assert (await client.until("conversation.item.updated"))["conversation_item"]["id"] == ada
        await client.send("conversation.item.delete", conversation_item_delete={"item_id": cups})
        assert (await client.until("conversation.item.deleted"))["conversation_item"] == {"id": cups}
        await client.type("Who am I?")
        await client.until("response.done")
        assert [line.text for line in mind.asked[0].history] == ["My name is Eve."] or (
            "My name is Eve." in str(mind.asked[0]) and "cups" not in str(mind.asked[0])
        )
        await client.send("conversation.item.delete", conversation_item_delete={"item_id": cups})
        assert "there is no item" in (await client.until("error"))["error"]["message"]


async def test_an_update_reaches_the_running_conversation(tmp_path):
    mind = ScriptedMind(text="I see.")
    async with serving(tmp_path, mind=mind) as server, connected(server) as client:
        session = await client.update(instructions="Be a pirate.", language="de", temperature=0.2)
        assert (session["instructions"], session["language"], session["temperature"]) == ("Be a pirate.", "de", 0.2)
        assert session["max_response_output_tokens"] == 4096
        await client.type("Hello")
        await client.until("response.done")
        [asked] = mind.asked
        assert (asked.instructions, asked.language, asked.temperature) == ("Be a pirate.", "de", 0.2)
        assert asked.most_tokens == 4096


async def test_a_mind_that_fails_is_an_error_and_the_socket_stays_open(tmp_path):
    async with serving(tmp_path, mind=ScriptedMind(fails=0)) as server, connected(server) as client:
        await client.type("Hello")
        assert (await client.until("error"))["error"]["code"] == "internal_error"
        assert (await client.until("response.done"))["response"]["status"] == "failed"
        await client.send("ping", ping={"timestamp": 1.5})
        assert (await client.until("pong"))["timestamp"] == 1.5


async def test_the_status_counts_conversations(tmp_path):
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as http:
        idle = {"status": "active", "active_connections": 0, "openai_connections": 0, "model": "scripted mind"}
        for path in (PATH, "/api/v1/realtime"):
            assert (await http.get(f"{path}/status")).json() == idle
            assert (await http.get(f"{path}/health")).json()["service"] == "realtime"
            async with connected(server, f"{path}/ann") as one, connected(server, f"{path}/ann") as other:
                await one.update()
                await other.update()
                assert (await http.get(f"{PATH}/status")).json()["active_connections"] == 2
            async with asyncio.timeout(5):
                while (await http.get(f"{PATH}/status")).json() != idle:
                    await asyncio.sleep(0.02)


async def test_a_client_that_drops_comes_back_to_its_conversation_and_its_settings(tmp_path):
    mind = ScriptedMind(text="I see.")
    async with serving(tmp_path, mind=mind) as server:
        async with connected(server) as client:
            id = (await client.update(voice="steadier", output_audio_format="g711_ulaw"))["id"]
            await client.type("My name is Ada.")
            await client.until("response.done")
            client.socket.transport.abort()
        async with connected(server, f"{PATH}/test_user?conversation={id}") as client:
            session = await client.update()
            assert (session["id"], session["voice"]) == (id, "steadier")
            assert session["output_audio_format"] == "g711_ulaw"
            await client.type("Who am I?")
            await client.until("response.done")
        assert "My name is Ada." in [line.text for line in mind.asked[1].history]


async def test_somebody_who_is_not_there_is_an_error_and_a_close(tmp_path):
    async with serving(tmp_path) as server, connected(server, f"{PATH}/ann?persona=nobody") as client:
        assert "nobody" in (await client.next())["error"]["message"]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await client.next()
        assert closed.value.rcvd.code == 1008


async def test_two_clients_of_one_name_do_not_hear_each_other(tmp_path):
    async with serving(tmp_path) as server, connected(server) as one, connected(server) as other:
        await one.type("Hello")
        await one.until("response.done")
        await other.is_quiet(0.5)


async def test_a_client_that_says_goodbye_can_say_hello_again(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        for text in ("Goodbye.", "Hello again."):
            await client.type(text)
            await client.until("response.done")
        assert client.types.count("response.done") == 2


async def test_a_frame_with_every_key_arrives_as_the_first_server_sent_it(tmp_path):
    async with serving(tmp_path) as server, websockets.connect(address(server), proxy=None) as socket:
        await socket.send(json.dumps({"type": "ping", "ping": {"timestamp": 12.5}}))
        assert await socket.recv() == (
            '{"type":"pong","session":null,"response":null,"conversation_item":null,"error":null,"timestamp":12.5}'
        )
