"""The coach's protocol over a real socket: what its document promises, and what real clients do."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, silence
from engine.media import encode_wav
from engine.providers.scripted import ScriptedEars
from tests.wire.serving import serving, voice

PIECE = 8192
"""Bytes: what both known clients send at a time, 0.256 s."""
BODY = {"context": "I'm at a hackathon", "goal": "Come across as friendly", "user_name": "Alex"}
SAID = [f"this is sentence number {word}" for word in ("one", "two", "three", "four", "five", "six")]


class Coached:
    """A client of one session: keeps every message; speaks as fast as it can."""

    def __init__(self, served, http, id):
        self.served, self.http, self.id, self.got, self.socket = served, http, id, [], None

    @asynccontextmanager
    async def connected(self, query=""):
        url = f"ws://127.0.0.1:{self.served.port}/ws/{self.id}{query}"
        async with websockets.connect(url, max_size=None) as self.socket:
            yield self

    async def send(self, **message):
        await self.socket.send(json.dumps(message))

    async def speak(self, *seconds):
        """Seconds of voice, and, negative, of silence; 8192 bytes a frame."""
        data = b"".join((voice(s) if s > 0 else silence(-s, HEARING_RATE)).data for s in seconds)
        for at in range(0, len(data), PIECE):
            await self.socket.send(data[at : at + PIECE])

    async def until(self, kind, times=1):
        async with asyncio.timeout(10):
            while len(self.all(kind)) < times:
                self.got.append(json.loads(await self.socket.recv()))
        return self.all(kind)[times - 1]

    def all(self, kind):
        return [message for message in self.got if message["type"] == kind]

    async def finish(self):
        return await self.http.post(f"/session/{self.id}/finish")


@asynccontextmanager
async def session(folder, *, says=SAID, body=None, **chosen):
    async with (
        serving(folder, ears=ScriptedEars(says=list(says)), **chosen) as served,
        httpx.AsyncClient(base_url=served.http(""), timeout=20) as http,
    ):
        created = await http.post("/session", json=body or BODY)
        yield Coached(served, http, created.json()["session_id"])


async def test_a_session_is_created_in_the_documents_words(tmp_path):
    async with serving(tmp_path) as served, httpx.AsyncClient(base_url=served.http("")) as http:
        made = await http.post("/session", json=BODY | {"participants": "Maya", "tone": "", "unknown": 1})
        assert made.status_code == 200
        assert made.json()["message"] == "Session created. Start by saying: 'Hi, I'm Alex.'"
        assert set(made.json()) == {"session_id", "message"}
        refused = await http.post("/session", json={"context": "x", "goal": "y"})
        assert refused.status_code == 422
        (problem,) = refused.json()["detail"]
        assert (problem["type"], problem["loc"], problem["msg"]) == ("missing", ["body", "user_name"], "Field required")
        assert (await http.post("/session", json=BODY | {"user_name": ""})).status_code == 200
        assert (await http.post("/session", json=BODY | {"mode": "shouting"})).status_code == 422
        assert (await http.post("/session/nobody/finish")).status_code == 404
        assert (await http.post("/session/nobody/finish")).json() == {"detail": "Session not found"}
        assert (await http.get(f"/session/{made.json()['session_id']}/finish")).status_code == 405


async def test_an_unknown_session_is_closed_with_4004(tmp_path):
    async with session(tmp_path) as coached:
        coached.id = "nobody"
        async with coached.connected():
            with pytest.raises(websockets.ConnectionClosedError) as closed:
                await coached.socket.recv()
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4004, "Session not found")


async def test_raw_samples_become_a_transcript_and_a_report(tmp_path):
    async with session(tmp_path) as coached:
        async with coached.connected():
            await coached.speak(1.0, -1.0, 1.0, -1.0)
            await coached.until("transcript", 2)
            first = coached.got[0]
            assert set(first) == {"type", "text", "speaker", "timestamp"}
            assert (first["text"], first["speaker"]) == (SAID[0], "user")
            assert datetime.fromisoformat(first["timestamp"]).tzinfo is None and len(first["timestamp"]) == 26
            await coached.send(type="stop")
            with pytest.raises(websockets.ConnectionClosedOK):
                while True:
                    await coached.socket.recv()
        report = (await coached.finish()).json()
        assert [line["text"] for line in report["transcript"] if line["speaker"] == "user"] == SAID[:2]
        assert len(report["stars"]) == 2 and len(report["takeaways"]) == 3
        assert isinstance(report["wish"], str) and isinstance(report["filler_percentage"], float)


async def test_stopping_closing_and_finishing_in_one_breath_loses_nothing(tmp_path):
    async with session(tmp_path) as coached:
        async with coached.connected():
            await coached.speak(1.0, -1.0, 0.9)  # still speaking
            await coached.send(type="stop")
        report = (await coached.finish()).json()
        assert [line["text"] for line in report["transcript"]] == SAID[:2]


async def test_finishing_while_connected_reports_and_the_session_goes_on(tmp_path):
    async with session(tmp_path) as coached, coached.connected():
        await coached.send(type="config", speakers=True)
        await coached.speak(1.0)
        await coached.until("speaking")
        report = (await coached.finish()).json()
        assert [line["text"] for line in report["transcript"]] == SAID[:1]
        await coached.speak(-1.0, 1.0, -1.0)
        await coached.until("transcript", 2)
        again = (await coached.finish()).json()
        assert [line["text"] for line in again["transcript"]] == SAID[:2]


async def test_a_session_nobody_came_to_says_that_nothing_was_heard(tmp_path):
    async with session(tmp_path) as coached:
        report = (await coached.finish()).json()
        assert (len(report["stars"]), len(report["takeaways"]), report["transcript"]) == (2, 3, [])
        assert report["filler_percentage"] == 0.0
        assert report == (await coached.finish()).json()


async def test_coming_back_goes_on_with_the_transcript_also_after_a_restart(tmp_path):
    async with session(tmp_path) as coached:
        for _ in range(2):
            async with coached.connected():
                await coached.speak(1.0, -1.0)
                await coached.until("transcript")
                coached.got.clear()
        id = coached.id
    async with session(tmp_path, says=["after the restart"]) as coached:
        coached.id = id
        async with coached.connected():
            await coached.send(type="config", speakers=True)
            ready = await coached.until("ready")
            assert [line["text"] for line in ready["lines"]] == SAID[:2]
            await coached.speak(1.0, -1.0)
            line = await coached.until("transcript")
            assert line["start"] >= ready["lines"][-1]["end"], "the clock goes on where it was"
        report = (await coached.finish()).json()
        assert [line["text"] for line in report["transcript"]] == [*SAID[:2], "after the restart"]


async def test_a_whole_wav_file_in_one_frame_is_heard_utterance_by_utterance(tmp_path):
    from engine.audio import Pcm

    spoken = b"".join(voice(1.0).data + silence(1.0, HEARING_RATE).data for _ in range(3))
    async with session(tmp_path) as coached:
        async with coached.connected():
            await coached.socket.send(encode_wav(Pcm(spoken, HEARING_RATE)))
        report = (await coached.finish()).json()
        assert [line["text"] for line in report["transcript"]] == SAID[:3]


async def test_two_channels_tell_who_speaks(tmp_path):
    async with session(tmp_path, says=["hello there", "good morning"]) as coached:
        async with coached.connected():
            await coached.send(type="config", channels=["user", "partner"], speakers=True)
            for user, partner in ((voice(1.0), silence(1.0, 16_000)), (silence(1.0, 16_000), voice(1.0))):
                await coached.socket.send(interleaved(user.data, partner.data))
            await coached.socket.send(interleaved(silence(1.0, 16_000).data, silence(1.0, 16_000).data))
            await coached.until("transcript", 2)
            assert [(line["speaker"], line["text"]) for line in coached.all("transcript")] == [
                ("user", "hello there"),
                ("partner", "good morning"),
            ]
        plain = (await coached.finish()).json()
        assert {line["speaker"] for line in plain["transcript"]} == {"user"}
        told = (await coached.http.post(f"/session/{coached.id}/finish?speakers=partner")).json()
        assert [line["speaker"] for line in told["transcript"]] == ["user", "partner"]


async def test_the_partner_key_tells_who_speaks_and_a_correction_is_kept(tmp_path):
    async with session(tmp_path) as coached:
        async with coached.connected():
            await coached.send(type="config", speakers=True)
            await coached.send(type="speaking", speaker="partner")
            await coached.speak(1.0, -1.0)
            first = await coached.until("transcript")
            assert first["speaker"] == "partner"
            await coached.send(type="speaking", speaker="user")
            await coached.speak(1.0, -1.0)
            assert (await coached.until("transcript", 2))["speaker"] == "user"
            await coached.send(type="correct", line=first["line"], speaker="user")
            assert (await coached.until("relabelled"))["speaker"] == "user"
        told = (await coached.http.post(f"/session/{coached.id}/finish?speakers=partner")).json()
        assert [line["speaker"] for line in told["transcript"]] == ["user", "user"]


MALFORMED = (
    "no json",
    "[]",
    "null",
    '{"type": 5}',
    "{}",
    '{"type": "shout"}',
    '{"type": "config", "sample_rate": "high"}',
    '{"type": "config", "sample_rate": 10}',
    '{"type": "config", "channels": ["left"]}',
    '{"type": "config", "cues": "many"}',
    '{"type": "config", "interim": "yes"}',
    '{"type": "speaking", "speaker": "mother"}',
    '{"type": "correct"}',
    '{"type": "correct", "line": "first", "speaker": "user"}',
    '{"type": "correct", "line": 1}',
    '{"type": "correct", "line": 1, "text": ""}',
    '{"type": "correct", "line": 1, "text": "' + "x" * 3000 + '"}',
    b'{"type": "this is text, and no sound at all, sent as binary data"}',
    b"OggS" + bytes(3) + b"broken" * 50,
)


async def test_what_cannot_be_understood_is_answered_and_costs_nothing(tmp_path):
    async with session(tmp_path) as coached, coached.connected():
        for number, frame in enumerate(MALFORMED, start=1):
            await coached.socket.send(frame)
            error = await coached.until("error", number)
            assert error["message"] and "Traceback" not in error["message"], frame
        await coached.socket.send(encode_wav(voice(1.0)))  # a header mends a stream that was lost
        await coached.send(type="stop")
        assert (await coached.until("transcript"))["text"] == SAID[0]


async def test_a_correction_of_a_line_that_is_not_there_is_told(tmp_path):
    async with session(tmp_path) as coached, coached.connected():
        await coached.send(type="correct", line=999, speaker="user")
        assert "no such line" in (await coached.until("error"))["message"]


def interleaved(left, right):
    return b"".join(left[at : at + 2] + right[at : at + 2] for at in range(0, len(left), 2))
