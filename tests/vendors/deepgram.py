"""Deepgram on this machine: its sockets and its speech over HTTP, faults included.

Every message that it sends or takes is checked with the SDK's own types, which are strict when asked to be.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from deepgram.listen.v1 import types as listen_v1
from deepgram.listen.v2 import types as listen_v2
from deepgram.speak.v2 import types as speak_v2
from deepgram.types import ListProjectsV1Response

from tests.vendors.coded_speech import Told, Understanding, sound
from tests.vendors.faults import Faults
from tests.vendors.http_and_sockets import Link, Over, Request, Server, Socket, serving

KEY = "dg-right-key"
REQUEST = "2479c8c8-8185-40ac-9ac6-f0874419f793"
STEP = 0.25
"""Seconds of audio between two results."""
CHUNK = 4_801
"""Bytes of audio in one message over HTTP: no whole samples."""


@dataclass(eq=False)
class Session:
    """What came over one socket. Times are of the event loop's clock."""

    path: str
    query: list[tuple[str, str]]
    opened: float
    audio: bytearray = field(default_factory=bytearray)
    messages: list[dict] = field(default_factory=list)
    sent: int = 0
    closed: float | None = None
    closed_with: int | None = None

    @property
    def kinds(self) -> list[str]:
        return [message["type"] for message in self.messages]

    def asked(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


class Wire(Socket):
    """A socket whose messages are checked, recorded, and misbehave as told."""

    def __init__(self, link: Link, session: Session):
        super().__init__(link)
        self.session, self.faults = session, link.faults
        self.pieces = 0
        self.mute = False
        self.sequence = 0

    async def tell(self, kind, frame: dict):
        kind.model_validate(frame)
        await self._before()
        if not self.mute:
            await self.send(json.dumps(frame))

    async def sing(self, data: bytes):
        await self._before()
        if not self.mute:
            self.session.sent += len(data)
            self._protocol.send_binary(data)
            await self._flush()

    async def _before(self):
        """A piece is about to be sent: see what has to go wrong."""
        if self.pieces == 0:
            await asyncio.sleep(self.faults.slow_first_byte)
            if self.faults.malformed_frame:
                for nonsense in ("{not json", "[1, 2]", '{"type": "Results"}', '{"type": "TurnInfo", "event": 3}'):
                    await self.send(nonsense)
            if self.faults.error_event:
                await self.error()
        self.mute = self.mute or self.pieces == self.faults.stall
        if self.pieces == self.faults.cut:
            self.cut()
        if self.pieces == self.faults.clean_early_end:
            await self.close(1000)
        self.pieces += 1

    async def error(self):
        sort = {
            "/v1/listen": (listen_v1.ListenV1Error, {"variant": "X", "description": f"secret {KEY}", "message": "m"}),
            "/v2/listen": (listen_v2.ListenV2FatalError, {"sequence_id": 1, "code": "INTERNAL_SERVER_ERROR"}),
            "/v2/speak": (speak_v2.SpeakV2Error, {"code": "NET-0002"}),
        }
        kind, frame = sort[self.session.path]
        frame = {"type": "Error", "description": f"secret {KEY}"} | frame
        kind.model_validate(frame)
        await self.send(json.dumps(frame))
        await self.close(1011, "NET-0002")

    async def messages(self, **kinds):
        """What comes: audio, or a message as a dict, one of `kinds`. Ends with the connection, as the vendor would."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.faults.session_limit if self.faults.session_limit else None
        while True:
            idle = loop.time() + self.faults.idle_close if self.faults.idle_close else None
            due = min((when for when in (ends, idle) if when is not None), default=None)
            try:
                async with asyncio.timeout_at(due):
                    came = await self.recv()
            except TimeoutError:
                await self.close(1011, "NET-0003" if due == ends else "NET-0001")
            if came is None:
                return
            if isinstance(came, bytes):
                self.session.audio += came
                yield came
                continue
            message = json.loads(came)
            kinds[message["type"]].model_validate(message)
            self.session.messages.append(message | {"at": loop.time()})
            yield message


@dataclass
class Deepgram(Server):
    """`sessions`: all sockets there were. `confirms`: Finalize, Clear and the like are answered. `final_after`: seconds
    before it says what was heard or said last."""

    key: str = KEY
    sessions: list[Session] = field(default_factory=list)
    confirms: bool = True
    final_after: float = 0.0
    chunk_every: float = 0.0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, link: Link, request: Request):
        if request.headers.get("authorization") != f"Token {self.key}":
            await link.refuse(401)
        elif request.headers.get("upgrade") == "websocket":
            await self._socket(link, request)
        elif request.path == "/v1/projects":
            body = {"projects": [{"project_id": "p", "name": "n"}]}
            ListProjectsV1Response.model_validate(body)
            await link.whole(json.dumps(body).encode())
        else:
            assert (request.method, request.path) == ("POST", "/v1/speak")
            await self._speak_over_http(link, request)

    async def _socket(self, link: Link, request: Request):
        loop = asyncio.get_running_loop()
        target = request.head.split(b" ")[1].decode()
        session = Session(request.path, parse_qsl(urlsplit(target).query), loop.time())
        self.sessions.append(session)
        wire = Wire(link, session)
        ways = {
            "/v1/listen": self._listen_v1,
            "/v2/listen": self._listen_v2,
            "/v2/speak": self._speak_v2,
        }
        try:
            await wire.accept()
            await ways[request.path](wire)
        finally:
            session.closed, session.closed_with = loop.time(), wire.closed_with
        raise Over

    # ---- hears ------------------------------------------------------------------------------------------------------

    async def _listen_v1(self, wire: Wire):
        stream, nova = Understanding(), _Nova(wire)
        async for came in wire.messages(
            KeepAlive=listen_v1.ListenV1KeepAlive,
            Finalize=listen_v1.ListenV1Finalize,
            CloseStream=listen_v1.ListenV1CloseStream,
        ):
            if isinstance(came, bytes):
                stream.take(came)
                await nova.hear(stream)
            elif came["type"] == "Finalize" and self.confirms and stream.seconds - nova.final > 0.05:
                await asyncio.sleep(self.final_after)
                await nova.result(stream, is_final=True, from_finalize=True)
            elif came["type"] == "CloseStream":
                await wire.close(1000)

    async def _listen_v2(self, wire: Wire):
        stream, flux = Understanding(), _Flux(wire, eager=bool(wire.session.asked("eager_eot_threshold")))
        connected = {"type": "Connected", "request_id": REQUEST, "sequence_id": flux.count()}
        listen_v2.ListenV2Connected.model_validate(connected)
        await wire.send(json.dumps(connected))
        async for came in wire.messages(
            ForceEndTurn=listen_v2.ListenV2ForceEndTurn, CloseStream=listen_v2.ListenV2CloseStream
        ):
            if isinstance(came, bytes):
                for at in range(0, len(came), 2560):
                    stream.take(came[at : at + 2560])
                    await flux.hear(stream)
            elif came["type"] == "ForceEndTurn" and self.confirms:
                await asyncio.sleep(self.final_after)
                await flux.force()

    # ---- speaks -----------------------------------------------------------------------------------------------------

    async def _speak_over_http(self, link: Link, request: Request):
        query = request.query
        assert (query["encoding"], query["container"]) == ("linear16", "none")
        speed = float(query.get("speed", 1.0))
        assert 0.7 <= speed <= 1.5
        text = request.json["text"]
        assert len(text) <= 2000
        if link.faults.error_event:
            await link.refuse(500)
            return
        await link.begin("audio/l16")
        data = sound(text, rate=int(query["sample_rate"]), speed=speed)
        for at in range(0, len(data), CHUNK):
            await asyncio.sleep(self.chunk_every)
            await link.piece(data[at : at + CHUNK])

    async def _speak_v2(self, wire: Wire):
        connected = {"type": "Connected", "request_id": REQUEST, "model_name": wire.session.asked("model")[0]}
        connected |= {"model_version": "2026.06.01", "model_uuids": [REQUEST]}
        speak_v2.SpeakV2Connected.model_validate(connected)
        await wire.send(json.dumps(connected))
        assert wire.session.asked("encoding") == ["linear16"]
        speed = float((wire.session.asked("speed") or ["1"])[0])
        assert 0.5 <= speed <= 1.5
        assert abs(speed * 20 - round(speed * 20)) < 1e-9
        rate = int(wire.session.asked("sample_rate")[0])
        text, singing = "", None
        try:
            async for came in wire.messages(
                Speak=speak_v2.SpeakV2Speak,
                Flush=speak_v2.SpeakV2Flush,
                Interrupt=speak_v2.SpeakV2Interrupt,
                Close=speak_v2.SpeakV2Close,
            ):
                if came["type"] == "Speak":
                    text += came["text"]
                elif came["type"] == "Flush":
                    singing = asyncio.create_task(self._sing(wire, text, sound(text, rate=rate, speed=speed)))
                    text = ""
                elif came["type"] == "Interrupt" and self.confirms:
                    await self._stop(wire, singing)
        finally:
            if singing:
                singing.cancel()

    async def _sing(self, wire: Wire, text: str, data: bytes):
        speech = {"speech_id": "dg_sp_a1b2c3d4e5f6"}
        try:
            started = {"type": "SpeechStarted"} | speech
            speak_v2.SpeakV2SpeechStarted.model_validate(started)
            await wire.send(json.dumps(started))
            for at in range(0, len(data), CHUNK):
                await asyncio.sleep(self.chunk_every)
                await wire.sing(data[at : at + CHUNK])
            await wire.tell(speak_v2.SpeakV2Flushed, {"type": "Flushed"} | speech)
            await wire.tell(speak_v2.SpeakV2SpeechMetadata, {"type": "SpeechMetadata"} | _metered(text, data) | speech)
        except Over:
            return

    async def _stop(self, wire: Wire, singing: asyncio.Task | None):
        if not wire.session.sent or singing is None or singing.done():
            code = "NO_ACTIVE_SPEECH" if wire.session.sent else "NO_AUDIO_GENERATED"
            await wire.tell(speak_v2.SpeakV2Warning, {"type": "Warning", "code": code, "description": "ignored"})
            return
        singing.cancel()
        await asyncio.wait([singing])
        metered = _metered("", b"") | {"speech_id": "dg_sp_a1b2c3d4e5f6"}
        frame = {"type": "SpeechInterrupted", "audio_played_ms": 0, "metadata": metered}
        await wire.tell(speak_v2.SpeakV2SpeechInterrupted, frame)


def _metered(text: str, data: bytes) -> dict:
    controls = {"pronunciations_applied": 0, "breaks_applied": 0, "pronunciation_warnings": 0}
    counted = {"input_character_count": len(text), "billable_character_count": len(text)}
    return {"audio_duration_ms": len(data) // 48, "controls_applied": controls} | counted


def _words(told: list[Told], *, punctuated: bool) -> list[dict]:
    return [
        {"word": word.text.lower().strip(".,?!"), "start": word.start, "end": word.end, "confidence": 0.9}
        | {"punctuated_word": word.text}
        if punctuated
        else {"word": word.text, "start": word.start, "end": word.end, "confidence": 0.9}
        for word in told
    ]


class _Nova:
    """Tells what is heard about every `STEP`, for good after a pause."""

    def __init__(self, wire: Wire):
        self.wire = wire
        self.final = 0.0
        """Up to where all is told for good."""
        self._told = 0.0
        self._counted = 0

    async def hear(self, stream: Understanding):
        words = stream.words[self._counted :]
        pause = float(self.wire.session.asked("endpointing")[0]) / 1000
        if words and words[-1].whole and stream.seconds - words[-1].end >= pause:
            await self.result(stream, is_final=True, speech_final=True)
        elif stream.seconds - self._told >= STEP:
            await self.result(stream)

    async def result(self, stream: Understanding, **flags):
        words = [word for word in stream.words[self._counted :] if word.whole or flags.get("is_final")]
        frame = {
            "type": "Results",
            "channel_index": [0, 1],
            "start": self.final,
            "duration": stream.seconds - self.final,
            "is_final": False,
            "speech_final": False,
            "channel": {
                "alternatives": [
                    {
                        "transcript": " ".join(word.text for word in words),
                        "confidence": 0.9 if words else 0.0,
                        "words": _words(words, punctuated=True),
                    }
                ]
            },
            "metadata": {
                "request_id": REQUEST,
                "model_uuid": REQUEST,
                "model_info": {"name": "general-nova-3", "version": "2026-01-01.0", "arch": "nova-3"},
            },
        } | flags
        self._told = stream.seconds
        if flags.get("is_final"):
            self.final, self._counted = stream.seconds, len(stream.words)
        await self.wire.tell(listen_v1.ListenV1Results, frame)


class _Flux:
    """Tells what is heard every `STEP`, takes a turn to be over after 0.6 s of silence, with reservations after 0.3;
    ends it when told to, with what it had told before."""

    def __init__(self, wire: Wire, *, eager: bool):
        self.wire, self._may_be_eager = wire, eager
        self._turn, self._sequence = 0, -1
        self._from, self._told, self._counted = 0.0, 0.0, 0
        self._last: list[Told] | None = None
        """Words of the turn that is going on, as told last."""
        self._eager = False

    def count(self) -> int:
        self._sequence += 1
        return self._sequence

    async def hear(self, stream: Understanding):
        words = [word for word in stream.words[self._counted :] if word.whole]
        silent = stream.seconds - max((word.end for word in stream.words), default=0.0)
        if words and self._last is None:
            await self._tell("StartOfTurn", stream.seconds, words)
        elif self._eager and len(words) > len(self._last or ()):
            self._eager = False
            await self._tell("TurnResumed", stream.seconds, words)
        elif self._last is not None and silent >= 0.6:
            await self._tell("EndOfTurn", stream.seconds, words, trigger="model")
        elif self._may_be_eager and not self._eager and self._last is not None and silent >= 0.3:
            self._eager = True
            await self._tell("EagerEndOfTurn", stream.seconds, words)
        elif stream.seconds - self._told >= STEP:
            await self._tell("Update", stream.seconds, words)

    async def force(self):
        if self._last is None:
            frame = {"type": "Warning", "request_id": REQUEST, "sequence_id": self.count()}
            frame |= {"code": "FORCE_END_TURN_NO_ACTIVE_TURN", "description": "there is none"}
            await self.wire.tell(listen_v2.ListenV2Warning, frame)
        else:
            await self._tell("EndOfTurn", self._told, self._last, trigger="manual")

    async def _tell(self, event: str, until: float, words: list[Told], **more):
        frame = {
            "type": "TurnInfo",
            "request_id": REQUEST,
            "sequence_id": self.count(),
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": self._from,
            "audio_window_end": until,
            "transcript": " ".join(word.text for word in words),
            "words": _words(words, punctuated=False),
            "end_of_turn_confidence": 0.8 if event == "EndOfTurn" else 0.4,
        } | more
        self._told = until
        self._last = words if words else None
        if event == "EndOfTurn":
            self._turn += 1
            self._from, self._counted = until, self._counted + len(words)
            self._last, self._eager = None, False
        await self.wire.tell(listen_v2.ListenV2TurnInfo, frame)


@asynccontextmanager
async def deepgram(**made):
    """A server of Deepgram's; keyword arguments are its fields, or those of its faults."""
    faults = Faults(**{name: made.pop(name) for name in tuple(made) if name in Faults.__dataclass_fields__})
    async with serving(Deepgram(faults=faults, **made)) as server:
        yield server
