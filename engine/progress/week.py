"""The one measure to look after this week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from engine.analysis.values import Band
from engine.exports.figures import band_of, label, written
from engine.progress.trend import Trend, outside
from engine.report.drills import drill_for

RECENT = 3
"""Sessions that "lately" means."""
COACHED = (
    *("filler_percentage", "longest_monologue", "talk_share", "questions", "follow_ups", "wpm", "pitch_variation"),
    *("patience", "interruptions", "answer_length", "hedges", "repetition", "pace_variation", "filler_clusters"),
)
"""What one can work on, in the order in which it is preferred where nothing else decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The one measure to look after. `drill`: the id of a drill for it, if there is one."""

    measure: str
    text: str
    drill: str | None


def focus(found: Iterable[Trend]) -> Focus | None:
    """What is furthest outside its band lately, more so where it gets worse, less so where it is getting better by
    itself; with all of them within, what got better. None where there is nothing to say."""
    by_measure = {trend.measure: trend for trend in found if trend.n}
    known = [by_measure[measure] for measure in COACHED if measure in by_measure]
    open_to = [(weight, trend) for trend in known if (weight := _weight(trend)) > 0]
    if open_to:
        trend = max(open_to, key=lambda pair: pair[0])[1]
        return _focus(trend, _wish(trend))
    for trend in known:
        if trend.better:
            return _focus(trend, f"{trend.text} It is where it should be: keep doing what you do.")
    return None


def _focus(trend: Trend, text: str) -> Focus:
    drill = drill_for(trend.measure)
    return Focus(measure=trend.measure, text=text, drill=drill.id if drill else None)


def _lately(trend: Trend) -> float:
    return median([point.sample.value for point in trend.points if point.sample.sure][-RECENT:])


def _weight(trend: Trend) -> float:
    """By how many widths of its band it is outside, plus a half where that grows; 0: inside."""
    sample = trend.points[-1].sample
    gap = outside(sample, _lately(trend))
    if not gap:
        return 0.0
    bounds = [abs(bound) for bound in (sample.low, sample.high) if bound is not None]
    width = sample.high - sample.low if sample.low is not None and sample.high is not None else max(bounds)
    change = {True: -0.25, False: 0.5, None: 0.0}[trend.better]
    return max(gap / (width or 1.0) + change, 0.01)


def _wish(trend: Trend) -> str:
    sample, now = trend.points[-1].sample, _lately(trend)
    over = min(trend.n, RECENT)
    when = f"in your last {over} sessions" if over > 1 else "last time"
    band = band_of(Band(low=sample.low, high=sample.high), sample.unit)
    return f"{label(trend.measure)}: {written(now, sample.unit)} {when}; {band} is usual. One thing to try this week."
