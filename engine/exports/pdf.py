"""A session as a PDF to print: two stars and a wish first, then the numbers, the plots and what was said.

Made with fpdf2 (LGPL): pure Python, vector graphics, fonts cut down to the letters used, and, unlike ReportLab, letters
from other fonts where one has none, and scripts that run from right to left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.values import COACH, PARTNER, USER, Measure
from engine.exports.figures import band_of, label, measured, missing, place, sample
from engine.exports.naming import kind, speakers, title
from engine.exports.pdf_page import ACCENT, FAINT, INK, LINE, MARGIN, SOFT, TINT, WELL, WIDTH, Sheet
from engine.exports.pdf_plots import talk_share, timeline
from engine.transcript import clock

if TYPE_CHECKING:
    from engine.desk import Dossier
    from engine.report.values import Remark, Report

ROW = 6.4
"""Millimetres of a row of the table."""
COLUMNS = (48.0, 37.0, 41.0, WIDTH - 126.0)
"""Measure, value, its band as a picture, what it rests on."""


def as_pdf(dossier: Dossier) -> bytes:
    """Takes some tenths of a second, most of it for the fonts."""
    names = dict(speakers(dossier))
    sheet = Sheet(title(dossier), _everything(dossier))
    _head(sheet, dossier)
    if dossier.report:
        _report(sheet, dossier.report)
    _timeline(sheet, dossier, names)
    _numbers(sheet, dossier)
    _missing(sheet, dossier)
    _transcript(sheet, dossier, names)
    if sheet.unknown:
        sheet.ln(4)
        sheet.style(8, FAINT)
        sheet.paragraph(
            "This computer has no font for some of the characters: pictures are named in brackets, and letters are "
            "question marks. The other exports have them as they were written.",
            4,
        )
    return bytes(sheet.output())


def _everything(dossier: Dossier) -> str:
    """All text that was not written by us."""
    told = [dossier.meeting.title, dossier.aim.user_name, dossier.aim.goal, dossier.aim.context]
    if report := dossier.report:
        for remark in (*report.stars, report.wish):
            told += [remark.text, remark.quote, remark.try_next, remark.why]
        told += [report.goal_answer, *report.takeaways, *report.summary, *report.compared]
    return " ".join([*told, *(line.text for line in dossier.lines)])


def _head(sheet: Sheet, dossier: Dossier) -> None:
    meeting, aim = dossier.meeting, dossier.aim
    sheet.style(9, ACCENT, bold=True)
    sheet.paragraph("Rostrum", 5, gap=1)
    sheet.style(22, bold=True)
    sheet.paragraph(title(dossier), 9.5, gap=1.5)
    sheet.style(10, SOFT)
    begun = f"{meeting.begun.day} {meeting.begun:%B %Y, %H:%M} UTC"
    sheet.paragraph(f"{kind(dossier)} · {begun} · {clock(meeting.seconds)} long", 5, gap=2)
    answer = dossier.report.goal_answer if dossier.report else ""
    if aim.goal and aim.goal not in answer:
        sheet.style(10, SOFT)
        sheet.paragraph(f"Goal: {aim.goal}", 5, gap=1)
    if answer:
        sheet.style(12)
        sheet.paragraph(answer, 6, gap=1)
    sheet.ink(LINE, line=0.3)
    sheet.line(MARGIN, sheet.get_y() + 2, MARGIN + WIDTH, sheet.get_y() + 2)
    sheet.ln(3)


def _report(sheet: Sheet, report: Report) -> None:
    for star in report.stars:
        _remark(sheet, star)
    _remark(sheet, report.wish, wish=True)
    for heading, items, numbered in (
        ("What to do next", report.takeaways, True),
        ("What was said", report.summary, False),
        ("Compared with last time", report.compared, False),
    ):
        if items:
            sheet.heading(heading, with_next=8)
            for position, item in enumerate(items, start=1):
                sheet.room_for(6)
                sheet.style(10, ACCENT, bold=numbered)
                sheet.set_x(MARGIN)
                sheet.cell(6, 5.2, f"{position}" if numbered else "•")
                sheet.style(10)
                sheet.paragraph(item, 5.2, x=MARGIN + 6, gap=0.8)


def _remark(sheet: Sheet, remark: Remark, *, wish: bool = False) -> None:
    """A star, or the wish on a ground of its own."""
    indent, inner = MARGIN + 12, WIDTH - 17
    quote = f"“{remark.quote}”" if remark.quote and remark.quote not in remark.text else ""
    when = f"at {clock(remark.start)}" if remark.start is not None and clock(remark.start) not in remark.text else ""
    below = "  ".join(filter(None, [quote, when]))
    step = f"Try: {remark.try_next}" if remark.try_next and remark.try_next not in remark.text else ""
    sheet.style(11.5)
    height = sheet.height_of(remark.text, 5.8, inner)
    sheet.style(9.5)
    height += sum(sheet.height_of(text, 5, inner) for text in (below, step) if text)
    sheet.ln(4 if wish else 2.5)
    sheet.room_for(height + 5)
    top = sheet.get_y()
    if wish:
        sheet.ink(TINT)
        sheet.rect(MARGIN, top - 2.5, WIDTH, height + 6, style="F", round_corners=True, corner_radius=2)
    _sign(sheet, top + 3, wish=wish)
    sheet.set_y(top + 0.3)
    sheet.style(11.5)
    sheet.paragraph(remark.text, 5.8, x=indent, width=inner)
    for text, colour in ((below, SOFT), (step, ACCENT)):
        if text:
            sheet.style(9.5, colour)
            sheet.paragraph(text, 5, x=indent, width=inner)
    sheet.set_y(top + height + (4 if wish else 1))


def _sign(sheet: Sheet, y: float, *, wish: bool) -> None:
    """A star, filled; for the wish the outline of one, yet to be filled."""
    sheet.ink(ACCENT, line=0.5)
    sheet.star(MARGIN + 5, y, 1.35, 3.2, 5, rotate_degrees=0, style="D" if wish else "F")


def _timeline(sheet: Sheet, dossier: Dossier, names: dict[str, str]) -> None:
    if not dossier.lines:
        return
    sheet.heading("How it went", with_next=60)
    sheet.style(9, SOFT)
    sheet.paragraph("Who spoke when, how fast, and what happened where. Times are from the beginning.", 4.6, gap=2)
    timeline(sheet, dossier, names)
    share = dossier.analysis.measures.get("talk_share")
    if share and share.value is not None:
        sheet.ln(1)
        sheet.room_for(18)
        sheet.style(10, bold=True)
        sheet.paragraph("Whose time it was", 5, gap=1)
        talk_share(sheet, share.value, (names[USER], names[PARTNER]))


def _numbers(sheet: Sheet, dossier: Dossier) -> None:
    shown = [measure for measure in dossier.analysis.measures.values() if measure.value is not None]
    if not shown:
        return
    sheet.heading("Numbers", with_next=30)
    _columns(sheet)
    for measure in shown:
        if sheet.will_page_break(ROW):
            sheet.add_page()
            _columns(sheet)
        _row(sheet, measure)


def _columns(sheet: Sheet) -> None:
    sheet.style(8, FAINT)
    sheet.set_x(MARGIN)
    for text, width in zip(("", "Value", "Usual", "Rests on"), COLUMNS, strict=True):
        sheet.cell(width, 5, text)
    sheet.ln(5.5)


def _row(sheet: Sheet, measure: Measure) -> None:
    y = sheet.get_y()
    sheet.ink(LINE, line=0.15)
    sheet.line(MARGIN, y, MARGIN + WIDTH, y)
    sheet.set_xy(MARGIN, y)
    sheet.style(9.5)
    sheet.cell(COLUMNS[0], ROW, sheet.fitting(label(measure.id), COLUMNS[0] - 2))
    sheet.style(9.5, bold=True)
    value = measured(measure)
    sheet.cell(COLUMNS[1], ROW, value)
    _range(sheet, measure, MARGIN + COLUMNS[0] + COLUMNS[1], y + ROW / 2)
    sheet.set_xy(MARGIN + sum(COLUMNS[:3]), y)
    sheet.style(8, FAINT)
    sheet.cell(COLUMNS[3], ROW, sheet.fitting(sample(measure), COLUMNS[3]))
    sheet.set_y(y + ROW)


def _range(sheet: Sheet, measure: Measure, x: float, y: float) -> None:
    """The band as a bar, the value as a dot on or beside it, and the band in numbers."""
    usual = band_of(measure.band, measure.unit)
    if not usual or measure.band is None or measure.value is None:
        return
    low, high = measure.band.low, measure.band.high
    first = min(0.0, measure.value) if low is None else low
    last = max(first + 1, 2 * first, measure.value) if high is None else high
    width, span = 14.0, (last - first) or 1.0
    at = min(max((measure.value - first) / span, -0.32), 1.32)
    left = x + 5
    sheet.ink(WELL)
    sheet.rect(left, y - 1.1, width, 2.2, style="F", round_corners=True, corner_radius=1.1)
    sheet.ink(ACCENT if place(measure) != "within" else INK)
    sheet.circle(left + width * at, y, 1.0, style="F")
    sheet.set_xy(left + width + 6, y - ROW / 2)
    sheet.style(8, FAINT)
    sheet.cell(COLUMNS[2] - width - 12, ROW, usual)


def _missing(sheet: Sheet, dossier: Dossier) -> None:
    told = missing(dossier)
    if not told:
        return
    sheet.heading("What could not be measured", with_next=8)
    sheet.style(9.5, SOFT)
    for sentence in told:
        sheet.paragraph(sentence, 5, gap=0.8)


def _transcript(sheet: Sheet, dossier: Dossier, names: dict[str, str]) -> None:
    said = [line for line in dossier.lines if line.speaker != COACH and line.text.strip()]
    if not said:
        return
    sheet.heading("Transcript", with_next=20)
    for line in said:
        sheet.room_for(10)
        mine = line.speaker == USER
        y = sheet.get_y()
        sheet.style(8, FAINT)
        sheet.set_x(MARGIN)
        sheet.cell(12, 4.8, clock(line.start))
        sheet.style(9, ACCENT if mine else SOFT, bold=True)
        sheet.cell(26, 4.8, sheet.fitting(names.get(line.speaker, line.speaker), 24))
        sheet.set_y(y)
        sheet.style(9.5)
        sheet.paragraph(line.text, 4.8, x=MARGIN + 38, gap=1.6)
