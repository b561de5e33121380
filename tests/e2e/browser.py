"""The real server in its own process and the real Chromium, with a microphone that plays a recorded human voice."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserType, async_playwright, expect

from bench.browser import FLAGS, chromium
from engine.audio import Pcm, resample

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT.parent / "shared" / "audio"
MICROPHONE_RATE = 48_000
PATIENCE = 30.0
"""Seconds for anything that a page is about to show, on a busy machine; nothing here measures time."""
expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def server(folder: Path, **environment: str):
    """`python main.py` on a free port with a database in `folder`; its URL. Killed if it does not end by itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))}
    log = (folder / "server.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "main.py", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env={**inherited, "DATABASE_URL": f"sqlite:///{folder}/rostrum.db", **environment},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _until_it_answers(url, process, folder)
        yield Running(process, url, folder)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        log.close()


class Running:
    def __init__(self, process: subprocess.Popen, url: str, folder: Path) -> None:
        self.process, self.url, self.folder = process, url, folder

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text()


def _until_it_answers(url: str, process: subprocess.Popen, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "server.log").read_text()
        try:
            urllib.request.urlopen(url + "/health", timeout=2).read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not answer within {PATIENCE:.0f} s")


def microphone(folder: Path, recording: Pcm, *, before: float, after: float = 30.0) -> Path:
    """A WAV file for Chromium's fake microphone: `before` seconds of a quiet room, the recording, `after` of quiet."""
    voice = resample(recording, MICROPHONE_RATE)
    path = folder / "microphone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MICROPHONE_RATE)
        file.writeframes(
            bytes(2 * round(before * MICROPHONE_RATE)) + voice.data + bytes(2 * round(after * MICROPHONE_RATE))
        )
    return path


def human_voice(name: str) -> Pcm:
    """A recorded human voice; skips the test where the recordings are not there."""
    path = RECORDINGS / name
    if not path.is_file():
        pytest.skip(f"the recording {name} is not beside the checkout")
    with wave.open(str(path)) as file:
        return Pcm(file.readframes(file.getnframes()), file.getframerate())


def executable(chrome: BrowserType) -> str | None:
    """What to start as the browser; skips the test where there is none."""
    if not (chromium() or Path(chrome.executable_path).exists()):
        pytest.skip("no Chromium on this machine: the browser tests need one")
    return chromium()


@asynccontextmanager
async def page(folder: Path, *, microphone: Path | None = None, flags: Sequence[str] = (), **options: object):
    """A page of a fresh browser, started with further `flags`. `errors` on it collects uncaught exceptions, `foreign`
    requests to anywhere else."""
    fake = [f"--use-file-for-fake-audio-capture={microphone}%noloop"] if microphone else []
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=executable(playwright.chromium),
            headless=True,
            args=[*FLAGS, *fake, *flags],
            **options,
        )
        opened = context.pages[0]
        opened.errors, opened.foreign = [], []
        opened.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.on("console", lambda message: message.type == "error" and opened.errors.append(message.text))
        opened.on("request", lambda request: _note_foreign(opened, request.url))
        try:
            yield opened
        finally:
            await asyncio.wait_for(context.close(), 20)


def _note_foreign(opened, url: str) -> None:
    if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:")):
        opened.foreign.append(url)
