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

from tests.vendors.coded_speech import Understanding, sound
from tests.vendors.deepgram_recognisers import Flux, Nova
from tests.vendors.deepgram_socket import KEY, REQUEST, Session, Wire
from tests.vendors.faults import Faults
from tests.vendors.http_and_sockets import Link, Over, Request, Server, serving

CHUNK = 4_801
"""Bytes of audio in one message over HTTP: no whole samples."""


@dataclass
class Deepgram(Server):
    """`sessions`: all sockets there were. `confirms`: Finalize, Clear and the like are answered. `final_after`: seconds
    before it says what was heard or said last. `lag`: seconds by which it tells late whatever it hears."""

    key: str = KEY
    sessions: list[Session] = field(default_factory=list)
    confirms: bool = True
    final_after: float = 0.0
    lag: float = 0.0
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
        stream, nova = Understanding(), Nova(wire)
        wire.lag = self.lag
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
        stream, flux = Understanding(), Flux(wire, eager=bool(wire.session.asked("eager_eot_threshold")))
        connected = {"type": "Connected", "request_id": REQUEST, "sequence_id": flux.count()}
        listen_v2.ListenV2Connected.model_validate(connected)
        await wire.send(json.dumps(connected))
        wire.lag = self.lag
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


@asynccontextmanager
async def deepgram(**made):
    """A server of Deepgram's; keyword arguments are its fields, or those of its faults."""
    faults = Faults(**{name: made.pop(name) for name in tuple(made) if name in Faults.__dataclass_fields__})
    async with serving(Deepgram(faults=faults, **made)) as server:
        yield server
