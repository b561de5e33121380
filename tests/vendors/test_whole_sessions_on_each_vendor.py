"""A talk, a pitch with a question, and a coached session: on each vendor, and on chains of several, by settings alone,
with the official SDKs over real sockets, from the client's microphone to its speaker."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets

from tests.vendors.coded_speech import uttered
from tests.vendors.whole_studio import PATIENCE, REPLIES, OpenAi, Vendors, page, studio

PITCH = "Cups cost a lot. We lend them out. People bring them back. Come and try it."
NOTES = "What does it cost? A cup costs two euros a day."
ECHO = 1.0
"""Seconds after the agent, more than an echo of it takes: tones might be one."""
COACHED = [
    "we lend cups to cafes in the whole town and people bring them back when they are done",
    "what would it take for you to try that with some of your cafes in the spring",
]


def remark(text, quote):
    more = {"why": "It tells the other side what this is about.", "try_next": "Do it again at the next table."}
    return {"text": text, "quote": quote, "metric": None, **more}


WRITTEN = {
    "stars": [
        remark("You began with “we lend cups to cafes” and what that is for.", "we lend cups to cafes"),
        remark("You asked “what would it take for you to try that” and left it open.", "what would it take for you"),
    ],
    "wish": remark("You said “people bring them back”. Say why they do.", "people bring them back") | {"drill": None},
    "takeaways": ["Ask what it would take", "Say why people bring them back", "Name the cafes that you lend cups to"],
    "summary_bullets": [
        "You lend cups to cafes in the whole town.",
        "People bring them back when they are done.",
        "You asked what it would take to try that in the spring.",
    ],
    "goal_answer": "",
}
"""A report that is true of that."""
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
    vendors = Vendors(openai=OpenAi(reports=json.dumps(WRITTEN)))
    async with studio(tmp_path, monkeypatch, *names, vendors=vendors, text=PITCH, notes=NOTES, **chosen) as (server, _):
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
        await link.tell("play")
        await link.until("reply", turn=0)
        for number, turn in enumerate(turns, start=1):
            await asyncio.sleep(ECHO)
            link.say(turn)
            await link.until("reply", number + 1)
    assert link.lines("user") == turns
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
        asked = await link.until("question", 2, answered=True)
        resumed = await link.until("resumed", reason="answered")
        await link.until("end")
    assert link.lines("user") == ["what does it cost"]
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
    async with (
        case as (server, _, (_, thinks, _)),
        httpx.AsyncClient(base_url=server.http(""), timeout=PATIENCE, trust_env=False) as http,
    ):
        id = (await http.post("/session", json=aim)).json()["session_id"]
        heard = []
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/ws/{id}", proxy=None) as socket:
            for turn in COACHED:
                pcm = uttered(turn, after=0.3, tail=1.5)
                for at in range(0, len(pcm.data), 8192):
                    await socket.send(pcm.data[at : at + 8192])
                async with asyncio.timeout(PATIENCE):
                    while not heard or len(heard) <= COACHED.index(turn):
                        message = json.loads(await socket.recv())
                        assert message["type"] != "error", message
                        heard += [message["text"]] if message["type"] == "transcript" else []
            await socket.send(json.dumps({"type": "stop"}))
        report = (await http.post(f"/session/{id}/finish")).json()
        kept = (await http.get(f"/api/v1/sessions/{id}/report")).json()
    lines = [line["text"].lower().rstrip(".?") for line in report["transcript"]]
    assert lines == COACHED
    assert (len(report["stars"]), len(report["takeaways"])) == (2, 3)
    if thinks:
        assert report["stars"] == [star["text"] for star in WRITTEN["stars"]], kept
