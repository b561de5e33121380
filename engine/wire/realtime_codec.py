"""`/api/v1/streaming/realtime` as a pure object: the document's messages, those it leaves out, and those of the API
that it was modelled on. `docs/protocols.md` has all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

import orjson

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm
from engine.errors import BadInput, RostrumError, TooLarge
from engine.floor import LONGEST
from engine.media import ClipStream, decode_clip, from_base64, sniff
from engine.messages import (
    Cancel,
    Clip,
    Correct,
    Forget,
    Input,
    MicAudio,
    Output,
    Remember,
    Respond,
    TalkPressed,
    TalkReleased,
    Typed,
)
from engine.wire.outbox import Close, Frame, Reply
from engine.wire.realtime_answers import Answers, frame, item_frame, refusal
from engine.wire.realtime_session import Object, Session, declared, updated

LONGEST_TEXT = 8_000
"""Characters of a text, and of an item."""
LONGEST_ID = 64
TYPES = (
    "session.update, conversation.item.input, conversation.item.create, conversation.item.update, "
    "conversation.item.delete, input_audio_buffer.append, input_audio_buffer.commit, input_audio_buffer.clear, "
    "response.create, response.cancel or ping"
)
INPUTS = '"input_text" with "text", or "input_audio_buffer" with "audio"'


class RealtimeCodec:
    """One client. Uploads are decoded in order: not for two threads at once."""

    def __init__(
        self,
        session: Session,
        *,
        now: Callable[[], float] = time.time,
        new_id: Callable[[], str] = lambda: f"item_{uuid4().hex[:16]}",
    ) -> None:
        self._answers = Answers(now)
        self._new_id = new_id
        self._held = bytearray()
        """What was appended and not committed yet, where the client commits."""
        self._pressed = False
        self.take_up(session)

    @property
    def session(self) -> Session:
        return self._session

    def take_up(self, session: Session) -> None:
        """Go by `session` from now on."""
        self._session = session
        self._stream = ClipStream(session.raw, limit_seconds=LONGEST)
        self._answers.form = session.output_format

    # ---- what the client says ---------------------------------------------------------------------------------------

    def decode(self, frame: Frame) -> Sequence[Input | Reply | Close]:
        message = _object(frame)
        match message.get("type"):
            case "session.update":
                return self._update(_part(message, "session_update", "session"))
            case "conversation.item.input":
                return self._input(_part(message, "conversation_item_input", "item"))
            case "input_audio_buffer.append":
                return self._samples(message, _audio(message))
            case "input_audio_buffer.commit":
                return self._commit()
            case "input_audio_buffer.clear":
                return self._clear()
            case "response.create":
                return self._respond()
            case "response.cancel":
                return (Cancel(),)
            case "ping":
                return (_pong(message.get("ping")),)
            case str() as kind if kind.startswith("conversation.item."):
                return self._edit(kind, message)
            case str():
                raise BadInput(f'Message handling failed: this type is not known: expected "type" to be {TYPES}')
            case _:
                raise BadInput(f'Message handling failed: "type" is missing: expected {TYPES}')

    def _update(self, update: Object) -> Sequence[Input | Reply]:
        session, inputs = updated(self._session, update)
        before = self._committed() if self._pressed and session.patience is not None else ()
        if session.raw != self._session.raw:
            self._stream = ClipStream(session.raw, limit_seconds=LONGEST)
        self._session = session
        self._answers.form = session.output_format
        return (*before, *inputs, Reply(frame("session.update", session=session.told())))

    def _input(self, part: Object) -> Sequence[Input | Reply]:
        match part.get("type") or "input_audio_buffer":
            case "input_text":
                text = _filled(part.get("text"), "text")
                self._answers.expect(True)
                return (Typed(text=text),)
            case "input_audio_buffer" | "input_audio":
                data = _audio(part)
                if not sniff(data):
                    return self._samples(part, data)
                pcm = decode_clip(data, limit_seconds=LONGEST)
                self._answers.expect(True)
                return (Clip(pcm=pcm, whole=True),)
            case _:
                raise BadInput(f"this type of input is not known: expected {INPUTS}")

    # ---- live audio -------------------------------------------------------------------------------------------------

    def _samples(self, part: Object, data: bytes) -> Sequence[Input]:
        """The next piece of a stream."""
        session = declared(self._session, part)
        if session.raw != self._session.raw:
            self._session = session
            self._stream = ClipStream(session.raw, limit_seconds=LONGEST)
        pcm = self._stream.push(data).pcm
        if self._session.patience is not None:
            return (MicAudio(pcm=pcm),) if pcm.data else ()
        if len(self._held) + len(pcm.data) > LONGEST * HEARING_RATE * SAMPLE_BYTES:
            raise TooLarge(f"more than {LONGEST:.0f} seconds of audio wait for input_audio_buffer.commit")
        self._held += pcm.data
        began, self._pressed = self._pressed, True
        return () if began else (TalkPressed(),)

    def _commit(self) -> Sequence[Input | Reply]:
        """With turn detection nothing hangs on it: silence, of sound or of messages, ends a turn."""
        told = Reply(frame("input_audio_buffer.committed"))
        if self._session.patience is not None:
            return (told,)
        if not self._pressed:
            raise BadInput("there is nothing to commit: append audio first")
        return (*self._committed(), told)

    def _committed(self) -> Sequence[Input]:
        """What was held is one turn. It was held so that `input_audio_buffer.clear` can take it back."""
        data = bytes(self._held) + self._stream.finish().pcm.data
        self._held, self._pressed = bytearray(), False
        self._answers.expect(True)
        return (MicAudio(pcm=Pcm(data, HEARING_RATE)), TalkReleased())

    def _clear(self) -> Sequence[Input | Reply]:
        self._stream = ClipStream(self._session.raw, limit_seconds=LONGEST)
        self._held, pressed, self._pressed = bytearray(), self._pressed, False
        return (*((TalkReleased(),) if pressed else ()), Reply(frame("input_audio_buffer.cleared")))

    def _respond(self) -> Sequence[Input]:
        """Whatever is said is answered anyway: a client that asks for it all the same is not answered twice."""
        if self._answers.active:
            return ()
        self._answers.expect(True)
        return (Respond(),)

    # ---- the history ------------------------------------------------------------------------------------------------

    def _edit(self, kind: str, message: Object) -> Sequence[Input | Reply]:
        match kind:
            case "conversation.item.create":
                part = _part(message, "conversation_item_create", "item")
                id = _id(part, "id") if part.get("id") is not None else self._new_id()
                role, text = _role(part), _content(part)
                told = item_frame("conversation.item.created", id, role, _as_content(role, text))
                return (Remember(id=id, role=role, text=text), Reply(told))
            case "conversation.item.update":
                part = _part(message, "conversation_item_update", "item")
                id, text = _id(part, "item_id"), _content(part)
                known = _role(part) if part.get("role") is not None else None
                told = item_frame("conversation.item.updated", id, known, _as_content(known, text))
                return (Correct(id=id, text=text), Reply(told))
            case "conversation.item.delete":
                part = message if "item_id" in message else _part(message, "conversation_item_delete")
                id = _id(part, "item_id")
                return (Forget(id=id), Reply(frame("conversation.item.deleted", item={"id": id})))
            case _:
                raise BadInput(f'Message handling failed: this type is not known: expected "type" to be {TYPES}')

    # ---- what the client is told ------------------------------------------------------------------------------------

    def encode(self, output: Output) -> Sequence[Frame | Close]:
        return self._answers.encode(output)

    def slow(self, output: Output) -> bool:
        return False

    def refuse(self, error: RostrumError) -> Frame:
        self._answers.expect(False)
        return refusal(str(error))


def _object(frame: Frame) -> Mapping[str, object]:
    if isinstance(frame, bytes):
        raise BadInput("binary frames are not part of this protocol: send JSON text, audio as base64")
    try:
        message = orjson.loads(frame)
    except orjson.JSONDecodeError:
        raise BadInput('Invalid JSON format: expected an object such as {"type": "ping"}') from None
    if not isinstance(message, dict):
        raise BadInput('Invalid JSON format: expected an object with a "type"')
    return message


def _part(message: Object, *names: str) -> Object:
    """The object that a message is about, by whichever of its names it has."""
    part = next((message[name] for name in names if message.get(name) is not None), None)
    if not isinstance(part, dict):
        raise BadInput(f'Message handling failed: {message["type"]} needs "{names[0]}": an object')
    return part


def _audio(part: Object) -> bytes:
    audio = part.get("audio")
    if not isinstance(audio, str) or not audio:
        raise BadInput('"audio" is missing: expected the sound as base64 text')
    return from_base64(audio)


def _filled(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise BadInput(f'"{name}" has to be a text of 1 to {LONGEST_TEXT:,} characters')
    return value.strip()


def _id(part: Object, name: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise BadInput(f'"{name}" has to be an id of 1 to {LONGEST_ID} characters')
    return value


def _role(part: Object) -> str:
    role = part.get("role") or "user"
    if role not in ("user", "assistant"):
        raise BadInput('"role" has to be "user" or "assistant"; instructions are given with session.update')
    return str(role)


def _content(part: Object) -> str:
    """The words of an item: of its content, a text or a list of parts with `text` or `transcript`."""
    if part.get("type") not in (None, "message"):
        raise BadInput('"type" of an item has to be "message"')
    content = part.get("content")
    if isinstance(content, list):
        content = " ".join(map(_words, content))
    return _filled(content, "content")


def _words(part: object) -> str:
    words = part.get("text") or part.get("transcript") if isinstance(part, dict) else part
    if not isinstance(words, str):
        raise BadInput('"content" holds texts or objects with "text"; audio is taken by conversation.item.input')
    return words


def _as_content(role: str | None, text: str) -> Sequence[Object]:
    return [{"type": "text" if role == "assistant" else "input_text", "text": text}]


def _pong(ping: object) -> Reply:
    timestamp = ping.get("timestamp") if isinstance(ping, dict) else None
    if not isinstance(timestamp, (int, float, str, type(None))) or (
        isinstance(timestamp, str) and len(timestamp) > 100
    ):
        raise BadInput('"timestamp" has to be a number')
    return Reply(frame("pong", timestamp=timestamp))
