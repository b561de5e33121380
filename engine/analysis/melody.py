"""How lively the user's pitch is: the standard deviation of f0 in semitones, which is alike for low and high voices
and which liveliness is judged by (Hincks 2005; Traunmüller and Eriksson 1995). In Hz it would call every high voice
lively."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.analysis.catalogue import measured
from engine.analysis.own_voice import HOP, WINDOW, OwnVoice, Window, series, windows
from engine.analysis.segments import merged
from engine.analysis.values import FRAME, Band, Evidence, Frames, Mark, Measure, Series, Span

if TYPE_CHECKING:
    from engine.analysis.own_voice import Column, Mask

SURE = 0.5
"""Confidence from which a frame's f0 counts."""
OCTAVE = 12.0
"""Semitones from the median; what is farther off is an error, not melody, and counts as so far."""
FOREGROUND = 15.0
"""dB below the loud tenth of the voice down to which a voiced frame is taken for the user's: what is fainter is often
somebody else's, or the room's echo. Ours: see `python -m bench.live_sound`."""
VOICED = 2.5
"""Seconds of voice that a window needs."""
FLAT = 1.5
"""Semitones below which a window is flat; two that follow on each other make a monotone stretch. Ours."""


def voiced(frames: Frames, speech: Mask) -> Mask:
    """The frames of `speech` whose pitch counts."""
    import numpy as np

    found: Mask = speech & (frames.confidence > SURE) & (frames.f0 > 0)
    if found.any():
        found &= frames.level > np.percentile(frames.level[found], 90) - FOREGROUND
    return found


def spread(f0: Column) -> float:
    """Semitones: the standard deviation of `f0` (Hz, some, all voiced) round its median."""
    import numpy as np

    semitones = 12 * np.log2(f0.astype(np.float64))
    return float(np.std(np.clip(semitones - np.median(semitones), -OCTAVE, OCTAVE)))


def melody(voice: OwnVoice, band: Band | None) -> tuple[list[Measure], Series | None, list[Mark]]:
    """ "pitch_variation" and "monotone_share", the series "pitch", marks "monotone"."""
    counted = voiced(voice.frames, voice.speech)
    f0 = voice.frames.f0
    found = windows(voice, counted, f0, least=VOICED, of=spread)
    known = sorted((window for window in found if window.value is not None), key=lambda window: window.value or 0)
    flat = monotone(found)
    inside = sum(any(span.start <= window.start and window.end <= span.end for span in flat) for window in known)
    extremes = [known[0], known[-1]] if len(known) > 1 else known
    measures = [
        measured(
            "pitch_variation",
            spread(f0[counted]) if counted.any() else None,
            int(counted.sum() * FRAME),
            evidence=[window.moment("semitones") for window in extremes],
        ),
        measured(
            "monotone_share",
            100 * inside / len(known) if known else None,
            round(len(known) * HOP / WINDOW),
            evidence=[Evidence(start=span.start, end=span.end) for span in flat],
        ),
    ]
    marks = [Mark(layer="monotone", start=span.start, end=span.end, note="even pitch") for span in flat]
    return measures, series("pitch", "st", found, band), marks


def monotone(found: Sequence[Window]) -> tuple[Span, ...]:
    """The stretches of windows that are flat and have a flat one right before or behind them, without overlap."""
    step = round(WINDOW / HOP)
    flat = [window.value is not None and window.value < FLAT for window in found]
    pairs = (
        Span(start=found[i].start, end=found[i + step].end)
        for i in range(len(found) - step)
        if flat[i] and flat[i + step]
    )
    return merged(pairs, gap=FRAME)
