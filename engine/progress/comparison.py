"""Two sessions side by side."""

from __future__ import annotations

from dataclasses import dataclass

from engine.analysis.catalogue import KINDS, counted
from engine.analysis.values import Capability
from engine.exports.figures import label, written
from engine.progress.trend import better
from engine.records import Sample, Summary

ALIKE = 0.05
"""Of the value before: a smaller change between two sessions is none worth a word."""
FILLERS = frozenset({"filler_percentage", "fillers_per_min", "filler_clusters", "possible_fillers", "conciseness"})
"""Measures that depend on how well fillers could be heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure of two sessions. `better`: None where it stayed about the same or neither way is better."""

    measure: str
    before: Sample
    after: Sample
    better: bool | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`caveats`: what to keep in mind, sentences fit to show."""

    changes: tuple[Change, ...]
    caveats: tuple[str, ...]


def compare(before: Summary, after: Summary) -> Comparison:
    """Two sessions side by side: the measures that both have, in the order in which they are shown."""
    caveats = []
    left_out: frozenset[str] = frozenset()
    if before.mode != after.mode:
        caveats.append("These are two kinds of conversation: what is usual in one is not in the other.")
    if before.capability != after.capability:
        left_out = FILLERS
        caveats.append("Fillers were heard better in one of them than in the other, so they are not compared.")
    elif before.capability == Capability.STRIPPED:
        caveats.append("Whoever wrote both down leaves out um and uh: fewer fillers are counted than were said.")
    both = [id for id in KINDS if id in before.measures and id in after.measures and id not in left_out]
    changes = tuple(_change(id, before.measures[id], after.measures[id]) for id in both)
    if any(not change.before.sure or not change.after.sure for change in changes):
        caveats.append("Where little was said, a number is only a hint, and marked as one.")
    return Comparison(changes=changes, caveats=tuple(caveats))


def _change(measure: str, before: Sample, after: Sample) -> Change:
    moved = abs(after.value - before.value) > ALIKE * abs(before.value)
    told = [f"{written(each.value, each.unit)} ({_rests_on(each)})" for each in (before, after)]
    if moved:
        unit = "points" if after.unit == "%" else after.unit
        much = written(abs(after.value - before.value), unit)
        end = f"{much} {'more' if after.value > before.value else 'less'}"
    else:
        end = "about the same"
    return Change(
        measure=measure,
        before=before,
        after=after,
        better=better(measure, after, before.value, after.value) if moved else None,
        text=f"{label(measure)}: {told[0]}, then {told[1]}: {end}.",
    )


def _rests_on(sample: Sample) -> str:
    return f"{counted(sample.n, sample.of)}{'' if sample.sure else ', a hint'}"
