"""Summaries of sessions, a day apart, as the trends see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.analysis.catalogue import KINDS
from engine.records import Sample, Summary

FIRST = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)
BANDS = {"wpm": (130.0, 190.0), "filler_percentage": (None, 4.5), "talk_share": (34.0, 66.0), "snr": (15.0, None)}


def sample(measure: str, value: float, *, n: int = 300, sure: bool = True) -> Sample:
    kind = KINDS[measure]
    low, high = BANDS.get(measure, (None, None))
    return Sample(value=value, unit=kind.unit, n=n, of=kind.of, sure=sure, low=low, high=high)


def summary(
    day: int = 0, *, mode: str = "conversation", capability: str = "verbatim", sure: bool = True, **values: float
) -> Summary:
    return Summary(
        meeting=f"day{day}",
        scenario="coach",
        title=f"Day {day}",
        begun=FIRST + timedelta(days=day),
        mode=mode,
        capability=capability,
        measures={measure: sample(measure, value, sure=sure) for measure, value in values.items()},
    )


def series(measure: str, values: Sequence[float]) -> list[Summary]:
    return [summary(day, **{measure: value}) for day, value in enumerate(values)]
