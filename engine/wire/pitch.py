"""`/ws/pitch`: a pitch as self-contained audio files, cut in on by uploads: the document's events, and what real
clients do beside them. `docs/protocols.md` has all of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import orjson
from starlette.routing import WebSocketRoute

from engine.errors import BadInput, RostrumError
from engine.floor import LONGEST
from engine.media import AudioFormat, ClipStream, RawFormat, encode, from_base64, sniff
from engine.messages import (
    Clear,
    Clip,
    Ended,
    Fault,
    Input,
    Mark,
    MarkPlayed,
    MicAudio,
    Output,
    Pause,
    Play,
    Seek,
    Speech,
)
from engine.playout import Delivery
from engine.studio import Options
from engine.wire import socket
from engine.wire.outbox import Frame, Outbox

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.studio import Studio

DELIVERY = Delivery(chunk=None, lead=0.3, allowance=0.25, always_clear=True)
"""One message a sentence, paced by its real length; clients play what they have, so every interruption clears."""
CLIP = 0.5
"""Seconds: a longer upload is an interruption by itself; shorter ones are a live microphone in pieces."""
EVENTS = "start, user_audio, mark or stop"


class PitchCodec:
    """One client of `/ws/pitch`. Uploads are decoded in order: not for two threads at once."""

    def __init__(self, form: AudioFormat) -> None:
        self._form = form
        self._raw = RawFormat()
        self._stream = ClipStream(self._raw, limit_seconds=LONGEST)

    def decode(self, frame: Frame) -> Sequence[Input]:
        if isinstance(frame, bytes):
            raise BadInput("binary frames are not part of this protocol: send JSON text, audio as base64")
        try:
            message = orjson.loads(frame)
        except orjson.JSONDecodeError:
            raise BadInput('this is not JSON: expected an object such as {"event": "start"}') from None
        if not isinstance(message, dict) or not isinstance(message.get("event"), str):
            raise BadInput(f'expected a JSON object with "event": {EVENTS}')
        match message["event"]:
            case "start":
                return (Seek(mark=1), Play())
            case "stop":
                return (Pause(),)
            case "user_audio":
                return self._audio(message)
            case "mark":
                return (MarkPlayed(mark=_mark(message.get("mark"))),)
            case _:
                raise BadInput(f"this event is not known: expected {EVENTS}")

    def _audio(self, message: Mapping[str, object]) -> Sequence[Input]:
        audio = message.get("audio")
        if not isinstance(audio, str) or not audio:
            raise BadInput('user_audio needs "audio": the recording as base64 text')
        self._declare(message)
        data = from_base64(audio)
        piece = self._stream.push(data)
        if not piece.pcm.data:
            if piece.whole or sniff(data):
                raise BadInput("no sound was found in this recording")
            return ()
        if piece.whole or piece.pcm.seconds >= CLIP:
            return (Clip(pcm=piece.pcm, whole=piece.whole),)
        return (MicAudio(pcm=piece.pcm),)

    def _declare(self, message: Mapping[str, object]) -> None:
        """Raw samples may be declared with `encoding` and `sample_rate`; a declaration lasts until the next."""
        encoding = message.get("encoding", self._raw.encoding)
        rate = message.get("sample_rate", self._raw.rate)
        if not isinstance(encoding, str) or not isinstance(rate, int) or isinstance(rate, bool):
            raise BadInput('"encoding" is a text such as "linear16" or "mulaw", "sample_rate" a whole number of Hz')
        declared = RawFormat(encoding=encoding, rate=rate)
        if declared != self._raw:
            self._raw = declared
            self._stream = ClipStream(declared, limit_seconds=LONGEST)

    def encode(self, output: Output) -> Sequence[Frame]:
        match output:
            case Speech(pcm=pcm, mark=mark):
                payload = base64.b64encode(encode(pcm, self._form)).decode()
                return (_json({"event": "media", "media": {"payload": payload, "mark": mark}}),)
            case Clear():
                return (_json({"event": "clear"}),)
            case Ended():
                return (_json({"event": "end"}),)
            case Fault(message=message):
                return (_json({"event": "error", "message": message}),)
            case _:
                return ()

    def slow(self, output: Output) -> bool:
        return isinstance(output, Speech)

    def refuse(self, error: RostrumError) -> Frame:
        return _refusal(error)


def _mark(value: object) -> Mark:
    """A playback report's mark: as we sent it, as text, or wrapped in `{"name": …}`."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, str) and value:
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value[:100]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadInput('mark needs "mark": the one that came with the media')


def _refusal(error: RostrumError) -> Frame:
    return _json({"event": "error", "message": str(error)})


def _json(message: object) -> str:
    return orjson.dumps(message).decode()


def routes(studio: Studio) -> list[WebSocketRoute]:
    """`/ws/pitch`, with `?pitch=<id>` (else the one changed last), `?format=mp3|wav|pcm_16000|ulaw_8000` and
    `?record=1`."""

    async def pitch(websocket: WebSocket) -> None:
        async with socket.opened(websocket, lambda error: _only_refuse(websocket, _refusal(error))):
            codec = PitchCodec(_form(websocket.query_params.get("format")))
            outbox = Outbox(codec)
            wanted = websocket.query_params.get("pitch")
            options = Options(record=socket.records(websocket))
            async with studio.pitch(outbox, sort="pitch", delivery=DELIVERY, pitch=wanted, opts=options) as (
                meeting,
                _,
            ):
                await socket.serve(websocket, codec, outbox, meeting.post)
                meeting.go(outbox, for_good=True)  # its clients know no name to come back to it by

    return [WebSocketRoute("/ws/pitch", pitch, name="pitch")]


def _form(name: str | None) -> AudioFormat:
    try:
        return AudioFormat(name) if name else AudioFormat.MP3
    except ValueError:
        raise BadInput(f"this format is not known: expected {', '.join(AudioFormat)}") from None


async def _only_refuse(websocket: WebSocket, refusal: Frame) -> None:
    """A connection that asked for what is not there: say so, at once and to whatever it sends, until it leaves."""
    while True:
        await socket.send(websocket, refusal)
        if await socket.receive(websocket) is None:
            return
