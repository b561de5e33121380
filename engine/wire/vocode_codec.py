"""The dialect of `/conversation`: a start message read, frames in, frames out. Touches no socket."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Literal

import orjson

from engine import clock
from engine.errors import BadInput, RostrumError
from engine.media import from_base64
from engine.messages import Ended, Fault, Input, MicAudio, Output, Said, Speech
from engine.wire import vocode_messages as read
from engine.wire.outbox import Close, Frame, Reply
from engine.wire.vocode_messages import Container, Message, Start
from engine.wire.vocode_sound import Loudspeaker, Microphone

Sender = Literal["user", "human"]
"""What the listener is called in transcripts: as the document has it, or as some strict clients do."""
GOODBYE = "the conversation has ended"


class VocodeCodec:
    """One client, that began with `start`. `page` and `container`: see `read_start`, for a second start."""

    def __init__(
        self,
        start: Start,
        *,
        now: Callable[[], float],
        sender: Sender = "user",
        page: bool = False,
        container: Container | None = None,
    ) -> None:
        self._now = now
        self._sender = sender
        self._page = page
        self._container = container
        self._take(start)

    def _take(self, start: Start) -> None:
        self._start = start
        self._microphone = Microphone(start.heard, self._now)
        self._loudspeaker = Loudspeaker(start.spoken)

    def decode(self, frame: Frame) -> Sequence[Input | Reply | Close]:
        if isinstance(frame, bytes):
            return self._audio(frame)
        message = read.parse(frame)
        match message.get("type"):
            case read.AUDIO:
                return self._audio(_data(message))
            case read.STOP:
                return (Close(),)
            case read.START | read.HOSTED_START:
                self._take(read.read_start(message, page=self._page, container=self._container))
                return (Reply(_json(read.READY)),)
        raise BadInput(f'this "type" is not known: expected {read.AUDIO} or {read.STOP}')

    def _audio(self, data: bytes) -> Sequence[Input]:
        pcm = self._microphone.push(data)
        return (MicAudio(pcm=pcm),) if pcm.data else ()

    def encode(self, output: Output) -> Sequence[Frame | Close]:
        match output:
            case Speech(generation=generation, pcm=pcm):
                data = self._loudspeaker.data(generation, pcm)
                return (_json(read.AUDIO, data=base64.b64encode(data).decode()),) if data else ()
            case Said(speaker=speaker, text=text) if text and self._start.transcripts:
                sender = self._sender if speaker == "user" else "bot"
                return (_json("websocket_transcript", text=text, sender=sender, timestamp=clock.wall().timestamp()),)
            case Ended():
                return (Close(reason=GOODBYE),)
            case Fault(code=code, message=message) if not self._start.hosted:
                return (_error(code, message),)
            case _:
                return ()

    def slow(self, output: Output) -> bool:
        return False

    def refuse(self, error: RostrumError) -> Frame | None:
        return None if self._start.hosted else _error(error.code, str(error))


def ready(conversation: str) -> Frame:
    """The first message to a client; its id is ours to add."""
    return _json(read.READY, conversation_id=conversation)


def refusal(error: RostrumError) -> Frame:
    """Why a conversation cannot begin."""
    return _error(error.code, str(error))


def _error(code: str, message: str) -> Frame:
    """The document has no word for it; clients that know one read `error`, or `message`, and show it."""
    return _json("websocket_error", error=message, message=message, code=code)


def _data(message: Message) -> bytes:
    data = message.get("data")
    if not isinstance(data, str):
        raise BadInput(f'{read.AUDIO} needs "data": the audio as base64 text')
    return from_base64(data)


def _json(kind: str, **fields: object) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()
