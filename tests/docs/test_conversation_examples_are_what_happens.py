"""Each example of `/api/conversation` in docs/protocols.md, sent to a real server: what comes back is what it says."""

import asyncio
import base64
import json
import re

import httpx

from engine import meetings
from engine.floor import Floor
from engine.providers.scripted import ScriptedMind, ScriptedSpeech
from engine.wire import conversation, conversation_codec, conversation_messages, conversation_rest
from tests.docs.documents import REST, ROOT, blocks, differences, same
from tests.docs.test_the_examples_of_protocols_are_what_happens import PROTOCOLS, replay
from tests.wire.conversing import AUDIO, CLEARED, DONE, kind, talking
from tests.wire.serving import recording, serving

EXAMPLES = [block for block in blocks(PROTOCOLS) if "conversation" in block.info.split()]
SHOWN_TIME, SHOWN_SESSION = "2026-01-31T09:30:00.000Z", "51d0…"
TIME, SESSION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), re.compile(r"[0-9a-f]{16}")


def of(info):
    return [block for block in EXAMPLES if block.info == f"json conversation {info}"]


def completed(line):
    return line.replace(f"UklGR{REST}", base64.b64encode(recording(1.0)).decode())


def as_shown(message):
    """With the time and the session of the document, where it has such."""
    for name, form, shown in (("timestamp", TIME, SHOWN_TIME), ("sessionId", SESSION, SHOWN_SESSION)):
        if form.fullmatch(message.get(name, "")):
            message = message | {name: shown}
    return message


async def answered(client):
    """The next event; of pieces of sound in a row the first."""
    while True:
        event = await client.next()
        if kind(event) != AUDIO or len(client.got) < 2 or client.kinds[-2] != AUDIO:
            return event


def matches(actual, shown):
    if SHOWN_SESSION in (actual.get("sessionId"), shown.get("sessionId")):
        actual, shown = actual | {"sessionId": ""}, shown | {"sessionId": ""}
    return same(actual, shown)


async def test_what_is_sent_is_answered_as_it_says(tmp_path):
    async with serving(tmp_path) as server, talking(server) as client:
        for block in EXAMPLES:
            for line in block.text.splitlines():
                if block.info == "json conversation client":
                    await client.send(completed(line))
                elif block.info == "json conversation server":
                    event = as_shown(await answered(client))
                    assert matches(event, json.loads(line)), f"{PROTOCOLS}:{block.line}: got {str(event)[:300]}"
            if block.section == "Audio and what was understood" and block.info == "json conversation server":
                await client.until("It is free.")


async def test_an_answer_that_is_cut_off_looks_as_shown(tmp_path):
    [shown] = of("shape")
    cleared, last = [json.loads(line) for line in shown.text.splitlines()]
    mind = ScriptedMind(text="One two three four five six seven eight nine ten eleven twelve.")
    speech = ScriptedSpeech(word_seconds=0.4)
    async with serving(tmp_path, mind=mind, speech=speech) as server, talking(server) as client:
        await client.type("go on")
        await client.until(AUDIO)
        await asyncio.sleep(1.0)
        await client.say()
        assert as_shown(await client.until(CLEARED)) == cleared
        await client.until(DONE)
        assert not differences(await client.until("response"), last)


async def test_every_request_is_answered_in_the_shape_that_is_shown(tmp_path):
    commands = [block for block in EXAMPLES if block.info == "sh conversation"]
    assert len(commands) == len(of("answer")) == 3
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http(""), timeout=20) as http:
        for command, shown in zip(commands, of("answer"), strict=True):
            reply = await replay(http, command.text)
            assert reply.status_code == 200
            got = as_shown(reply.json())
            assert matches(got, json.loads(shown.text)), f"{PROTOCOLS}:{shown.line}: got {str(got)[:300]}"


def test_the_figures_are_those_of_the_code():
    document = " ".join((ROOT / PROTOCOLS).read_text(encoding="utf-8").split("## `/api/conversation`")[1].split())
    for figure in (
        f"at most {conversation_messages.LONGEST_TEXT:,} characters",
        f"in pieces of at most {conversation.DELIVERY.chunk} s, sent {conversation.DELIVERY.lead} s ahead",
        f"({conversation.WAITING} may wait)",
        f"has sounded for {conversation.REACTS} s waits",
        f"samples of {conversation_codec.CLIP:.0f} s or more",
        f"those that follow another within {conversation.LULL} s",
        f"less than {conversation_codec.SHORTEST:,} bytes with nothing more for {conversation.LULL} s",
        f"after {Floor.__dataclass_fields__['audio_gap'].default} s without more",
        f"at most {conversation_codec.LONGEST:.0f} s of sound",
        f"for {meetings.GRACE:.0f} s after its connection broke",
        f"and {conversation_rest.KEPT / 60:.0f} minutes after each request",
        f"over {conversation_rest.BODY_LIMIT >> 20} MiB",
        f"longer than {conversation_rest.ANSWER_WITHIN:.0f} s",
    ):
        assert figure in document, figure
    for path in (*conversation.PATHS, *(f"{prefix}/message" for prefix in conversation_rest.PREFIXES)):
        assert path in document, path
