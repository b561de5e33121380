"""The history: which sessions there were, newest first, and in which of them something was said."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from nicegui import run, ui

from ui.components.confirm import confirm
from ui.components.text import button, counted, tab_title, text
from ui.i18n import own
from ui.pages import pace
from ui.pages.history_listing import KINDS, LONGEST, PAGE, Found, Listing

if TYPE_CHECKING:
    from engine.records import PastMeeting
    from ui.pages.telling import Telling
    from ui.studio import Studio

SETTLED = 300
"""Milliseconds without a key before it is searched."""


async def build(studio: Studio, kind: str, words: str) -> None:
    """The page's content: sessions of `kind`, a key of `KINDS`, that hold `words`, as both stand in the address."""
    tab_title("History")
    listing = Listing(studio.store, kind, words)

    @ui.refreshable
    def kinds() -> None:
        _kinds(listing)

    @ui.refreshable
    def rows() -> None:
        _rows(studio, listing, again)

    async def again() -> None:
        if await listing.look():
            rows.refresh()

    async def search(typed: str) -> None:
        listing.ask(typed)
        address = json.dumps(listing.address(listing.kind))
        ui.run_javascript(f"history.replaceState({{ page: {address} }}, '', {address})")
        kinds.refresh()
        await again()

    with ui.element("div").classes("head"):
        text("h1", "History")
        if studio.store.archive.meetings(limit=1):
            with ui.element("div").classes("choosing"):
                kinds()
                _search(listing, search)
    with ui.element("div").classes("listing"):
        await listing.look()
        rows()


def _kinds(listing: Listing) -> None:
    with ui.element("nav").classes("kinds").props('aria-label="Which sessions"'):
        for kind, called in KINDS.items():
            link = ui.link(called, listing.address(kind))
            if kind == listing.kind:
                link.props("aria-current=page")


def _search(listing: Listing, search: Callable[[str], Awaitable[None]]) -> None:
    field = ui.input(value=listing.words, placeholder="Search titles and transcripts").classes("searching")
    field.props(f"type=search borderless dense debounce={SETTLED} maxlength={LONGEST}")
    field.props["aria-label"] = "Search titles and transcripts"
    field.on_value_change(lambda event: search(str(event.value or "")))


def _rows(studio: Studio, listing: Listing, again: Callable[[], Awaitable[None]]) -> None:
    if not listing.meetings:
        return _nothing(listing) if listing.words else _empty(listing.kind)
    for day, meetings in groupby(listing.meetings, key=lambda meeting: _day(meeting.begun)):
        with ui.element("section").classes("day"):
            text("h2", day)
            with ui.element("ul"):
                for meeting in meetings:
                    _row(meeting, listing.tellings.get(meeting.id), listing.found.get(meeting.id))
    if listing.more:

        async def more() -> None:
            listing.shown += PAGE
            await again()

        button("Show earlier ones", "button", more)
    _foot(studio, again)
    return None


def _row(meeting: PastMeeting, telling: Telling | None, found: Found | None) -> None:
    """It leads to what was said, the number to the report."""
    with ui.element("li").classes("session"):
        with ui.link(target=read(meeting)).classes("met"):
            text("span", f"{meeting.begun.astimezone():%H:%M}", "number faint")
            text("b", name(meeting))
            text("span", told(meeting), "soft")
            if meeting.recorded:
                text("span", "Recorded", "taped")
        if telling:
            with ui.link(target=f"/report/{meeting.id}").classes("telling") as link:
                text("b", telling.value, "number")
                text("span", telling.name)
            link.props["aria-label"] = f"{telling.name}: {telling.value}. To the report on {name(meeting)}"
        if found:
            with ui.link(target=f"/report/{meeting.id}?tab=transcript").classes("found"):
                text("span", f"{found.at} {found.who}: {found.before}")
                text("mark", found.word)
                text("span", found.after)


def read(meeting: PastMeeting) -> str:
    """Where one reads what was said."""
    pages = {"coach": "report", "rehearsal": "takes"}
    return f"/{pages.get(meeting.scenario, 'history')}/{meeting.id}"


def name(meeting: PastMeeting) -> str:
    """Whom it was with, what was pitched or what it was for, as it was called then."""
    unnamed = {
        "pitch": "A pitch that was deleted",
        "rehearsal": "A pitch that was deleted",
        "coach": "A coached conversation",
    }
    return own(meeting.title) or unnamed.get(meeting.scenario, "Somebody")


def told(meeting: PastMeeting) -> str:
    """What kind of session, how long it was and how often the user spoke."""
    turns = counted(meeting.turns, "question" if meeting.scenario == "pitch" else "turn")
    ended = ", heard to the end" if meeting.scenario == "pitch" and meeting.finished else ""
    said = f", {turns}" if meeting.turns else ""
    kind = {"pitch": "Pitch", "coach": "Coached", "rehearsal": "Rehearsed"}.get(meeting.scenario, "Talk")
    return f"{kind}, {pace.spoken(meeting.seconds)}{said}{ended}"


def _day(moment: datetime) -> str:
    local, today = moment.astimezone(), datetime.now().astimezone()
    days = (today.date() - local.date()).days
    if days <= 1:
        return "Yesterday" if days == 1 else "Today"
    return f"{local.day} {local:%B}" if local.year == today.year else f"{local.day} {local:%B %Y}"


def _nothing(listing: Listing) -> None:
    with ui.element("div").classes("empty").props("role=status"):
        text("p", f"Nothing holds “{listing.words}”, neither a title nor a transcript.", "soft")
        text("p", "Fewer words find more; each of them has to be there.", "faint")


def _empty(kind: str) -> None:
    with ui.element("div").classes("empty"):
        if kind == "coach":
            text("p", "No coached conversation yet. Take Rostrum along when you talk with somebody.", "soft")
            ui.link("Take a coach along", "/coach").classes("button main")
        if kind == "rehearsal":
            text("p", "No take yet. Deliver a pitch yourself: the prompter follows your voice.", "soft")
            ui.link("Choose a pitch", "/pitches").classes("button main")
        if kind in {"", "talk"}:
            text("p", "No talk yet. Say something to somebody: what was said is kept here, to read again.", "soft")
            ui.link("Talk with somebody", "/talk").classes("button main")
        if kind in {"", "pitch"}:
            text("p", "Hear a pitch and cut in with a question: that is kept here too.", "soft")
            ui.link("Hear a pitch", "/pitches").classes("button")


def _foot(studio: Studio, again: Callable[[], Awaitable[None]]) -> None:
    async def remove() -> None:
        await run.io_bound(studio.store.archive.remove_all)
        await again()

    with ui.element("div").classes("kept"):
        text("p", f"All of this is on this machine only. {retention(studio.settings.keep_recordings_days)}")
        button(
            "Delete everything",
            "quiet",
            lambda: confirm(
                "Delete the whole history?",
                "Every transcript, every report and every recording goes. That cannot be undone. "
                "Your pitches, their questions, your people and your words stay.",
                keep="Keep it",
                delete="Delete everything",
                then=remove,
            ),
        )


def retention(days: int | None) -> str:
    """What is kept of the sound, and for how long."""
    kept = "Sound is kept only of sessions that you chose to record"
    if days is None:
        return f"{kept}, until you delete it."
    return f"{kept}, and deleted after {counted(days, 'day')}; the transcripts stay."
