"""The recogniser's process: `python -m engine.providers.sphinx_worker`, asked over stdin, answering over stdout.

Decoding holds the interpreter lock for as long as it takes, so it may not share a process with an event loop. Every
request gets one reply with its serial number, in order; the process ends at the end of its input, so it never
outlives whoever started it.

A frame is a header (`HEADER`: bytes of the body, kind, serial) and a body. `AUDIO` carries its rate in Hz (`RATE`) and
samples; all other bodies are JSON objects:

    BEGIN   {"sentences": [...], "channel": ""}     -> {}                 a turn begins, an unfinished one is dropped
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
from enum import IntEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.audio import HEARING_RATE, Pcm, Resampler

if TYPE_CHECKING:
    from engine.providers.sphinx_decoders import BothDecoders

HEADER = struct.Struct("<IBI")
RATE = struct.Struct("<I")


class Kind(IntEnum):
    READY = 0
    """Sent once, unasked, when the generic decoder is loaded."""
    BEGIN = 1
    AUDIO = 2
    FINISH = 3
    REPLY = 4


def pack(kind: Kind, serial: int, body: bytes = b"{}") -> bytes:
    """One frame."""
    return HEADER.pack(len(body), kind, serial) + body


class Worker:
    """Answers requests about one turn after the other."""

    def __init__(self, begin: Callable[[Sequence[str], str], BothDecoders]) -> None:
        self._begin = begin
        self._turn: BothDecoders | None = None
        self._resampler = Resampler(HEARING_RATE, HEARING_RATE)

    def answer(self, kind: int, body: bytes) -> dict[str, Any]:
        """The reply to a request. Audio and finish outside of a turn are answered with silence."""
        if kind == Kind.BEGIN:
            self._drop()
            asked = json.loads(body)
            self._turn = self._begin(asked["sentences"], asked["channel"])
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
            return {"text": self._turn.leader().text()}
        return self._finish()

    def _finish(self) -> dict[str, Any]:
        assert self._turn is not None
        self._turn.hear(self._resampler.flush().data)
        channel = self._turn.end()
        words = self._turn.leader().words()
        self._turn = None
        return {
            "text": " ".join(word.text for word in words),
            "words": [[word.text, word.start, word.end, word.confidence] for word in words],
            "channel": channel,
        }

    def _drop(self) -> None:
        if self._turn is not None:
            self._turn.end()
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


def main() -> None:
    """Run as the child: Ctrl-C is the parent's to handle, and nothing but frames may reach its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        from engine.providers.pronounce import pronounce
        from engine.providers.sphinx_decoders import Decoders

        worker = Worker(Decoders(pronounce).turn)
        replies.write(pack(Kind.READY, 0))
        replies.flush()
        serve(sys.stdin.buffer, replies, worker)


if __name__ == "__main__":
    main()
