"""The check before a session: microphone, room and loudspeaker, and who will listen. Can always be passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from engine.engines import COACH
from ui.components.coach_link import CoachCheck
from ui.components.text import button, tab_title, text
from ui.pages import coach_setup
from ui.pages.coach_setup import CHECKED

if TYPE_CHECKING:
    from ui.studio import Studio

TASKS = {"hears": "Hears", "thinks": "Thinks of cues", "speaks": "Whispers"}


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("Check the sound")
    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", "Can it hear you?")
        text("p", "Half a minute now saves a session. Nothing you say here is kept or sent anywhere.", "soft")
    CoachCheck()
    with ui.element("section").classes("check-part"):
        text("h2", "Who listens")
        with ui.element("dl").classes("check-engines"):
            for task, title in TASKS.items():
                about = studio.about(COACH)[task]
                with ui.element("div"):
                    text("dt", title)
                    text("dd", about.label)
                    place = "On this machine" if about.local else "In the cloud"
                    text("dd", f"{place}, {about.caveat}" if about.caveat else place, "faint")

    def start() -> None:
        studio.store.set_preference(CHECKED, True)
        session = coach_setup.begin(studio, coach_setup.last(studio))
        ui.navigate.to(f"/coach/{session}?start=1")

    with ui.element("div").classes("savebar"), ui.element("div"):
        button("Start", "button main", start)
        ui.link("Back", "/coach").classes("quiet")
