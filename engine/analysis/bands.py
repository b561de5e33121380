"""Where a measure is well: by what the conversation is for, and then by what is usual for the user.

Sources are written so that they can be shown; they are given in full in `docs/metrics.md`. "ours": a starting point of
this project, which nobody has proved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median, quantiles

from engine.analysis.values import Band

CALLS = "36 annotated telephone conversations"
OURS = "ours"
COMPARABLE = 5
"""Sessions of one mode, heard equally well, that a baseline takes."""
PACE_WIDTH = 0.2
"""Of the median pace, to both sides."""
LEAST_WIDTH = 0.1
"""Of the median of any other measure, at least: five sessions that happen to agree do not make the sixth wrong."""
SALES_CALL = 20.0
"""Minutes from which on a conversation is as long as the calls that questions were counted in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What a conversation is for. `bands` by measure; `each_minute`: bands of counts, for one minute of the session."""

    id: str
    label: str
    bands: Mapping[str, Band]
    each_minute: Mapping[str, Band]


_EVERYWHERE = {
    "pace_variation": Band(low=8, source=OURS),
    "filler_percentage": Band(high=4.5, source=CALLS),
    "pitch_variation": Band(low=1.5, high=4.5, source="Hincks 2005; the bounds are ours"),
    "volume": Band(low=-35, source=OURS),
    "snr": Band(low=15, source=OURS),
    "hedges": Band(high=3, source=OURS),
}
_TOGETHER = {
    "patience": Band(low=0.3, high=1.5, source="Gong: the average is 0.5 s, good listeners wait about 1 s"),
    "active_listening": Band(low=2, high=8, source=OURS),
}
_TALKING = Band(low=130, high=190, source=CALLS)
_GOLDEN = Band(low=35, high=55, source="Gong 2016: 43 % is best, above 65 % is worse")


def _mode(
    id: str,
    label: str,
    bands: Mapping[str, Band],
    each_minute: Mapping[str, Band] | None = None,
    *,
    alone: bool = False,
) -> Mode:
    return Mode(
        id=id,
        label=label,
        bands={**_EVERYWHERE, **({} if alone else _TOGETHER), **bands},
        each_minute=each_minute or {},
    )


MODES: Mapping[str, Mode] = {
    mode.id: mode
    for mode in (
        _mode(
            "conversation",
            "Conversation",
            {
                "wpm": _TALKING,
                "talk_share": Band(low=34, high=66, source=CALLS),
                "longest_monologue": Band(high=60, source=CALLS),
            },
        ),
        _mode(
            "pitch",
            "Pitch",
            {
                "wpm": Band(low=110, high=165, source="Microsoft's speaker coach: 100 to 165"),
                "talk_share": Band(low=50, high=70, source="Miniti's table by kind of meeting"),
            },
            alone=True,
        ),
        _mode(
            "interview",
            "Interview",
            {
                "wpm": Band(low=120, high=175, source=OURS),
                "talk_share": Band(low=50, high=70, source="Miniti's table by kind of meeting"),
                "longest_monologue": Band(high=120, source=OURS),
                "answer_length": Band(low=60, high=120, source=OURS),
            },
        ),
        _mode(
            "networking",
            "Networking",
            {"wpm": _TALKING, "talk_share": _GOLDEN, "longest_monologue": Band(high=60, source=CALLS)},
            {"questions": Band(low=0.5, source=OURS)},
        ),
        _mode(
            "sales",
            "Sales call",
            {
                "wpm": _TALKING,
                "talk_share": _GOLDEN,
                "longest_monologue": Band(high=150, source=OURS),
                "questions": Band(low=11, high=14, source="Gong: 11 to 14 questions in a call"),
            },
        ),
        _mode(
            "one_to_one",
            "One-to-one",
            {
                "wpm": _TALKING,
                "talk_share": Band(low=40, high=60, source="Miniti's table by kind of meeting"),
                "longest_monologue": Band(high=60, source=CALLS),
            },
        ),
    )
}
USUAL = "conversation"


def mode_of(id: str) -> Mode:
    """The mode `id`; a conversation where there is no such mode."""
    return MODES.get(id, MODES[USUAL])


def bands_of(mode: str, seconds: float) -> dict[str, Band]:
    """The bands of a session of `mode` that lasted `seconds`, by measure."""
    found = mode_of(mode)
    minutes = seconds / 60
    bands = {id: band for id, band in found.bands.items() if id != "answer_length" or seconds > (band.low or 0)}
    if minutes < SALES_CALL:
        bands.pop("questions", None)
    for id, band in found.each_minute.items():
        low, high = (None if bound is None else math.floor(bound * minutes) for bound in (band.low, band.high))
        if low or high:
            bands[id] = replace(band, low=low or None, high=high)
    return bands


def baseline(values: Sequence[float], id: str = "wpm") -> Band | None:
    """The user's own band of the measure `id`, of its `values` in comparable sessions; None of fewer than `COMPARABLE`.

    For paces it is the median, a fifth up or down. Other measures differ too much in how they scatter for one fraction
    (a fifth of no interruptions is nothing, a fifth of 52 % talk share is half the room): theirs reaches over the
    middle half of the sessions, and at least a tenth of the median to both sides. It moves with the user, and one odd
    session moves neither the median nor the quartiles far.
    """
    known = [value for value in values if math.isfinite(value)]
    if len(known) < COMPARABLE:
        return None
    middle = median(known)
    if id in {"wpm", "articulation_rate"}:
        return Band(low=middle * (1 - PACE_WIDTH), high=middle * (1 + PACE_WIDTH), source="yours")
    lower, _, upper = quantiles(known, n=4, method="inclusive")
    least = abs(middle) * LEAST_WIDTH
    return Band(low=min(lower, middle - least), high=max(upper, middle + least), source="yours")
