"""A coached session while it goes on: the coach link does everything, this page says what it is for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nicegui import ui

from engine.errors import NotFound
from ui.components import keyboard_map
from ui.components.coach_link import CoachLink
from ui.components.text import tab_title, text
from ui.pages import coach_setup

if TYPE_CHECKING:
    from ui.studio import Studio

NAME_LENGTH = 16
"""Characters that fit where a caption says who speaks."""


def build(studio: Studio, session: str, start: str) -> None:
    """The page's content; `start` not empty begins at once."""
    try:
        studio.store.sessions.coached(session)
        aim = studio.store.sessions.aim(session)
    except NotFound:
        with ui.element("div").classes("empty head"):
            tab_title("Not here")
            text("h1", "There is no such session")
            text("p", "It may have been deleted.", "soft")
            ui.link("Begin another", "/coach").classes("button")
        return
    tab_title("Coach is on")
    keyboard_map.declare(keyboard_map.COACH)
    setup = coach_setup.last(studio)

    def keep(change: dict[str, Any]) -> None:
        known = {name: change[name] for name in ("cues", "ear") if name in change}
        coach_setup.keep(studio, replace(coach_setup.last(studio), **known))

    CoachLink(
        session,
        cues=setup.cues,
        ear=setup.ear,
        fluency=setup.fluency,
        partner=first_name(aim.participants),
        goal=aim.goal,
        consent=coach_setup.consent(studio.about(), record=aim.record),
        start=bool(start),
        on_manner=keep,
    )


def first_name(participants: str) -> str:
    """What captions call the other person: their name, where one name alone was given; else nothing."""
    for mark in (";", "&", " and ", "/"):
        if mark in participants:
            return ""
    name, _, rest = participants.strip().partition(",")
    first = name.split()[0] if name.split() else ""
    looks_like_one = first[:1].isupper() and len(name.split()) <= 3 and not rest[:2].strip()[:1].isupper()
    return first if looks_like_one and len(first) <= NAME_LENGTH else ""
