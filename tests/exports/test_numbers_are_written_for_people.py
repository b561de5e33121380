"""Figures: as many digits as mean something, units as words, bands and samples in a phrase."""

from __future__ import annotations

import pytest

from engine.analysis.values import Band, Confidence, Measure
from engine.exports.figures import band_of, measured, number, place, sample, written


def measure(value: float | None, unit: str = "%", band: Band | None = None, confidence=Confidence.OK) -> Measure:
    return Measure(id="fillers", value=value, unit=unit, n=1204, of="words", confidence=confidence, band=band)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "0"), (-0.001, "0"), (0.254, "0.25"), (0.5, "0.5"), (3.25, "3.2"), (14.04, "14"), (147.6, "148"),
     (12345.6, "12,346"), (-24.16, "−24.2")],
)  # fmt: skip
def test_digits(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(148.2, "wpm", "148 words a minute"), (0.82, "s", "0.82 s"), (59.4, "s", "59.4 s"), (59.6, "s", "1:00 min"),
     (134.0, "s", "2:14 min"), (2.31, "st", "2.3 semitones"), (4.0, "", "4"), (5.7, "per min", "5.7 a minute"),
     (-75.0, "s", "−1:15 min")],
)  # fmt: skip
def test_units(value: float, unit: str, expected: str) -> None:
    assert written(value, unit) == expected


def test_what_has_no_value_is_a_dash() -> None:
    assert measured(measure(None, confidence=Confidence.NONE)) == "–"


@pytest.mark.parametrize(
    ("band", "unit", "expected"),
    [(Band(low=130, high=190), "wpm", "130 to 190"), (Band(high=4.5), "%", "up to 4.5"),
     (Band(low=15), "dB", "from 15"), (Band(low=60, high=120), "s", "1:00 to 2:00"),
     (Band(), "%", ""), (None, "%", "")],
)  # fmt: skip
def test_bands(band: Band | None, unit: str, expected: str) -> None:
    assert band_of(band, unit) == expected


@pytest.mark.parametrize(("value", "expected"), [(5.0, "above"), (4.5, "within"), (1.0, "below"), (None, "")])
def test_places(value: float | None, expected: str) -> None:
    assert place(measure(value, band=Band(low=2, high=4.5))) == expected


def test_a_small_sample_is_called_a_hint() -> None:
    assert sample(measure(5.0)) == "1,204 words"
    assert sample(measure(5.0, confidence=Confidence.LOW)) == "1,204 words – a hint"
