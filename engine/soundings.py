"""What is measured of a session's sound while it goes on, kept a few seconds at a time: of either side its frames and
its stretches of speech, never the sound itself. Measuring is done in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.analysis.packing import packed
from engine.analysis.sensor import Sensor
from engine.analysis.values import FRAME, USER, Frames, Span
from engine.analysis.voices import Guess, Voices
from engine.audio import HEARING_RATE, Pcm
from engine.store import Store

EVERY = 2.5
"""Seconds of sound between two writes: what the death of the process may cost."""
KEPT = 60.0
"""Seconds of sound that may wait: of a meeting that has not begun, or for a machine that is too slow."""
FLUSHED_WITHIN = 5.0
JITTER = 0.25
"""Seconds by which a piece may be off the end of the last: it follows all the same, late or early on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """`data`: the frames as they are kept."""

    frames: Frames
    spans: tuple[Span, ...]
    data: bytes
    guess: Guess | None


@dataclass(slots=True, kw_only=True)
class _Side:
    """What waits to be measured, and the one task that measures."""

    sensor: Sensor
    voices: Voices | None
    pieces: list[tuple[Pcm, float]] = field(default_factory=list)
    seconds: float = 0.0
    end: float = -1.0
    job: asyncio.Future[_Measured] | None = None


class Soundings:
    """Of meeting `id`. Belongs to the event loop's thread. `measured` is told frames as they come, on that thread;
    nothing is measured of a meeting that has not `begun`. `voices`: guesses who speaks in the user's microphone, which
    a partner may share; `guessed` is told."""

    def __init__(
        self,
        store: Store,
        id: str,
        *,
        measured: Callable[[str, Frames], None] = lambda side, frames: None,
        begun: Callable[[], bool] = lambda: True,
        voices: Voices | None = None,
        guessed: Callable[[Guess], None] = lambda guess: None,
    ) -> None:
        self._store = store
        self._id = id
        self._measured = measured
        self._begun = begun
        self._voices = voices
        self._guessed = guessed
        self._sides: dict[str, _Side] = {}

    def hear(self, side: str, pcm: Pcm, at: float) -> None:
        """16 kHz audio of a side, from `at` seconds of the session on."""
        assert pcm.rate == HEARING_RATE
        here = self._side(side)
        at = here.end if abs(at - here.end) < JITTER else at
        here.end = at + pcm.seconds
        here.pieces.append((pcm, at))
        here.seconds += pcm.seconds
        if here.seconds >= EVERY and here.job is None and self._begun():
            self._begin(side, here)
        elif here.seconds > KEPT:
            here.seconds -= here.pieces.pop(0)[0].seconds

    def voiced(self, side: str, on: bool, at: float) -> None:
        """Voice activity of a side: an onset or an end."""
        self._side(side).sensor.voiced(on, at)

    def _side(self, side: str) -> _Side:
        if side not in self._sides:
            voices = self._voices if side == USER else None
            self._sides[side] = _Side(sensor=Sensor(voices=voices is not None), voices=voices)
        return self._sides[side]

    async def flush(self, *, last: bool = False) -> None:
        """Measure and keep what there is, within bounds; `last`: all of it, since nothing follows."""
        try:
            async with asyncio.timeout(FLUSHED_WITHIN):
                for side, here in self._sides.items():
                    while here.job:
                        await asyncio.wait({here.job})
                    if self._begun():
                        self._begin(side, here, last=last)
                    while here.job:
                        await asyncio.wait({here.job})
        except TimeoutError:
            return

    def _begin(self, side: str, here: _Side, *, last: bool = False) -> None:
        pieces, here.pieces, here.seconds = here.pieces, [], 0.0
        here.job = asyncio.get_running_loop().run_in_executor(None, _measure, here, pieces, last)
        here.job.add_done_callback(lambda job: self._done(side, here, job))

    def _done(self, side: str, here: _Side, job: asyncio.Future[_Measured]) -> None:
        here.job = None
        if job.cancelled():
            return
        measured = job.result()
        start = measured.frames.start
        end = start + len(measured.frames.f0) * FRAME
        pairs = [(span.start, span.end) for span in measured.spans]
        self._store.soon(self._store.sessions.add_sound, self._id, side, start, end, measured.data, pairs)
        self._measured(side, measured.frames)
        if measured.guess:
            self._guessed(measured.guess)
        if here.seconds >= EVERY:
            self._begin(side, here)


def _measure(here: _Side, pieces: list[tuple[Pcm, float]], last: bool) -> _Measured:
    """In a thread."""
    for pcm, at in pieces:
        here.sensor.push(pcm, at)
    frames, spans = here.sensor.take(last=last)
    guess = None
    if here.voices:
        guess = here.voices.add(here.sensor.take_prints())
        guess = here.voices.guess() if last else guess
    return _Measured(frames=frames, spans=spans, data=packed(frames), guess=guess)
