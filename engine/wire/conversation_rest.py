"""`/api/audio/message` and its like: what `/api/conversation` does, one request a turn; and whether it can be had."""

from __future__ import annotations

import asyncio
import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from engine.audio import Pcm, resample
from engine.errors import BadInput, NotFound, RostrumError, TooLarge
from engine.floor import LONGEST
from engine.limits import Limits
from engine.media import RawFormat, decode_clip, encode_wav, sniff
from engine.messages import (
    Cancel,
    Clear,
    Clip,
    Fault,
    Input,
    Judged,
    Output,
    Play,
    Played,
    ReplyEnded,
    Returned,
    Speech,
    Typed,
)
from engine.playout import Delivery
from engine.providers.base import Expectation
from engine.records import Persona
from engine.studio import Options
from engine.wire.conversation_codec import DEAF, RATE, SHORTEST
from engine.wire.conversation_messages import Wanted, now, wanted
from engine.wire.course import Course

if TYPE_CHECKING:
    from engine.meetings import Meeting
    from engine.studio import Studio

SORT = "message"
DELIVERY = Delivery(chunk=1.0, lead=math.inf, allowance=0.0, reports=True)
"""All at once: the answer is one file, taken as heard when it is there."""
ANSWER_WITHIN = 60.0
"""Seconds for a whole answer."""
KEPT = 600.0
"""Seconds that a conversation whose client uses its id waits for the next request: people think, and look things up."""
BODY_LIMIT = 24 << 20
"""Bytes: the longest recording that can be heard, in base64."""
SERVICE = "OpenAI Realtime API"
"""What its document calls whoever hears, thinks and speaks."""
PREFIXES = ("/api/audio", "/api", "/api/audio/audio")


class _Refused(Exception):
    """What is wrong with a request: the status and the body that say so."""

    def __init__(self, status: int, **body: object) -> None:
        self.status, self.body = status, body


class Exchange:
    """The face of one request: collects what comes of it."""

    def __init__(self) -> None:
        self.course = Course()
        self.transcript = ""
        self.texts: list[str] = []
        self.sounds: list[Pcm] = []
        self.fault = ""
        self.answered = False
        """Some of the reply to what was said, not only an apology for it, was spoken."""
        self.parted = self.broken = False
        self.changed = asyncio.Event()
        self._generation = 0
        self._got = self._told = 0.0

    def put(self, output: Output) -> None:
        self.course.follow(output)
        match output:
            case Clear(generation=generation):
                self._begin(generation)
            case Speech(generation=generation, pcm=pcm):
                if generation != self._generation:
                    self._begin(generation)
                self.sounds.append(pcm)
                self._got += pcm.seconds
            case Judged(text=text):
                self.transcript = text
            case ReplyEnded(text=text, turn=turn) if text:
                self.texts.append(text)
                self.answered = self.answered or turn > 0
            case Fault(message=message):
                self.fault = message
        self.changed.set()

    def part(self, reason: str, *, broken: bool = False) -> None:
        self.parted, self.broken = True, broken
        self.changed.set()

    def _begin(self, generation: int) -> None:
        self._generation = generation
        self._got = self._told = 0.0
        self.sounds.clear()

    def post(self, meeting: Meeting, message: Input) -> None:
        self.course.posting(message)
        meeting.take(message, self)

    async def settle(self, meeting: Meeting) -> None:
        """Until all is answered; what has come is played as far as it has come. Cancel to give up."""
        while not self.course.settled and not self.parted:
            self.changed.clear()
            if self._got > self._told:
                self._told = self._got
                meeting.post(Played(generation=self._generation, seconds=self._got))
            else:
                await self.changed.wait()

    def audio(self) -> str:
        """All that was said, as base64 of one WAV file; empty where nothing was."""
        if not self.sounds:
            return ""
        rate = self.sounds[0].rate
        data = b"".join((pcm if pcm.rate == rate else resample(pcm, rate)).data for pcm in self.sounds)
        return base64.b64encode(encode_wav(Pcm(data, rate))).decode()


async def partner(studio: Studio, named: object) -> Persona:
    """Who is talked with. Nobody but one who was asked for by name opens the conversation.

    Raises:
        BadInput, NotFound: it is no name, or nobody's.
    """
    if named is not None and not isinstance(named, str):
        raise BadInput('"persona" is the id of a persona, a text')
    persona = await asyncio.to_thread(studio.persona, named or None)
    return persona if named else replace(persona, opening="")


async def _message(studio: Studio, request: Request) -> Mapping[str, object]:
    body = await asyncio.to_thread(_body, await _read(request))
    asked = await asyncio.to_thread(wanted, body)
    if not (asked.start or asked.stop or asked.text or asked.audio is not None):
        return {"success": True}
    session = body.get("sessionId")
    if session is not None and not isinstance(session, str):
        raise BadInput('"sessionId" is the one that an earlier answer held, a text')
    turn = await asyncio.to_thread(_turn, asked)
    exchange = Exchange()
    joining = studio.talk(
        exchange,
        sort=SORT,
        delivery=DELIVERY,
        persona=await partner(studio, body.get("persona")),
        id=session,
        opts=Options(limits=Limits(paused=None)),
    )
    async with joining as (meeting, returned):
        if asked.start or session:
            meeting.grace = KEPT
        answer = await _exchange(meeting, exchange, turn, begins=asked.start, returned=returned)
        meeting.go(exchange, for_good=asked.stop)
    return {"success": True, "sessionId": meeting.id, "continued": returned, **answer}


async def _exchange(
    meeting: Meeting, exchange: Exchange, turn: Input | None, *, begins: bool, returned: bool
) -> Mapping[str, object]:
    if returned:
        meeting.post(Returned())
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            if begins:
                meeting.post(Play())
                await exchange.settle(meeting)
            if turn:
                _post(exchange, meeting, turn)
                await exchange.settle(meeting)
    except TimeoutError:
        meeting.post(Cancel())
        raise _Refused(504, error="The answer took too long: try again.", sessionId=meeting.id) from None
    if exchange.broken:
        raise _Refused(500, error="Internal server error")
    if exchange.parted:
        raise _Refused(409, error="This conversation goes on in another request.", sessionId=meeting.id)
    if exchange.fault and turn and not exchange.answered:
        raise _Refused(503, error=exchange.fault, sessionId=meeting.id)
    answer: dict[str, object] = {"transcript": exchange.transcript, "response": " ".join(exchange.texts)}
    if isinstance(turn, Clip) and not exchange.transcript:
        answer["message"] = DEAF
    return answer | {"audio": await asyncio.to_thread(exchange.audio), "timestamp": now()}


def _post(exchange: Exchange, meeting: Meeting, turn: Input) -> None:
    try:
        exchange.post(meeting, turn)
    except TooLarge:
        raise
    except BadInput as error:  # it was well formed: nobody is there to hear it
        raise _Refused(503, error=str(error), sessionId=meeting.id) from None


def _turn(asked: Wanted) -> Input | None:
    """What the listener said. Computes: for a thread."""
    if asked.audio is not None:
        if sniff(asked.audio) is None and len(asked.audio) < SHORTEST:
            raise BadInput(f"Audio too short: {len(asked.audio)} bytes (minimum {SHORTEST} bytes for 100ms)")
        return Clip(pcm=decode_clip(asked.audio, raw=RawFormat(rate=RATE), limit_seconds=LONGEST), whole=True)
    return Typed(text=asked.text) if asked.text else None


async def _read(request: Request) -> bytes:
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > BODY_LIMIT:
            raise _Refused(
                413,
                statusCode=413,
                code="FST_ERR_CTP_BODY_TOO_LARGE",
                error="Payload Too Large",
                message="Request body is too large",
            )
    return bytes(read)


def _body(data: bytes) -> Mapping[str, object]:
    """What is no object asks for nothing."""
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise _Refused(
            400,
            statusCode=400,
            code="FST_ERR_CTP_INVALID_JSON_BODY",
            error="Bad Request",
            message="Body is not valid JSON but content-type is set to 'application/json'",
        ) from None
    return body if isinstance(body, dict) else {}


def routes(studio: Studio, connections: Callable[[], int]) -> list[BaseRoute]:
    """`message`, `status` and `ephemeral-key` under every path that clients know."""

    async def message(request: Request) -> Response:
        try:
            return JSONResponse(dict(await _message(studio, request)))
        except _Refused as refused:
            return JSONResponse(refused.body, refused.status)
        except RostrumError as error:
            status = 413 if isinstance(error, TooLarge) else 404 if isinstance(error, NotFound) else 400
            return JSONResponse({"error": str(error)}, status if isinstance(error, (BadInput, NotFound)) else 503)

    async def status(request: Request) -> Response:
        ready = await _ready(studio)
        return JSONResponse({"connected": ready, "service": SERVICE, "activeConnections": connections()})

    async def ephemeral_key(request: Request) -> Response:
        why = "Rostrum needs none: connect to /api/conversation instead, which answers by itself."
        return JSONResponse({"error": "There are no ephemeral keys here.", "message": why}, 501)

    calls = (
        ("message", message, ["POST"]),
        ("status", status, ["GET"]),
        ("ephemeral-key", ephemeral_key, ["GET", "POST"]),
    )
    return [Route(f"{prefix}/{name}", call, methods=methods) for prefix in PREFIXES for name, call, methods in calls]


async def _ready(studio: Studio) -> bool:
    """Whether it can be heard and answered just now, as far as can be told without doing it."""
    try:
        async with studio.providers.ears.listen(Expectation()):
            return bool(studio.voices())
    except RostrumError:
        return False
