"""Numbers as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.catalogue import KINDS, counted
from engine.analysis.values import Band, Confidence, Measure

if TYPE_CHECKING:
    from engine.desk import Dossier

_UNITS = {"wpm": "words a minute", "st": "semitones", "per min": "a minute"}
_MINUTE = 59.5
"""Seconds from which on a time is written in minutes."""


def label(measure: str) -> str:
    """What a measure is called, as a heading."""
    return KINDS[measure].label if measure in KINDS else measure.replace("_", " ").capitalize()


def number(value: float) -> str:
    """As many digits as mean something: "1,204", "148", "14.2", "3.5", "0.25"."""
    size = abs(value)
    text = f"{value:,.{0 if size >= 100 else 1 if size >= 1 else 2}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def written(value: float, unit: str) -> str:
    """A value with its unit: "148 words a minute", "5.1 %", "0.8 s", "1:14 min"."""
    if unit == "s" and abs(value) >= _MINUTE:
        return f"{_minutes(value)} min"
    return f"{number(value)} {_UNITS.get(unit, unit)}".strip()


def measured(measure: Measure) -> str:
    """Its value, or a dash where there is none."""
    return "–" if measure.value is None else written(measure.value, measure.unit)


def band_of(band: Band | None, unit: str) -> str:
    """ "110 to 165", "up to 2", "from 15"; "" without bounds."""
    if band is None:
        return ""
    low, high = (None if bound is None else _bound(bound, unit) for bound in (band.low, band.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"up to {high}" if high is not None else f"from {low}" if low is not None else ""


def place(measure: Measure) -> str:
    """Where the value lies: "within", "above", "below" its band; "" without one."""
    if measure.within is None or measure.value is None or measure.band is None:
        return ""
    if measure.within:
        return "within"
    return "below" if measure.band.low is not None and measure.value < measure.band.low else "above"


def sample(measure: Measure) -> str:
    """What it rests on: "312 words"; a small one is called a hint."""
    return f"{counted(measure.n, measure.of)}{' – a hint' * (measure.confidence is Confidence.LOW)}"


def missing(dossier: Dossier) -> list[str]:
    """What could not be measured, and why: as the analysis and the report say it, each sentence once."""
    told = dossier.report.missing if dossier.report else ()
    return list(dict.fromkeys([*dossier.analysis.missing, *told]))


def _bound(value: float, unit: str) -> str:
    return _minutes(value) if unit == "s" and abs(value) >= _MINUTE else number(value)


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(abs(seconds)), 60)
    return f"{'−' * (seconds < 0)}{minutes}:{rest:02}"
