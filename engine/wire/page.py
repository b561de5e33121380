"""`/voice`: the pages' microphone and speaker. `docs/page-link.md` has every frame; the other end is
`ui/components/voice_link/`."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import fields
from typing import TYPE_CHECKING

import orjson
from starlette.routing import WebSocketRoute

from engine import cutting_in
from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm, Resampler
from engine.errors import BadInput, RostrumError
from engine.messages import (
    Cancel,
    Clear,
    CutIns,
    Ended,
    Fault,
    Hold,
    Input,
    Judged,
    Latency,
    LimitNear,
    LineBegan,
    MicAudio,
    Output,
    Patience,
    Pause,
    Play,
    Played,
    QuestionAsked,
    ReplyEnded,
    Resumed,
    Retune,
    Returned,
    Said,
    Seek,
    Speech,
    SpeechSent,
    StateChanged,
    TalkPressed,
    TalkReleased,
    Typed,
    Understood,
    WordsTimed,
)
from engine.playout import Delivery
from engine.providers.base import Voice
from engine.studio import Options
from engine.wire import socket
from engine.wire.greeting import ready
from engine.wire.outbox import Frame, Reply

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.meetings import Face, Meeting
    from engine.studio import Studio

    Joining = AbstractAsyncContextManager[tuple[Meeting, bool]]

DELIVERY = Delivery(chunk=0.1, lead=0.4, reports=True)
"""The page says what it has played. The lead hides a stall of the event loop; an interruption throws it away. What
there is goes at once, however little; larger pieces are fewer frames, some hundredths of the CPU of a conversation."""
HEADER = struct.Struct("<II")
"""Before the samples of a binary frame to the page: generation, rate in Hz."""
HELLO_WITHIN = 10.0
"""Seconds a new socket has for its `hello`."""
POLICY = 1008
LONGEST_NAME = 100
LONGEST_QUESTION = 2_000
"""Characters of a typed question."""


_PLAIN: Mapping[str, Input] = {"play": Play(), "pause": Pause(), "cancel": Cancel()}
"""Frames that are nothing but their `type`."""


class PageCodec:
    """One page. `mic_rate`: Hz of the microphone frames it sends."""

    def __init__(self, mic_rate: int) -> None:
        self._mic_rate = mic_rate
        self._resampler = Resampler(mic_rate, HEARING_RATE)

    def decode(self, frame: Frame) -> Sequence[Input | Reply]:
        if isinstance(frame, bytes):
            whole = len(frame) - len(frame) % SAMPLE_BYTES
            return (MicAudio(pcm=self._resampler.push(Pcm(frame[:whole], self._mic_rate))),)
        message = parse(frame)
        match message.get("type"):
            case str(what) if what in _PLAIN:
                return (_PLAIN[what],)
            case "seek":
                return (Seek(mark=_whole_number(message, "mark")),)
            case "set":
                return (_retune(message),)
            case "ask":
                return (Typed(text=_question(message)),)
            case "talk":
                return (TalkPressed() if message.get("pressed") else TalkReleased(),)
            case "hold":
                return (Hold(on=bool(message.get("on"))),)
            case "patience":
                return (Patience(seconds=_patience(message)),)
            case "interrupts":
                return (CutIns(hardness=cutting_in.named("how", message.get("how"))),)
            case "played":
                return (Played(generation=_whole_number(message, "generation"), seconds=_number(message, "seconds")),)
            case "ping":
                return (Reply(_json("pong", {"at": _number(message, "at")})),)
            case kind:
                raise BadInput(f"a frame of type {str(kind)[:40]!r} is not known")

    def encode(self, output: Output) -> Sequence[Frame]:
        match output:
            case Speech(generation=generation, pcm=pcm):
                return (HEADER.pack(generation, pcm.rate) + pcm.data,)
            case WordsTimed(line=line, words=words):
                spans = [(word.first, word.last, round(word.start, 3), round(word.end, 3)) for word in words]
                return (_json("words", {"line": line, "words": spans}),)
            case _ if kind := _NAMES.get(type(output)):
                return (_json(kind, {name: getattr(output, name) for name in _FIELDS[type(output)]}),)
            case _:
                return ()

    def slow(self, output: Output) -> bool:
        return False

    def refuse(self, error: RostrumError) -> Frame:
        return _json("error", {"code": error.code, "message": str(error)})


_NAMES: Mapping[type, str] = {
    LineBegan: "line",
    Clear: "clear",
    StateChanged: "state",
    Understood: "understood",
    Judged: "judged",
    Resumed: "resumed",
    Said: "said",
    QuestionAsked: "question",
    Latency: "latency",
    SpeechSent: "done",
    ReplyEnded: "reply",
    LimitNear: "limit",
    Ended: "end",
    Fault: "error",
}
"""Outputs that go to the page as they are, under this `type`."""
_FIELDS = {kind: tuple(field.name for field in fields(kind) if field.name != "words") for kind in _NAMES}


def parse(frame: str) -> Mapping[str, object]:
    """A text frame's object.

    Raises:
        BadInput: it holds none.
    """
    try:
        message = orjson.loads(frame)
    except orjson.JSONDecodeError:
        raise BadInput("this is not JSON") from None
    if not isinstance(message, dict):
        raise BadInput('expected a JSON object with a "type"')
    return message


def _number(message: Mapping[str, object], name: str) -> float:
    value = message.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e15:
        raise BadInput(f'"{name}" has to be a number from 0 on')
    return float(value)


def _whole_number(message: Mapping[str, object], name: str) -> int:
    return int(_number(message, name))


def _text(message: Mapping[str, object], name: str, otherwise: str = "") -> str:
    value = message.get(name, otherwise)
    if not isinstance(value, str):
        raise BadInput(f'"{name}" has to be a text')
    return value


def _voice(message: Mapping[str, object]) -> str:
    name = _text(message, "voice")
    if len(name) > LONGEST_NAME:
        raise BadInput(f'"voice" has at most {LONGEST_NAME} characters')
    return name


def _speed(message: Mapping[str, object]) -> float:
    speed = _number(message, "speed")
    if not 0.5 <= speed <= 2.0:
        raise BadInput('"speed" has to be from 0.5 to 2')
    return speed


def _mic_rate(hello: Mapping[str, object]) -> int:
    rate = _whole_number({"mic_rate": HEARING_RATE, **hello}, "mic_rate")
    if not 8_000 <= rate <= 192_000:
        raise BadInput('"mic_rate" has to be from 8000 to 192000 Hz')
    return rate


def _patience(message: Mapping[str, object]) -> float:
    seconds = _number(message, "seconds")
    if not 0.1 <= seconds <= 10.0:
        raise BadInput('"seconds" has to be from 0.1 to 10')
    return seconds


def _retune(message: Mapping[str, object]) -> Retune:
    return Retune(
        speed=_speed(message) if "speed" in message else None,
        voice=_voice(message) if "voice" in message else None,
    )


def _question(message: Mapping[str, object]) -> str:
    text = _text(message, "text").strip()
    if not text or len(text) > LONGEST_QUESTION:
        raise BadInput(f"a question has 1 to {LONGEST_QUESTION} characters")
    return text


def _json(kind: str, fields: Mapping[str, object]) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()


def routes(studio: Studio) -> list[WebSocketRoute]:
    """`/voice`."""
    from engine.wire.machine import Ends

    ends = Ends(studio.settings, studio.store)

    async def voice(websocket: WebSocket) -> None:
        async with socket.opened(websocket, lambda error: socket.close(websocket, POLICY, str(error)[:120])):
            hello = await _hello(websocket)
            async with (
                ends.end(websocket, hello, PageCodec(_mic_rate(hello))) as end,
                await _join(studio, hello, end.face) as (meeting, returned),
            ):
                end.outbox.tell(_json("ready", ready(studio, meeting, returned=returned)))
                if returned:
                    _come_back(meeting, hello)
                await end.hold(websocket, meeting)

    return [WebSocketRoute("/voice", voice, name="voice")]


async def _join(studio: Studio, hello: Mapping[str, object], face: Face) -> Joining:
    """The meeting that `hello` asks for, new or the one it was in."""
    id = _text(hello, "conversation") or None
    record = hello.get("record") is True
    voice = Voice(name=_voice(hello), speed=_speed({"speed": 1.0, **hello}))
    if "talk" in hello:
        persona = await asyncio.to_thread(studio.persona, _text(hello, "talk"))
        if not voice.name and "speed" not in hello:
            voice = Voice(name=persona.voice, speed=persona.pace)
        options = Options(voice=voice, record=record)
        return studio.talk(face, sort="page talk", delivery=DELIVERY, persona=persona, id=id, opts=options)
    mark = max(1, _whole_number({"mark": 1, **hello}, "mark"))
    pitch = _text(hello, "pitch") or None
    options = Options(voice=voice, mark=mark, record=record)
    return studio.pitch(face, sort="page pitch", delivery=DELIVERY, pitch=pitch, id=id, opts=options)


def _come_back(meeting: Meeting, hello: Mapping[str, object]) -> None:
    """The page says what it had played when the connection was lost; then it goes on."""
    if "generation" in hello:
        meeting.post(Played(generation=_whole_number(hello, "generation"), seconds=_number(hello, "seconds")))
    meeting.post(Returned())


async def _hello(websocket: WebSocket) -> Mapping[str, object]:
    try:
        async with asyncio.timeout(HELLO_WITHIN):
            frame = await socket.receive(websocket)
    except TimeoutError:
        frame = None
    message = parse(frame) if isinstance(frame, str) else {}
    if message.get("type") != "hello":
        raise BadInput('the first frame has to be {"type":"hello", …}')
    return message
