"""How somebody wants to be talked with, whoever it is: kept from one talk to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from ui.components.choice import Choice
from ui.components.text import text
from ui.i18n import t

if TYPE_CHECKING:
    from ui.studio import Studio

KEPT = "talk.interrupts"
"""Preference: how hard to be cut into; "" as the persona does by itself."""
CHOICES = {
    "": "As they are",
    "off": "Never",
    "gentle": "Gently",
    "firm": "Firmly",
    "relentless": "Relentlessly",
}
NOTES = {
    "": "Most let you finish; some have their own way.",
    "off": "You are heard out, however long you speak.",
    "gentle": "Once, when you have spoken for a while. Speak on, and they give way at once.",
    "firm": "Up to twice in one answer. Speak on for over a second, and they give way.",
    "relentless": "Early, and again and again. They say their line whether you speak on or not.",
}


def interrupts(studio: Studio) -> str:
    """As it was chosen last."""
    kept = studio.store.preference(KEPT, "")
    return kept if kept in CHOICES else ""


def build(studio: Studio) -> None:
    """The choice, for the page on which one picks whom to talk with."""
    with ui.element("section").classes("talk-setup"):
        label = text("span", "Cut in while I speak", "title")
        choice = Choice({how: t(words) for how, words in CHOICES.items()}, value=interrupts(studio), title=label)
        note = text("p", "", "faint").props("role=status")

        def chosen(value: str) -> None:
            studio.store.set_preference(KEPT, value)
            note.text = t(NOTES[value])

        note.text = t(NOTES[choice.value])
        choice.on_value_change(lambda event: chosen(str(event.value)))
