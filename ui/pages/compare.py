"""Two sessions side by side: what changed, and what cannot be compared and why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from engine import progress
from engine.analysis.bands import mode_of
from engine.analysis.catalogue import KINDS
from engine.analysis.values import Band
from engine.errors import NotFound
from engine.exports.figures import label, written
from engine.progress.comparison import ALIKE
from ui.components.text import counted, tab_title, text, when
from ui.pages import pace
from ui.pages.history import name
from ui.pages.progress_plot import basis, day, place
from ui.pages.report_measures import scale

if TYPE_CHECKING:
    from engine.desk import Dossier
    from engine.progress import Change, Comparison
    from engine.records import PastMeeting, Sample
    from ui.studio import Studio

OFFERED = 60
"""Sessions to choose from, the latest."""
WAYS: Mapping[bool | None, tuple[str, str]] = {
    True: ("Better", "better"),
    False: ("Slipped", "off"),
    None: ("Different", "even"),
}
"""By whether a change is for the better: as a heading, and as a class."""
CHOOSE = "(event) => emit(event.target.value)"


async def build(studio: Studio, one: str, other: str) -> None:
    """The page's content, on two sessions in any order."""
    tab_title("Two sessions side by side")
    waiting = text("p", "Measuring both sessions…", "empty head soft").props("role=status")
    try:
        dossiers = [await asyncio.to_thread(studio.desk.dossier, id) for id in (one, other)]
    except NotFound:
        waiting.delete()
        return _missing()
    waiting.delete()
    before, after = sorted(dossiers, key=lambda dossier: dossier.meeting.begun)
    comparison = progress.compare(progress.summary_of(before), progress.summary_of(after))
    ui.link("Progress", "/progress").classes("back")
    with ui.element("div").classes("compare"):
        with ui.element("div").classes("head meeting"):
            text("h1", "Two sessions side by side")
        _sides(studio, before, after)
        text("p", _told(comparison), "answered")
        for caveat in comparison.caveats:
            text("p", caveat, "caveat soft")
        _changes(comparison.changes, _days(before, after))
        _not_compared(comparison, before, after)
    return None


def _sides(studio: Studio, before: Dossier, after: Dossier) -> None:
    offered = [meeting for meeting in studio.store.archive.meetings(limit=OFFERED) if meeting.turns]
    with ui.element("div").classes("sides"):
        _side("Earlier", before, after, offered)
        _side("Later", after, before, offered)


def _side(called: str, shown: Dossier, other: Dossier, offered: Sequence[PastMeeting]) -> None:
    """One of them, and what could stand in its place."""
    options = {meeting.id: meeting for meeting in [*offered, shown.meeting] if meeting.id != other.id}
    now = datetime.now().astimezone()
    with ui.element("div").classes("side"):
        text("label", called, "eyebrow").props(f"for=side-{called.lower()}")
        select = ui.element("select").props(f"id=side-{called.lower()}")
        select.on("change", lambda event: ui.navigate.to(f"/compare/{event.args}/{other.id}"), js_handler=CHOOSE)
        with select:
            for id, meeting in options.items():
                option = text("option", f"{when(meeting.begun, now)}: {name(meeting)}").props(f"value={id}")
                if id == shown.id:
                    option.props("selected")
        with ui.element("p").classes("soft"):
            text("span", f"{mode_of(shown.meeting.mode).label}, {pace.spoken(shown.meeting.seconds)}. ")
            ui.link("Its report", f"/report/{shown.id}")


def _told(comparison: Comparison) -> str:
    """All of it in a sentence or two."""
    changes = comparison.changes
    if not changes:
        return "Nothing was measured in both."
    better, off = (sum(change.better is way for change in changes) for way in (True, False))
    ways = [f"{better} got better"] * bool(better) + [f"{off} slipped"] * bool(off)
    of = f"Of {counted(len(changes), 'measure')}"
    if not ways:
        return f"{of}, none got better and none slipped."
    return f"{of}, {' and '.join(ways)}."


def _changes(changes: Sequence[Change], days: tuple[str, str]) -> None:
    """What is for the better or not comes first, what stayed the same behind a click."""
    moved = [change for change in changes if _moved(change)]
    for way, (heading, kind) in WAYS.items():
        chosen = sorted((change for change in moved if change.better is way), key=_without_band)
        if chosen:
            with ui.element("section").classes(f"changed {kind}"):
                text("h2", heading)
                ui.html(_table(chosen, days), sanitize=False)
    alike = [change for change in changes if not _moved(change)]
    if alike:
        with ui.element("details").classes("changed alike"):
            text("summary", f"{counted(len(alike), 'measure')} about the same")
            ui.html(_table(alike, days), sanitize=False)


def _without_band(change: Change) -> bool:
    return change.after.low is None and change.after.high is None


def _moved(change: Change) -> bool:
    before, after = change.before.value, change.after.value
    return change.better is not None or abs(after - before) > ALIKE * abs(before)


def _table(changes: Sequence[Change], days: tuple[str, str]) -> str:
    heads = "".join(f"<th scope=col>{head}</th>" for head in ("Measure", *days, "Change"))
    rows = "".join(_row(change, days) for change in changes)
    return f"<table class=changes><thead><tr>{heads}<td></td></tr></thead><tbody>{rows}</tbody></table>"


def _row(change: Change, days: tuple[str, str]) -> str:
    cells = "".join(
        f'<td data-day="{escape(when)}"><b class=number>{escape(written(sample.value, sample.unit))}</b>'
        f"<span>{escape(basis(sample))}</span></td>"
        for sample, when in zip((change.before, change.after), days, strict=True)
    )
    words = escape(change.text.rpartition(": ")[2].rstrip("."))
    return (
        f"<tr><th scope=row>{escape(label(change.measure))}</th>{cells}<td class=moved>{words}</td>"
        f"<td class=scale>{_scale(change.before, change.after)}</td></tr>"
    )


def _scale(before: Sample, after: Sample) -> str:
    """From the earlier value to the later one, over the band by which the later one is judged; "" without a band."""
    if after.low is None and after.high is None:
        return ""
    band = Band(low=after.low, high=after.high)
    ends = [scale(band, value) for value in (before.value, after.value)]
    least, most = min(end[0] for end in ends), max(end[1] for end in ends)

    def at(value: float | None, otherwise: float) -> float:
        return round(100 * ((otherwise if value is None else value) - least) / (most - least), 1)

    low, high, first, last = at(after.low, least), at(after.high, most), at(before.value, 0), at(after.value, 0)
    kind = {"outside": "above", "inside": "within"}[place(after)]
    return (
        f'<div class=bar aria-hidden=true><i class=band style="left:{low}%;width:{round(high - low, 1)}%"></i>'
        f'<i class=path style="left:{min(first, last)}%;width:{round(abs(last - first), 1)}%"></i>'
        f'<i class=from style="left:{first}%"></i><i class="sign {kind}" style="left:{last}%"></i></div>'
    )


def _days(before: Dossier, after: Dossier) -> tuple[str, str]:
    """What to call each of them, at the head of a column."""
    first, second = (day(dossier.meeting.begun) for dossier in (before, after))
    if first == second:
        first, second = (f"{dossier.meeting.begun.astimezone():%H:%M}" for dossier in (before, after))
    return first, second


def _not_compared(comparison: Comparison, before: Dossier, after: Dossier) -> None:
    """What is missing in one of them, and why."""
    compared = {change.measure for change in comparison.changes}
    missing = [id for id in KINDS if id not in compared]
    sides = list(zip((before, after), _days(before, after), strict=True))
    told = {id: [why for side in sides if (why := _why(id, *side))] for id in missing}
    if not any(told.values()):
        return
    with ui.element("details").classes("unmeasured"):
        text("summary", f"Not compared: {', '.join(label(id).lower() for id in missing)}")
        with ui.element("ul"):
            for id, whys in told.items():
                text("li", f"{label(id)}: {' '.join(whys) or 'it depends on how well fillers were heard.'}")


def _why(id: str, dossier: Dossier, called: str) -> str:
    measure = dossier.analysis.measures.get(id)
    if measure is not None and measure.value is not None:
        return ""
    why = measure.why if measure is not None and measure.why else "It was not measured."
    return f"on {called}: {why}" if ":" not in called else f"at {called}: {why}"


def _missing() -> None:
    tab_title("Not here")
    with ui.element("div").classes("empty head"):
        text("h1", "One of these sessions is not here")
        text("p", "It may have been deleted.", "soft")
        ui.link("To your progress", "/progress").classes("button")
