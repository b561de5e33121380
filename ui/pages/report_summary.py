"""The report's first tab: the goal, two stars and a wish, what to do next, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from engine.report.cut_ins import summed, told
from ui import icons
from ui.components.text import button, counted, text
from ui.pages.report_parts import drill, moment, sentences
from ui.pages.report_reading import Reading

if TYPE_CHECKING:
    from engine.report.values import Remark, Report


LEAD_IN = 2.0
"""Seconds of what was being said that are heard before somebody cut in."""
SOON = 0.05
"""Seconds: the page comes first."""


def build(reading: Reading) -> None:
    """The tab's content."""

    @ui.refreshable
    def shown() -> None:
        report = reading.dossier.report
        if report is None:
            _unwritten(reading)
        else:
            _written(reading, report)

    shown()
    reading.follow(shown.refresh)
    if reading.dossier.report is None and reading.dossier.meeting.scenario != "coach":
        ui.timer(SOON, reading.write, once=True)  # nobody finishes a talk or a pitch for its report


def _unwritten(reading: Reading) -> None:
    with ui.element("div").classes("empty").props("role=status"):
        if reading.writing:
            text("h2", "Writing the report…")
            return
        text("h2", "The report is not written yet")
        text("p", "The numbers, the timeline and the transcript are there already.", "soft")
        button("Write the report", "button main", reading.write)


def _written(reading: Reading, report: Report) -> None:
    if reading.stale:
        with ui.element("div").classes("stale").props("role=status"):
            text("p", "You corrected the transcript. The numbers follow; these words were written before.")
            button("Write the report again", "button", reading.write)
    _goal(reading, report)
    with ui.element("div").classes("remarks"):
        for star in report.stars:
            _remark(reading, star, "Star", icons.svg("star", "sign"))
        _remark(reading, report.wish, "Wish", icons.svg("spark", "sign"))
    _cut_ins(reading)
    with ui.element("div").classes("columns lists"):
        with ui.element("div"):
            if report.takeaways:
                sentences("Next time", report.takeaways, "next-time")
            if report.compared:
                sentences("Compared with last time", report.compared)
        with ui.element("div"):
            if report.summary:
                sentences("What was said", report.summary)
            _unmeasured(reading, report)
    _foot(reading, report)


def _goal(reading: Reading, report: Report) -> None:
    goal = reading.dossier.aim.goal
    if not goal and not report.goal_answer:
        return
    with ui.element("section").classes("goal"):
        if goal:
            text("p", f"Your goal: {goal}", "asked-for")
        answer = report.goal_answer.removeprefix(f"Your goal: {goal}").lstrip(". ")
        if answer:
            text("p", answer, "answered")


def _remark(reading: Reading, remark: Remark, name: str, sign: str) -> None:
    with ui.element("article").classes(f"remark {name.lower()}"):
        with ui.element("h2"):
            ui.html(sign, sanitize=False)
            text("span", name)
        text("p", remark.claim or remark.text, "claim")
        if remark.quote or remark.start is not None:
            with ui.element("div").classes("quoted"):
                if remark.start is not None:
                    moment(remark.start, remark.end, reading.recorded)
                if remark.quote and remark.quote not in remark.claim:
                    text("q", remark.quote)
        if remark.why:
            text("p", remark.why, "soft")
        if remark.try_next:
            text("p", remark.try_next, "try")
        if remark.drill:
            drill(remark.drill)


def _cut_ins(reading: Reading) -> None:
    found = reading.dossier.cut_ins
    if not found:
        return
    with ui.element("section").classes("listed cut-ins"):
        text("h2", "When you were cut into")
        text("p", summed(found), "soft")
        with ui.element("ul"):
            for cut in found:
                with ui.element("li"):
                    moment(max(0.0, cut.at - LEAD_IN), None, reading.recorded)
                    with ui.element("div"):
                        text("p", told(cut))
                        text("p", f"“… {cut.said}” — “{cut.text}”", "faint")


def _unmeasured(reading: Reading, report: Report) -> None:
    missing = tuple(dict.fromkeys([*reading.dossier.analysis.missing, *report.missing]))
    if missing:
        sentences("What could not be measured", missing, "missing")


def _foot(reading: Reading, report: Report) -> None:
    cues = reading.dossier.cues
    used = sum(cue.used for cue in cues)
    writer = "from the numbers and the transcript" if report.written_by == "template" else f"by {report.written_by}"
    with ui.element("p").classes("faint written"):
        if cues:
            text("span", f"Used {used} of {counted(len(cues), 'cue')}. ")
        text("span", f"Written {writer}. Every quote stands in the transcript, and every number was counted. ")
        if not reading.writing:
            button("Write it again", "quiet", reading.write)
