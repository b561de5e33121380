"""How loud the user speaks, by ITU-R BS.1770, and how far above the room. A microphone tells no more than that: its
distance counts as much as the voice, so what is too quiet is told to come closer, never to speak up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.catalogue import measured
from engine.analysis.loudness import SILENT, momentary
from engine.analysis.own_voice import OwnVoice, series, windows
from engine.analysis.segments import merged
from engine.analysis.values import FRAME, Band, Confidence, Evidence, Mark, Measure, Series, Span

if TYPE_CHECKING:
    from engine.analysis.own_voice import Column

SPOKEN = 2.5
"""Seconds of speech that a window needs."""
FAINT = -35.0
"""LUFS below which speech is hard to make out. Ours."""
NOISY = 15.0
"""dB above the room below which the loudness of the voice is a hint only: the room counts in it."""
FADE, LONG_TURN = 4.0, 3.0
"""dB by which the last third of a turn lies below its first, and seconds of speech of the turns that are judged."""
ROOM = 1.0
"""Seconds in which nobody speaks that tell how loud the room is."""
MOST = 60.0
"""dB above the room that are told: a microphone that switches itself off has no noise at all."""
CLOSER = "move closer to the microphone"


def volume(voice: OwnVoice, band: Band | None) -> tuple[list[Measure], Series | None, list[Mark]]:
    """ "volume", "volume_variation", "fade" and "snr", the series "volume", marks "quiet"."""
    import numpy as np

    loud = np.full(len(voice.speech), SILENT)
    loud[voice.speech] = momentary(voice.frames.loudness[voice.speech])
    spoken, seconds = loud[voice.speech], int(voice.seconds)
    above = _above_the_room(voice)
    sure = Confidence.LOW if above is not None and above < NOISY else Confidence.OK
    found = windows(voice, voice.speech, loud, least=SPOKEN, of=_median)
    low = (Span(start=w.start, end=w.end) for w in found if w.value is not None and w.value < FAINT)
    faint = merged(low, gap=FRAME)
    moments = [Evidence(start=span.start, end=span.end) for span in faint]
    width = float(np.subtract(*np.percentile(spoken, (90, 10)))) if len(spoken) else None
    measures = [
        measured("volume", _median(spoken) if len(spoken) else None, seconds, evidence=moments, at_best=sure),
        measured("volume_variation", width, seconds, at_best=sure),
        _fade(voice),
        measured("snr", above, seconds, why=_unknown(seconds) if above is None else ""),
    ]
    marks = [Mark(layer="quiet", start=span.start, end=span.end, note=CLOSER) for span in faint]
    return measures, series("volume", "LUFS", found, band), marks


def _fade(voice: OwnVoice) -> Measure:
    """The share of the turns whose last third is fainter than their first, by the power of the speech in them."""
    judged, fading = 0, []
    for turn in voice.turns:
        rows = voice.rows(turn)
        said = voice.frames.loudness[rows][voice.speech[rows]]
        if len(said) * FRAME < LONG_TURN:
            continue
        judged += 1
        third = len(said) // 3
        fall = _power(said[:third]) - _power(said[-third:])
        if fall >= FADE:
            fading.append(Evidence(start=turn.start, end=turn.end, text=f"{fall:.0f} dB fainter at its end"))
    least = f"It takes 3 turns with {LONG_TURN:.0f} s of speech; there were {judged}."
    share = 100 * len(fading) / judged if judged else None
    return measured("fade", share, judged, evidence=fading, why=least if judged < 3 else "")


def _above_the_room(voice: OwnVoice) -> float | None:
    """dB of the voice alone above what is heard when nobody speaks; None where somebody always does."""
    import numpy as np

    room = voice.frames.level[voice.room]
    if len(room) * FRAME < ROOM or not voice.speech.any():
        return None
    heard = room[room > SILENT + 1]
    noise = _median(heard) if len(heard) * FRAME >= ROOM else SILENT
    both = _power(voice.frames.level[voice.speech])
    alone = 10 * np.log10(max(10 ** (both / 10) - 10 ** (noise / 10), 1e-12))
    return float(np.clip(alone - noise, 0, MOST))


def _unknown(seconds: int) -> str:
    return "It takes a second in which nobody speaks to know how loud the room is." if seconds else ""


def _median(column: Column) -> float:
    import numpy as np

    return float(np.median(column))


def _power(decibels: Column) -> float:
    """dB of the mean power."""
    import numpy as np

    return float(10 * np.log10(np.mean(10 ** (decibels.astype(np.float64) / 10))))
