"""A session as Markdown: the report first, then the numbers, then what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.analysis.values import COACH, Measure
from engine.exports.figures import band_of, label, measured, missing, place, sample
from engine.exports.naming import kind, speakers, title
from engine.exports.readable import plain
from engine.transcript import clock

if TYPE_CHECKING:
    from engine.desk import Dossier
    from engine.report.values import Remark, Report


def as_markdown(dossier: Dossier) -> str:
    """Whatever was said or typed is escaped: it shows as it is, and makes no headings or links."""
    return "\n".join([*_head(dossier), *_report(dossier.report), *_numbers(dossier), *_transcript(dossier)])


def _head(dossier: Dossier) -> Iterator[str]:
    meeting, aim = dossier.meeting, dossier.aim
    yield f"# {_safe(title(dossier))}\n"
    yield f"{kind(dossier)}, {meeting.begun:%Y-%m-%d %H:%M} UTC, {clock(meeting.seconds)} long.\n"
    for name, text in (("Goal", aim.goal), ("Context", aim.context)):
        if text:
            yield f"**{name}:** {_safe(text)}\n"


def _report(report: Report | None) -> Iterator[str]:
    if report is None:
        return
    if report.goal_answer:
        yield f"{_safe(report.goal_answer)}\n"
    yield "## Two stars and a wish\n"
    for star in report.stars:
        yield from _remark("★", star)
    yield from _remark("Wish:", report.wish)
    for heading, items in (
        ("Next", report.takeaways),
        ("What was said", report.summary),
        ("Compared with last time", report.compared),
    ):
        if items:
            yield f"## {heading}\n"
            yield from (f"- {_safe(item)}" for item in items)
            yield ""


def _remark(sign: str, remark: Remark) -> Iterator[str]:
    when = f" ({clock(remark.start)})" if remark.start is not None and clock(remark.start) not in remark.text else ""
    yield f"- **{sign}** {_safe(remark.text)}{when}"
    if remark.try_next and remark.try_next not in remark.text:
        yield f"  - Try: {_safe(remark.try_next)}"


def _numbers(dossier: Dossier) -> Iterator[str]:
    measures = dossier.analysis.measures.values()
    shown = [measure for measure in measures if measure.value is not None]
    yield "\n## Numbers\n"
    if shown:
        yield "| | value | usual | from | first heard at |"
        yield "|---|---|---|---|---|"
        yield from map(_row, shown)
    if told := missing(dossier):
        yield "\n### Not measured\n"
        yield from (f"- {_safe(sentence)}" for sentence in told)
    yield ""


def _row(measure: Measure) -> str:
    usual = band_of(measure.band, measure.unit)
    usual = f"{usual} ({place(measure)})" if usual else ""
    moments = ", ".join(clock(moment.start) for moment in measure.evidence[:3])
    return f"| {label(measure.id)} | {measured(measure)} | {usual} | {sample(measure)} | {moments} |"


def _transcript(dossier: Dossier) -> Iterator[str]:
    names = speakers(dossier)
    yield "## Transcript\n"
    for line in dossier.lines:
        if line.speaker != COACH:
            yield f"**{_safe(names.get(line.speaker, line.speaker))}** [{clock(line.start)}] {_safe(line.text)}\n"


def _safe(text: str) -> str:
    """As it is, whatever signs of Markdown it holds."""
    text = re.sub(r"([\\`*_\[\]<>|#~&])", r"\\\1", plain(text))
    text = re.sub(r"^(\d+)(?=[.)])", r"\1\\", text)
    return re.sub(r"^(?=[-+=])", r"\\", text)
