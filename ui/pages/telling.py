"""The one number that a session is told by in lists: that of what its owner looks after, where it was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import progress
from engine.exports.figures import label, written

if TYPE_CHECKING:
    from engine.progress import Focus
    from engine.records import Summary

USUAL = ("filler_percentage", "wpm", "talk_share", "speech_time")
"""What a session is told by where nothing is looked after, or that was not measured: the first that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The number with its unit, and what it is of."""

    value: str
    name: str


def tellings(summaries: Iterable[Summary]) -> Mapping[str, Telling]:
    """By session; none where nothing could be measured."""
    kept = list(summaries)
    looked_after = {kind: chosen.measure for kind, chosen in focuses(kept).items()}
    found = {}
    for summary in kept:
        first = looked_after.get((summary.mode, summary.capability), "")
        measure = next((id for id in (first, *USUAL) if id in summary.measures), None)
        if measure:
            sample = summary.measures[measure]
            found[summary.meeting] = Telling(value=written(sample.value, sample.unit), name=label(measure))
    return found


def focuses(summaries: Iterable[Summary]) -> Mapping[tuple[str, str], Focus]:
    """What to look after in each kind of session, the most recent kind first."""
    kept = list(summaries)
    found = (
        (mode, heard, progress.focus(progress.trends(kept, mode, heard))) for mode, heard, _ in progress.kinds(kept)
    )
    return {(mode, heard): chosen for mode, heard, chosen in found if chosen}
