"""The usage examples that clients of `/api/v1/streaming/realtime` were written from, as they stand in their document.

Only the port in their address is that of the test's server. The JavaScript runs in a page of the real Chromium, the
Python in a process of its own. Both listen for ever: they are ended when they have got what they asked for.
"""

from __future__ import annotations

import ast
import asyncio
import sys
from pathlib import Path

import pytest

from tests.docs.documents import ROOT
from tests.e2e.browser import page
from tests.wire.serving import serving

GOLDEN = ROOT / "tests" / "wire" / "golden" / "realtime"
PORT = "ws://localhost:8000/"


def example(name: str, port: int) -> str:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    assert text.count(PORT) == 1
    return text.replace(PORT, f"ws://localhost:{port}/")


@pytest.mark.parametrize("name", ["example.js", "example.py.txt"])
def test_they_are_those_of_the_document(name):
    document = Path(ROOT.parent) / "shared" / "protocols" / "realtime.md"
    if not document.is_file():
        pytest.skip("the document is not beside the checkout")
    assert (GOLDEN / name).read_text(encoding="utf-8") in document.read_text(encoding="utf-8")


async def test_the_python_example_is_answered(tmp_path):
    async with serving(tmp_path) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-u",
            "-c",
            example("example.py.txt", server.port),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        received = []
        try:
            async with asyncio.timeout(30):
                while not received or received[-1]["type"] != "response.done":
                    line = (await process.stdout.readline()).decode()
                    assert line.startswith("Received: "), (line, (await process.stderr.read()).decode())
                    received.append(ast.literal_eval(line.removeprefix("Received: ")))
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()
    types = [message["type"] for message in received]
    assert types[:2] == ["session.update", "conversation.item.created"]
    assert received[0]["session"]["voice"] == "alloy"
    assert [m["response"]["delta"]["content"] for m in received if m["type"] == "response.delta"] == ["It is free."]
    assert "response.audio" in types
    assert types.count("response.done") == 1
    assert "error" not in types


async def test_the_javascript_example_is_answered(tmp_path):
    """Its last statement sends before the socket is open, which every browser refuses: what it sends once the socket is
    open is answered, and what it tried to send too soon is when it is sent again."""
    async with serving(tmp_path) as server, page(tmp_path) as opened:
        logged = []
        opened.on("console", lambda message: logged.append(message) if message.text.startswith("Received:") else None)
        await opened.goto(server.http("/health"))
        text = example("example.js", server.port)
        await opened.add_script_tag(content=text)
        assert [error for error in opened.errors if "CONNECTING" in error], "refused by the browser, as in any page"
        [update] = await _received(logged, "session.update")
        assert update["session"]["voice"] == "alloy"
        sends = text.partition("// Send text input")[2]
        await opened.evaluate(sends)
        await _received(logged, "response.done")
        [delta] = await _received(logged, "response.delta")
        assert delta["response"]["delta"]["content"] == "It is free."
        assert await _received(logged, "response.audio")


async def _received(logged, kind):
    """The messages of a type that the page has logged, once there are any."""
    async with asyncio.timeout(20):
        while True:
            values = [await message.args[1].json_value() for message in tuple(logged)]
            if found := [value for value in values if value["type"] == kind]:
                return found
            await asyncio.sleep(0.05)
