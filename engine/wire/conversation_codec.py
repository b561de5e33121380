"""The dialect of `/api/conversation`: every spelling that its clients use, and what they understand. Pure: no socket,
no clock of its own. `docs/protocols.md` has all of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.audio import Pcm, Resampler
from engine.errors import BadInput, RostrumError
from engine.floor import LONGEST, Verdict
from engine.media import ClipStream, RawFormat, sniff
from engine.messages import (
    Clear,
    Clip,
    Fault,
    Input,
    Judged,
    LineBegan,
    MicAudio,
    Output,
    Pause,
    Play,
    ReplyEnded,
    Said,
    Speech,
    SpeechSent,
    Typed,
    Understood,
)
from engine.wire.conversation_messages import EXPECTED, inner, now, parse, to_json, trouble, wanted
from engine.wire.outbox import Frame, Reply

RATE = 24_000
"""Hz of samples without a header, both ways."""
SHORTEST = 4_800
"""Bytes of raw samples that are an upload: a tenth of a second."""
CLIP = 1.0
"""Seconds: no microphone hands over as much at once, so it is a recording that was made before."""
KEPT_BACK = 0.01
"""Seconds that the change of the rate may keep of a message's end, until more comes."""
DEAF = "No words were heard in this recording"
_RECORDED = ("webm", "ogg", "opus", "mp4", "m4a", "aac", "mpeg", "mp3", "wav", "wave", "flac")


@dataclass(slots=True, kw_only=True)
class _Upload:
    """Pieces of audio without a lull between them. `told`: that it is being heard."""

    raw: bool
    size: int = 0
    seconds: float = 0.0
    told: bool = False


@dataclass(slots=True)
class _Source:
    """JSON messages or binary frames: each is a stream of its own. `file`: it holds a recording that may go on."""

    raw: RawFormat = field(default_factory=lambda: RawFormat(rate=RATE))
    file: bool = False
    stream: ClipStream = field(init=False)

    def __post_init__(self) -> None:
        self.stream = ClipStream(self.raw, limit_seconds=LONGEST)


class ConversationCodec:
    """One client. `session` is what its acknowledgements call the conversation.

    `Play` and `Pause` stand for its `start` and `stop`: what `stop` waits for is `conversation.Visit`'s business, which
    also says when there was a `lull` in the audio. Uploads are decoded in order: not for two threads at once.
    """

    def __init__(self, session: str = "") -> None:
        self.session = session
        self._sources = {str: _Source(), bytes: _Source()}
        self._upload: _Upload | None = None
        self._announced = 0
        """Size of the binary frame that comes next, where the client said so."""
        self._recording = False
        """A recording was sent and has not been judged."""
        self._spoken, self._judged = 0, -1
        """The last turns of which words were heard, and of which it was decided what they were."""
        self._lines: dict[int, str] = {}
        """Of the reply that is sounding."""
        self._heard: list[str] = []
        self._resampler: Resampler | None = None

    # ---- from the client --------------------------------------------------------------------------------------------

    def decode(self, frame: Frame) -> Sequence[Input | Reply]:
        if isinstance(frame, bytes):
            return self._audio(frame, self._sources[bytes])
        message = parse(frame)
        asked = wanted(message)
        found: list[Input | Reply] = []
        if asked.ping:
            found.append(Reply(to_json({"type": "pong"})))
        if asked.metadata:
            self._declare(message)
        if asked.start:
            self._sources = {str: _Source(), bytes: _Source()}
            found += (Reply(self.ack("Conversation started")), Play())
        if asked.audio is not None:
            found += self._audio(asked.audio, self._sources[str])
        if asked.text:
            found += (Reply(self.ack("Message received")), Typed(text=asked.text))
        if asked.stop:
            found.append(Pause())
        if not found and not asked.metadata:
            raise BadInput(f"this message is not known: expected {EXPECTED}")
        return found

    def _declare(self, message: Mapping[str, object]) -> None:
        """What the next binary frames hold. What they are if they are a file is told from their first bytes."""
        rate, size = message.get("rate", RATE), message.get("size", 0)
        encoding = message.get("encoding", "pcm16")
        if not isinstance(encoding, str) or not _whole(rate) or not _whole(size):
            raise BadInput('"encoding" is a text such as audio/pcm, "rate" a whole number of Hz, "size" one of bytes')
        file = any(name in encoding.lower() for name in _RECORDED)
        self._sources[bytes] = _Source(RawFormat(encoding="pcm16" if file else encoding, rate=int(str(rate))))
        self._announced = int(str(size))

    def _audio(self, data: bytes, source: _Source) -> Sequence[Input | Reply]:
        announced, self._announced = bool(data) and len(data) == self._announced, 0
        header = sniff(data) is not None
        try:
            piece = source.stream.push(data)
        except BadInput:
            source.file = False
            raise
        source.file = (source.file or header) and not piece.whole
        first = header or self._upload is None
        if first or self._upload is None:
            self._upload = _Upload(raw=not (header or source.file))
        upload = self._upload
        upload.size += len(data)
        upload.seconds += piece.pcm.seconds
        whole = piece.whole or announced
        if whole and (problem := self._too_little()):
            raise problem
        return (*self._acknowledged(upload), self._heard_as(piece.pcm, whole, first, upload.raw))

    def _heard_as(self, pcm: Pcm, whole: bool, first: bool, raw: bool) -> Input:
        """A recording, or a piece of what a microphone hears just now."""
        if pcm.data and (whole or (first and pcm.seconds >= CLIP - KEPT_BACK)):  # else nothing would come of it
            self._recording = True
            return Clip(pcm=pcm, whole=whole or raw)
        return MicAudio(pcm=pcm)

    def _acknowledged(self, upload: _Upload) -> Sequence[Reply]:
        enough = upload.size >= SHORTEST if upload.raw else upload.seconds > 0
        if upload.told or not enough:
            return ()
        upload.told = True
        return (Reply(self.ack("Audio received")),)

    def lull(self) -> Sequence[Frame]:
        """No more audio has come for a while, or something else has: what there is to say of the upload before."""
        problem, self._upload = self._too_little(), None
        return (self.refuse(problem),) if problem else ()

    def _too_little(self) -> BadInput | None:
        """Why what came of the upload is none; then it is forgotten."""
        upload = self._upload
        if upload is None or upload.told or (upload.size >= SHORTEST if upload.raw else upload.seconds > 0):
            return None
        self._upload = None
        self._sources = {kind: _Source(source.raw) for kind, source in self._sources.items()}
        if not upload.raw:
            return BadInput("no sound was found in this recording")
        return BadInput(f"Audio too short: {upload.size} bytes (minimum {SHORTEST} bytes for 100ms)")

    # ---- to the client ----------------------------------------------------------------------------------------------

    def encode(self, output: Output) -> Sequence[Frame]:
        match output:
            case Understood(turn=turn):
                self._spoken = turn
                return ()
            case Judged(turn=turn, verdict=verdict):
                self._judged, recording, self._recording = turn, self._recording, False
                return (trouble(DEAF),) if recording and verdict is Verdict.NOISE else ()
            case Said(speaker="user", text=text) if self._judged == self._spoken:  # not typed
                return (inner("conversation.item.input_audio_buffer.transcript", transcript=text),)
            case Speech(pcm=pcm):
                return self._sounds(pcm)
            case LineBegan(line=line, text=text) if line not in self._lines:
                delta = f" {text}" if self._lines else text
                self._lines[line] = text
                return (inner("response.output_text.delta", delta=delta),)
            case SpeechSent():
                return self._last_sound()
            case Clear():
                self._resampler = None
                return (inner("output_audio_buffer.cleared"),)
            case Said(speaker="agent", text=text):
                self._heard.append(text)
                return ()
            case ReplyEnded():
                return self._reply_ended(output)
            case Fault(message=message):
                return (trouble(message),)
            case _:
                return ()

    def _sounds(self, pcm: Pcm) -> Sequence[Frame]:
        if self._resampler is None or self._resampler.from_rate != pcm.rate:
            self._resampler = Resampler(pcm.rate, RATE)
        return _audio_delta(self._resampler.push(pcm))

    def _last_sound(self) -> Sequence[Frame]:
        resampler, self._resampler = self._resampler, None
        return _audio_delta(resampler.flush()) if resampler else ()

    def _reply_ended(self, reply: ReplyEnded) -> Sequence[Frame]:
        """`message` is what was said; of a reply that was cut off, what was heard, if anything."""
        lines, heard = self._lines, " ".join(self._heard)
        self._lines, self._heard = {}, []
        if not lines:
            return ()
        done = (
            inner("conversation.item.response.output_audio.done"),
            inner("response.output_text.done", text=" ".join(lines.values())),
        )
        text = reply.text if reply.complete else heard
        if not text:
            return done
        last = {"type": "response", "message": text, "text": text, "timestamp": now()}
        return (*done, to_json(last if reply.complete else last | {"interrupted": True}))

    def slow(self, output: Output) -> bool:
        return False

    def refuse(self, error: RostrumError) -> Frame:
        return trouble(str(error))

    def ack(self, message: str) -> Frame:
        return to_json({"type": "response", "message": message, "sessionId": self.session, "timestamp": now()})


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _audio_delta(pcm: Pcm) -> Sequence[Frame]:
    audio = base64.b64encode(pcm.data).decode()
    return (inner("conversation.item.response.output_audio.delta", audio=audio),) if audio else ()
