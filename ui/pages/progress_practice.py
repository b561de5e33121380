"""Days of practice as a calendar of the last weeks: a table, so that a screen reader reads it too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from nicegui import ui

from engine.progress import practice
from ui.components.text import text

if TYPE_CHECKING:
    from collections.abc import Collection

    from ui.studio import Studio

FEWEST_WEEKS, MOST_WEEKS = 5, 13
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROOM = timedelta(weeks=2)
"""What the name of a month takes."""
NAMED = {0, 2, 4}
"""Rows that say their day."""
LOOKED_BACK = 1000
"""Conversations whose days are looked at."""


def build(studio: Studio) -> None:
    """The section."""
    now = datetime.now().astimezone()
    meetings = studio.store.archive.meetings(limit=LOOKED_BACK)
    found = practice((meeting.begun for meeting in meetings if meeting.turns), now)
    with ui.element("section").classes("practice"):
        text("h2", "Days of practice")
        text("p", found.text, "soft")
        ui.html(calendar(set(found.days), now.date()), sanitize=False)


def calendar(practised: Collection[date], today: date) -> str:
    """The weeks since practice began as HTML, a column each, this one last; a quarter of a year at most."""
    monday = today - timedelta(days=today.weekday())
    begun = min((day for day in practised if day <= today), default=today)
    count = min(max((monday - begun).days // 7 + 2, FEWEST_WEEKS), MOST_WEEKS)
    first = monday - timedelta(weeks=count - 1)
    weeks = [first + timedelta(weeks=week) for week in range(count)]
    months = "".join(_month(week, week == first) for week in weeks)
    rows = "".join(
        f"<tr><th scope=row><span{'' if i in NAMED else ' class=unseen'}>{name[:3]}</span></th>"
        f"{''.join(_cell(week + timedelta(days=i), practised, today) for week in weeks)}</tr>"
        for i, name in enumerate(DAYS)
    )
    head = f"<thead><tr><td></td>{months}</tr></thead>"
    return (
        f'<table class=calendar aria-label="Days with a session in the last {count} weeks">{head}'
        f"<tbody>{rows}</tbody></table>"
    )


def _month(week: date, first: bool) -> str:
    """A week says its month where that begins; the first one where there is room beside it."""
    named = week.day <= 7 or (first and (week + ROOM).month == week.month)
    shown = f"<span aria-hidden=true>{week:%b}</span>" if named else ""
    return f"<th scope=col><span class=unseen>Week of {week.day} {week:%B}</span>{shown}</th>"


def _cell(day: date, practised: Collection[date], today: date) -> str:
    if day > today:
        return "<td class=ahead></td>"
    kind = f"{'on' if day in practised else 'off'}{' today' if day == today else ''}"
    said = f"{day.day} {day:%B}: {'practised' if day in practised else 'no session'}"
    return f'<td class="{kind}" title="{said}">{said}</td>'
