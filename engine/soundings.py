"""What is measured of a session's sound while it goes on, kept a few seconds at a time: of either side its frames and
its stretches of speech, never the sound itself. Measuring is done in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

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
APART = 10.0
"""Seconds without sound after which it is measured anew: an hour without any is not worth 2 GB of silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """`parts`: stretches of sound, each with its frames, its speech, and the frames as they are kept."""

    parts: Sequence[tuple[Frames, tuple[Span, ...], bytes]]
    guess: Guess | None


@dataclass(slots=True, kw_only=True)
class _Side:
    """What waits to be measured, and the one task that measures. `past`: sensors of sound that does not go on."""

    sensor: Sensor
    voices: Voices | None
    past: list[Sensor] = field(default_factory=list)
    pieces: list[tuple[Sensor, Pcm, float]] = field(default_factory=list)
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
        if at - here.end > APART and here.end >= 0:
            here.past.append(here.sensor)
            here.sensor = Sensor(voices=here.voices is not None)
        at = here.end if abs(at - here.end) < JITTER else at
        here.end = at + pcm.seconds
        here.pieces.append((here.sensor, pcm, at))
        here.seconds += pcm.seconds
        if here.seconds >= EVERY and here.job is None and self._begun():
            self._begin(side, here)
        elif here.seconds > KEPT:
            here.seconds -= here.pieces.pop(0)[1].seconds

    @property
    def behind(self) -> float:
        """Seconds of sound that wait to be measured; from `KEPT` on some of it is not."""
        return max((here.seconds for here in self._sides.values()), default=0.0)

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
        past, here.past = here.past, []
        pieces, here.pieces, here.seconds = here.pieces, [], 0.0
        measure = partial(_measure, pieces, past, here.sensor, here.voices, last=last)
        here.job = asyncio.get_running_loop().run_in_executor(None, measure)
        here.job.add_done_callback(lambda job: self._done(side, here, job))

    def _done(self, side: str, here: _Side, job: asyncio.Future[_Measured]) -> None:
        here.job = None
        if job.cancelled():
            return
        measured = job.result()
        for frames, spans, data in measured.parts:
            end = frames.start + len(frames.f0) * FRAME
            pairs = [(span.start, span.end) for span in spans]
            self._store.soon(self._store.sessions.add_sound, self._id, side, frames.start, end, data, pairs)
            self._measured(side, frames)
        if measured.guess:
            self._guessed(measured.guess)
        if here.seconds >= EVERY:
            self._begin(side, here)


def _measure(
    pieces: Sequence[tuple[Sensor, Pcm, float]],
    past: Sequence[Sensor],
    sensor: Sensor,
    voices: Voices | None,
    *,
    last: bool,
) -> _Measured:
    """In a thread."""
    for whose, pcm, at in pieces:
        whose.push(pcm, at)
    taken = [*(each.take(last=True) for each in past), sensor.take(last=last)]
    guess = None
    if voices:
        for each in (*past, sensor):
            guess = voices.add(each.take_prints()) or guess
        guess = voices.guess() if last else guess
    parts = [(frames, spans, packed(frames)) for frames, spans in taken if spans or len(frames.f0)]
    return _Measured(parts=parts, guess=guess)
