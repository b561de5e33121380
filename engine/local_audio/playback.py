"""What feeds a speaker: a queue that falls silent at once, and tells exactly what has sounded of it.

Two threads meet here. The device's callback calls `render`, the event loop everything else. They share deques only,
whose single steps are atomic: neither ever waits for the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from engine.audio import Pcm, Resampler

Samples = NDArray[numpy.int16]

FADE = 0.003
"""Seconds of the fade on `clear`: short enough to be at once, long enough not to click."""
BUFFERED = 0.04
"""Seconds that have to be there before it sounds, or to have been waited for: a voice's first pieces are short."""
KEPT = 4096
"""Rendered blocks that may wait to be looked at: 40 s of 10 ms. A loop that stalls for longer loses the oldest."""
FULL_SCALE = 32768.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What has sounded: `seconds` of `generation`, in seconds of what was given to `play`. `sounding`: it has not come
    to its end yet. `level`: root mean square since the last look, of full scale."""

    generation: int = 0
    seconds: float = 0.0
    sounding: bool = False
    level: float = 0.0


class _Piece(NamedTuple):
    generation: int
    samples: Samples
    seconds: float


class _Clear(NamedTuple):
    generation: int


class _Block(NamedTuple):
    """What was rendered to sound from `at` to `until` on the device's clock, and where that is in its generation."""

    at: float
    until: float
    generation: int
    first: float
    last: float
    level: float


class Playback:
    """One generation at a time, at `rate` Hz. What is of an older generation than the last `clear` never sounds."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._given = 0
        self._resampler: Resampler | None = None
        self._told: deque[_Piece | _Clear | None] = deque()
        """From the loop to the device; None: there is no more for now."""
        self._blocks: deque[_Block] = deque(maxlen=KEPT)
        self._cleared: deque[Heard] = deque(maxlen=KEPT)
        self._position = Heard()
        self._begin(0)

    # ---- on the event loop

    def play(self, generation: int, pcm: Pcm) -> None:
        """Queue audio. Of a new generation it follows what is left of the old one, unless that is cleared."""
        if self._resampler is None or self._resampler.from_rate != pcm.rate or generation != self._given:
            self._flush()
            self._resampler = Resampler(pcm.rate, self.rate)
        self._given = generation
        self._told.append(_Piece(generation, _samples(self._resampler.push(pcm)), pcm.seconds))

    def done(self) -> None:
        """No more comes for now: what there is sounds to its end."""
        self._flush()
        self._told.append(None)

    def clear(self, generation: int) -> None:
        """Fall silent and drop everything. What follows is `generation`."""
        self._resampler = None
        self._told.append(_Clear(generation))

    def heard(self, now: float) -> Heard:
        """What has sounded by `now`, on the device's clock."""
        level = 0.0
        while self._blocks and self._blocks[0].until <= now:
            block = self._blocks.popleft()
            level = max(level, block.level)
            self._position = Heard(generation=block.generation, seconds=block.last)
        sounding = self._sounds or any(block.last > block.first for block in tuple(self._blocks))
        generation, seconds = self._position.generation, self._position.seconds
        if self._blocks and (block := self._blocks[0]).at <= now:
            level = max(level, block.level)
            generation, seconds = block.generation, min(block.last, block.first + now - block.at)
        return Heard(generation=generation, seconds=seconds, sounding=sounding, level=level)

    def cut(self) -> Sequence[Heard]:
        """What will have sounded of the generations that were cleared since the last look: all that the device had
        been given of them cannot be taken back."""
        return [self._cleared.popleft() for _ in range(len(self._cleared))]

    def _flush(self) -> None:
        if self._resampler is not None:
            self._told.append(_Piece(self._given, _samples(self._resampler.flush()), 0.0))

    # ---- on the device's thread

    def render(self, frames: int, at: float) -> Samples:
        """`frames` samples that sound from `at` on, in seconds of the device's clock."""
        out = numpy.zeros(frames, numpy.int16)
        tail = self._listen()
        first = self._seconds
        if tail is not None:
            out[: len(tail)] = tail[:frames]
        elif self._ready(frames):
            self._fill(out)
        level = float(numpy.sqrt(numpy.square(out.astype(numpy.float32)).mean())) / FULL_SCALE if frames else 0.0
        self._blocks.append(_Block(at, at + frames / self.rate, self._generation, first, self._seconds, level))
        return out

    def _begin(self, generation: int) -> None:
        self._generation = generation
        self._queue: deque[Samples] = deque()
        self._queued = 0
        self._received = 0.0
        self._rendered = 0
        self._waited = 0
        self._sounds = self._ending = False

    @property
    def _seconds(self) -> float:
        """Of what was given; a resampler's last samples are more than that by a hair."""
        return min(self._rendered / self.rate, self._received)

    def _listen(self) -> Samples | None:
        """Take what the loop said. Returns what is left to sound of what it cleared."""
        tail: Samples | None = None
        while self._told:
            told = self._told.popleft()
            if told is None:
                self._ending = True
            elif isinstance(told, _Clear):
                tail = self._cut(told.generation) if tail is None else tail
                self._begin(max(told.generation, self._generation))
            elif told.generation >= self._generation:
                self._take(told)
        return tail

    def _take(self, piece: _Piece) -> None:
        if piece.generation > self._generation:
            self._begin(piece.generation)
        if len(piece.samples):
            self._queue.append(piece.samples)
            self._queued += len(piece.samples)
        self._received += piece.seconds
        self._ending = self._ending and not piece.seconds

    def _cut(self, generation: int) -> Samples | None:
        """The fade that ends what sounds. None where nothing does."""
        if generation <= self._generation:
            return None
        sounded = self._sounds
        out = numpy.zeros(round(FADE * self.rate) if sounded else 0, numpy.int16)
        made = self._fill(out) if sounded else 0
        self._cleared.append(Heard(generation=self._generation, seconds=self._seconds))
        ramp = numpy.linspace(1.0, 0.0, made, dtype=numpy.float32)
        return (out[:made] * ramp).astype(numpy.int16) if sounded else None

    def _ready(self, frames: int) -> bool:
        if not self._sounds and self._queued:
            self._waited += frames
            enough = BUFFERED * self.rate
            self._sounds = self._ending or self._queued >= enough or self._waited >= enough
        return self._sounds

    def _fill(self, out: Samples) -> int:
        made = 0
        while made < len(out) and self._queue:
            piece = self._queue.popleft()
            taken = piece[: len(out) - made]
            out[made : made + len(taken)] = taken
            made += len(taken)
            if len(taken) < len(piece):
                self._queue.appendleft(piece[len(taken) :])
        self._queued -= made
        self._rendered += made
        if not self._queue:
            self._sounds, self._waited = False, 0
        return made


def _samples(pcm: Pcm) -> Samples:
    return numpy.frombuffer(pcm.data, dtype="<i2").astype(numpy.int16, copy=False)
