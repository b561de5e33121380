"""The ear that measures: one side's live sound becomes `Frames`, and the voice activity that came with it spans.

No sound is kept beyond a second. One `Sensor` is one side of one session; `push` and `voiced` are for the event loop,
`take` computes (3 ms for each second of sound) and is for a worker thread, every 0.5 to 5 s.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from engine.analysis import f0
from engine.analysis.loudness import HOP, MEMORY, OFFSET, level, weighted
from engine.analysis.packing import silent
from engine.analysis.timbre import Print, prints
from engine.analysis.values import FRAME, Frames, Span
from engine.audio import HEARING_RATE, Pcm

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

BEHIND = MEMORY // HOP + 4
"""Frames that were measured already and are looked at again, so that filters are settled and the path of the pitch
goes on over the border: 0.19 s."""
AHEAD = f0.REACH // HOP + 3
"""Frames that have to follow before one is measured: 64 ms."""
SETTLED = 0.4
"""Seconds after which voice activity has told its edges: an end is told 0.26 s after it."""
SLACK = 0.05
"""Seconds by which audio may be out of its place before it counts as moved."""
FAINT = -65.0
"""dB of full scale below which no frame is searched for a pitch."""


class Sensor:
    """Measures until it is dropped. `push` and `voiced` from one thread, `take` from one other at a time."""

    def __init__(self, *, voices: bool = False) -> None:
        """`voices`: keep prints of the voices too, where two may share this microphone."""
        self._voices = voices
        self._prints: list[Print] = []
        self._lock = threading.Lock()
        self._pieces: list[bytes] = []
        self._start: float | None = None
        """Session time of the first sample that is held."""
        self._samples = 0
        """How many are held."""
        self._done = 0
        """Frames at the beginning of what is held that were given out already."""
        self._edges: list[tuple[bool, float]] = []
        self._active = False
        self._told = 0.0
        """Up to where spans were given out."""

    def push(self, pcm: Pcm, at: float) -> None:
        """Take 16 kHz sound that begins `at` seconds of the session. Where sound is missing there is silence; what
        comes a second time is left out.

        Raises:
            ValueError: another rate.
        """
        if pcm.rate != HEARING_RATE:
            raise ValueError(f"sound is measured at {HEARING_RATE} Hz, not {pcm.rate}")
        with self._lock:
            if self._start is None:
                self._start = self._told = max(0.0, at)
            off = at - (self._start + self._samples / HEARING_RATE)
            if off > SLACK:
                self._hold(bytes(2 * round(off * HEARING_RATE)))
            self._hold(pcm.data if off >= -SLACK else pcm.cut(-off).data)

    def voiced(self, on: bool, at: float) -> None:
        """Voice activity says that somebody began (`on`) or ceased to speak, `at` seconds of the session."""
        with self._lock:
            self._edges.append((on, at))

    def take(self, *, last: bool = False) -> tuple[Frames, tuple[Span, ...]]:
        """What was measured since the last call, and who spoke when, as voice activity told it (`segments.refined`
        moves its edges to where the sound has them). Frames follow on each other without gaps or overlap, 64 ms
        behind the sound; spans end 0.4 s behind it, and one that goes on is cut there and begins there the next time.
        `last`: nothing follows, so all that is held."""
        with self._lock:
            begins, done, fresh = self._start or 0.0, self._done, self._fresh(last=last)
            held = b"".join(self._pieces)
            heard = begins + self._samples / HEARING_RATE
            self._pieces = [held]
            spans = self._spans(heard if last else heard - SETTLED)
        if fresh <= 0:
            return silent(0, begins + done * FRAME), spans
        samples = _samples(held, (done + fresh) * HOP)
        frames = _measured(samples, done, fresh, begins + done * FRAME)
        made = prints(samples, done, frames) if self._voices else ()
        with self._lock:
            self._forget(done + fresh)
            self._prints += made
        return frames, spans

    def take_prints(self) -> tuple[Print, ...]:
        """How the voices sounded in the frames that were taken since the last call. For `voices`."""
        with self._lock:
            made, self._prints = tuple(self._prints), []
        return made

    def _hold(self, data: bytes) -> None:
        self._pieces.append(data)
        self._samples += len(data) // 2

    def _fresh(self, *, last: bool) -> int:
        """Frames that can be measured now."""
        whole = -(-self._samples // HOP) if last else self._samples // HOP - AHEAD
        return whole - self._done

    def _forget(self, done: int) -> None:
        """Drop what no frame that follows needs."""
        spare = max(0, done - BEHIND)
        held = b"".join(self._pieces)
        assert self._start is not None
        self._pieces = [held[2 * HOP * spare :]]
        self._samples = len(self._pieces[0]) // 2
        self._start += spare * FRAME
        self._done = done - spare

    def _spans(self, until: float) -> tuple[Span, ...]:
        if until <= self._told:
            return ()
        found, since = [], self._told
        due = [edge for edge in self._edges if edge[1] <= until]
        self._edges = [edge for edge in self._edges if edge[1] > until]
        for on, at in sorted(due, key=lambda edge: edge[1]):
            if self._active and at > since:
                found.append(Span(start=since, end=at))
            self._active, since = on, max(at, since)
        if self._active and until > since:
            found.append(Span(start=since, end=until))
        self._told = until
        return tuple(found)


def _samples(held: bytes, least: int) -> NDArray[float32]:
    """What is held, of full scale 1, with silence behind it up to `least` samples."""
    import numpy as np

    given = np.frombuffer(held, "<i2")
    samples = np.zeros(max(len(given), least), np.float32)
    samples[: len(given)] = given
    samples /= 32768
    return samples


def _measured(samples: NDArray[float32], done: int, fresh: int, start: float) -> Frames:
    """`fresh` frames of `samples`, `done` frames from their beginning."""
    end = done + fresh
    heard = slice(done, end)
    levels = level(samples[: end * HOP])
    loud = level(weighted(samples[: end * HOP])) + OFFSET
    found = _pitch(samples, levels, done, fresh)
    return Frames(f0=found[0], confidence=found[1], level=levels[heard], loudness=loud[heard], start=start)


def _pitch(
    samples: NDArray[float32], levels: NDArray[float32], done: int, fresh: int
) -> tuple[NDArray[float32], NDArray[float32]]:
    """f0 and its confidence, searched for only where it is not all but silent."""
    import numpy as np

    if not np.any(levels > FAINT):
        return np.zeros(fresh, np.float32), np.zeros(fresh, np.float32)
    hertz, sure = (found[done : done + fresh] for found in f0.pitch(samples))
    quiet = levels[done:] <= FAINT
    return np.where(quiet, 0, hertz).astype(np.float32), np.where(quiet, 0, sure).astype(np.float32)
