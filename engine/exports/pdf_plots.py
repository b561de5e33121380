"""The plots of a PDF, as vector graphics: who spoke when, how fast, with which fillers and pauses, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from engine.analysis.values import PARTNER as OTHER
from engine.analysis.values import USER, Mark, Series, Span
from engine.exports.figures import number
from engine.exports.pdf_page import ACCENT, FAINT, INK, LINE, MARGIN, PARTNER, SOFT, WELL, WIDTH, YOU, Colour, Sheet
from engine.transcript import clock

if TYPE_CHECKING:
    from engine.desk import Dossier

LABELS = 24.0
"""Millimetres to the left of a plot, for the names of its lanes."""
ROW = 900.0
"""Seconds that one row of the timeline holds at most: a filler in an hour can still be told from the next."""
LANE, GAP, PACE = 5.0, 1.6, 18.0
STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900)
"""Seconds between two times on the axis; the first with at most ten of them."""
_TICKS = (
    ("Fillers", ("filler",), ACCENT),
    ("Pauses", ("long_pause",), SOFT),
    ("Questions", ("question",), (34, 105, 74)),
    ("Cut in", ("interruption",), INK),
)


class _Row:
    """One row of the timeline: the part of the session from `start` to `end`, drawn from `x` on over `width`."""

    def __init__(self, sheet: Sheet, start: float, end: float) -> None:
        self.sheet, self.start, self.end = sheet, start, end
        self.left, self.width = MARGIN + LABELS, WIDTH - LABELS

    def at(self, seconds: float) -> float:
        inside = min(max(seconds, self.start), self.end)
        return self.left + self.width * (inside - self.start) / (self.end - self.start)

    def holds(self, start: float, end: float) -> bool:
        return end >= self.start and start <= self.end

    def name(self, text: str, y: float, height: float = LANE) -> None:
        self.sheet.style(8, SOFT)
        self.sheet.set_xy(MARGIN, y)
        self.sheet.cell(LABELS - 2, height, self.sheet.fitting(text, LABELS - 3))


def timeline(sheet: Sheet, dossier: Dossier, names: dict[str, str]) -> None:
    """All of it, in rows of equal length; nothing where nobody spoke."""
    seconds = max(
        [dossier.material.seconds, dossier.meeting.seconds, *(line.end for line in dossier.lines)], default=0.0
    )
    if seconds <= 0:
        return
    ticks = [(name, [mark for mark in dossier.analysis.marks if mark.layer in layers], colour)
             for name, layers, colour in _TICKS]  # fmt: skip
    ticks = [(name, marks, colour) for name, marks, colour in ticks if marks]
    rows = ceil(seconds / ROW)
    pace = dossier.analysis.series.get("pace")
    for number_of_row in range(rows):
        row = _Row(sheet, seconds * number_of_row / rows, seconds * (number_of_row + 1) / rows)
        height = 2 * (LANE + GAP) + (PACE + 2 * GAP) * (pace is not None) + (LANE + GAP) * len(ticks) + 8
        sheet.room_for(height)
        y = _speech(row, dossier, names, sheet.get_y())
        y = _pace(row, pace, y) if pace else y
        for name, marks, colour in ticks:
            y = _marks(row, name, marks, colour, y)
        _axis(row, y)
        sheet.set_y(y + 8)


def _speech(row: _Row, dossier: Dossier, names: dict[str, str], y: float) -> float:
    for speaker, colour in ((USER, YOU), (OTHER, PARTNER)):
        spans: Sequence[Span] = dossier.material.speech.get(speaker) or [
            Span(start=line.start, end=line.end) for line in dossier.lines if line.speaker == speaker
        ]
        if not spans and speaker == OTHER:
            continue
        row.name(names.get(speaker, speaker), y)
        row.sheet.ink(LINE, line=0.15)
        row.sheet.line(row.left, y + LANE / 2, row.left + row.width, y + LANE / 2)
        row.sheet.ink(colour)
        for span in spans:
            if row.holds(span.start, span.end):
                x = row.at(span.start)
                row.sheet.rect(x, y + 0.5, max(0.25, row.at(span.end) - x), LANE - 1, style="F")
        y += LANE + GAP
    return y


def _pace(row: _Row, pace: Series, y: float) -> float:
    """The line, its band behind it, and the numbers beside it."""
    y += GAP
    values = [value for value in pace.values if value is not None]
    bounds = [bound for bound in (pace.band.low, pace.band.high) if bound is not None] if pace.band else []
    low, high = min([*values, *bounds], default=0.0), max([*values, *bounds], default=1.0)
    low, high = low - 0.08 * (high - low or 1), high + 0.08 * (high - low or 1)

    def height(value: float) -> float:
        return y + PACE * (high - value) / (high - low)

    sheet = row.sheet
    row.name("Words a minute", y, 4)
    if pace.band:
        top = height(high if pace.band.high is None else pace.band.high)
        foot = height(low if pace.band.low is None else pace.band.low)
        sheet.ink(WELL)
        sheet.rect(row.left, top, row.width, foot - top, style="F")
        sheet.style(7, FAINT)
        for bound in bounds:
            sheet.set_xy(row.left - 12, height(bound) - 1.5)
            sheet.cell(11, 3, number(bound), align="R")
    sheet.ink(INK, line=0.35)
    for stretch in _stretches(row, pace):
        sheet.polyline([(row.at(at), height(value)) for at, value in stretch])
    return y + PACE + GAP * 1.5


def _stretches(row: _Row, pace: Series) -> list[list[tuple[float, float]]]:
    """The line is broken where too little was said."""
    found: list[list[tuple[float, float]]] = [[]]
    for at, value in zip(pace.times, pace.values, strict=True):
        if value is not None and row.start <= at <= row.end:
            found[-1].append((at, value))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if len(stretch) > 1]


def _marks(row: _Row, name: str, marks: Sequence[Mark], colour: Colour, y: float) -> float:
    inside = [mark for mark in marks if row.holds(mark.start, mark.end)]
    row.name(f"{name} {len(inside)}" if inside else name, y)
    row.sheet.ink(LINE, line=0.15)
    row.sheet.line(row.left, y + LANE - 0.8, row.left + row.width, y + LANE - 0.8)
    row.sheet.ink(colour)
    for mark in inside:
        x = row.at(mark.start)
        row.sheet.rect(x, y + 0.8, max(0.45, row.at(mark.end) - x), LANE - 1.6, style="F")
    return y + LANE + GAP


def _axis(row: _Row, y: float) -> None:
    step = next((step for step in STEPS if (row.end - row.start) / step <= 10), STEPS[-1])
    row.sheet.style(7, FAINT)
    for tick in range(ceil(row.start / step) * step, int(row.end) + 1, step):
        row.sheet.set_xy(row.at(tick) - 8, y - 0.5)
        row.sheet.cell(16, 4, clock(tick), align="C")


def talk_share(sheet: Sheet, percent: float, names: tuple[str, str]) -> None:
    """`percent` of what was said is the first one's."""
    y, split = sheet.get_y(), WIDTH * min(max(percent, 0.0), 100.0) / 100
    sheet.ink(YOU)
    sheet.rect(MARGIN, y, split, 6, style="F")
    sheet.ink(PARTNER)
    sheet.rect(MARGIN + split, y, WIDTH - split, 6, style="F")
    sheet.style(9, SOFT)
    sheet.set_xy(MARGIN, y + 7)
    sheet.cell(WIDTH / 2, 5, sheet.fitting(f"{names[0]}: {round(percent)} %", WIDTH / 2 - 2))
    sheet.cell(WIDTH / 2, 5, sheet.fitting(f"{names[1]}: {100 - round(percent)} %", WIDTH / 2 - 2), align="R")
    sheet.set_y(y + 14)
