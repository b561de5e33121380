"""A talk on stage: the talk link does everything, this page says with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from engine import asking
from engine.errors import NotFound
from ui.components import keyboard_map
from ui.components.talk_link import TalkLink
from ui.components.text import link, tab_title, text
from ui.components.voice_link import machine_sound
from ui.i18n import t
from ui.pages import talk_setup

if TYPE_CHECKING:
    from ui.studio import Studio


def build(studio: Studio, persona_id: str, start: str) -> None:
    """The page's content; `start` not empty begins at once."""
    try:
        persona = asking.somebody(studio.store, persona_id)
    except NotFound:
        with ui.element("div").classes("empty head"):
            tab_title("Not here")
            text("h1", "There is nobody here by that name")
            text("p", "They may have been deleted. What was said with them is in the history.", "soft")
            link("Everybody to talk with", "/talk").classes("button")
        return
    tab_title(t("Talk with {name}", name=persona.name))
    keyboard_map.declare(keyboard_map.TALK)
    interrupts, machine = talk_setup.interrupts(studio), machine_sound(studio.settings)
    TalkLink(persona, start=bool(start), interrupts=interrupts, machine=machine)
