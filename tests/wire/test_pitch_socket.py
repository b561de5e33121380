"""`/ws/pitch` over a real socket: the order of events that its clients rely on."""

import asyncio
import base64
import json
import time

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, silence
from engine.media import decode_clip, encode_wav
from engine.media.raw import RawFormat
from engine.providers.scripted import ScriptedMind, ScriptedSpeech
from tests.wire.serving import Client, recording, serving, voice

IN_THE_SECOND = 0.9
"""Seconds after the second of four slow sentences came: it has been sounding for 0.6, the third comes in 0.3."""


def slowly(folder):
    """Sentences of 1.2 s."""
    return serving(folder, speech=ScriptedSpeech(word_seconds=0.4))


async def test_cut_in_the_second_of_four_sentences(tmp_path):
    async with slowly(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=2)
        await asyncio.sleep(IN_THE_SECOND)
        asked = time.monotonic()
        await client.ask()
        await client.until("clear")
        assert time.monotonic() - asked < 2
        await client.until("end")
        assert client.marks == [1, 2, "user_response", 2, 3, 4]
        assert client.events.count("clear") == client.events.count("end") == 1
        assert client.events.index("clear") < client.marks.index("user_response") + 1


async def test_every_payload_is_a_file_that_decodes_to_sound(tmp_path):
    async with serving(tmp_path) as server:
        for query, raw in (
            ("", None),
            ("&format=wav", None),
            ("&format=pcm_16000", RawFormat()),
            ("&format=ulaw_8000", RawFormat(encoding="mulaw", rate=8000)),
        ):
            async with server.client(query) as client:
                await client.start()
                media = (await client.until("media"))["media"]
                pcm = decode_clip(base64.b64decode(media["payload"]), raw=raw)
                assert pcm.seconds == pytest.approx(0.6, abs=0.08), query
                assert max(abs(s) for s in memoryview(pcm.data).cast("h")) > 1000, query


async def test_the_answer_is_in_the_format_of_the_sentences(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.ask()
        answer = (await client.until("media", mark="user_response"))["media"]
        assert base64.b64decode(answer["payload"])[:3] == b"ID3" or base64.b64decode(answer["payload"])[0] == 0xFF


async def test_a_question_before_the_start_is_answered_and_nothing_ends(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.ask()
        await client.until("media", mark="user_response")
        with pytest.raises(TimeoutError):
            await client.next(1.5)
        assert client.events == ["clear", "media"]


async def test_a_question_after_the_end_is_answered_and_the_end_is_not_repeated(tmp_path):
    async with serving(tmp_path, text="Only this.") as server, server.client() as client:
        await client.start()
        await client.until("end")
        await client.ask()
        await client.until("media", mark="user_response")
        with pytest.raises(TimeoutError):
            await client.next(1.5)
        assert client.events == ["media", "end", "clear", "media"]


async def test_start_again_clears_and_begins_at_the_first_sentence(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=2)
        await client.start()
        await client.until("end")
        assert client.marks == [1, 2, 1, 2, 3, 4]
        assert client.events.count("clear") == client.events.count("end") == 1


async def test_sound_without_speech_clears_and_sends_the_sentence_again(tmp_path):
    async with slowly(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=2)
        await asyncio.sleep(IN_THE_SECOND)
        await client.ask(encode_wav(silence(1.0, HEARING_RATE)))
        await client.until("end")
        assert client.marks == [1, 2, 2, 3, 4]
        assert not server.studio.store.questions(server.pitch)


async def test_a_question_in_many_small_pieces_is_one_question(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=1)
        samples = voice(1.0).data
        for first in range(0, len(samples), 4096):  # 128 ms of raw samples a message
            await client.ask(samples[first : first + 4096])
            await asyncio.sleep(0.05)
        await client.until("end", seconds=15)
        assert client.events.count("clear") == 1
        assert client.marks.count("user_response") == 1


async def test_playback_reports_are_accepted_in_every_spelling(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        for mark in (1, "2", {"name": "3"}, "user_response"):
            await client.send({"event": "mark", "mark": mark})
        await client.until("end")
        assert "error" not in client.events


async def test_stop_falls_silent_until_start(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=1)
        await client.send({"event": "stop"})
        await client.until("clear")
        with pytest.raises(TimeoutError):
            await client.next(1.0)


async def test_a_mind_that_fails_apologises_and_the_pitch_goes_on(tmp_path):
    async with serving(tmp_path, mind=ScriptedMind(fails=0)) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=1)
        await client.ask()
        await client.until("end")
        assert "error" in client.events
        assert "user_response" in client.marks


async def test_two_clients_do_not_hear_each_other(tmp_path):
    async with serving(tmp_path) as server, server.client() as one, server.client() as other:
        await one.start()
        await other.start()
        await one.until("media", mark=2)
        await one.ask()
        await asyncio.gather(one.until("end"), other.until("end"))
        assert other.marks == [1, 2, 3, 4]
        assert "clear" not in other.events


async def test_without_an_id_the_pitch_that_was_changed_last_is_held(tmp_path):
    async with serving(tmp_path) as server, server.client(url=f"ws://127.0.0.1:{server.port}/ws/pitch") as client:
        await client.start()
        await client.until("media", mark=1)
        await client.until("end")
        assert client.marks == [1, 2, 3, 4]


async def test_a_client_that_vanishes_leaves_its_transcript_and_no_task(tmp_path):
    async with serving(tmp_path) as server:
        async with server.client() as client:
            await client.start()
            await client.until("media", mark=2)
            await asyncio.sleep(0.7)
            client.socket.transport.abort()
        await asyncio.sleep(0.3)
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert not names & {"playout", "ear", "transcripts"}
        assert server.studio.store.flush(2)
        meeting = server.studio.store.meetings(server.pitch)[0]
        assert server.studio.store.lines(meeting.id)[0].text == "One two three."


async def test_the_server_says_goodbye_with_a_close_frame(tmp_path):
    async with serving(tmp_path) as server:
        client = Client(await websockets.connect(server.url()))
        await client.start()
        await client.until("media", mark=1)
    with pytest.raises(websockets.ConnectionClosed) as closed:
        while True:
            await client.next()
    assert closed.value.rcvd is not None and closed.value.rcvd.code in (1001, 1012)


def upload(data, **declared):
    return json.dumps({"event": "user_audio", "audio": base64.b64encode(data).decode(), **declared})


MALFORMED = {
    "not JSON": "start",
    "half a JSON object": '{"event": "sta',
    "JSON, but a list": '["start"]',
    "JSON, but a number": "7",
    "no event": "{}",
    "an event that is a number": '{"event": 5}',
    "an unknown event": '{"event": "begin"}',
    "a binary frame": b"\x00\x01\x02",
    "no audio": '{"event": "user_audio"}',
    "audio that is empty": '{"event": "user_audio", "audio": ""}',
    "audio that is null": '{"event": "user_audio", "audio": null}',
    "audio that is a number": '{"event": "user_audio", "audio": 42}',
    "audio that is a list": '{"event": "user_audio", "audio": ["UklGRg=="]}',
    "audio that is no base64": '{"event": "user_audio", "audio": "this is not base64!"}',
    "text as audio": upload(b"How much does it cost? " * 40),
    "a picture as audio": upload(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "a WAV header and no sound": upload(recording(0)[:44]),
    "a broken WebM": upload(b"\x1a\x45\xdf\xa3" + b"\xff" * 400),
    "an encoding nobody has": upload(bytes(3200), encoding="opus9"),
    "a rate that is a text": upload(bytes(3200), sample_rate="fast"),
    "a rate of 1 Hz": upload(bytes(3200), sample_rate=1),
    "20 MB of base64": json.dumps({"event": "user_audio", "audio": "AAAA" * 5_000_000}),
    "a mark without a mark": '{"event": "mark"}',
    "a mark that is a list": '{"event": "mark", "mark": [1]}',
}


async def test_whatever_is_wrong_is_said_and_disturbs_nobody(tmp_path):
    assert len(MALFORMED) >= 20
    async with serving(tmp_path) as server, server.client() as witness, server.client() as client:
        for what, frame in MALFORMED.items():
            await client.send(frame)
            event = await client.next()
            assert event["event"] == "error" and len(event["message"]) > 20, (what, event)
            for leak in ("Traceback", "Error", "/engine/", "site-packages", "av."):
                assert leak not in event["message"], (what, event)
        await witness.start()
        await client.start()
        await client.until("media", mark=1)
        for frame in list(MALFORMED.values())[:8]:
            await client.send(frame)
        await asyncio.gather(client.until("end"), witness.until("end"))
        assert client.marks == witness.marks == [1, 2, 3, 4]
        assert "clear" not in client.events, "what cannot be used interrupts nothing"


async def test_half_a_recording_is_heard_as_far_as_it_goes(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.ask(recording(2.0)[:20_000])
        await client.until("media", mark="user_response")


@pytest.mark.parametrize("query", ["pitch=nobody", "format=flac", "pitch=nobody&format=flac"])
async def test_a_pitch_or_format_that_is_not_there_is_an_error_and_the_socket_stays(tmp_path, query):
    async with serving(tmp_path) as server, server.client(url=server.url().partition("?")[0] + f"?{query}") as client:
        assert (await client.next())["event"] == "error"
        await client.start()
        assert (await client.next())["event"] == "error"


async def test_a_page_from_elsewhere_is_turned_away_at_the_handshake(tmp_path):
    async with serving(tmp_path) as server:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(server.url(), origin="https://evil.example")
        assert refused.value.response.status_code == 403
        async with websockets.connect(server.url(), origin="http://localhost:3000"):
            pass


async def test_the_health_of_the_realtime_service(tmp_path):
    async with serving(tmp_path) as server, httpx.AsyncClient() as http:
        reply = await http.get(server.http("/api/v1/streaming/realtime/health"))
        assert reply.json() == {"status": "healthy", "service": "realtime", "version": "1.0.0"}


@pytest.mark.parametrize("mark", ["9" * 5000, "x" * 5000, 10**30])
async def test_a_mark_that_nobody_sent_changes_nothing(tmp_path, mark):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.send(
            {"event": "mark", "mark": mark} if isinstance(mark, str) else f'{{"event":"mark","mark":{mark}}}'
        )
        await client.until("end")
        assert client.marks == [1, 2, 3, 4]


async def test_a_recording_of_more_than_a_minute_is_refused_and_the_pitch_goes_on(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.ask(recording(61))
        await client.until("end")
        assert "error" in client.events
        assert client.marks == [1, 2, 3, 4]


async def test_playback_reports_move_the_place(tmp_path):
    async with slowly(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media", mark=2)
        await client.send({"event": "mark", "mark": 1})  # it plays faster than it should: the second sounds already
        await asyncio.sleep(0.35)
        await client.ask()
        await client.until("end")
        assert client.marks == [1, 2, "user_response", 2, 3, 4]
