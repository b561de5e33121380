"""`python main.py --native` on a desktop without a screen: what its window shows and hears, and what ends it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import websockets

from bench.desktop import NoDesktop, desktop
from tests.e2e.browser import ROOT, human_voice
from tests.e2e.sound_server import runs, sound_server
from tests.e2e.test_a_voice_cuts_in_on_the_pitch import _add

PATIENCE = 120.0
"""Seconds for anything here on a busy machine; `bench.native_window` measures."""
AUDIBLE = 0.005


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Native:
    """A running `python main.py --native`. `evaluate` asks its page, over the engine's debugger."""

    def __init__(self, process, screen, port, debugger, log):
        self.process, self.screen, self.debugger, self._log = process, screen, debugger, log
        self.url = f"http://127.0.0.1:{port}"

    @property
    def log(self):
        return self._log.read_text()

    def close(self):
        self.screen.close(self.screen.window("Rostrum"))
        return self.process.wait(PATIENCE)

    def page(self):
        """Where the debugger has the page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.debugger}/json", timeout=PATIENCE) as answer:
            [page] = [one for one in json.load(answer) if one["type"] == "page"]
        return page["webSocketDebuggerUrl"]

    async def evaluate(self, script):
        async with websockets.connect(self.page(), max_size=None) as debugging:
            what = {"expression": script, "awaitPromise": True, "returnByValue": True, "userGesture": True}
            await debugging.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": what}))
            return json.loads(await debugging.recv())["result"]["result"].get("value")

    async def until(self, script):
        async with asyncio.timeout(PATIENCE):
            while not await self.evaluate(script):
                await asyncio.sleep(0.2)


@contextmanager
def native(folder, *options, **environment):
    try:
        with desktop() as screen:
            port, debugger = free_port(), free_port()
            log = folder / "native.log"
            inherited = {
                name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))
            }
            settings = {"DATABASE_URL": f"sqlite:///{folder}/rostrum.db", "QTWEBENGINE_REMOTE_DEBUGGING": str(debugger)}
            with log.open("w") as output:
                process = subprocess.Popen(
                    [sys.executable, "main.py", "--native", "--port", str(port), *options],
                    cwd=ROOT,
                    env=inherited | screen.environment | settings | environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            try:
                yield Native(process, screen, port, debugger, log)
            finally:
                process.kill()
                process.wait(PATIENCE)
    except NoDesktop as lacking:
        pytest.skip(str(lacking))


def _windows_of(process):
    listing = subprocess.run(["ps", "-eo", "ppid=,pid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for ppid, pid in map(str.split, listing.splitlines()) if int(ppid) == process.pid]


async def test_it_shows_home_closes_with_code_0_and_opens_again_where_it_was(tmp_path):
    with native(tmp_path) as here:
        window = here.screen.window("Rostrum")
        here.screen.until_painted()
        here.screen.picture(tmp_path / "home.png")
        await here.until("document.querySelector('h1')?.textContent.includes('Hear your pitch')")
        here.screen.move(window, 40, 30, 900, 700)
        await here.until("innerWidth === 900")
        place = here.screen.place(window)
        assert here.close() == 0
        assert "Traceback" not in here.log
    with native(tmp_path) as again:
        assert again.screen.place(again.screen.window("Rostrum")) == place
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(PATIENCE) == 0, "so does a signal"
    await asyncio.sleep(0)


async def test_a_killed_server_takes_its_window_along(tmp_path):
    with native(tmp_path) as here:
        here.screen.window("Rostrum")
        here.screen.until_painted()
        [*children] = _windows_of(here.process)
        here.process.kill()
        here.process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while any(_lives(child) for child in children):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_pitch_sounds_in_it_and_a_voice_at_its_microphone_interrupts(tmp_path):
    voice = human_voice("austen-0880.wav")
    with sound_server(tmp_path) as sounds, native(tmp_path, **sounds.environment) as here:
        here.screen.window("Rostrum")
        await here.until("document.querySelector('h1')?.textContent.includes('Hear your pitch')")
        pitch = _add(
            here.url, "First we say one thing. Then we say a second and longer thing about it all. That is all."
        )
        await here.evaluate(f"location.assign('/pitch/{pitch}')")
        await here.until("document.querySelector('.dock-foot input') && rostrumVoice.session.link.open")
        await here.evaluate("document.querySelector('.dock-foot input').click()")
        await here.until("rostrumVoice.session.keepOpen")
        assert not await here.evaluate("Boolean(rostrumVoice.session.machine)"), "its own, not the machine's"
        with sounds.recorded() as levels:
            await here.evaluate("document.querySelector('.play').click()")
            await here.until("rostrumVoice.rendered.some(run => run.mark === 2 && run.to > 0.2)")
            said = sounds.speak(voice)
            await here.until("rostrumVoice.messages.some(m => m.type === 'resumed')")
            await here.until("rostrumVoice.messages.some(m => m.type === 'end')")
            said.wait(PATIENCE)
        assert here.close() == 0
    before, sounded, silence, *rest = runs(levels, AUDIBLE)
    assert not before[0] and sounded[0] and not silence[0] and rest
    assert silence[1] > 1.5, "silent while the voice spoke and was understood"
