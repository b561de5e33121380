"""The whole studio on a real socket, its vendors chosen by settings alone: emulators of all of them, which understand
coded speech, and a page that plays what it gets and keeps every sample of it."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import websockets

from engine.audio import HEARING_RATE, Pcm, silence
from engine.providers import offline_vad
from engine.providers.scripted import ScriptedActivity
from engine.settings import Settings
from engine.studio import Studio
from tests.vendors import coded_speech, deepgram, elevenlabs, openai
from tests.vendors.coded_speech import WORD, Understanding, uttered
from tests.vendors.elsewhere import elsewhere
from tests.wire.serving import served

FRAME = 0.02
"""Seconds of a microphone frame."""
REPORTS_EVERY = 0.05
PATIENCE = 60
"""Seconds for anything on a busy machine."""
REPLIES = ("That is good to know. ", "What else is there?")


def words_in(pcm: bytes):
    """The words of coded speech, as (word, start, end); where a slow machine cut one in two, its longer part."""
    heard = Understanding()
    heard.take(pcm)
    return [(word.text, word.start, word.end) for word in heard.words if word.end - word.start > WORD / 2]


@dataclass
class Deepgram(deepgram.Deepgram):
    def listened(self) -> bool:
        return any(session.path.endswith("/listen") and session.audio for session in self.sessions)

    def said(self) -> dict[str, bytes]:
        """What it was asked to say, and the samples that it sent for that."""
        speeches = [request for request in self.requests if request.path == "/v1/speak"]
        return {
            request.json["text"]: coded_speech.sound(request.json["text"], rate=int(request.query["sample_rate"]))
            for request in speeches
        }


@dataclass
class ElevenLabs(elevenlabs.ElevenLabs):
    def understand(self, pcm, *, final=False):
        return words_in(pcm)

    @property
    def url(self):
        return self.base

    def listened(self) -> bool:
        return any(session.audio for session in self.sessions)

    def said(self) -> dict[str, bytes]:
        texts: dict[tuple, str] = {}
        for number, session in enumerate(self.sessions):
            for message in session.messages:
                if message.get("text", "").strip():
                    place = (number, message["context_id"])
                    texts[place] = texts.get(place, "") + message["text"]
        return {text[:-1]: elevenlabs.signal(text[:-1]) for text in texts.values()}


@dataclass
class OpenAi(openai.OpenAi):
    """`reports`: what it writes where an object of a schema is asked for."""

    replies: list = field(default_factory=lambda: [REPLIES])
    reports: str = "{}"

    def words_of(self, pcm):
        return " ".join(word for word, _, _ in words_in(pcm))

    def next_reply(self):
        asked = self.requests[-1].json
        return (self.reports,) if "response_format" in asked or "text" in asked else super().next_reply()

    def asked_at(self, path: str) -> list:
        """What was asked there, but for what was asked with nothing."""
        return [request for request in self.requests if request.path == path and request.body != b"{}"]

    def listened(self) -> bool:
        return bool(self.asked_at("/v1/audio/transcriptions"))

    def said(self) -> dict[str, bytes]:
        texts = [request.json["input"] for request in self.asked_at("/v1/audio/speech")]
        return {text: openai.signal(text) for text in texts}

    def thought(self) -> int:
        return len(self.asked_at("/v1/chat/completions")) + len(self.asked_at("/v1/responses"))


@dataclass
class Vendors:
    deepgram: Deepgram = field(default_factory=Deepgram)
    elevenlabs: ElevenLabs = field(default_factory=ElevenLabs)
    openai: OpenAi = field(default_factory=OpenAi)

    def settings(self, *names: str) -> dict[str, str]:
        """What a user sets who has an account with those of them, or a server of their own."""
        every = {
            "deepgram": {"deepgram_api_key": deepgram.KEY, "deepgram_base_url": self.deepgram.url},
            "elevenlabs": {"elevenlabs_api_key": elevenlabs.KEY, "elevenlabs_base_url": self.elevenlabs.url},
            "openai": {"openai_api_key": "sk-mine", "openai_base_url": self.openai.url},
            "a server": {"openai_base_url": self.openai.url},
        }
        return {name: value for vendor in names for name, value in every[vendor].items()}


@asynccontextmanager
async def studio(folder, monkeypatch, *names, vendors=None, text, notes="", **chosen):
    """The server and the vendors, as the settings of those called `names` and `chosen` have it. Warm: whoever is not
    there is known. Speech is what is no silence: coded speech is none that a model of voices would know."""
    monkeypatch.setattr(offline_vad, "SileroVad", ScriptedActivity)
    vendors = vendors or Vendors()
    async with AsyncExitStack() as exits:
        for name in ("deepgram", "elevenlabs", "openai"):
            await exits.enter_async_context(elsewhere(getattr(vendors, name)))
        given = {**vendors.settings(*names), **chosen}
        settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/rostrum.db", **given)
        server = await exits.enter_async_context(served(Studio(settings), text=text, notes=notes))
        async with asyncio.timeout(PATIENCE):
            await server.studio.engines.warm()
        yield server, vendors


class Page:
    """A page's link: its speaker and its microphone run in real time. `sound`: all samples of each generation, at
    `rates`; `got`: all messages."""

    def __init__(self, socket):
        self.socket = socket
        self.got: list[dict] = []
        self.sound: dict[int, bytes] = {}
        self.rates: set[int] = set()
        self._came = asyncio.Event()
        self._frames: list[Pcm] = []
        self._generation, self._played, self._since = 0, 0.0, time.monotonic()

    def all(self, kind: str, **fields) -> list[dict]:
        return [each for each in self.got if each["type"] == kind and fields.items() <= each.items()]

    async def until(self, kind: str, times: int = 1, **fields) -> dict:
        async with asyncio.timeout(PATIENCE):
            while len(self.all(kind, **fields)) < times:
                self._came.clear()
                await self._came.wait()
        return self.all(kind, **fields)[times - 1]

    async def tell(self, kind: str, **fields):
        await self.socket.send(json.dumps({"type": kind, **fields}))

    def say(self, text: str):
        """Into the microphone."""
        pcm, step = uttered(text), round(FRAME * HEARING_RATE) * 2
        self._frames += [Pcm(pcm.data[at : at + step], HEARING_RATE) for at in range(0, len(pcm.data), step)]

    async def listen(self):
        async for frame in self.socket:
            if isinstance(frame, bytes):
                generation, rate = struct.unpack_from("<II", frame)
                self.rates.add(rate)
                self.sound[generation] = self.sound.get(generation, b"") + frame[8:]
                if generation != self._generation:
                    self._generation, self._played = generation, 0.0
            else:
                self.got.append(json.loads(frame))
                self._came.set()

    async def play(self):
        """Report what the speaker has rendered by now."""
        while True:
            await asyncio.sleep(REPORTS_EVERY)
            now = time.monotonic()
            there = len(self.sound.get(self._generation, b"")) / 2 / max(self.rates, default=1)
            self._played = min(there, self._played + now - self._since)
            self._since = now
            await self.tell("played", generation=self._generation, seconds=self._played)

    async def record(self):
        due = time.monotonic()
        while True:
            frame = self._frames.pop(0) if self._frames else silence(FRAME, HEARING_RATE)
            await self.socket.send(frame.data)
            due += FRAME
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def lines(self, speaker: str) -> list[str]:
        return [line["text"] for line in self.all("said", speaker=speaker)]

    def assert_every_sample_is(self, said: dict[str, bytes]):
        """What the speaker got of each generation is what was sent for its lines, and nothing else, up to where it was
        cleared."""
        assert self.sound
        for generation, sound in self.sound.items():
            lines = self.all("line", generation=generation)
            assert all(line["offset"] == 0.0 for line in lines)
            sent = b"".join(said[line["text"]] for line in lines)
            cleared = bool(self.all("clear", generation=generation + 1))
            assert sent[: len(sound)] == sound if cleared else sent == sound, [line["text"] for line in lines]


@asynccontextmanager
async def page(server, **hello):
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/voice", max_size=None, proxy=None) as socket:
        link = Page(socket)
        tasks = [asyncio.create_task(link.listen())]
        try:
            await link.tell("hello", mic_rate=HEARING_RATE, **hello)
            await link.until("ready")
            tasks += [asyncio.create_task(link.play()), asyncio.create_task(link.record())]
            yield link
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
