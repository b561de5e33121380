"""Settings: who hears, thinks and speaks, what is kept, what it may cost. What is chosen here holds at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from nicegui import ui

from engine.exports.cost import dollars
from engine.settings import Settings
from ui.components.text import tab_title, text
from ui.pages import settings_engines, settings_keeping, settings_vendors

if TYPE_CHECKING:
    from ui.studio import Studio

ELSEWHERE = {
    "/words": ("My words", "Which of your words count as fillers, and which you say on purpose."),
    "/coach/check": ("Microphone and loudspeaker", "Which devices, how loud the room is, whether there is an echo."),
    "/talk": ("People", "Whom you talk with: their voice, their pace, how patient they are."),
    "/progress": ("Your bands", "What is usual for you: the paces that your reports compare you with."),
}


async def build(studio: Studio, chosen: Callable[[], object]) -> None:
    """The page's content; `chosen` is called when others were chosen to hear, think or speak."""
    tab_title("Settings")
    followers = [chosen]

    def changed() -> None:
        for show in followers:
            show()

    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", "Settings")
        text("p", "What you choose here holds from the next session on.", "soft")
    with ui.element("div").classes("settings"):
        settings_engines.build(studio, changed, followers.append)
        settings_vendors.build(studio, changed)
        _cost(studio.settings)
        await settings_keeping.build(studio, followers.append)
        _elsewhere()
        _environment(studio.settings)


def section(name: str, note: str = "") -> ui.element:
    """A part of the page under its heading."""
    made = ui.element("section").classes("setting")
    with made:
        text("h2", name)
        if note:
            text("p", note, "soft note")
    return made


def _cost(settings: Settings) -> None:
    with section("What a session may cost"), ui.element("div").classes("entries"), ui.element("div").classes("entry"):
        most = settings.max_cost_per_session
        with ui.element("div").classes("grow"):
            text("b", "No limit" if most is None else f"{dollars(most)} a session")
            after = "Vendors charge for what they do; who is on this machine costs nothing."
            if most is not None:
                after = "As estimated. When a session has reached it, it goes on offline."
            text("p", f"{after} Set by MAX_COST_PER_SESSION. What a session cost stands on its page.", "faint")


def _elsewhere() -> None:
    with section("More to set"), ui.element("div").classes("entries"):
        for address, (name, note) in ELSEWHERE.items():
            with ui.element("div").classes("entry"), ui.element("div").classes("grow"):
                ui.link(name, address)
                text("p", note, "faint")


def _environment(settings: Settings) -> None:
    note = "In the environment, or the file .env where Rostrum is started. A change needs a restart."
    with section("Set at the start", note), ui.element("div"):
        given = [name for name in Settings.model_fields if name in settings.model_fields_set]
        text("p", f"Set: {', '.join(map(str.upper, given))}." if given else "Nothing is set: all is as it comes.")
        with ui.element("details") as more:
            text("summary", "Every variable, and what it is for")

        def fill() -> None:
            if len(more.default_slot.children) == 1:
                with more:
                    _variables(given)

        more.on("toggle", fill)


def _variables(given: Collection[str]) -> None:
    with ui.element("dl").classes("variables"):
        for name, field in Settings.model_fields.items():
            text("dt", name.upper())
            text("dd", f"{'Set' if name in given else 'Not set'}. {field.description or ''}", "faint")
