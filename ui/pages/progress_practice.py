"""Days of practice as a calendar of the last weeks: a picture, whose name lists the days for a screen reader."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from html import escape
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
    weeks = [[first + timedelta(weeks=week, days=i) for i in range(len(DAYS))] for week in range(count)]
    days = [day for week in weeks for day in week if day <= today]
    shapes = {
        "off": [day for day in days if day not in practised],
        "on": [day for day in days if day in practised],
        "today": [today],
    }
    drawn = "".join(
        f'<path class={kind} d="{"".join(_square(day, first) for day in marked)}"/>' for kind, marked in shapes.items()
    )
    names = "".join(_month(week[0], number) for number, week in enumerate(weeks))
    names += "".join(f"<text x=-0.35 y={i + 0.68} class=day>{DAYS[i][:3]}</text>" for i in sorted(NAMED))
    told = json.dumps([[_said(day, practised) for day in week if day <= today] for week in weeks])
    listed = ", ".join(f"{day.day} {day:%B}" for day in shapes["on"]) or "none"
    box = f'viewBox="-2 -1.1 {count + 2} 8.3" font-size=0.56 style="--weeks:{count}"'
    name = f'role=img aria-label="Days with a session in the last {count} weeks: {listed}"'
    return f'<svg class=calendar {name} {box} data-days="{escape(told)}"><title></title>{names}{drawn}</svg>'


def _month(monday: date, number: int) -> str:
    """A week says its month where that begins; the first one where there is room beside it."""
    named = monday.day <= 7 or (number == 0 and (monday + ROOM).month == monday.month)
    return f"<text x={number + 0.08} y=-0.35>{monday:%b}</text>" if named else ""


def _square(day: date, first: date) -> str:
    """With round corners, in the column of its week and the row of its day."""
    week, weekday = divmod((day - first).days, 7)
    corners = "h.4a.22 .22 0 0 1 .22 .22v.4a.22 .22 0 0 1-.22 .22h-.4a.22 .22 0 0 1-.22-.22v-.4a.22 .22 0 0 1 .22-.22z"
    return f"M{week + 0.3:g} {weekday + 0.08:g}{corners}"


def _said(day: date, practised: Collection[date]) -> str:
    return f"{day.day} {day:%B}: {'practised' if day in practised else 'no session'}"
