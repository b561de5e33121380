"""Two takes of one pitch side by side."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import NotFound
from ui.components.rehearse_link import TakePair
from ui.components.rehearse_link.take_pair import ColumnOut, plain
from ui.components.rehearse_link.take_script import rows
from ui.components.text import tab_title, text, when
from ui.pages.takes import minutes, missing_take, telling

if TYPE_CHECKING:
    from engine.rehearsal.reviews import Reviewing
    from ui.studio import Studio


async def build(studio: Studio, one: str, other: str) -> None:
    """The page's content: the older take on the left."""
    try:
        found = [await asyncio.to_thread(studio.reviews.of, id) for id in (one, other)]
    except NotFound:
        return missing_take()
    found.sort(key=lambda each: each.meeting.begun)
    tab_title("Two takes")
    target = f"/rehearse/{found[0].meeting.pitch}" if found[0].meeting.pitch else "/history"
    ui.link("All takes", target).classes("back")
    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", "Two takes")
        text("p", found[1].meeting.title, "soft")
    with ui.element("div").classes("pair-figures"):
        for each in found:
            _take(each)
    scripts = {each.take.script for each in found}
    if len(scripts) > 1:
        text(
            "p",
            "The pitch was changed between these takes, so their sentences cannot be laid beside each other.",
            "soft",
        )
        return None
    TakePair(found[0].take.script, [_column(each) for each in found])
    return None


def _name(found: Reviewing) -> str:
    return when(found.meeting.begun, datetime.now().astimezone())


def _take(found: Reviewing) -> None:
    review = found.review
    with ui.element("section"):
        ui.link(_name(found), f"/takes/{found.take.id}")
        text("p", telling(review), "number")
        pace = f", {review.wpm:.0f} words a minute" if review.wpm else ""
        text("p", f"{minutes(review.took)} of {minutes(review.budget)}{pace}", "faint")


def _column(found: Reviewing) -> ColumnOut:
    sound = f"/api/v1/meetings/{found.take.id}/audio" if found.meeting.recorded else ""
    return ColumnOut(name=_name(found), rows=plain(rows(found.review)), sound=sound)
