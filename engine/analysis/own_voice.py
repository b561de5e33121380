"""The frames in which the user speaks, and windows over them: what melody and volume are measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.analysis.loudness import SILENT
from engine.analysis.segments import merged
from engine.analysis.thresholds import SAME_TURN
from engine.analysis.values import FRAME, PARTNER, USER, Band, Evidence, Frames, Material, Series, Span

if TYPE_CHECKING:
    from typing import Any

    from numpy import bool_
    from numpy.typing import NDArray

    Column = NDArray[Any]
    Mask = NDArray[bool_]

WINDOW, HOP = 8.0, 2.0
"""Seconds over which melody and volume are followed, and their step."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnVoice:
    """The user's `frames`; `speech`: those in which the user speaks, alone where both share a microphone; `room`: those
    in which nobody does; the user's `turns`."""

    frames: Frames
    speech: Mask
    room: Mask
    turns: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        return float(self.speech.sum()) * FRAME

    def rows(self, span: Span) -> slice:
        return _rows(self.frames, span)


def own_voice(material: Material) -> OwnVoice | None:
    """None where the user's sound is not there."""
    import numpy as np

    frames = material.frames.get(USER)
    if frames is None or not len(frames.level):
        return None
    spans = {side: merged(material.speech.get(side, ())) for side in (USER, PARTNER)}
    own, other = (np.zeros(len(frames.level), bool) for _ in range(2))
    for side, mask in ((USER, own), (PARTNER, other)):
        for span in spans[side]:
            mask[_rows(frames, span)] = True
    speech = own if material.separate else own & ~other
    turns = _turns(spans[USER], spans[PARTNER])
    return OwnVoice(frames=frames, speech=speech & (frames.level > SILENT + 1), room=~own & ~other, turns=turns)


def _rows(frames: Frames, span: Span) -> slice:
    first, last = (max(0, round((at - frames.start) / FRAME)) for at in (span.start, span.end))
    return slice(first, last)


def _turns(own: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Silences up to 2 s are part of a turn, unless the other begins to speak in them."""
    turns: list[Span] = []
    begins = [span.start for span in other]
    passed = 0
    for span in own:
        since = turns[-1].end if turns else 0.0
        while passed < len(begins) and begins[passed] < since:
            passed += 1
        taken = passed < len(begins) and begins[passed] < span.start
        if turns and span.start - since <= SAME_TURN and not taken:
            turns[-1] = Span(start=turns[-1].start, end=span.end)
        else:
            turns.append(span)
    return tuple(turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What was found from `start` to `end`, None where too little was said."""

    start: float
    end: float
    value: float | None

    def moment(self, unit: str) -> Evidence:
        return Evidence(start=self.start, end=self.end, text="" if self.value is None else f"{self.value:.1f} {unit}")


def windows(
    voice: OwnVoice, counted: Mask, column: Column, *, least: float, of: Callable[[Column], float]
) -> list[Window]:
    """What `of` finds in the `counted` rows of each window, where they last `least` seconds; the last window is as
    long as what is left."""
    rows, step, begins = round(WINDOW / FRAME), round(HOP / FRAME), voice.frames.start
    found = []
    for first in range(0, max(1, len(counted) - rows + step), step):
        part = slice(first, min(first + rows, len(counted)))
        inside = column[part][counted[part]]
        value = of(inside) if len(inside) * FRAME >= least else None
        found.append(Window(start=begins + first * FRAME, end=begins + part.stop * FRAME, value=value))
    return found


def series(id: str, unit: str, found: Sequence[Window], band: Band | None) -> Series | None:
    """None where no window has a value."""
    if all(window.value is None for window in found):
        return None
    times, values = tuple(window.end for window in found), tuple(window.value for window in found)
    return Series(id=id, unit=unit, times=times, values=values, band=band)
