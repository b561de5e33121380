"""A talk on stage: the talk link does everything, this page says with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import NotFound
from ui.components.talk_link import TalkLink
from ui.components.text import tab_title, text
from ui.components.voice_link import machine_sound

if TYPE_CHECKING:
    from ui.studio import Studio


def build(studio: Studio, persona_id: str, start: str) -> None:
    """The page's content; `start` not empty begins at once."""
    try:
        persona = studio.store.people.persona(persona_id)
    except NotFound:
        with ui.element("div").classes("empty head"):
            tab_title("Not here")
            text("h1", "There is nobody here by that name")
            text("p", "They may have been deleted. What was said with them is in the history.", "soft")
            ui.link("Everybody to talk with", "/talk").classes("button")
        return
    tab_title(f"Talk with {persona.name}")
    TalkLink(persona, start=bool(start), machine=machine_sound(studio.settings))
