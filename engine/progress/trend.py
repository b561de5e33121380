"""The trend of each measure, against the user's own median and among comparable sessions only.

A session counts where its sample was large enough, and a trend takes `ENOUGH` of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from math import sqrt
from statistics import median

from engine.analysis.bands import baseline
from engine.analysis.catalogue import KINDS
from engine.analysis.values import Band, Confidence
from engine.exports.figures import label, written
from engine.records import Sample, Summary

LATEST = 30
"""Sessions that a trend looks back on at most: who one was a year ago is no measure of today."""
ENOUGH = 4
"""Sessions that a trend takes: of three, chance alone makes one in three rise or fall throughout."""
CERTAIN = 1.645
"""Standard deviations from no trend (Mann 1945, Kendall 1975), two-sided 90 %."""


class Direction(StrEnum):
    """UNKNOWN: too few sessions to tell."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One session on a trend. `sure`: its sample was large enough to count."""

    meeting: str
    title: str
    begun: datetime
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A measure over comparable sessions, the oldest first. `usual`: the own median; `own`: the own band, None until
    there are enough sessions. `better`: whether it moves the way it should; None where it does not move, or where
    neither way is better. `text`: all of it in a sentence."""

    measure: str
    unit: str
    points: tuple[Point, ...]
    usual: float | None
    own: Band | None
    direction: Direction
    better: bool | None
    text: str

    @property
    def n(self) -> int:
        """Sessions that count."""
        return sum(point.sample.sure for point in self.points)

    @property
    def confidence(self) -> Confidence:
        return Confidence.OK if self.n >= ENOUGH else Confidence.LOW if self.n > 1 else Confidence.NONE


def kinds(summaries: Iterable[Summary]) -> list[tuple[str, str, int]]:
    """The kinds of sessions that can be compared, (mode, capability, how many), the most recent first."""
    found: dict[tuple[str, str], int] = {}
    for summary in sorted(summaries, key=lambda each: each.begun, reverse=True):
        kind = (summary.mode, summary.capability)
        found[kind] = found.get(kind, 0) + 1
    return [(*kind, count) for kind, count in found.items()]


def comparable(summaries: Iterable[Summary], mode: str, capability: str) -> list[Summary]:
    """Those of one mode in which fillers were heard equally well, the oldest first; the latest `LATEST`."""
    alike = [summary for summary in summaries if (summary.mode, summary.capability) == (mode, capability)]
    return sorted(alike, key=lambda summary: summary.begun)[-LATEST:]


def trends(summaries: Iterable[Summary], mode: str, capability: str) -> list[Trend]:
    """The trend of each measure that any of the comparable sessions has, in the order in which they are shown."""
    alike = comparable(summaries, mode, capability)
    found = []
    for measure in KINDS:
        points = tuple(
            Point(meeting=each.meeting, title=each.title, begun=each.begun, sample=each.measures[measure])
            for each in alike
            if measure in each.measures
        )
        if points:
            found.append(_trend(measure, points))
    return found


def own_bands(summaries: Iterable[Summary], mode: str, capability: str) -> Mapping[str, Band]:
    """The user's own band of each measure of which there are enough sessions."""
    return {trend.measure: trend.own for trend in trends(summaries, mode, capability) if trend.own}


def _trend(measure: str, points: tuple[Point, ...]) -> Trend:
    values = [point.sample.value for point in points if point.sample.sure]
    direction, step = _direction(values)
    last = points[-1].sample
    first, until = _ends(values, step)
    return Trend(
        measure=measure,
        unit=last.unit,
        points=points,
        usual=median(values) if values else None,
        own=baseline(values, measure),
        direction=direction,
        better=better(measure, last, first, until) if direction in {Direction.UP, Direction.DOWN} else None,
        text=_told(measure, last.unit, values, direction, (first, until)),
    )


def _direction(values: Sequence[float]) -> tuple[Direction, float]:
    """Whether they rise or fall by more than chance (Mann-Kendall), and by how much from one to the next (Theil 1950,
    Sen 1968: the median of all slopes, which no single odd session moves far)."""
    n = len(values)
    if n < ENOUGH:
        return Direction.UNKNOWN, 0.0
    pairs = list(combinations(range(n), 2))
    s = sum((values[j] > values[i]) - (values[j] < values[i]) for i, j in pairs)
    ties = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if variance <= 0 or (abs(s) - 1) / sqrt(variance) < CERTAIN:
        return Direction.STEADY, 0.0
    step = median((values[j] - values[i]) / (j - i) for i, j in pairs)
    return (Direction.UP if s > 0 else Direction.DOWN), step


def _ends(values: Sequence[float], step: float) -> tuple[float, float]:
    """Where the line through the middle of `values` begins and ends."""
    if not values:
        return 0.0, 0.0
    reach = step * (len(values) - 1) / 2
    middle = median(values)
    return max(0.0, middle - reach) if min(values) >= 0 else middle - reach, middle + reach


def better(measure: str, sample: Sample, before: float, after: float) -> bool | None:
    """Whether `after` is better than `before`: nearer to the band, else the way the measure wants."""
    far, near = outside(sample, before), outside(sample, after)
    if far != near:
        return near < far
    wanted = KINDS[measure].better if measure in KINDS else ""
    if not wanted or before == after:
        return None
    return (after > before) == (wanted == "more")


def outside(sample: Sample, value: float) -> float:
    """By how much `value` is outside the band."""
    below = sample.low - value if sample.low is not None else 0.0
    above = value - sample.high if sample.high is not None else 0.0
    return max(below, above, 0.0)


def _told(measure: str, unit: str, values: Sequence[float], direction: Direction, ends: tuple[float, float]) -> str:
    name, n = label(measure), len(values)
    if direction is Direction.UNKNOWN:
        so_far = {0: "No session was long enough yet", 1: "One session so far"}.get(n, f"{n} sessions so far")
        return f"{name}: {so_far}; a trend takes {ENOUGH}."
    if direction is Direction.STEADY:
        return f"{name}: steady around {written(median(values), unit)} over {n} sessions."
    way = "rising" if direction is Direction.UP else "falling"
    return f"{name}: {way}, from about {written(ends[0], unit)} to {written(ends[1], unit)} over {n} sessions."
