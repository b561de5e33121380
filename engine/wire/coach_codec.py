"""The dialect of `/ws/{session_id}`: the documented messages, and more for a client that asks for it with `config`.

A pure object; `docs/protocols.md` describes every message.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from engine import clock
from engine.audio import HEARING_RATE
from engine.coach.channel import QUEUED
from engine.coach.cues import Density, Earcon, Fixed, Hush, Suggested
from engine.coach.messages import (
    Captioned,
    Help,
    PartnerAudio,
    Relabelled,
    Restate,
    Shortened,
    Speaking,
    Stop,
    Told,
    Tune,
    Whispered,
    Written,
)
from engine.errors import BadInput, RostrumError
from engine.inputs import Input, MicAudio
from engine.media import ClipStream, Encoding, RawFormat, encode_mp3
from engine.media.containers import sniff
from engine.messages import Clear, Ended, Fault, Output
from engine.rehearsal.messages import GoAgain, Placed
from engine.wire.outbox import Close, Frame, Reply

SPEAKERS = ("user", "partner")
TEXT_LENGTH = 2000
"""Characters of a corrected line."""
RATES = (8_000, 96_000)
"""Hz: least and most of raw samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """What a `config` asked for, beside what is told to the session. `stereo`: the partner is on the right."""

    more: bool = False
    interim: bool = False
    speakers: bool = False
    stereo: bool = False


@dataclass(slots=True)
class CoachCodec:
    """One client. `ready` makes the answer to a `config`."""

    ready: dict[str, Any]
    config: Configured = field(default_factory=Configured)
    _sides: tuple[ClipStream, ...] = field(default_factory=lambda: (ClipStream(limit_seconds=QUEUED),))
    _raw: RawFormat = field(default_factory=RawFormat)
    _rest: bytes = b""
    """Of two channels: what does not make a sample of each yet."""
    _begins: bool = True
    """Nothing was heard yet, as it was announced last."""

    # ---- what the client says ----------------------------------------------------------------------------------------

    def decode(self, frame: Frame) -> Sequence[Input | Reply | Close]:
        if isinstance(frame, bytes):
            return self._audio(frame)
        try:
            message = orjson.loads(frame)
        except orjson.JSONDecodeError:
            raise BadInput('expected audio as binary data, or JSON such as {"type": "stop"}') from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise BadInput('expected a JSON object with a "type", such as {"type": "stop"}')
        match message["type"]:
            case "stop":
                return (Stop(),)
            case "ping":
                return (Reply(_text({"type": "pong", "at": message.get("at")})),)
            case "config":
                return self._configure(message)
            case "help":
                return (Help(),)
            case "speaking":
                return (Speaking(speaker=_one_of(message, "speaker", (*SPEAKERS, None))),)
            case "correct":
                return (_correction(message),)
            case "again":
                return (_again(message),)
        known = "stop, config, help, speaking, correct, again or ping"
        raise BadInput(f"{message['type']!r:.40} is no type of message: expected {known}")

    def _audio(self, data: bytes) -> Sequence[Input]:
        if self._begins and sniff(data):  # a file holds what it holds, whatever was announced: it is heard as one
            self.config = replace(self.config, stereo=False)
        self._begins = False
        if not self.config.stereo:
            pcm = self._sides[0].push(data).pcm
            return (MicAudio(pcm=pcm),) if pcm.data else ()
        data = self._rest + data
        whole = len(data) // 4 * 4
        data, self._rest = data[:whole], data[whole:]
        left, right = (_every_other(data, side) for side in (0, 1))
        user, partner = (side.push(half).pcm for side, half in zip(self._sides, (left, right), strict=True))
        return (MicAudio(pcm=user), PartnerAudio(pcm=partner)) if user.data else ()

    def _configure(self, message: dict[str, Any]) -> Sequence[Input | Reply]:
        rate = message.get("sample_rate", HEARING_RATE)
        if not isinstance(rate, int) or isinstance(rate, bool) or not RATES[0] <= rate <= RATES[1]:
            raise BadInput(f"sample_rate: expected a whole number of Hz from {RATES[0]} to {RATES[1]}")
        channels = message.get("channels", ["user"])
        if channels not in (["user"], ["user", "partner"]):
            raise BadInput('channels: expected ["user"] or ["user", "partner"]')
        flags = {name: _flag(message, name) for name in ("interim", "speakers", "ear", "fluency", "guess")}
        density = _one_of(message, "cues", (*(each.value for each in Density), None))
        stereo, was_stereo = len(channels) > 1, self.config.stereo
        self.config = Configured(
            more=True,
            interim=bool(flags["interim"]),
            speakers=bool(flags["speakers"]),
            stereo=stereo,
        )
        raw = RawFormat(encoding=Encoding.PCM16, rate=rate)
        if (raw, stereo) != (self._raw, was_stereo):  # else a recording that is coming goes on
            self._raw, self._sides = raw, tuple(ClipStream(raw, limit_seconds=QUEUED) for _ in channels)
            self._rest, self._begins = b"", True
        tune = Tune(
            density=Density(density) if density else None,
            ear=flags["ear"],
            fluency=flags["fluency"],
            tell_apart=flags["guess"] if flags["guess"] is not None else bool(flags["speakers"]),
            apart=False if was_stereo and not stereo else None,
        )
        return (Reply(_text({"type": "ready"} | self.ready)), tune)

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def encode(self, output: Output) -> Sequence[Frame | Close]:
        if isinstance(output, Ended):
            end = (_text({"type": "ended"}),) if self.config.more else ()
            return (*end, Close(reason="stopped"))
        message = self._documented(output)
        if message is None and self.config.more:
            message = self._more(output)
        return () if message is None else (_text(message),)

    def _documented(self, output: Output) -> dict[str, Any] | None:
        match output:
            case Written():
                return self._transcript(output)
            case Suggested(text=text):
                more = {"id": output.id, "kind": output.kind, "asked": output.asked, "seconds": output.seconds}
                plain = {"type": "suggestion", "text": text, "timestamp": timestamp()}
                return plain | (more if self.config.more else {})
            case Whispered(pcm=pcm):
                sound = base64.b64encode(encode_mp3(pcm)).decode()
                plain = {"type": "audio", "data": sound, "format": "mp3"}
                return plain | ({"id": output.id} if self.config.more else {})
            case Fault(message=message):
                return {"type": "error", "message": message}
        return None

    def _transcript(self, line: Written) -> dict[str, Any]:
        speaker = line.speaker if self.config.speakers else "user"
        plain = {"type": "transcript", "text": line.text, "speaker": speaker, "timestamp": timestamp(line.at)}
        times = {"start": round(line.start, 3), "end": round(line.end, 3)}
        return plain | ({"line": line.line} | times if self.config.more else {})

    def _more(self, output: Output) -> dict[str, Any] | None:
        match output:
            case Captioned(speaker=speaker, text=text) if self.config.interim:
                return {"type": "interim", "text": text, "speaker": speaker if self.config.speakers else "user"}
            case Relabelled(line=line, speaker=speaker) if self.config.speakers:
                return {"type": "relabelled", "line": line, "speaker": speaker}
            case Shortened(line=line, text=text, end=end) if self.config.speakers:
                return {"type": "shortened", "line": line, "text": text, "end": round(end, 3)}
            case Told(speaker=told) if self.config.speakers:
                return {"type": "speaking", "speaker": told}
            case Hush() | Clear():
                return {"type": "hush"}
            case Earcon():
                return {"type": "earcon"}
            case Placed(sentence=sentence, words=words):
                return {"type": "place", "sentence": sentence, "words": words}
            case Fixed(kind=kind):
                return {"type": "fixed", "kind": kind}
        return None

    def slow(self, output: Output) -> bool:
        return isinstance(output, Whispered)

    def refuse(self, error: RostrumError) -> Frame | None:
        return _text({"type": "error", "message": str(error)})


def timestamp(at: datetime | None = None) -> str:
    """As the document's clients know it: ISO 8601, UTC, with microseconds and without a zone."""
    return (at or clock.wall()).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _text(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()


def _flag(message: dict[str, Any], name: str) -> bool | None:
    value = message.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"{name}: expected true or false")
    return value


def _one_of(message: dict[str, Any], name: str, known: Sequence[str | None]) -> str | None:
    value = message.get(name)
    if value not in known:
        raise BadInput(f"{name}: expected one of {', '.join(each or 'null' for each in known)}")
    return value


def _correction(message: dict[str, Any]) -> Restate:
    line, text = message.get("line"), message.get("text")
    if not isinstance(line, int) or isinstance(line, bool) or not 0 < line < 2**63:
        raise BadInput("line: expected the number of a line of the transcript")
    if text is not None and (not isinstance(text, str) or not text.strip() or len(text) > TEXT_LENGTH):
        raise BadInput(f"text: expected 1 to {TEXT_LENGTH} characters")
    speaker = _one_of(message, "speaker", (*SPEAKERS, None))
    if text is None and speaker is None:
        raise BadInput("correct: expected a speaker, a text, or both")
    return Restate(line=line, speaker=speaker, text=text.strip() if text else None)


def _again(message: dict[str, Any]) -> GoAgain:
    sentence = message.get("sentence")
    if not isinstance(sentence, int) or isinstance(sentence, bool) or not 0 < sentence < 2**31:
        raise BadInput("sentence: expected the number of a sentence, from 1")
    return GoAgain(sentence=sentence)


def _every_other(data: bytes, side: int) -> bytes:
    """One side of interleaved 16-bit stereo."""
    from array import array

    return array("h", data)[side::2].tobytes()
