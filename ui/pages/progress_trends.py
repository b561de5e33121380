"""Trends as small multiples: each measure with its number, what it does in a sentence, its plot and its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import Band
from engine.exports.figures import band_of, label, written
from engine.progress.trend import ENOUGH
from ui.components.text import button, counted, text
from ui.pages import progress_plot

if TYPE_CHECKING:
    from engine.progress import Trend
    from engine.records import Sample, Summary


def build(trends: Sequence[Trend], alike: Sequence[Summary]) -> None:
    """What can be worked on, of the sessions `alike`."""
    if not trends:
        return
    count = len(alike)
    with ui.element("section").classes("trends"):
        with ui.element("div").classes("about"):
            text("h2", "Against your own usual" if count >= ENOUGH else "Your numbers so far")
            with ui.element("p").classes("soft"):
                text("span", _legend(count))
                if count == 1:
                    ui.link("More is in its report.", f"/report/{alike[0].meeting}")
        _multiples(trends, count)


def _legend(count: int) -> str:
    if count < ENOUGH:
        more = ENOUGH - count
        sessions = "One more session" if more == 1 else f"{counted(more, 'more session')}"
        return f"{sessions} of this kind, and a trend can be told. These are the numbers so far. "
    return (
        "Each dot is a session, and leads to its report: full inside the band, hollow outside; small ones, where little"
        " was said, do not count. The shade is your own usual, around your median; the dashes are the band."
    )


def _multiples(trends: Sequence[Trend], count: int) -> None:
    """A plot each, but for those that have no ups and downs to draw."""
    same = [
        trend for trend in trends if len(trend.points) > 1 and len({each.sample.value for each in trend.points}) == 1
    ]
    with ui.element("div").classes("multiples"):
        for trend in trends:
            if trend not in same:
                _multiple(trend, count)
    if same:
        told = (
            f"{label(trend.measure).lower()} {written(trend.points[-1].sample.value, trend.unit)}" for trend in same
        )
        text("p", f"The same in every session: {', '.join(told)}.", "same soft")


def _multiple(trend: Trend, count: int) -> None:
    last = trend.points[-1]
    with ui.element("article").classes("multiple"):
        with ui.element("header"):
            text("h3", label(trend.measure))
            text("p", written(last.sample.value, trend.unit), "number")
        if count >= ENOUGH:
            says = trend.text.removeprefix(f"{label(trend.measure)}: ")
            text("p", says[:1].upper() + says[1:] + _judged(trend), "says soft")
        if len(trend.points) > 1:
            drawn = progress_plot.plot(trend) + progress_plot.bands(trend) + progress_plot.table(trend)
            ui.html(drawn, sanitize=False).classes("drawn")
        else:
            text("p", _alone(last.sample), "soft")


def _alone(sample: Sample) -> str:
    """What one value says, of which there is no trend yet."""
    where = progress_plot.place(sample)
    if not where:
        return f"From {progress_plot.basis(sample)}."
    shown = written(sample.value, sample.unit)
    bounds = [bound for bound in (sample.low, sample.high) if bound is not None]
    just = "just " if where == "outside" and shown in (written(bound, sample.unit) for bound in bounds) else ""
    band = band_of(Band(low=sample.low, high=sample.high), sample.unit)
    return f"{just}{where} the band, {band}; from {progress_plot.basis(sample)}.".capitalize()


def _judged(trend: Trend) -> str:
    return {True: " That is the way it should go.", False: " That is away from where it should be.", None: ""}[
        trend.better
    ]


def others(trends: Sequence[Trend], count: int) -> None:
    """Measures beyond those that are drawn at once: shown when somebody asks."""
    if not trends:
        return

    @ui.refreshable
    def rest(shown: bool) -> None:
        if not shown:
            button(f"Show {counted(len(trends), 'more measure')}", "button", lambda: rest.refresh(True))
            return
        text("h2", "What else was measured")
        _multiples(trends, count)

    with ui.element("section").classes("trends more"):
        rest(False)
