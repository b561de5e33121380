"""ElevenLabs, as far as Rostrum talks with it: voices, speech over HTTP, speech over a socket with contexts, Scribe.

One address serves all of them, on real sockets. Every frame that comes or goes is checked with the SDK's own types.
"""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
from elevenlabs import types

from engine import clock
from tests.vendors.faults import HTML
from tests.vendors.http_and_sockets import Link, Over, Request, Server, Socket, serving
from tests.vendors.levels import timed

KEY = "sk_a-key-that-is-never-shown"
VOICES = {"George": "JBFqnCBsd6RMkjVDRZzb", "Sarah": "EXAVITQu4vr4xnSDxMaL"}
RATE = 24_000
"""Hz of its speech."""
CHARACTER = 0.06
"""Seconds that a character sounds at a normal pace."""
PIECE = 8
"""Characters in a piece of speech."""
CODES = {401: "invalid_api_key", 429: "too_many_concurrent_requests", 500: "internal_error"}

Part = tuple[str, int, bytes]
"""Characters, how many came before them, and how they sound."""


def signal(text: str, speed: float = 1.0, before: int = 0) -> bytes:
    """How `text` sounds after `before` characters: loud, and never the same for two characters in a row."""
    samples = round(CHARACTER * RATE / speed)
    at = np.arange(samples, dtype=np.int64)
    sounds = [
        (at * (ord(character) % 61 + 7) + (before + i) * 31) % 199 * 100 - 9900 for i, character in enumerate(text)
    ]
    return np.concatenate(sounds or [at[:0]]).astype("<i2").tobytes()


@dataclass(eq=False)
class Session:
    """What came over one socket, and when, on the engine's clock. `audio`: what Scribe was given."""

    path: str
    query: dict[str, str]
    messages: list[dict] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    audio: bytearray = field(default_factory=bytearray)
    contexts: dict[str, str] = field(default_factory=dict)
    """Those open, and the text of each."""
    most: int = 0
    """Contexts open at a time."""
    ended: float | None = None

    def take(self, message: dict) -> dict:
        self.messages.append(message)
        self.times.append(clock.now())
        return message

    def sent(self, key: str) -> list[dict]:
        return [message for message in self.messages if message.get(key)]


@dataclass
class ElevenLabs(Server):
    """`pace`: seconds between two pieces of speech. `timing`: how the times of characters come: with "each" piece from
    its start, "running" on from the start of the speech, all with the "first" piece, or "none". `odd`: pieces split
    samples. `untimed`: characters that it does not time. `restricted`: the key may not list voices. `error`: the code
    of an error event.

    `says`: what Scribe hears in each stretch that is committed, as (word, start, end) in seconds from its start.
    `levels`: it understands what is said in levels instead. `since`: its times count from the start of the "session"
    or of the "stretch". `plain`, `timed`: which of its two final messages come. `commits_itself`: after so many
    seconds. `talkative`: interim words come."""

    pace: float = 0.0
    timing: str = "each"
    odd: bool = False
    untimed: str = ""
    restricted: bool = False
    error: str = "quota_exceeded"
    says: list[list[tuple[str, float, float]]] = field(default_factory=list)
    levels: bool = False
    since: str = "session"
    plain: bool = True
    timed: bool = True
    commits_itself: float | None = None
    talkative: bool = True
    sessions: list[Session] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def refuse(self, link: Link, status: int):
        if status == 502:
            await link.whole(HTML.encode(), "text/html", status)
            return
        detail = {"status": CODES[status], "message": f"No: {KEY}"}
        after = {"retry-after": f"{link.faults.rate_limited:g}"} if status == 429 else {}
        await link.whole(json.dumps({"detail": detail}).encode(), "application/json", status, **after)

    async def answer(self, link: Link, request: Request):
        if request.headers.get("xi-api-key") != KEY:
            await self.refuse(link, 401)
        elif request.path == "/v2/voices":
            await self._list_voices(link)
        elif request.path.endswith("/stream/with-timestamps"):
            await self._speak(link, request)
        else:
            await self._socket(link, request)

    def understand(self, pcm: bytes, *, final: bool = False) -> list[tuple[str, float, float]]:
        """The words of a stretch, which has ended if `final`."""
        if self.levels:
            return timed(pcm)
        if not self.says:
            return []
        return self.says.pop(0) if final else self.says[0]

    async def _list_voices(self, link: Link):
        if self.restricted:
            detail = {"status": "missing_permissions", "message": "The API key is missing the permission voices_read"}
            await link.whole(json.dumps({"detail": detail}).encode(), status=401)
            return
        value = {
            "voices": [{"voice_id": id, "name": name} for name, id in VOICES.items()],
            "has_more": False,
            "total_count": len(VOICES),
        }
        types.GetVoicesV2Response.model_validate(value)
        await link.whole(json.dumps(value).encode())

    async def _speak(self, link: Link, request: Request):
        body = request.json
        assert set(body) <= {"text", "model_id", "voice_settings"}
        assert request.path.split("/")[3] in VOICES.values()
        assert request.query["output_format"] == "pcm_24000"
        settings = types.VoiceSettings.model_validate(body.get("voice_settings", {}))
        speed = settings.speed or 1.0
        assert 0.7 <= speed <= 1.2
        await link.begin("application/json")
        for number, (part, audio) in enumerate(self.parts(body["text"], speed)):
            line = json.dumps(self._line(body["text"], part, audio, speed))
            if link.faults.malformed_frame and number == 1:
                line = line[: len(line) // 2]
            if link.faults.error_event and number == 0:
                line = json.dumps({"detail": {"status": self.error, "message": f"No: {KEY}"}})
            await self._put(link, line.encode() + b"\n")

    async def _put(self, link: Link, line: bytes):
        """A line comes in two chunks, as it may."""
        await link.misbehave()
        link.pieces += 1
        for part in (line[: len(line) // 2], line[len(line) // 2 :]):
            link.writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            await link.writer.drain()
        await link.rest(self.pace or 0.0001)

    def _line(self, text: str, part: Part, audio: bytes, speed: float) -> dict:
        value: dict = {"audio_base64": base64.b64encode(audio).decode(), "alignment": None}
        if timed := self.times(text, part, speed):
            value["alignment"] = {
                "characters": timed[0],
                "character_start_times_seconds": timed[1],
                "character_end_times_seconds": [start + CHARACTER / speed for start in timed[1]],
            }
        types.StreamingAudioChunkWithTimestampsResponse.model_validate(value)
        return value

    def parts(self, text: str, speed: float) -> list[tuple[Part, bytes]]:
        """The pieces of a speech, and what audio goes out with each: if `odd`, every other one lacks half a sample,
        which comes with the next."""
        parts = [
            (text[at : at + PIECE], at, signal(text[at : at + PIECE], speed, at)) for at in range(0, len(text), PIECE)
        ]
        if not self.odd:
            return [(part, part[2]) for part in parts]
        whole, at, cut = b"".join(part[2] for part in parts), 0, []
        for number, part in enumerate(parts):
            end = len(whole) if number == len(parts) - 1 else at + len(part[2]) + (1 if number % 2 else -1)
            cut.append((part, whole[at:end]))
            at = end
        return cut

    def times(self, text: str, part: Part, speed: float) -> tuple[list[str], list[float]] | None:
        """The characters that are timed with a piece, and when each begins; it lasts until the next."""
        characters, before, _ = part
        if self.timing == "none" or (self.timing == "first" and before):
            return None
        characters = text if self.timing == "first" else characters
        offset = before if self.timing == "running" else 0
        timed = [(c, (offset + i) * CHARACTER / speed) for i, c in enumerate(characters) if c not in self.untimed]
        return [c for c, _ in timed], [start for _, start in timed]

    async def _socket(self, link: Link, request: Request):
        from tests.vendors import elevenlabs_sockets

        session = Session(request.path, request.query)
        self.sessions.append(session)
        socket = Socket(link)
        try:
            await socket.accept()
            if request.path == "/v1/speech-to-text/realtime":
                await elevenlabs_sockets.transcribe(self, session, socket)
            else:
                assert request.path.endswith("/multi-stream-input")
                assert request.path.split("/")[3] in VOICES.values()
                await elevenlabs_sockets.Speaking(self, session, socket).run()
            raise Over
        finally:
            session.ended = clock.now()

    @property
    def open_sessions(self) -> int:
        return sum(session.ended is None for session in self.sessions)


@asynccontextmanager
async def emulated(**options):
    async with serving(ElevenLabs(**options)) as emulator:
        yield emulator


async def eventually(what, seconds: float = 15.0):
    """Wait until `what()` holds; fails where it does not."""
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.005)
