"""The server on a real socket of this process, on scripted providers, and a plain client of `/ws/pitch`."""

from __future__ import annotations

import asyncio
import base64
import json
import socket as sockets
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
import websockets

from engine.audio import HEARING_RATE, Pcm
from engine.media import encode_wav
from engine.providers.registry import Providers
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.settings import Settings
from engine.studio import Studio
from engine.wire.app import build

FOUR = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
"""Four sentences of three words: 0.6 s each at the test's pace."""


@dataclass
class Serving:
    studio: Studio
    port: int
    pitch: str

    def url(self, query=""):
        return f"ws://127.0.0.1:{self.port}/ws/pitch?pitch={self.pitch}{query}"

    def http(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    @asynccontextmanager
    async def client(self, query="", url=None):
        async with websockets.connect(url or self.url(query), max_size=None) as socket:
            yield Client(socket)


class Client:
    """Keeps every event it gets; `until` waits for one."""

    def __init__(self, socket):
        self.socket, self.got = socket, []

    async def send(self, message):
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def next(self, seconds=5):
        event = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        self.got.append(event)
        return event

    async def until(self, kind, seconds=10, **media):
        async with asyncio.timeout(seconds):
            while True:
                event = await self.next(seconds)
                if event["event"] == kind and media.items() <= event.get("media", {}).items():
                    return event

    async def start(self):
        await self.send({"event": "start"})

    async def ask(self, audio=None):
        audio = recording() if audio is None else audio
        await self.send({"event": "user_audio", "audio": base64.b64encode(audio).decode()})

    @property
    def marks(self):
        return [event["media"]["mark"] for event in self.got if event["event"] == "media"]

    @property
    def events(self):
        return [event["event"] for event in self.got]


def voice(seconds):
    return Pcm(b"\x00\x20" * round(seconds * HEARING_RATE), HEARING_RATE)


def recording(seconds=1.0):
    """A WAV file that the scripted ears take for speech."""
    return encode_wav(voice(seconds))


@asynccontextmanager
async def serving(folder, *, text=FOUR, notes="", ears=None, mind=None, speech=None, **chosen):
    """A server that is gone, with all its tasks, when this is left; `chosen`: settings."""
    mind = mind or ScriptedMind(text="It is free.")
    providers = Providers(
        ears=ears or ScriptedEars(says=["how much does it cost"] * 99),
        activity=ScriptedActivity(),
        mind=mind,
        partner=mind,
        speech=speech or ScriptedSpeech(word_seconds=0.2),
    )
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/rostrum.db", **chosen)
    async with served(Studio(settings, providers=providers), text=text, notes=notes) as server:
        yield server


@asynccontextmanager
async def served(studio, *, text=FOUR, notes=""):
    """`studio` on a port, with a pitch; it is gone, with all its tasks, when this is left."""
    pitch = studio.store.add_pitch("Numbers", text, notes)
    listening = sockets.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        build(studio),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=32 << 20,
        log_level="error",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    server.capture_signals = _no_signals
    before = asyncio.all_tasks()
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Serving(studio, listening.getsockname()[1], pitch.id)
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, 10)
        await asyncio.sleep(0)
        left = {task.get_name() for task in asyncio.all_tasks() - before if not task.done()}
        assert not left, f"tasks outlived the server: {left}"


def _no_signals():
    from contextlib import nullcontext

    return nullcontext()
