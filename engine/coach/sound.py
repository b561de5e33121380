"""How the user's voice sounds, over what was last heard of it: melody, loudness, the ends of turns, the microphone. Fed
with frames of the user's side only; the thresholds are those of `analysis`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.analysis.melody import FLAT, VOICED, spread, voiced
from engine.analysis.own_voice import WINDOW
from engine.analysis.values import FRAME, Frames
from engine.analysis.volume import FADE as FADE_BY
from engine.analysis.volume import FAINT, LONG_TURN
from engine.coach.cues import CLIPPING, FADE, INAUDIBLE, PITCH, VOLUME

if TYPE_CHECKING:
    from numpy import bool_, float32
    from numpy.typing import NDArray

KEPT = 30.0
INAUDIBLE_BELOW = -50.0
"""LUFS of speech that nobody can make out. Ours."""
SPEECH = 3.0
"""Seconds of speech within a window before its loudness is judged."""
OVERDRIVEN, OVERDRIVEN_SHARE = -4.0, 0.05
"""dB of full scale that a frame of speech reaches only when it is cut off, and how many of them may. Ours."""
FADED_TURNS, OF_TURNS = 3, 4
"""So many of the last turns faded: a habit. Ours."""


class Sound:
    """The last `KEPT` seconds of the user's frames."""

    def __init__(self) -> None:
        self._frames: Frames | None = None
        self._waiting: list[tuple[float, float]] = []
        self._fades: list[float] = []
        self._judged_at = -1.0
        self._judged: tuple[tuple[str, bool | None], ...] = ()

    def add(self, frames: Frames) -> None:
        """`frames` follow what was added before; a gap begins anew."""
        import numpy as np

        held = self._frames
        if held is None or abs(frames.start - _end(held)) > 2 * FRAME:
            self._frames = frames
            return
        first = max(0, len(held.f0) + len(frames.f0) - round(KEPT / FRAME))
        parts = {
            name: np.concatenate([getattr(held, name), getattr(frames, name)])[first:]
            for name in ("f0", "confidence", "level", "loudness")
        }
        self._frames = Frames(**parts, start=held.start + first * FRAME)

    def turn(self, start: float, end: float) -> None:
        """The user spoke from `start` to `end`."""
        if end - start >= LONG_TURN:
            self._waiting.append((start, end))

    def judged(self, spans: Sequence[tuple[float, float]], at: float) -> Iterator[tuple[str, bool | None]]:
        """What is true of it, by kind. `spans`: when the user spoke. Computed once for what was heard."""
        end = _end(self._frames) if self._frames is not None else 0.0
        if self._frames is None or at - end > WINDOW:
            yield from ((kind, None) for kind, _ in self._judged)
            return
        if end != self._judged_at:
            self._judged_at, self._judged = end, tuple(self._judge(self._frames, spans, end))
        yield from self._judged

    def _judge(
        self, frames: Frames, spans: Sequence[tuple[float, float]], end: float
    ) -> Iterator[tuple[str, bool | None]]:
        import numpy as np

        now, before = (_spread(frames, spans, end - (n + 1) * WINDOW, end - n * WINDOW) for n in (0, 1))
        flat = None if now is None else False if now >= FLAT else None if before is None else before < FLAT
        yield PITCH, flat
        speech = _within(frames, [(max(start, end - WINDOW), stop) for start, stop in spans if stop > end - WINDOW])
        enough = speech.sum() * FRAME >= SPEECH
        loudness = _loudness(frames.loudness[speech]) if enough else 0.0
        yield VOLUME, bool(INAUDIBLE_BELOW <= loudness < FAINT) if enough else None
        yield INAUDIBLE, bool(loudness < INAUDIBLE_BELOW) if enough else None
        over = np.mean(frames.level[speech] > OVERDRIVEN) if enough else 0.0
        yield CLIPPING, bool(over >= OVERDRIVEN_SHARE) if enough else None
        yield FADE, self._fading(frames, end)

    def _fading(self, frames: Frames, end: float) -> bool | None:
        done = [turn for turn in self._waiting if turn[1] <= end]
        self._waiting = [turn for turn in self._waiting if turn[1] > end]
        for start, stop in done:
            if start >= frames.start:
                third = (stop - start) / 3
                first, last = ((start, start + third), (stop - third, stop))
                parts = [frames.loudness[_within(frames, [part])] for part in (first, last)]
                if all(map(len, parts)):
                    self._fades.append(_loudness(parts[0]) - _loudness(parts[1]))
        lately = self._fades[-OF_TURNS:]
        return sum(fade >= FADE_BY for fade in lately) >= FADED_TURNS if len(lately) >= FADED_TURNS else None


def _end(frames: Frames) -> float:
    return frames.start + len(frames.f0) * FRAME


def _within(frames: Frames, spans: Sequence[tuple[float, float]]) -> NDArray[bool_]:
    import numpy as np

    inside = np.zeros(len(frames.f0), dtype=bool)
    for start, end in spans:
        first, last = ((time - frames.start) / FRAME for time in (start, end))
        inside[max(0, round(first)) : max(0, round(last))] = True
    return inside


def _spread(frames: Frames, spans: Sequence[tuple[float, float]], start: float, end: float) -> float | None:
    """Semitones of what is voiced from `start` to `end`; None where that is too little."""
    inside = [(max(start, begun), min(end, ended)) for begun, ended in spans if begun < end and ended > start]
    counted = voiced(frames, _within(frames, inside))
    return spread(frames.f0[counted]) if counted.sum() * FRAME >= VOICED else None


def _loudness(frames: NDArray[float32]) -> float:
    """LUFS of all of them: averaged as power."""
    import numpy as np

    return float(10 * np.log10(np.mean(10 ** (frames.astype(np.float64) / 10)) + 1e-12))
