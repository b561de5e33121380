"""What a recogniser's own process does: it is asked over stdin and answers over stdout.

Recognition holds the interpreter lock or the processor for as long as it takes, and a broken model may end the whole
process; so it may not share one with the event loop. Every request gets one reply with its serial number, in order;
the process ends at the end of its input, so it never outlives whoever started it.

A frame is a header (`HEADER`: bytes of the body, kind, serial) and a body. `AUDIO` carries its rate in Hz (`RATE`) and
samples; all other bodies are JSON objects:

    BEGIN   {"sentences": [...], "verbatim": false, "channel": "", "language": "en"}
                                                    -> {}                 a turn begins, an unfinished one is dropped
    AUDIO   rate, mono PCM16                        -> {"text"}           what was understood so far
    FINISH  {}                                      -> {"text", "words": [[text, start, end, confidence]], "channel"}
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, BinaryIO, Protocol, runtime_checkable

from engine.audio import HEARING_RATE, Pcm, Resampler

HEADER = struct.Struct("<IBI")
RATE = struct.Struct("<I")


class Kind(IntEnum):
    READY = 0
    """Sent once, unasked, when the models are loaded."""
    BEGIN = 1
    AUDIO = 2
    FINISH = 3
    REPLY = 4


def pack(kind: Kind, serial: int, body: bytes = b"{}") -> bytes:
    """One frame."""
    return HEADER.pack(len(body), kind, serial) + body


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """A word of a final result: seconds from the start of the turn, `confidence` 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A final result. `words` may be empty where a model gives no times; `channel` is what is worth knowing about
    speaker and microphone when they speak again."""

    text: str
    words: tuple[HeardWord, ...] = ()
    channel: str = ""


class Hearing(Protocol):
    """One turn at a recogniser, that has only one at a time."""

    def hear(self, pcm: bytes) -> None:
        """Take 16 kHz samples of any length."""
        ...

    def text(self) -> str:
        """What was understood so far."""
        ...

    def end(self) -> Heard:
        """No more audio."""
        ...

    def drop(self) -> None:
        """The turn was abandoned: instead of `end`."""
        ...


Begin = Callable[[Sequence[str], str, str], Hearing]
"""Begins a turn: sentences that are likely in it, the `channel` of the speaker's last one ("" if there is none), and
the code of its language."""


@runtime_checkable
class BeginsVerbatim(Protocol):
    """A `Begin` that has a way of its own where it matters how these sentences are departed from."""

    def verbatim(self, sentences: Sequence[str], channel: str, language: str) -> Hearing: ...


class Worker:
    """Answers requests about one turn after the other."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._verbatim: Begin = begin.verbatim if isinstance(begin, BeginsVerbatim) else begin
        self._turn: Hearing | None = None
        self._resampler = Resampler(HEARING_RATE, HEARING_RATE)

    def answer(self, kind: int, body: bytes) -> dict[str, Any]:
        """The reply to a request. Audio and finish outside of a turn are answered with silence."""
        if kind == Kind.BEGIN:
            self._drop()
            asked = json.loads(body)
            begin = self._verbatim if asked.get("verbatim") else self._begin
            self._turn = begin(asked["sentences"], asked["channel"], asked["language"])
            self._resampler = Resampler(HEARING_RATE, HEARING_RATE)
            return {}
        if self._turn is None:
            return {"text": "", "words": [], "channel": ""}
        if kind == Kind.AUDIO:
            (rate,) = RATE.unpack_from(body)
            if rate != self._resampler.from_rate:
                self._turn.hear(self._resampler.flush().data)
                self._resampler = Resampler(rate, HEARING_RATE)
            self._turn.hear(self._resampler.push(Pcm(body[RATE.size :], rate)).data)
            return {"text": self._turn.text()}
        return self._finish()

    def _finish(self) -> dict[str, Any]:
        assert self._turn is not None
        self._turn.hear(self._resampler.flush().data)
        heard = self._turn.end()
        self._turn = None
        words = [[word.text, word.start, word.end, word.confidence] for word in heard.words]
        return {"text": heard.text, "words": words, "channel": heard.channel}

    def _drop(self) -> None:
        if self._turn is not None:
            self._turn.drop()
            self._turn = None


def serve(requests: BinaryIO, replies: BinaryIO, worker: Worker) -> None:
    """Answer until the input ends."""
    while len(header := requests.read(HEADER.size)) == HEADER.size:
        size, kind, serial = HEADER.unpack(header)
        body = requests.read(size)
        if len(body) < size:
            return
        replies.write(pack(Kind.REPLY, serial, json.dumps(worker.answer(kind, body)).encode()))
        replies.flush()


def run(load: Callable[[], Begin]) -> None:
    """Be the child: load the models, say so, serve. Ctrl-C is the parent's to handle; nothing but frames may reach
    its pipe, whatever libraries print."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        worker = Worker(load())
        replies.write(pack(Kind.READY, 0))
        replies.flush()
        serve(sys.stdin.buffer, replies, worker)
