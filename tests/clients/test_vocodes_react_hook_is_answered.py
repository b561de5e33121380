"""useConversation of the npm package `vocode`, unmodified, in Chromium: greeted, asked through its microphone and
answered, without gaps that anybody would hear."""

import asyncio
import os
import shutil
import threading
import wave
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from engine.audio import Pcm
from tests.clients.installed import client
from tests.clients.test_vocodes_python_client_is_answered import recorded
from tests.e2e.browser import microphone, page, server

HERE = Path(__file__).parent / "vocode_react"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
"""The hook refuses browsers that do not call themselves Chrome, a headless one included."""
QUIET = 1.0
"""Seconds between two messages from which on they belong to different turns."""
MOST_GAPS = 0.05
GREETING = "Hello!", "What would you like to talk about?"


@pytest.mark.parametrize("path", ["conversation", ""])
async def test_the_hook_holds_a_conversation(tmp_path, path):
    transcripts, sounded, sent = await talk(tmp_path, path, asks_after=7.0)
    assert [line["sender"] for line in transcripts] == ["bot", "user", "bot"]
    assert transcripts[0]["text"].endswith(GREETING[-1])
    assert "what do you do" in transcripts[1]["text"]
    assert len(sounded) == sent, "every message was decoded"
    assert sum(one["seconds"] for one in sounded if one["peak"] > 0.01) > 3, "and was speech, but for pauses"
    assert sum(gap >= QUIET for gap in gaps(sounded)) == 1, "a greeting, and an answer"
    within = sum(gap for gap in gaps(sounded) if gap < QUIET)
    print(f"{len(sounded)} messages, {within:.3f} s of gaps in {sum(one['seconds'] for one in sounded):.2f} s")
    assert within < MOST_GAPS * sum(one["seconds"] for one in sounded)


async def test_a_voice_cuts_in_on_the_greeting(tmp_path):
    transcripts, sounded, sent = await talk(tmp_path, "conversation", asks_after=2.0)
    assert [line["sender"] for line in transcripts] == ["bot", "user", "bot"]
    heard = transcripts[0]["text"]
    assert heard.startswith(GREETING[0]) and not heard.endswith(GREETING[-1])
    assert "do you do" in transcripts[1]["text"]
    assert len(sounded) == sent


async def talk(folder, path, *, asks_after):
    """Greeted, asked once the microphone has been open for so long, answered, stopped: what the page made of it."""
    (folder / "page").mkdir()
    await bundled(folder / "page")
    voice = microphone(folder, pcm_of(await recorded(folder / "question.wav")), before=asks_after)
    with server(folder) as running, pages(folder / "page") as at:
        async with page(folder, microphone=voice, user_agent=CHROME) as tab:
            await tab.goto(f"{at}?backend={running.url.replace('http', 'ws')}/{path}")
            await tab.get_by_text("Talk").click()
            await tab.wait_for_function("talk.status === 'connected'")
            await tab.wait_for_function("talk.transcripts.length >= 3 && quiet()", timeout=40_000)
            await tab.get_by_text("Stop").click()
            await tab.wait_for_function("closes.length === 1")
            return await tab.evaluate("[talk.transcripts, sounded, sent]")


def gaps(sounded):
    """Seconds of silence between each message and the next, on the clock of the loudspeaker."""
    return [after["at"] - one["at"] - one["seconds"] for one, after in pairwise(sounded)]


@contextmanager
def pages(folder: Path):
    """Serves `folder` from another port, as such pages are: its address."""
    handler = partial(QuietHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}/"
        finally:
            serving.shutdown()
            thread.join(5)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


async def bundled(folder: Path) -> None:
    """The page with the hook and all that it imports, as a developer would build it."""
    (folder / "favicon.ico").touch()
    shutil.copy(HERE / "index.html", folder)
    shutil.copy(HERE / "watch.js", folder)
    modules = client("vocode-react/node_modules")
    process = await asyncio.create_subprocess_exec(
        modules / ".bin" / "esbuild",
        HERE / "app.js",
        *("--bundle", f"--outfile={folder / 'app.js'}"),
        *('--define:process.env.NODE_ENV="production"', "--log-level=error"),
        env={**os.environ, "NODE_PATH": str(modules)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, complaint.decode()


def pcm_of(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        return Pcm(file.readframes(file.getnframes()), file.getframerate())
