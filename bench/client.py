"""What the benchmarks share: a server in a process of its own, a page's voice link without the page, and tables."""

from __future__ import annotations

import asyncio
import json
import math
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import websockets
from websockets.asyncio.client import ClientConnection

HEADER = struct.Struct("<II")
RATE = 16_000
FRAME = 0.02
"""Seconds of a microphone frame."""
SILENCE = bytes(round(RATE * FRAME) * 2)
VOICE = b"\x00\x20" * round(RATE * FRAME)


class Served:
    """A server in a process of its own, `bench.server` or `bench.floor`, that says what it uses."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._process = process

    async def cpu(self) -> tuple[float, float]:
        """Seconds of CPU that it has used, and when it said so."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        used = json.loads(await asyncio.to_thread(self._process.stdout.readline))
        return used["cpu"], used["at"]

    def memory(self) -> float:
        """Resident memory, MiB."""
        command = ["ps", "-o", "rss=", "-p", str(self._process.pid)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024


@asynccontextmanager
async def served(module: str = "bench.server", **script: object) -> AsyncIterator[Served]:
    """`module` in a process of its own."""
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started once, before anything is measured
        [sys.executable, "-m", module, json.dumps(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdin
    try:
        yield Served(process, json.loads(await asyncio.to_thread(process.stdout.readline))["port"])
    finally:
        process.stdin.close()
        process.wait(10)


@asynccontextmanager
async def scripted_server(module: str = "bench.server", **script: object) -> AsyncIterator[int]:
    """The port of `module` in a process of its own."""
    async with served(module, **script) as server:
        yield server.port


class Link:
    """A page's voice link: takes note of when what arrives, plays in real time and reports it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.audio_at: list[float] = []
        self.clear_at: list[float] = []
        self.stages: list[dict[str, float]] = []
        self._generation = 1
        self._got = self._played = self._heard = 0.0
        self._last = time.monotonic()

    async def read(self) -> None:
        async for frame in self.socket:
            now = time.monotonic()
            if isinstance(frame, bytes):
                generation, rate = HEADER.unpack_from(frame)
                if generation >= self._generation:
                    self._generation = generation
                    self._got += (len(frame) - HEADER.size) / 2 / rate
                    self.audio_at.append(now)
            elif '"latency"' in frame[:20]:
                self.stages.append(dict(json.loads(frame)["stages"]))
            elif '"clear"' in frame[:20]:
                self.clear_at.append(now)
                self._generation = json.loads(frame)["generation"]
                self._got = self._played = 0.0

    async def play(self) -> None:
        """Report every 40 ms, as the page does."""
        while True:
            await asyncio.sleep(0.04)
            now = time.monotonic()
            played = min(self._got, self._played + now - self._last)
            self._heard += played - self._played
            self._played = played
            self._last = now
            await self.tell(type="played", generation=self._generation, seconds=self._played)

    async def until_heard(self, seconds: float) -> None:
        """Wait until so much audio has been played in all."""
        while self._heard < seconds:  # noqa: ASYNC110 - a benchmark may poll
            await asyncio.sleep(0.02)

    async def tell(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def speak(self, frames: Sequence[bytes]) -> list[float]:
        """Send microphone frames at their pace; when each was sent."""
        began, sent = time.monotonic(), []
        for number, frame in enumerate(frames):
            await asyncio.sleep(max(0.0, began + number * FRAME - time.monotonic()))
            sent.append(time.monotonic())
            await self.socket.send(frame)
        return sent


@asynccontextmanager
async def link(port: int, pitch: str = "", talk: str = "") -> AsyncIterator[Link]:
    """A voice link that has said hello, to hear `pitch` or the one changed last; or to talk with persona `talk`."""
    wanted = {"talk": talk} if talk else {"pitch": pitch}
    async with websockets.connect(f"ws://127.0.0.1:{port}/voice", compression=None, max_size=None) as socket:
        await socket.send(json.dumps({"type": "hello", "mic_rate": RATE, **wanted}))
        while json.loads(await socket.recv())["type"] != "ready":
            pass
        page = Link(socket)
        tasks = [asyncio.create_task(page.read()), asyncio.create_task(page.play())]
        try:
            yield page
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of `values` lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def table(title: str, rows: Sequence[Sequence[object]]) -> None:
    """Print `rows`, the first of them the heads, in columns."""
    print(f"\n{title}")
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))]
    for row in texts:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def spread(values: Sequence[float], scale: float = 1000.0) -> list[str]:
    """Median, p95 and maximum, by default in milliseconds."""
    return [f"{scale * value:.1f}" for value in (share(values, 0.5), share(values, 0.95), max(values))]


@asynccontextmanager
async def serving_offline(folder: Path) -> AsyncIterator[int]:
    """The port of `python main.py` as anybody starts it, with a database of its own in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/bench.db"}
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started once, before anything is measured
        [sys.executable, "main.py", "--no-browser", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        await _answers(port)
        await asyncio.sleep(2.0)  # what is loaded in the background is there
        yield port
    finally:
        process.terminate()
        process.wait(10)


async def _answers(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
