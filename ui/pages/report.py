"""The report on a session: what came of the goal, what was said, when, how, and files of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import USER
from engine.errors import NotFound
from engine.exports.figures import label, place
from engine.exports.naming import kind, title
from ui.components import keyboard_map
from ui.components.report import ReportSound
from ui.components.text import tab_title, text, when
from ui.pages import pace, report_exports, report_measures, report_summary, report_timeline, report_transcript
from ui.pages.report_measures import value_and_unit
from ui.pages.report_reading import Reading

if TYPE_CHECKING:
    from engine.analysis.values import Measure
    from ui.components.report.values import Caption
    from ui.studio import Studio

TABS: Mapping[str, tuple[str, Callable[[Reading], None]]] = {
    "summary": ("Summary", report_summary.build),
    "transcript": ("Transcript", report_transcript.build),
    "timeline": ("Timeline", report_timeline.build),
    "delivery": ("Delivery", report_measures.delivery),
    "conversation": ("Conversation", report_measures.conversation),
    "exports": ("Exports", report_exports.build),
}
FIGURES = ("wpm", "filler_percentage", "talk_share", "questions", "pitch_variation", "long_pauses", "speech_time")
"""What the head of the page shows, as far as it was measured: the first four."""
ARROWS = """(event) => {
    const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
    const here = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
}"""

SHOW = "document.getElementById('tab-' + %s)?.scrollIntoView({ inline: 'center', block: 'nearest' })"
"""On a phone not all tabs fit beside each other."""


async def build(studio: Studio, id: str, tab: str) -> None:
    """The page's content; `tab` is one of `TABS`, as it stands in the address."""
    tab_title("Report")
    waiting = text("p", "Measuring the session…", "empty head soft").props("role=status")
    try:
        reading = await Reading.open(studio, id)
    except NotFound:
        waiting.delete()
        return _missing()
    waiting.delete()
    tab_title(f"Report: {title(reading.dossier)}")
    keyboard_map.declare(keyboard_map.REPORT)
    with ui.element("div").classes("report recorded" if reading.recorded else "report") as page:
        _head(reading)
        _tabs(reading, tab if tab in TABS else "summary")
        _sound(reading)
    reading.follow(lambda: page.classes(remove="" if reading.recorded else "recorded"))
    return None


def _head(reading: Reading) -> None:
    meeting = reading.dossier.meeting
    ui.link("History", "/history").classes("back")
    with ui.element("div").classes("head meeting"):
        with ui.element("div"):
            text("h1", title(reading.dossier))
            about = f"{kind(reading.dossier)}, {pace.spoken(meeting.seconds)}"
            text("p", f"{when(meeting.begun, datetime.now().astimezone())}. {about}.", "soft")

        @ui.refreshable
        def figures() -> None:
            _figures(reading)

        figures()
        reading.follow(figures.refresh)


def _figures(reading: Reading) -> None:
    measures = reading.dossier.analysis.measures
    shown = [measures[id] for id in FIGURES if id in measures and measures[id].value is not None][:4]
    with ui.element("dl").classes("figures").props('aria-live=polite aria-label="The most telling numbers"'):
        for measure in shown:
            _figure(measure)


def _figure(measure: Measure) -> None:
    value, unit = value_and_unit(measure)
    with ui.element("div"):
        text("dt", label(measure.id))
        with ui.element("dd"):
            text("b", value, "number")
            text("span", unit, "long" if " " in unit else "")
        if place(measure) in {"above", "below"}:
            text("dd", f"{place(measure)} the band", "beyond")


def _tabs(reading: Reading, first: str) -> None:
    """A panel is built when it is looked at for the first time, and stays."""
    buttons: dict[str, ui.element] = {}
    panels: dict[str, ui.element] = {}
    built: set[str] = set()

    def show(chosen: str) -> None:
        for tab, button in buttons.items():
            button.props["aria-selected"] = "true" if tab == chosen else "false"
            button.props["tabindex"] = 0 if tab == chosen else -1
            panels[tab].set_visibility(tab == chosen)
        if chosen not in built:
            built.add(chosen)
            with panels[chosen]:
                TABS[chosen][1](reading)

    def choose(chosen: str) -> None:
        show(chosen)
        address = f"/report/{reading.dossier.id}?tab={chosen}"
        ui.run_javascript(
            f"history.replaceState(history.state, '', {json.dumps(address)}); {SHOW % json.dumps(chosen)}"
        )

    with ui.element("div").classes("tabs").props('role=tablist aria-label="Parts of the report"') as row:
        row.on("keydown", js_handler=ARROWS)
        for tab, (name, _) in TABS.items():
            button = text("button", name).props(f"type=button role=tab id=tab-{tab} aria-controls=panel-{tab}")
            buttons[tab] = button.on("click", lambda tab=tab: choose(tab))
    for tab in TABS:
        panels[tab] = ui.element("section").props(f"role=tabpanel id=panel-{tab} aria-labelledby=tab-{tab}")
        panels[tab].classes(f"panel {tab}")
    show(first)
    ui.run_javascript(SHOW % json.dumps(first))


def _sound(reading: Reading) -> None:
    def source() -> str:
        return f"/api/v1/meetings/{reading.dossier.id}/audio" if reading.recorded else ""

    sound = ReportSound(source(), reading.dossier.material.seconds, _captions(reading), reading.names[USER])
    reading.follow(lambda: sound.show(source(), _captions(reading)))


def _captions(reading: Reading) -> list[Caption]:
    lines = reading.dossier.material.lines
    return [(line.start, line.end, reading.names.get(line.speaker, line.speaker), line.text) for line in lines]


def _missing() -> None:
    tab_title("Not here")
    with ui.element("div").classes("empty head"):
        text("h1", "This session is not here")
        text("p", "It may have been deleted, or nothing was said in it.", "soft")
        ui.link("All sessions", "/history").classes("button")
