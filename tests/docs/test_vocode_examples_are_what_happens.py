"""Each example of `/conversation` in docs/protocols.md, sent to a real server, and its program, run as it stands."""

import asyncio
import base64
import json
import sys
from itertools import groupby

import pytest

from engine.wire import vocode, vocode_messages
from engine.wire.vocode_sound import LONGEST
from tests.docs.documents import REST, ROOT, blocks, differences
from tests.wire.calling import call, golden
from tests.wire.serving import recording, serving

PROTOCOLS = "docs/protocols.md"
ALL = [block for block in blocks(PROTOCOLS) if "vocode" in block.info]
SECTIONS = {
    section: list(parts)
    for section, parts in groupby(
        (block for block in ALL if block.info.startswith("json")), key=lambda block: block.section
    )
}
[PROGRAM] = [block.text for block in ALL if block.info == "python vocode"]


def messages(block):
    return [json.loads(line) for line in block.text.splitlines()]


def test_the_document_has_examples_of_every_message():
    shown = {message["type"] for parts in SECTIONS.values() for part in parts for message in messages(part)}
    names = ("audio_config_start", "start", "ready", "audio", "transcript", "stop", "error")
    assert shown == {f"websocket_{name}" for name in names}


def test_the_first_example_is_that_of_vocodes_own_document():
    assert messages(SECTIONS["A conversation"][0]) == [golden("start")]


@pytest.mark.parametrize("section", SECTIONS)
async def test_what_is_sent_is_answered_as_it_says(tmp_path, section):
    async with serving(tmp_path) as server, call(server) as caller:
        for block in SECTIONS[section]:
            for message in messages(block):
                if block.info == "json vocode client":
                    await say(caller, message)
                else:
                    got = await after_audio(caller, message)
                    assert like(got, message), f"{PROTOCOLS}:{block.line}: {message}, but got {str(got)[:200]}"
        if messages(SECTIONS[section][-1])[-1]["type"] == "websocket_stop":
            assert (await caller.closed())[0] == 1000


async def say(caller, message):
    """Send it; where it is audio that the document cuts short, a second of speech and a pause, piece by piece."""
    if message.get("data") == REST:
        return await caller.speak()
    return await caller.send(message)


async def after_audio(caller, expected):
    """The next message. Sound goes on beside the others: where another is expected, it is passed over, but not before
    the server is ready."""
    while (got := await caller.next())["type"] == "websocket_audio" != expected["type"] and len(caller.got) > 1:
        assert base64.b64decode(got["data"])
    return got


def like(actual, example):
    """The same keys and kinds, and the same texts, but for what the example cuts short."""
    texts = {name: text for name, text in example.items() if isinstance(text, str)}
    return not differences(actual, example) and all(
        actual[name].startswith(text.removesuffix(REST)) if text.endswith(REST) else actual[name] == text
        for name, text in texts.items()
        if name != "conversation_id"
    )


@pytest.mark.parametrize("path", ["conversation", ""])
async def test_the_caller_is_greeted_asks_and_is_answered(tmp_path, path):
    (tmp_path / "question.wav").write_bytes(recording(1.0))
    async with serving(tmp_path) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, f"ws://localhost:{server.port}/{path}"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            printed, complaint = await asyncio.wait_for(process.communicate(), 30)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert process.returncode == 0 and not complaint, complaint.decode()
    assert printed.decode().splitlines() == [
        "bot: Hello!",
        "bot: I am Sam.",
        "bot: What would you like to talk about?",
        "user: how much does it cost",
        "bot: It is free.",
    ]


def test_the_figures_are_those_of_the_code():
    document = " ".join((ROOT / PROTOCOLS).read_text("utf-8").split())
    assert f"{vocode_messages.MIN_RATE:,} to {vocode_messages.MAX_RATE:,} Hz" in document
    assert f"no start within {vocode.START_WITHIN:.0f} s" in document
    assert (
        f"{vocode.RAW.chunk * 1000:.0f} ms | {(vocode.RAW.chunk + vocode.RAW.lead) * 1000:.0f} ms at most" in document
    )
    assert f"{vocode.FILES.first} s at first, then about {vocode.FILES.chunk} s" in document
    assert LONGEST == 60
