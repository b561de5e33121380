"""The browser's side of the voice link in a real browser, against a server that a test scripts. No NiceGUI."""

from __future__ import annotations

import array
import asyncio
import json
import math
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

COMPONENTS = Path(__file__).parents[2] / "ui" / "components"
WEB, TALK_WEB, COACH_WEB = (COMPONENTS / link / "web" for link in ("voice_link", "talk_link", "coach_link"))
PAGE = """<!doctype html><title>stage</title>
<script type="importmap">{ "imports": { "rostrum-voice": "/web/index.js" } }</script><script type="module">
import * as voice from "/web/index.js";
import * as talk from "/talk/index.js";
import * as coach from "/coach/index.js";
Object.assign(window, { voice, talk, coach });
window.open_session = (options) => {
  window.events = [];
  const defaults = { path: "/voice", pitch: "p", mark: 1, voice: "", speed: 1, headphones: false };
  return new voice.VoiceSession({ ...defaults, ...options },
    (event) => event.type === "level" || event.type === "speaker" || events.push(event));
};
</script>"""
PATIENCE = 30.0
"""Seconds for anything that is about to come, on a busy machine."""
SILENCE = 1e-4
"""Root mean square below which nothing can be heard."""


class Peer:
    """The server's end of one connection. `said` has the page's JSON messages so far; `mic` counts its audio bytes."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.said: list[dict[str, object]] = []
        self.mic = 0
        self._news = asyncio.Event()

    async def tell(self, kind: str, **fields: object) -> None:
        await self.socket.send_text(json.dumps({"type": kind, **fields}))

    async def ready(self) -> None:
        await self.tell("ready", sentences=["One.", "Two."], mark=1, voices=[])

    async def line(self, line: int, mark: int | str, *, generation: int, at: float = 0.0, text: str = "One.") -> None:
        await self.tell("line", line=line, mark=mark, text=text, generation=generation, at=at, offset=0.0)

    async def tone(self, seconds: float, *, generation: int, rate: int = 22_050, peak: int = 9000) -> None:
        """A tone in 40 ms frames, all at once."""
        count = round(seconds * rate)
        pcm = array.array("h", (round(peak * math.sin(880 * math.pi * i / rate)) for i in range(count))).tobytes()
        size = 2 * round(0.04 * rate)
        for first in range(0, len(pcm), size):
            await self.socket.send_bytes(struct.pack("<II", generation, rate) + pcm[first : first + size])

    async def until(self, met: Callable[[list[dict[str, object]]], bool]) -> None:
        """Wait until what the page said meets a condition."""
        async with asyncio.timeout(PATIENCE):
            while not met(self.said):
                await self._news.wait()
                self._news.clear()

    def played(self, generation: int) -> list[float]:
        """The positions that the page reported of a generation, in seconds."""
        reports = [said for said in self.said if said["type"] == "played" and said["generation"] == generation]
        return [float(str(report["seconds"])) for report in reports]

    async def listen(self) -> None:
        """Take what the page says until it leaves."""
        while (message := await self.socket.receive())["type"] != "websocket.disconnect":
            if message.get("text"):
                self.said.append(json.loads(message["text"]))
            else:
                self.mic += len(message["bytes"])
            self._news.set()


Script = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def stage(browser: Browser, *scripts: Script) -> AsyncIterator[Page]:
    """A page with the voice link's modules as `voice`. Its first connection is answered by the first script, and so on;
    a failed assertion of a script fails the test."""
    left = list(scripts)
    running: list[asyncio.Task[None]] = []

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        peer = Peer(socket)
        async with asyncio.TaskGroup() as both:
            running.append(both.create_task(_run(left.pop(0), peer)))
            both.create_task(peer.listen())

    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(PAGE)

    folders = {"/web": WEB, "/talk": TALK_WEB, "/coach": COACH_WEB}
    modules = [Mount(path, StaticFiles(directory=folder)) for path, folder in folders.items()]
    routes = [Route("/", page), WebSocketRoute("/voice", endpoint), *modules]
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve())
        async with asyncio.timeout(PATIENCE):
            while not server.started:
                await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        opened = await browser.new_page()
        await opened.goto(f"http://127.0.0.1:{port}/")
        await opened.wait_for_function("window.voice")
        try:
            yield opened
            for task in running:
                async with asyncio.timeout(PATIENCE):
                    await task
        finally:
            await opened.close()
            server.should_exit = True
            await serving


async def _run(script: Script, peer: Peer) -> None:
    await peer.until(lambda said: any(message["type"] == "hello" for message in said))
    await script(peer)
