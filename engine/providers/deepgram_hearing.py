"""What a streaming ear has understood of a turn, and the turn itself: its audio, kept until its words are final."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm, Resampler
from engine.providers.base import EndOfTurn, Transcript, Word

BYTES = HEARING_RATE * SAMPLE_BYTES
"""Of audio in a second."""
PIECE = 2_560
"""Bytes of audio that are worth a message while more is to come: 80 ms, as the vendor advises."""
LARGEST = BYTES // 2
"""Bytes of audio in one message."""
SLACK = 0.02
"""Seconds at the end of a turn in which nothing is said: rounding."""
SILENCE = 0.3
"""Seconds at the end of a turn in which nothing is said where nothing was just before: what ended it was silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a turn as the vendor tells it; times are seconds of the turn."""

    text: str = ""
    words: tuple[Word, ...] = ()

    @classmethod
    def of(cls, text: object, words: Sequence[Mapping[str, Any]], base: float) -> Segment:
        """What a message holds, of words timed from `base` seconds before the turn. Words said before the turn are left
        out; without times of all words there are none. Raises LookupError, TypeError or ValueError where a message
        holds something else."""
        if not all(word.get("start") is not None and word.get("end") is not None for word in words):
            return cls(text=str(text).strip())
        since = [word for word in words if (float(word["start"]) + float(word["end"])) / 2 > base]
        kept = tuple(_word(word, base) for word in since)
        whole = len(since) == len(words)
        return cls(text=str(text).strip() if whole else " ".join(word.text for word in kept), words=kept)


def _word(word: Mapping[str, Any], base: float) -> Word:
    start = max(0.0, float(word["start"]) - base)
    end = max(start, float(word["end"]) - base)
    sure = min(1.0, max(0.0, float(word["confidence"])))
    return Word(text=str(word.get("punctuated_word") or word["word"]), start=start, end=end, confidence=sure)


@dataclass(slots=True, kw_only=True)
class Hearing:
    """What one connection has understood of one turn, which begins `base` seconds into the connection's audio. Made
    when its audio begins to flow, thrown away with either. All times are seconds of the turn."""

    base: float
    segments: list[Segment] = field(default_factory=list)
    """Understood for good."""
    pending: Segment = Segment()
    """Understood after that, and not for good."""
    until: float = 0.0
    """How far the vendor has come."""
    settled: float = 0.0
    """How far for good."""
    closed: bool = False
    """The vendor has said that nothing more comes."""
    end_of_turn: EndOfTurn = EndOfTurn.UNKNOWN
    """What the vendor thinks of it, where it has an opinion."""
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with each message."""

    def is_final(self, end: float) -> bool:
        """Whether all up to `end`, where the turn ends, is understood for good."""
        return self.closed or self.settled >= end - SLACK

    def is_quiet(self, end: float) -> bool:
        """Whether nothing but silence can be left to understand."""
        return not self.pending.text and self.until >= end - SILENCE

    def transcript(self, turn: int, *, final: bool) -> Transcript:
        heard = [segment for segment in (*self.segments, self.pending) if segment.text]
        timed = all(segment.words for segment in heard)
        words = tuple(word for segment in heard for word in segment.words) if timed else ()
        sure = sum(word.confidence for word in words) / len(words) if words else 1.0
        text = " ".join(segment.text for segment in heard)
        opinion = EndOfTurn.UNKNOWN if final else self.end_of_turn
        return Transcript(turn=turn, text=text, final=final, words=words, confidence=sure, end_of_turn=opinion)


class Turn:
    """Audio comes in by `push`, at any rate; `audio` is at 16 kHz. `hearing`: of the connection that has it now."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.audio = bytearray()
        self.finished = False
        self.conveyed = False
        """The connection has all of it, and was told that it ended."""
        self.over = asyncio.Event()
        """Its final transcript was told, or it is abandoned."""
        self.hearing: Hearing | None = None
        self.shown = Transcript(turn=number, text="", final=False)
        """The last that was told of it, on this connection or one before."""
        self.timer: asyncio.TimerHandle | None = None
        self._grew = asyncio.Event()
        self._resampler: Resampler | None = None

    @property
    def seconds(self) -> float:
        return len(self.audio) / BYTES

    def push(self, pcm: Pcm) -> None:
        if self._resampler is not None and self._resampler.from_rate != pcm.rate:
            self._flush()
        if self._resampler is None:
            self._resampler = Resampler(pcm.rate, HEARING_RATE)
        self._add(self._resampler.push(pcm))

    def finish(self) -> None:
        self._flush()
        self.finished = True
        self._grew.set()

    def end(self) -> None:
        """It is over: whoever waits for it need not."""
        if self.timer:
            self.timer.cancel()
        self.over.set()
        self._grew.set()

    async def piece(self, sent: int) -> bytes:
        """The next audio after `sent` bytes; none where it ended. Waits until there is some that is worth sending."""
        while len(self.audio) - sent < PIECE and not self.finished and not self.over.is_set():
            self._grew.clear()
            await self._grew.wait()
        return b"" if self.over.is_set() else bytes(self.audio[sent : sent + LARGEST])

    def understood(self, *, final: bool) -> Transcript:
        """What is known of it now: by this connection, or, as long as that has not come as far, by one before."""
        if self.hearing is not None:
            heard = self.hearing.transcript(self.number, final=final)
            if len(heard.text) >= len(self.shown.text) or self.hearing.until >= self.seconds:
                return heard
        shown = self.shown
        return Transcript(
            turn=self.number, text=shown.text, final=final, words=shown.words, confidence=shown.confidence
        )

    def _flush(self) -> None:
        if self._resampler is not None:
            self._add(self._resampler.flush())
            self._resampler = None

    def _add(self, pcm: Pcm) -> None:
        self.audio += pcm.data
        self._grew.set()
