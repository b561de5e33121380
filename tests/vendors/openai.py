"""An emulator of OpenAI and whoever is compatible with it: chat, responses, transcriptions, speech, realtime, models.

One address serves all of them, on real sockets. What goes over the wire is checked with the SDK's own types.
"""

from __future__ import annotations

import asyncio
import json
import re
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from openai.types import Model
from openai.types.audio import Transcription, TranscriptionVerbose

from engine.audio import Pcm
from engine.media.encode import encode_mp3
from tests.vendors import openai_realtime
from tests.vendors.http_and_sockets import Link, Request, Server, serving
from tests.vendors.levels import understood
from tests.vendors.openai_frames import checked, checked_request, reply, response_events, sse

RATE = 24_000
"""Hz of the vendor's raw speech."""
LETTER = 0.06
"""Seconds that a letter sounds."""
PAUSE = 0.2
"""Seconds between two sentences."""
UNEVEN = 4801
"""Bytes of a piece of speech: it splits samples."""


def signal(text: str, rate: int = RATE, speed: float = 1.0) -> bytes:
    """The emulator's voice: samples that tell `text` and their own place: nothing lost or doubled goes unseen."""
    at = np.arange(round(len(text) * LETTER * rate / speed), dtype=np.int64)
    return ((at * 7919 + crc32(text.encode())) % 12001 - 6000).astype("<i2").tobytes()


def spoken(text: str) -> bytes:
    """The emulator's voice in a conversation: a pause after each sentence."""
    return bytes(round(PAUSE * RATE) * 2).join(map(signal, re.findall(r"\S.*?[.!?](?= |$)|\S.*$", text)))


@dataclass(frozen=True, kw_only=True)
class Delays:
    """Seconds of a vendor who works: to a final transcript, to the first token, to the first sound."""

    final: float = 0.0
    token: float = 0.0
    sound: float = 0.0


@dataclass
class OpenAi(Server):
    """`says`: what its ears understand, one for each audio that is not silent, in order, "" when there are no more;
    `heard`: all audio they got. `levels`: they understand what is said in levels instead. `replies`: what its models
    answer, in turn, the last one again; a reply is its pieces. `events`: what a chat sends instead, as the data of
    server-sent events; a number waits, None cuts the connection.

    `streams`, `times_words`: what its transcriptions can. `speaks`: what its speech comes in: pcm, wav, wav of unknown
    length, or mp3 (whatever is asked), at `rate`. `reads`: how its realtime voice reads the next texts, if not as they
    are, with `pace` seconds between its pieces, or under the `beta_names` of events.

    In a conversation it replies what its models do, and `tells` its words; `ends`: as what a reply ends, `stops_after`:
    seconds until it has stopped. `asked`: what it remembered each time, `errors`: the codes of all it told.

    `refuses`: fields of a request that it does not take, and which it is, if it `says_why`; `status` and `code`:
    refuses all. `key`: the only one it knows. `lacks`: paths that it does not have, about which it is `polite`: 200."""

    key: str = ""
    status: int = 0
    code: str | None = None
    says: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    levels: bool = False
    replies: list[tuple[str, ...]] = field(default_factory=lambda: [("Hello ", "there.")])
    events: list | None = None
    streams: bool = True
    times_words: bool = True
    speaks: str = "pcm"
    rate: int = RATE
    reads: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    says_why: bool = True
    shutdown_date: str | None = None
    delays: Delays = Delays()
    beta_names: bool = False
    pace: float = 0.0
    sessions: list[openai_realtime.Session] = field(default_factory=list)
    asked: list[list[tuple[str, str]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    tells: bool = True
    ends: str = "completed"
    stops_after: float = 0.0
    lacks: set[str] = field(default_factory=set)
    polite: bool = False

    async def answer(self, link: Link, request: Request):
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            await link.refuse(401)
            return
        if self.status:
            await link.refuse(self.status, self.code)
            return
        routes = {
            "/v1/chat/completions": self._chat,
            "/v1/responses": self._responses,
            "/v1/audio/transcriptions": self._transcribe,
            "/v1/audio/speech": self._speak,
            "/v1/realtime": self._realtime,
        }
        if request.path in self.lacks and self.polite:
            await link.whole(b'{"error": "Unexpected endpoint or method."}')
        elif request.path in self.lacks:
            await link.refuse(404)
        elif request.method == "POST" and request.body == b"{}":
            await link.refuse(400)
        elif request.path in routes:
            await routes[request.path](link, request)
        elif request.path.startswith("/v1/models/"):
            await self._model(link, request.path.rpartition("/")[2])
        else:
            await link.refuse(404)

    async def _delay(self, link: Link, seconds: float):
        """Answer so long after the request came, however long it took to check that."""
        since = asyncio.get_running_loop().time() - link.request.at
        await link.rest(max(0.0001, seconds - since))

    def understand(self, pcm: bytes) -> str:
        """The words of `pcm`."""
        self.heard.append(pcm)
        return self.words_of(pcm) if any(pcm) else ""

    def words_of(self, pcm: bytes) -> str:
        if self.levels:
            return understood(pcm)
        return self.says.pop(0) if self.says else ""

    def reading(self, text: str) -> str:
        return self.reads.pop(0) if self.reads else text

    async def _unwanted(self, link: Link, body: dict) -> bool:
        for name in self.refuses & body.keys():
            await link.refuse(400, *(("unsupported_parameter", name) if self.says_why else ()))
            return True
        return False

    async def _chat(self, link: Link, request: Request):
        body = checked_request("chat", request.json)
        if await self._unwanted(link, body):
            return
        events = self.events or reply(*self.next_reply())
        await link.begin("text/event-stream")
        await self._delay(link, self.delays.token)
        await self._disturb(link)
        for event in events:
            if event is None:
                link.cut()
            elif isinstance(event, int | float):
                await link.rest(event)
            else:
                await link.piece(sse(event))

    async def _responses(self, link: Link, request: Request):
        body = checked_request("responses", request.json)
        if await self._unwanted(link, body):
            return
        await link.begin("text/event-stream")
        await self._delay(link, self.delays.token)
        await self._disturb(link)
        for event in self.events or response_events(*self.next_reply()):
            await link.piece(sse(event, event["type"]))

    def next_reply(self) -> tuple[str, ...]:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    async def _disturb(self, link: Link):
        if link.faults.malformed_frame:
            await link.piece(sse("{not json"))
        if link.faults.error_event:
            await link.piece(sse({"error": {"message": "sk-secret", "type": "server_error", "code": "server_error"}}))

    async def _transcribe(self, link: Link, request: Request):
        fields = form(request)
        if await self._unwanted(link, fields):
            return
        sound = fields["file"]
        assert sound[:4] == b"RIFF", "a WAV file"
        assert struct.unpack_from("<HHIIHH", sound, 20)[:3] == (1, 1, 16_000)
        text = self.understand(sound[44:])
        await self._delay(link, self.delays.final)
        if fields.get("stream") == b"true" and self.streams:
            await link.begin("text/event-stream")
            await self._disturb(link)
            for word in text.split(" "):
                await link.piece(sse(checked("transcript", {"type": "transcript.text.delta", "delta": f"{word} "})))
            await link.piece(sse(checked("transcript", {"type": "transcript.text.done", "text": text})))
            return
        await link.begin("application/json")
        body = timed(text, len(sound) / 32_000) if fields.get("response_format") == b"verbose_json" else {"text": text}
        (TranscriptionVerbose if "duration" in body else Transcription).model_validate(body, strict=True)
        await link.piece(b"{not json" if link.faults.malformed_frame else json.dumps(body).encode())

    async def _speak(self, link: Link, request: Request):
        body = checked_request("speech", request.json)
        if await self._unwanted(link, body):
            return
        assert 0 < len(body["input"]) <= 4096
        kind = {"pcm": "audio/pcm", "mp3": "audio/mpeg"}.get(self.speaks, "audio/wav")
        data = dressed(signal(body["input"], self.rate, body.get("speed", 1.0)), self.speaks, self.rate)
        if link.faults.malformed_frame or link.faults.error_event:
            data = b'{"error": {"message": "no sound: sk-secret"}}'
        await link.begin("application/json" if data[:1] == b"{" else kind)
        await self._delay(link, self.delays.sound)
        for at in range(0, len(data), UNEVEN):
            await link.piece(data[at : at + UNEVEN])

    async def _realtime(self, link: Link, request: Request):
        await openai_realtime.converse(self, link, request)

    async def _model(self, link: Link, name: str):
        model = {"id": name, "object": "model", "created": 1764000000, "owned_by": "openai"}
        Model.model_validate(model | {"shutdown_date": self.shutdown_date}, strict=True)
        await link.whole(json.dumps(model | {"shutdown_date": self.shutdown_date}).encode())


def form(request: Request) -> dict[str, bytes]:
    """The fields of a multipart form; of one that comes several times the last."""
    border = b"--" + request.headers["content-type"].partition("boundary=")[2].encode()
    fields = {}
    for part in request.body.split(border)[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields[head.decode().partition('name="')[2].partition('"')[0].removesuffix("[]")] = value.removesuffix(b"\r\n")
    return fields


def timed(text: str, seconds: float) -> dict:
    """A transcript whose words are spread evenly."""
    words = text.split()
    step = seconds / max(1, len(words))
    times = [{"word": word, "start": i * step, "end": (i + 1) * step} for i, word in enumerate(words)]
    return {"text": text, "language": "english", "duration": seconds, "words": times}


def dressed(pcm: bytes, form: str, rate: int) -> bytes:
    """Samples in a container."""
    if form == "pcm":
        return pcm
    if form == "mp3":
        return encode_mp3(Pcm(pcm, rate))
    length = 0xFFFFFFFF if form == "endless wav" else len(pcm)
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", min(length + 36, 0xFFFFFFFF), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16
    )
    more = b"" if form == "endless wav" else b"LIST\x04\x00\x00\x00abcd"
    return head + struct.pack("<4sI", b"data", length) + pcm + more


@asynccontextmanager
async def openai(**made):
    """An emulator, while the context lasts."""
    async with serving(OpenAi(**made)) as server:
        yield server
