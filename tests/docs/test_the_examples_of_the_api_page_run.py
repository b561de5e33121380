"""The examples of the page for other programs, as the page shows them: in Python and in the shell in a process of their
own, in JavaScript in a real Chromium, each against a server on scripted providers. With an access token too."""

from __future__ import annotations

import asyncio
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.docs.documents import ROOT
from tests.e2e.browser import page
from tests.wire.serving import recording, serving
from ui.pages.api_guide import LANGUAGES, PROTOCOLS, protocols

TOKEN = "a-token-of-the-test"
PATIENCE = 40.0
PYTHON = {
    "pitch": "sentence 4",
    "realtime": "response.done",
    "conversation": "It is free.",
    "vocode": "bot: What would you like to talk about?",
    "coach": "transcript how much does it cost",
    "http": "'Our cups keep tea warm.'",
}
SHELL = {
    "pitch": '{"event":"media"',
    "realtime": "conversation.item.created",
    "conversation": '"response":"It is free."',
    "vocode": "websocket_ready",
    "coach": '"stars":',
    "http": '"title":"Cups that keep warm"',
}
BROWSER = {
    "pitch": "end",
    "realtime": "response.done",
    "conversation": "response.output_text.done",
    "vocode": "websocket_transcript What would you like to talk about?",
    "coach": "transcript how much does it cost",
    "http": "Our cups keep tea warm.",
}


def example(protocol: str, language: str, port: int, token: str = "") -> str:
    """As the page fills it in, which another test compares with the page itself."""
    [text] = [one.examples[language] for one in protocols() if one.id == protocol]

    def filled(found: re.Match[str]) -> str:
        more = f"{'&' if '?' in found[2] else '?'}token={token}" if token else ""
        return f"{found[1]}://127.0.0.1:{port}{found[2]}{more}"

    return re.sub(r"(ws|http)://localhost:8000(/[^\s\"'`]*)", filled, text)


async def printed(program: str, folder: Path) -> str:
    """What a Python program prints; it has to end by itself, and well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        text = (await asyncio.wait_for(process.communicate(), PATIENCE))[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, text
    return text


def on_a_terminal(script: str, folder: Path, enough: str) -> str:
    """What a script shows on a terminal, which holds nothing back, until there is `enough`. For a thread."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        ["sh", "-c", script], cwd=folder, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown, deadline = "", time.monotonic() + PATIENCE
    try:
        while enough not in shown and time.monotonic() < deadline:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    shown += os.read(ours, 65536).decode(errors="replace").replace('": "', '":"')
                except OSError:  # it has ended
                    break
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        os.close(ours)
    return shown


def test_each_protocol_has_an_example_in_each_language_and_there_are_no_others():
    there = {path.name for path in (ROOT / "data" / "examples").iterdir() if path.is_file()}
    assert there == {f"{one.id}.{ending}" for one in PROTOCOLS for ending in LANGUAGES.values()}


@pytest.mark.parametrize("token", ["", TOKEN], ids=["open", "guarded"])
@pytest.mark.parametrize("protocol", PYTHON)
async def test_in_python(tmp_path, protocol, token):
    (tmp_path / "question.wav").write_bytes(recording(1.0))
    async with serving(tmp_path, access_token=token or None) as server:
        text = example(protocol, "python", server.port, token)
        assert PYTHON[protocol] in await printed(text, tmp_path)


@pytest.mark.parametrize("token", ["", TOKEN], ids=["open", "guarded"])
@pytest.mark.parametrize("protocol", SHELL)
async def test_in_the_shell(tmp_path, protocol, token):
    beside = Path(sys.executable).parent
    path = f"{beside}{os.pathsep}{os.environ['PATH']}"
    if not (shutil.which("websocat", path=path) and shutil.which("curl", path=path)):
        pytest.skip("curl or websocat is not there")
    (tmp_path / "question.wav").write_bytes(recording(1.0))
    async with serving(tmp_path, access_token=token or None) as server:
        text = f"PATH='{path}'\n{example(protocol, 'shell', server.port, token)}"
        assert SHELL[protocol] in await asyncio.to_thread(on_a_terminal, text, tmp_path, SHELL[protocol])


@pytest.mark.parametrize("protocol", BROWSER)
async def test_in_the_browser(tmp_path, protocol):
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    autoplay = "--autoplay-policy=no-user-gesture-required"
    async with serving(tmp_path) as server, page(tmp_path, flags=[*flags, autoplay]) as tab:
        await tab.goto(server.http("/health"))
        said: list[str] = []
        heard = asyncio.Event()

        async def note(message):
            values = [await value.json_value() for value in message.args]
            said.append(" ".join(map(str, values)))
            if BROWSER[protocol] in said[-1]:
                heard.set()

        tab.on("console", note)
        text = example(protocol, "browser", server.port)
        # The example's own names are kept apart from the page's, as the browser's console does.
        await tab.evaluate(f"async () => {{ {text}\n }}")
        try:
            await asyncio.wait_for(heard.wait(), PATIENCE)
        except TimeoutError:
            pytest.fail("\n".join([*said, *tab.errors]))
        assert not tab.foreign
