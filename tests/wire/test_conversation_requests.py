"""`POST /api/audio/message` and its like: a whole turn in one request."""

import asyncio
import base64
from contextlib import asynccontextmanager

import httpx
import pytest

from engine import words
from engine.audio import HEARING_RATE, silence
from engine.floor import Floor
from engine.media import decode_clip, encode_wav
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.wire import conversation_rest
from engine.wire.conversation_codec import DEAF
from engine.wire.conversation_rest import PREFIXES, SORT
from tests.wire.conversing import EchoMind, samples, talking
from tests.wire.serving import recording, serving

PATH = "/api/audio/message"


@asynccontextmanager
async def asking(server):
    async with httpx.AsyncClient(base_url=server.http(""), timeout=20) as http:
        yield http


def spoken(seconds=1.0, **more):
    return {"messageType": "audio", "audioData": base64.b64encode(recording(seconds)).decode(), **more}


def typed(text, **more):
    return {"messageType": "text", "audioData": text, **more}


async def test_a_recording_is_answered_with_words_and_a_file_that_plays(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        reply = await http.post(PATH, json=spoken())
        answer = reply.json()
        assert reply.status_code == 200
        assert answer["success"] is True
        assert (answer["transcript"], answer["response"]) == ("how much does it cost", "It is free.")
        sound = decode_clip(base64.b64decode(answer["audio"]))
        assert sound.seconds == pytest.approx(0.6, abs=0.01)
        assert max(abs(s) for s in memoryview(sound.data).cast("h")) > 1000


async def test_samples_without_a_header_are_heard_too(tmp_path):
    ears = ScriptedEars(says=["yes"])
    async with serving(tmp_path, ears=ears) as server, asking(server) as http:
        body = {"messageType": "audio", "audioData": base64.b64encode(samples(0.4)).decode()}
        assert (await http.post(PATH, json=body)).json()["transcript"] == "yes"
        assert sum(pcm.seconds for pcm in ears.heard[1]) == pytest.approx(0.4, abs=0.01)


async def test_the_words_of_a_long_recording_are_waited_for(tmp_path):
    ears = ScriptedEars(says=["all of it"], final_after=Floor(words=words.load()).transcript_wait + 1)
    async with serving(tmp_path, ears=ears) as server, asking(server) as http:
        assert (await http.post(PATH, json=spoken(6.0))).json()["transcript"] == "all of it"


async def test_an_answer_of_half_a_minute_is_there_at_once_and_whole(tmp_path):
    mind = ScriptedMind(text="One two three four five six seven eight nine ten. " * 15)
    async with serving(tmp_path, mind=mind) as server, asking(server) as http:
        answer = (await asyncio.wait_for(http.post(PATH, json=typed("go on")), 10)).json()
        assert decode_clip(base64.b64decode(answer["audio"])).seconds == pytest.approx(30.0, abs=0.01)
        assert answer["response"].count("ten.") == 15


async def test_a_voice_slower_than_what_a_player_may_stall_is_waited_for(tmp_path):
    speech = ScriptedSpeech(word_seconds=0.2, chunk_every=2.0)
    async with serving(tmp_path, speech=speech) as server, asking(server) as http:
        answer = (await http.post(PATH, json=typed("go on"))).json()
        assert decode_clip(base64.b64decode(answer["audio"])).seconds == pytest.approx(0.6, abs=0.01)


async def test_a_session_goes_on_and_knows_what_was_said(tmp_path):
    mind = EchoMind()
    async with serving(tmp_path, mind=mind) as server, asking(server) as http:
        first = (await http.post(PATH, json=typed("my name is Ada"))).json()
        second = (await http.post(PATH, json=spoken(sessionId=first["sessionId"]))).json()
        assert (first["continued"], second["continued"]) == (False, True)
        assert second["sessionId"] == first["sessionId"]
        said = [(line.role, line.text) for line in mind.asked[-1].history]
        assert said == [("user", "my name is Ada"), ("assistant", "You said my name is Ada.")]
        other = (await http.post(PATH, json=typed("who am I"))).json()
        assert other["sessionId"] != first["sessionId"]
        assert not mind.asked[-1].history, "sessions are private"
        assert await asyncio.to_thread(server.studio.store.flush, 5)
        lines = server.studio.store.lines(first["sessionId"])
        assert [line.speaker for line in lines] == ["user", "agent", "user", "agent"]


async def test_a_session_may_be_named_by_its_client(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        name = "a-name-of-my-own-making"
        assert (await http.post(PATH, json=typed("hello", sessionId=name))).json()["sessionId"] == name
        assert (await http.post(PATH, json=typed("hello", sessionId=name))).json()["continued"] is True


async def test_sessions_that_are_used_as_such_wait_longer_than_single_requests(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.meetings.GRACE", 0.1)
    async with serving(tmp_path) as server, asking(server) as http:
        await http.post(PATH, json=typed("hello"))
        kept = (await http.post(PATH, json={"action": "start"})).json()["sessionId"]
        async with asyncio.timeout(5):
            while server.studio.meetings.count(SORT) != 1:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert (await http.post(PATH, json=typed("hello", sessionId=kept))).json()["continued"] is True


async def test_start_opens_a_session_and_stop_ends_it(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        started = (await http.post(PATH, json={"action": "start"})).json()
        assert (started["success"], started["response"], started["audio"]) == (True, "", "")
        stopped = (await http.post(PATH, json={"action": "stop", "sessionId": started["sessionId"]})).json()
        assert (stopped["success"], stopped["continued"]) == (True, True)
        async with asyncio.timeout(2):
            while server.studio.meetings.count(SORT):
                await asyncio.sleep(0.01)


async def test_somebody_who_was_asked_for_opens_the_conversation(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        started = (await http.post(PATH, json={"action": "start", "persona": "partner"})).json()
        assert started["response"] == server.studio.persona("partner").opening
        assert started["audio"]


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_every_path_that_clients_know(tmp_path, prefix):
    async with serving(tmp_path) as server, asking(server) as http:
        assert (await http.post(f"{prefix}/message", json=typed("hello"))).json()["response"] == "It is free."
        status = (await http.get(f"{prefix}/status")).json()
        assert status == {"connected": True, "service": "OpenAI Realtime API", "activeConnections": 0}
        refused = await http.get(f"{prefix}/ephemeral-key")
        assert refused.status_code == 501
        assert refused.json().keys() == {"error", "message"}


async def test_the_status_counts_sockets_and_knows_when_nobody_can_hear(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http, talking(server) as client:
        await client.send({"type": "ping"})
        await client.next()
        assert (await http.get("/api/audio/status")).json()["activeConnections"] == 1
    async with serving(tmp_path, ears=ScriptedEars(failing=True)) as server, asking(server) as http:
        assert (await http.get("/api/audio/status")).json()["connected"] is False


async def test_a_recording_without_speech_is_no_error_and_says_so(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        data = base64.b64encode(encode_wav(silence(1.0, HEARING_RATE))).decode()
        answer = (await http.post(PATH, json={"messageType": "audio", "audioData": data})).json()
        assert (answer["success"], answer["transcript"], answer["response"]) == (True, "", "")
        assert answer["message"] == DEAF


@pytest.mark.parametrize(
    "broken",
    [
        {"ears": ScriptedEars(failing=True)},
        {"mind": ScriptedMind(fails=0)},
        {"speech": ScriptedSpeech(fails="free")},
    ],
    ids=["nobody hears", "nobody thinks", "nobody speaks"],
)
async def test_when_no_engine_is_there_it_is_503(tmp_path, broken):
    async with serving(tmp_path, **broken) as server, asking(server) as http:
        reply = await http.post(PATH, json=spoken())
        assert reply.status_code == 503
        assert reply.json()["error"]


async def test_an_answer_that_takes_too_long_is_504_and_the_session_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(conversation_rest, "ANSWER_WITHIN", 0.3)
    mind = EchoMind(first_after=5)
    async with serving(tmp_path, mind=mind) as server, asking(server) as http:
        reply = await http.post(PATH, json=typed("what is it for"))
        assert reply.status_code == 504
        assert reply.json()["error"]
        mind.first_after = 0
        again = (await http.post(PATH, json=typed("hello", sessionId=reply.json()["sessionId"]))).json()
        assert (again["continued"], again["response"]) == (True, "You said hello.")


async def test_a_bug_is_a_500_and_not_told_as_another_request(tmp_path, monkeypatch):
    async def broken(self, pcm, *, whole):
        raise ZeroDivisionError

    monkeypatch.setattr("engine.ear.Ear._clip", broken)
    async with serving(tmp_path) as server, asking(server) as http:
        reply = await http.post(PATH, json=spoken())
        assert (reply.status_code, reply.json()) == (500, {"error": "Internal server error"})


async def test_more_sessions_than_a_server_holds_are_a_503_that_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.meetings.MOST", 2)
    async with serving(tmp_path) as server, asking(server) as http:
        kept = [(await http.post(PATH, json={"action": "start"})).json()["sessionId"] for _ in range(2)]
        reply = await http.post(PATH, json=typed("hello"))
        assert reply.status_code == 503
        assert reply.json() == {"error": "2 conversations are going on here: try again when one has ended"}
        again = (await http.post(PATH, json=typed("hello", sessionId=kept[0]))).json()
        assert (again["continued"], again["response"]) == (True, "It is free.")


async def test_a_request_overtaken_by_another_of_its_session_says_so(tmp_path):
    mind = EchoMind(first_after=0.5)
    async with serving(tmp_path, mind=mind) as server, asking(server) as http:
        name = "a-name-of-my-own-making"
        first = asyncio.create_task(http.post(PATH, json=typed("one", sessionId=name)))
        while not mind.asked:
            await asyncio.sleep(0.01)
        second = await http.post(PATH, json=typed("two", sessionId=name))
        assert (await first).status_code == 409
        assert second.json()["response"] == "You said two."


async def test_many_at_once_each_get_their_own(tmp_path):
    async with serving(tmp_path, mind=EchoMind()) as server, asking(server) as http:
        answers = await asyncio.gather(*(http.post(PATH, json=typed(f"number {n}")) for n in range(12)))
        assert [answer.json()["response"] for answer in answers] == [f"You said number {n}." for n in range(12)]
        assert len({answer.json()["sessionId"] for answer in answers}) == 12


async def test_a_page_of_this_machine_may_ask_and_read(tmp_path):
    async with serving(tmp_path) as server, asking(server) as http:
        origin = {"Origin": "http://localhost:5173"}
        asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        assert (await http.options(PATH, headers=origin | asks)).status_code == 200
        reply = await http.post(PATH, json=typed("hello"), headers=origin)
        assert reply.headers["access-control-allow-origin"] in ("*", origin["Origin"])
        assert (await http.post(PATH, json={}, headers={"Origin": "https://evil.example"})).status_code == 403
