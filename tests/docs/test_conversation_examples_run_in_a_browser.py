"""The usage example that clients of `/api/conversation` were written from, in a page of the real Chromium.

Its text is run as it stands, but for two things: the port is that of the test's server, as `COMPAT_PORTS` would make it
3001; and what is sent waits for the socket to open, as every reader of the example has to, for a browser refuses to
send before.
"""

import asyncio
import base64
from pathlib import Path

import pytest

from tests.docs.documents import ROOT
from tests.e2e.browser import page
from tests.wire.conversing import AUDIO, DELTA, DONE, TRANSCRIPT, EchoMind, kind
from tests.wire.serving import recording, serving

USAGE = ROOT / "tests" / "wire" / "golden" / "conversation" / "usage.js"
OPENED = "ws.onmessage = (event) => got.push(JSON.parse(event.data)); await new Promise((done) => (ws.onopen = done));"


def usage(port: int) -> str:
    """The example as the body of an async function; what it gets is in `got`."""
    text = USAGE.read_text(encoding="utf-8")
    assert "ws://localhost:3001/" in text
    connect, start, rest = text.replace(":3001/", f":{port}/").partition("// Start conversation")
    return f"{connect}{OPENED}\n{start}{rest}"


def test_it_is_the_example_of_the_document():
    document = Path(ROOT.parent) / "shared" / "protocols" / "conversation.md"
    if not document.is_file():
        pytest.skip("the document is not beside the checkout")
    assert USAGE.read_text(encoding="utf-8") in document.read_text(encoding="utf-8")


async def test_the_example_holds_a_conversation(tmp_path):
    async with serving(tmp_path, mind=EchoMind()) as server, page(tmp_path) as opened:
        await opened.goto(server.http("/health"))
        body = f"const got = (window.got = []); {usage(server.port)} return got;"
        audio = base64.b64encode(recording(1.0)).decode()
        await opened.evaluate(f"async (audioBase64Data) => {{ {body} }}", audio)
        async with asyncio.timeout(20):
            while not (await opened.evaluate("got.some((e) => e.message === 'Conversation stopped')")):
                await asyncio.sleep(0.05)
        got = await opened.evaluate("got")
        assert not [error for error in opened.errors if "resource" not in error], "but for the missing favicon"
    kinds = [kind(event) for event in got]
    assert kinds.count("response") == kinds.count(DONE) == kinds.count(DELTA) == 2
    assert AUDIO in kinds
    assert "error" not in kinds
    assert [event["data"]["transcript"] for event in got if kind(event) == TRANSCRIPT] == ["how much does it cost"]
    answers = [event["message"] for event in got if kind(event) == "response"]
    assert answers == ["You said how much does it cost.", "You said Hello, how are you?."]
    assert got[-1]["message"] == "Conversation stopped"
