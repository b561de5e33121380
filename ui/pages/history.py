"""The history: which conversations there were, newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from nicegui import run, ui

from ui.components.confirm import confirm
from ui.components.text import button, counted, tab_title, text
from ui.pages import pace

if TYPE_CHECKING:
    from engine.records import PastMeeting
    from ui.studio import Studio

PAGE = 20
"""Conversations that are shown before somebody asks for more."""
KINDS = {"": "All", "talk": "Talks", "pitch": "Pitches"}


def build(studio: Studio, kind: str) -> None:
    """The page's content; `kind` is one of `KINDS`, as it stands in the address."""
    tab_title("History")
    kind = kind if kind in KINDS else ""
    with ui.element("div").classes("head"):
        text("h1", "History")
        if studio.store.archive.meetings(limit=1):
            _kinds(kind)
    state = {"shown": PAGE}

    @ui.refreshable
    def rows() -> None:
        _rows(studio, kind, state, rows.refresh)

    rows()


def _kinds(chosen: str) -> None:
    with ui.element("nav").classes("kinds").props('aria-label="Which conversations"'):
        for kind, name in KINDS.items():
            link = ui.link(name, f"/history?kind={kind}" if kind else "/history")
            if kind == chosen:
                link.props("aria-current=page")


def _rows(studio: Studio, kind: str, state: dict[str, int], refresh: Callable[[], object]) -> None:
    shown = state["shown"]
    found = studio.store.archive.meetings(kind or None, limit=shown + 1)
    if not found:
        return _empty(kind)
    for day, meetings in groupby(found[:shown], key=lambda meeting: _day(meeting.begun)):
        with ui.element("section").classes("day"):
            text("h2", day)
            with ui.element("ul"):
                for meeting in meetings:
                    _row(meeting)
    if len(found) > shown:

        def more() -> None:
            state["shown"] += PAGE
            refresh()

        button("Show earlier ones", "button", more)
    _foot(studio, refresh)
    return None


def _row(meeting: PastMeeting) -> None:
    with ui.element("li"), ui.link(target=f"/history/{meeting.id}").classes("met"):
        text("span", f"{meeting.begun.astimezone():%H:%M}", "number faint")
        text("b", name(meeting))
        text("span", told(meeting), "soft")
        if meeting.recorded:
            text("span", "Recorded", "taped")


def name(meeting: PastMeeting) -> str:
    """Whom it was with, or what was pitched, as it was called then."""
    return meeting.title or ("A pitch that was deleted" if meeting.scenario == "pitch" else "Somebody")


def told(meeting: PastMeeting) -> str:
    """What kind of conversation, how long it was and how often the user spoke."""
    turns = counted(meeting.turns, "question" if meeting.scenario == "pitch" else "turn")
    ended = ", heard to the end" if meeting.scenario == "pitch" and meeting.finished else ""
    said = f", {turns}" if meeting.turns else ""
    kind = "Pitch" if meeting.scenario == "pitch" else "Talk"
    return f"{kind}, {pace.spoken(meeting.seconds)}{said}{ended}"


def _day(moment: datetime) -> str:
    local, today = moment.astimezone(), datetime.now().astimezone()
    days = (today.date() - local.date()).days
    if days <= 1:
        return "Yesterday" if days == 1 else "Today"
    return f"{local.day} {local:%B}" if local.year == today.year else f"{local.day} {local:%B %Y}"


def _empty(kind: str) -> None:
    with ui.element("div").classes("empty"):
        if kind != "pitch":
            text("p", "No talk yet. Say something to somebody: what was said is kept here, to read again.", "soft")
            ui.link("Talk with somebody", "/talk").classes("button main")
        if kind != "talk":
            text("p", "Hear a pitch and cut in with a question: that is kept here too.", "soft")
            ui.link("Hear a pitch", "/pitches").classes("button")


def _foot(studio: Studio, refresh: Callable[[], object]) -> None:
    async def remove() -> None:
        await run.io_bound(studio.store.archive.remove_all)
        refresh()

    with ui.element("div").classes("kept"):
        text("p", "All of this is on this machine only. Sound is kept only of conversations that you chose to record.")
        button(
            "Delete everything",
            "quiet",
            lambda: confirm(
                "Delete the whole history?",
                "Every transcript and every recording goes, of talks and of pitches. That cannot be undone. "
                "Your pitches, their questions and your people stay.",
                keep="Keep it",
                delete="Delete everything",
                then=remove,
            ),
        )
