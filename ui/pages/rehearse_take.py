"""A take against its script: what was said, skipped, changed and added, sentence by sentence."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import USER
from engine.errors import NotFound
from engine.rehearsal.values import Fate
from ui.components.rehearse_link import TakeScript
from ui.components.report import ReportSound
from ui.components.text import button, counted, tab_title, text, when
from ui.pages.rehearse import confirm_removal
from ui.pages.takes import minutes, missing_take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rehearsal.review import Review
    from engine.rehearsal.reviews import Reviewing
    from ui.components.report.values import Caption
    from ui.studio import Studio


async def build(studio: Studio, take_id: str) -> None:
    """The page's content."""
    waiting = text("p", "Holding it against your script …", "faint")
    try:
        found = await asyncio.to_thread(studio.reviews.of, take_id)
    except NotFound:
        waiting.delete()
        return missing_take()
    waiting.delete()
    tab_title(f"Take of {found.meeting.title}")
    before = await asyncio.to_thread(_before, studio, found)
    with ui.element("div").classes("take-page"):
        _head(found, before)
        if not found.review.reached and not found.review.added:
            _unheard(found)
        else:
            _figures(found.review)
            TakeScript(found.review, recorded=found.meeting.recorded)
            _honest(studio, found)
        _acts(studio, found)
        if found.meeting.recorded:
            captions = await asyncio.to_thread(_captions, studio, take_id)
            ReportSound(f"/api/v1/meetings/{take_id}/audio", found.meeting.seconds, captions, "You")
    return None


def _before(studio: Studio, found: Reviewing) -> str:
    """The take before it, "" where it is the first."""
    ids = studio.store.takes.ids(found.meeting.pitch) if found.meeting.pitch else []
    older = ids[ids.index(found.take.id) + 1 :] if found.take.id in ids else []
    return next((id for id in older if studio.store.lines(id)), "")


def _captions(studio: Studio, id: str) -> list[Caption]:
    return [(line.start, line.end, "You", line.text) for line in studio.store.lines(id) if line.speaker == USER]


def _head(found: Reviewing, before: str) -> None:
    meeting = found.meeting
    target = f"/rehearse/{meeting.pitch}" if meeting.pitch else "/history"
    ui.link("All takes" if meeting.pitch else "History", target).classes("back")
    with ui.element("div").classes("head meeting"):
        with ui.element("div"):
            text("h1", meeting.title)
            text("p", f"{when(meeting.begun, datetime.now().astimezone())}. One take.", "soft")
        with ui.element("div").classes("onward"):
            if before:
                ui.link("Compare with the take before", f"/takes/{meeting.id}/{before}").classes("button")
            if meeting.pitch:
                ui.link("Rehearse again", target).classes("button main")


def _figures(review: Review) -> None:
    with ui.element("dl").classes("figures take-figures").props('aria-label="The take in numbers"'):
        for name, value, note in _told(review):
            with ui.element("div"):
                text("dt", name)
                with ui.element("dd"):
                    text("b", value, "number")
                    if note:
                        text("span", note, "faint")


def _told(review: Review) -> Iterator[tuple[str, str, str]]:
    by = round(review.took - review.budget)
    yield "Time", minutes(review.took), f"of {minutes(review.budget)}" + (f", {by} s over" if by > 0 else "")
    yield "As written", str(review.count(Fate.SAID)), f"of {counted(len(review.sentences), 'sentence')}"
    otherwise = {
        "changed": review.count(Fate.CHANGED),
        "skipped": review.count(Fate.SKIPPED),
        "added": len(review.added),
        "not reached": review.unreached,
    }
    told = {fate: count for fate, count in otherwise.items() if count}
    note = ", ".join(f"{count} {fate}" for fate, count in told.items()) if len(told) > 1 else "".join(told)
    yield "Otherwise", str(sum(told.values())), note
    if review.wpm:
        yield "Pace", f"{review.wpm:.0f}", "words a minute"
    fillers = "filler" if review.fillers == 1 else "fillers"
    yield "Fillers", str(review.fillers), f"{fillers}, {counted(review.pauses, 'pause')} within sentences"
    if review.restarts:
        yield "Again", str(review.restarts), "time" if review.restarts == 1 else "times"


def _unheard(found: Reviewing) -> None:
    with ui.element("div").classes("empty"):
        text("p", "Nothing was understood in this take, so there is nothing to hold against your script.", "soft")
        ui.link("Check the sound", "/coach/check").classes("button")


def _honest(studio: Studio, found: Reviewing) -> None:
    caveat = studio.about()["hears"].caveat
    rough = " It hears roughly: what you added or changed may be spelt as it sounded." if caveat else ""
    text(
        "p",
        "A word counts as changed only where another one was clearly heard; endings and words that sound the same are"
        f" not told apart.{rough}",
        "faint take-note",
    )


def _acts(studio: Studio, found: Reviewing) -> None:
    target = f"/rehearse/{found.meeting.pitch}" if found.meeting.pitch else "/history"
    with ui.element("div").classes("take-acts"):
        ui.link("Report with all numbers", f"/report/{found.take.id}")
        button(
            "Delete this take", "quiet", lambda: confirm_removal(studio, found.take.id, lambda: ui.navigate.to(target))
        )
