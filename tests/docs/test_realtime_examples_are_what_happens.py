"""Each example of `/api/v1/streaming/realtime` in docs/protocols.md, sent to a real server: what comes back is what it
says."""

from __future__ import annotations

import asyncio
import base64
import json
import shlex

import httpx
import pytest

from engine import meetings, start
from engine.media import raw
from engine.media.containers import MAX_UPLOAD_BYTES
from engine.providers.scripted import ScriptedMind, ScriptedSpeech
from engine.wire import realtime, realtime_codec, realtime_session
from tests.docs.documents import REST, ROOT, blocks, differences
from tests.docs.test_the_examples_of_protocols_are_what_happens import PROTOCOLS, replay
from tests.wire.realtime import connected
from tests.wire.serving import recording, serving, voice

EXAMPLES = [block for block in blocks(PROTOCOLS) if "realtime" in block.info.split()]
NOW = 1769851800.5
SHOWN_ID = "51d0…"
TEXT = " ".join((ROOT / PROTOCOLS).read_text(encoding="utf-8").split("## `/api/v1/streaming/realtime`")[1].split())


def of(info):
    return [block for block in EXAMPLES if block.info == info]


def completed(line):
    """With real sound in place of the `…`: of the kind that its beginning shows."""
    for shown, sound in (("UklGR", recording(1.0)), ("ACAAI", voice(1.0).data)):
        encoded = base64.b64encode(sound).decode()
        assert encoded.startswith(shown)
        line = line.replace(shown + REST, encoded)
    return line


def as_shown(message):
    """With the time, the session and the sound of the document, where it has such."""
    text = json.loads(json.dumps(message))
    for part in (text.get("response"), text.get("session")):
        if part and "timestamp" in part:
            assert part["timestamp"] > NOW
            part["timestamp"] = NOW
        if part and "audio" in part:
            part["audio"] = REST
        if part and "id" in part:
            part["id"] = SHOWN_ID
    return text


async def answered(client):
    """The next message; of pieces of sound in a row the first."""
    while True:
        message = await client.next()
        if message["type"] != "response.audio" or client.types[-2:] != ["response.audio"] * 2:
            return message


async def test_what_is_sent_is_answered_as_it_says(tmp_path):
    async with serving(tmp_path) as server, connected(server) as client:
        for block in EXAMPLES:
            for line in block.text.splitlines():
                if block.info == "json realtime client":
                    await client.raw(completed(line))
                elif block.info == "json realtime server":
                    shown = {key: value for key, value in json.loads(line).items() if value is not None}
                    got = as_shown(await answered(client))
                    assert got == shown, f"{PROTOCOLS}:{block.line}: got {str(got)[:300]}"
            if "committed" in block.text:
                await client.until("response.done")
        await client.is_quiet(0.5)


async def test_a_reply_that_is_cut_off_looks_as_shown(tmp_path):
    [block] = of("json realtime cut")
    shown = [json.loads(line) for line in block.text.splitlines()]
    mind = ScriptedMind(text="One two three. Four five six. Seven eight nine.")
    async with (
        serving(tmp_path, mind=mind, speech=ScriptedSpeech(word_seconds=0.4)) as server,
        connected(server) as client,
    ):
        await client.type("Hello")
        while "Four" not in client.text:
            await client.next()
        await asyncio.sleep(0.9)
        await client.say()
        await client.until(shown[0]["type"])
        assert not differences(client.got[-1], shown[0])
        for expected in shown[1:]:
            assert not differences(await client.until(expected["type"]), expected)
        assert client.got[-1]["response"]["status"] == shown[-1]["response"]["status"]


async def test_the_status_is_as_shown(tmp_path):
    [command] = [block.text for block in of("sh realtime") if block.text.startswith("curl")]
    [shown] = of("json realtime answer")
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as http:
        assert (await replay(http, command)).json() == json.loads(shown.text)


def test_the_command_that_issues_tokens_is_understood():
    [command] = [block.text for block in of("sh realtime") if block.text.startswith("python")]
    program, *arguments = shlex.split(command)[1:]
    assert program == "main.py"
    options = start.options(arguments)
    assert (options.command, options.user, options.days) == ("token", "ann", 30)


def test_every_type_is_described():
    for kind in realtime_codec.TYPES.replace(" or ", ", ").split(", "):
        name = kind.strip()
        assert name in TEXT or (name.rpartition(".")[0] in TEXT and f".{name.rpartition('.')[2]}`" in TEXT), name


@pytest.mark.parametrize(
    "figure",
    [
        f"at most {realtime.DELIVERY.chunk} s of sound in `output_audio_format`, sent {realtime.DELIVERY.lead} s ahead",
        f"at most {realtime_session.LONGEST_INSTRUCTIONS:,} characters",
        f"1 to {realtime_session.MOST_TOKENS}, or",
        f"text (at most {realtime_codec.LONGEST_TEXT:,} characters)",
        f"takes {realtime_codec.LONGEST:.0f} s of sound and {MAX_UPLOAD_BYTES >> 20} MiB",
        f"a frame {start.SERVER['ws_max_size'] >> 20} MiB",
        f"{raw.MIN_RATE:,} to {raw.MAX_RATE:,} Hz",
        f"for {meetings.GRACE:.0f} s after its connection broke",
        f"`pcm16` ({realtime_session.RATES['pcm16'] // 1000} kHz)",
        "{:,.0f} to {:,.0f} ms".format(
            *((seconds + realtime_session.HANGOVER) * 1000 for seconds in realtime_session.PATIENCE)
        ),
    ],
)
def test_the_figures_are_those_of_the_code(figure):
    assert figure in TEXT
