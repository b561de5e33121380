"""The numbers of an analysis as a report may use them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.values import Analysis, Measure, Span
from engine.report.language import named


def known(analysis: Analysis, id: str) -> Measure | None:
    """The measure `id`, where there was enough to measure it."""
    measure = analysis.measures.get(id)
    return measure if measure and measure.value is not None else None


def value_of(analysis: Analysis, id: str) -> float | None:
    measure = known(analysis, id)
    return measure.value if measure else None


def number(id: str, value: float) -> str:
    """`value` of the measure `id` as it is written: with as many decimals as mean something."""
    digits = named()[id].digits if id in named() else 0
    text = f"{value:.{digits}f}"
    return text.removesuffix(f".{'0' * digits}") if digits else ("0" if text == "-0" else text)


def count(analysis: Analysis, id: str) -> int | None:
    """How many moments of the measure `id` there are; None where they are not counted."""
    measure, name = known(analysis, id), named().get(id)
    if measure is None or measure.value is None or name is None or not name.counted:
        return None
    if not measure.unit:
        return round(measure.value)
    marks = sum(mark.layer == name.layer for mark in analysis.marks)
    return marks or len(measure.evidence)


def moments(analysis: Analysis, id: str) -> Iterator[Span]:
    """Where the measure `id` was found."""
    measure, name = known(analysis, id), named().get(id)
    if measure:
        yield from (Span(start=moment.start, end=moment.end) for moment in measure.evidence)
    if measure and name and name.layer:
        yield from (Span(start=m.start, end=m.end) for m in analysis.marks if m.layer == name.layer)


def filler_percentage(analysis: Analysis) -> float:
    """As it was counted; 0 where it could not be."""
    return round(value_of(analysis, "filler_percentage") or 0.0, 1)
