"""Progress: what to look after this week, days of practice, and the trend of every measure."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from engine import progress
from engine.analysis.bands import mode_of
from engine.errors import NotFound, RostrumError
from engine.personas import PARTNER
from engine.progress.week import COACHED
from ui.components.text import counted, tab_title, text
from ui.pages import progress_plot, progress_practice, progress_trends
from ui.pages.report_parts import drill

if TYPE_CHECKING:
    from engine.progress import Focus, Trend
    from engine.records import Summary
    from ui.studio import Studio

HEARD = {
    "verbatim": "every um heard",
    "recovered": "ums found in the sound",
    "stripped": "ums left out",
}
"""How fillers were heard, where that sets two kinds of sessions apart."""
SOON = 0.05
"""Seconds: the page comes first."""
DRAWN = 6
"""Measures that are drawn beside the focus; the others are a click away."""
AT_ONCE = 3
"""Sessions that are measured before the page shows what came of it."""
MOST = 300
"""Sessions that are measured in one visit."""


class Record:
    """What is known of all sessions, and which kind of them is looked at. `waiting`: how many are still to be
    measured, up to `MOST`."""

    def __init__(self, studio: Studio, mode: str, heard: str) -> None:
        self.studio = studio
        self.asked = (mode, heard)
        self.summaries: list[Summary] = []
        self.waiting = 0

    async def look(self) -> None:
        """Read what is kept."""
        sessions = self.studio.store.sessions
        self.summaries = await asyncio.to_thread(sessions.summaries)
        self.waiting = len(await asyncio.to_thread(sessions.unsummarised, MOST))

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        return progress.kinds(self.summaries)

    @property
    def kind(self) -> tuple[str, str]:
        """The one that was asked for; else the most recent."""
        found = [(mode, heard) for mode, heard, _ in self.kinds]
        return self.asked if self.asked in found else found[0]

    @property
    def trends(self) -> list[Trend]:
        return progress.trends(self.summaries, *self.kind)

    async def catch_up(self, show: Callable[[], object], gone: Callable[[], bool]) -> None:
        """Measure what is waiting, a few at a time, unless somebody is `gone`."""
        store, desk = self.studio.store, self.studio.desk
        for _ in range(0, MOST, AT_ONCE):
            try:
                with suppress(NotFound):  # deleted in between
                    await asyncio.to_thread(progress.catch_up, store, desk, AT_ONCE)
                await self.look()
            except RostrumError as error:
                ui.notify(str(error))
                self.waiting = 0
            if gone():
                return
            show()
            if not self.waiting:
                return


async def build(studio: Studio, mode: str, heard: str) -> None:
    """The page's content; `mode` and `heard` say which kind of sessions, as it stands in the address."""
    tab_title("Progress")
    record = Record(studio, mode, heard)
    with ui.element("div").classes("progress") as page:
        with ui.element("div").classes("head") as head:
            text("h1", "Progress")
        await record.look()

        @ui.refreshable
        def kinds() -> None:
            _kinds(record)

        @ui.refreshable
        def content() -> None:
            _content(record)

        def show() -> None:
            kinds.refresh()
            content.refresh()

        with head:
            kinds()
        content()
    if record.waiting:
        ui.timer(SOON, partial(record.catch_up, show, lambda: page.is_deleted), once=True)


def _content(record: Record) -> None:
    if record.waiting:
        words = f"Measuring {counted(record.waiting, 'earlier session')}…"
        text("p", words, "measuring soft").props("role=status")
    if record.summaries:
        _shown(record)
    elif not record.waiting:
        _empty(record)


def _kinds(record: Record) -> None:
    kinds = record.kinds
    if len(kinds) < 2:
        return
    twice = Counter(mode for mode, _, _ in kinds)
    with ui.element("nav").classes("kinds").props('aria-label="Which sessions"'):
        for mode, heard, count in kinds:
            name = mode_of(mode).label + (f", {HEARD.get(heard, heard)}" if twice[mode] > 1 else "")
            link = ui.link(target=f"/progress?mode={mode}&heard={heard}")
            with link:
                text("span", name)
                text("span", str(count), "number faint")
            if (mode, heard) == record.kind:
                link.props("aria-current=page")


def _shown(record: Record) -> None:
    trends = record.trends
    chosen = progress.focus(trends)
    alike = progress.comparable(record.summaries, *record.kind)
    with ui.element("div").classes("lately"):
        with ui.element("section").classes("focus"):
            _focus(chosen, trends)
        progress_practice.build(record.studio)
    others = [trend for trend in trends if not chosen or trend.measure != chosen.measure]
    worked_on = [trend for trend in others if trend.measure in COACHED][:DRAWN]
    progress_trends.build(worked_on, alike)
    progress_trends.others([trend for trend in others if trend not in worked_on], len(alike))
    _foot(record)


def _focus(chosen: Focus | None, trends: list[Trend]) -> None:
    text("p", "The focus of the week", "eyebrow")
    if chosen is None:
        far = any(trend.n for trend in trends)
        words = (
            "Nothing stands out: what can be worked on is where it should be."
            if far
            else "Too little was said yet to name one. A minute of speaking is enough for pace and fillers."
        )
        text("h2", words, "answered")
        ui.link("Take a coach along", "/coach").classes("button main")
        return
    [trend] = [trend for trend in trends if trend.measure == chosen.measure]
    text("h2", chosen.text, "answered")
    if len(trend.points) > 1:
        ui.html(progress_plot.plot(trend, far=True) + progress_plot.bands(trend), sanitize=False).classes("drawn tall")
    with ui.element("div").classes("onward"):
        ui.link("Practise it with the coach", "/coach").classes("button main")
        ui.link("Talk with somebody", "/talk").classes("button")
    if chosen.drill:
        drill(chosen.drill)
    if len(trend.points) > 1:
        ui.html(progress_plot.table(trend), sanitize=False)


def _foot(record: Record) -> None:
    sessions = sorted(record.summaries, key=lambda each: each.begun)
    with ui.element("div").classes("kept"):
        text("p", "Only sessions of one kind, in which fillers were heard equally well, are set side by side.")
        with ui.element("div").classes("onward"):
            if len(sessions) > 1:
                pair = progress.comparable(sessions, *record.kind)[-2:]
                before, after = pair if len(pair) > 1 else sessions[-2:]
                ui.link("Compare two sessions", f"/compare/{before.meeting}/{after.meeting}").classes("button")
            ui.link("My words", "/words").classes("button")


def _empty(record: Record) -> None:
    partner = record.studio.store.people.persona(PARTNER)
    with ui.element("div").classes("empty"):
        text("h2", "It begins with one conversation.")
        text(
            "p",
            "After each one, its numbers are set here beside your own usual ones: pace, fillers, pauses, questions,"
            " who had the time. After four it says what changes.",
            "soft",
        )
        with ui.element("div").classes("onward"):
            ui.link("Take a coach along", "/coach").classes("button main")
            ui.link(f"Talk with {partner.name}", f"/talk/{partner.id}?start=1").classes("button")
