"""A talk, a pitch with a question, and a coached session: on each vendor, and on chains of several, by settings alone,
with the official SDKs over real sockets, from the client's microphone to its speaker."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets

from tests.vendors.coded_speech import uttered
from tests.vendors.whole_studio import PATIENCE, REPLIES, page, studio

PITCH = "Cups cost a lot. We lend them out. People bring them back. Come and try it."
NOTES = "What does it cost? A cup costs two euros a day."
CASES = {
    "Deepgram": (("deepgram",), {}, "deepgram", None, "deepgram"),
    "ElevenLabs": (("elevenlabs",), {}, "elevenlabs", None, "elevenlabs"),
    "OpenAI": (("openai",), {}, "openai", "openai", "openai"),
    "Deepgram, OpenAI, ElevenLabs": (
        ("deepgram", "elevenlabs", "openai"),
        {"openai_chat_api": "responses"},
        "deepgram",
        "openai",
        "elevenlabs",
    ),
    "ElevenLabs, OpenAI, Deepgram": (
        ("deepgram", "elevenlabs", "openai"),
        {"speech_to_text": "elevenlabs,deepgram", "language_model": "openai", "text_to_speech": "deepgram,openai"},
        "elevenlabs",
        "openai",
        "deepgram",
    ),
}
"""By what a user would call it: accounts, choices, and who hears, thinks (None: this machine) and speaks then."""


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request, tmp_path, monkeypatch):
    return made(tmp_path, monkeypatch, *request.param)


@asynccontextmanager
async def made(tmp_path, monkeypatch, names, chosen, *roles):
    async with studio(tmp_path, monkeypatch, *names, text=PITCH, notes=NOTES, **chosen) as (server, vendors):
        yield server, vendors, roles
        assert_others_did_nothing(vendors, roles)


def assert_others_did_nothing(vendors, roles):
    hears, thinks, speaks = roles
    for name in ("deepgram", "elevenlabs", "openai"):
        vendor = getattr(vendors, name)
        assert vendor.listened() is (name == hears), name
        assert not vendor.said() or name == speaks, name
    assert bool(vendors.openai.thought()) is (thinks == "openai")


async def test_a_talk_of_two_turns(case):
    turns = ["my cat is called minka", "she likes the garden most"]
    async with case as (server, vendors, (hears, thinks, speaks)), page(server, talk="partner") as link:
        assert [link.got[0][what]["name"] for what in ("hears", "thinks", "speaks")] == [
            hears,
            thinks or "offline",
            speaks,
        ]
        link.pace = 8.0
        await link.tell("play")
        await link.until("reply", turn=0)
        for number, turn in enumerate(turns, start=1):
            link.say(turn)
            await link.until("reply", number + 1)
    assert link.words("user") == turns
    assert not link.all("error")
    replies = [reply["text"] for reply in link.all("reply")[1:]]
    assert all(reply["complete"] for reply in link.all("reply"))
    if thinks:
        assert replies == ["".join(REPLIES)] * 2
    assert " ".join(link.lines("agent")) == " ".join(reply["text"] for reply in link.all("reply"))
    link.assert_every_sample_is(getattr(vendors, speaks).said())


async def test_a_pitch_with_a_question_goes_on_at_the_sentence_that_was_cut(case):
    async with case as (server, vendors, (_, thinks, speaks)), page(server, pitch=server.pitch) as link:
        await link.tell("play")
        await link.until("line", mark=2)
        await asyncio.sleep(0.2)
        link.say("what does it cost")
        asked = await link.until("question", answered=True)
        link.pace = 8.0
        resumed = await link.until("resumed", reason="answered")
        await link.until("end")
    assert link.words("user") == ["what does it cost"]
    assert asked["answer"] == "".join(REPLIES) if thinks else "two euros" in asked["answer"]
    cut = link.all("said", speaker="agent", interrupted=True)
    assert [line["mark"] for line in cut] == [resumed["mark"]]
    after = [line["text"] for line in link.all("said", speaker="agent") if not line["interrupted"]]
    sentences = PITCH.replace(". ", ".|").split("|")
    assert [line for line in after if line in sentences] == sentences, "each once, to its end"
    assert not link.all("error")
    link.assert_every_sample_is(getattr(vendors, speaks).said())


async def test_a_coached_session_with_a_report(case):
    aim = {"context": "A meetup of founders", "goal": "Ask good questions", "user_name": "Alex"}
    turns = ["we lend cups to cafes in the whole town", "what would it take for you to try that"]
    async with (
        case as (server, vendors, (_, thinks, _)),
        httpx.AsyncClient(base_url=server.http(""), timeout=PATIENCE, trust_env=False) as http,
    ):
        id = (await http.post("/session", json=aim)).json()["session_id"]
        heard = []
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/ws/{id}", proxy=None) as socket:
            for turn in turns:
                pcm = uttered(turn, after=0.3, tail=1.5)
                for at in range(0, len(pcm.data), 8192):
                    await socket.send(pcm.data[at : at + 8192])
                async with asyncio.timeout(PATIENCE):
                    while not heard or len(heard) <= turns.index(turn):
                        message = json.loads(await socket.recv())
                        assert message["type"] != "error", message
                        heard += [message["text"]] if message["type"] == "transcript" else []
            await socket.send(json.dumps({"type": "stop"}))
        report = (await http.post(f"/session/{id}/finish")).json()
    lines = [line["text"].lower().rstrip(".?") for line in report["transcript"]]
    assert lines == turns
    assert (len(report["stars"]), len(report["takeaways"])) == (2, 3)
    if thinks:
        asked = [request.json for request in vendors.openai.requests if request.method == "POST"]
        assert any("stars" in json.dumps(each) and turns[0] in json.dumps(each) for each in asked), "its writer"
