"""Whom to talk with: everybody there is, one click from speaking, and the way to somebody of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui

from engine import persona_file
from engine.errors import BadInput, NotFound
from ui.components.confirm import confirm
from ui.components.from_file import from_file
from ui.components.text import button, link, tab_title, text
from ui.i18n import own, t
from ui.pages import talk_setup

if TYPE_CHECKING:
    from nicegui.events import UploadEventArguments

    from engine.records import Persona
    from ui.studio import Studio

SHOWN = 14
"""People on the page, so that it stays light; the rest is a search away."""
ROLE_LENGTH = 40
"""Characters that a role may have; more than that before a colon is the beginning of a sentence."""


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("Talk")
    with ui.element("div").classes("head"):
        with ui.element("div"):
            text("h1", "Who would you like to talk with?")
            text("p", "They listen, answer and ask. Cut in whenever you like; nobody grades you.", "soft")
        with ui.element("div").classes("acts"):
            link("Make up somebody", "/talk/people/new").classes("button")
            _import(studio)
    talk_setup.build(studio)
    state = {"find": ""}

    @ui.refreshable
    def people() -> None:
        _people(studio, state["find"], people.refresh)

    def find(words: str) -> None:
        state["find"] = words.casefold().strip()
        people.refresh()

    if len(studio.store.people.all()) > SHOWN:
        ui.input(t("Find somebody"), on_change=lambda event: find(event.value))
    people()


def _import(studio: Studio) -> None:
    """Somebody from a file; one with a mistake in it is refused as a whole, with the mistake."""

    def refuse(why: str) -> None:
        ui.notify(t("Not imported. {error}.", error=why), type="negative", multi_line=True, timeout=12_000)

    async def take(event: UploadEventArguments) -> None:
        try:
            persona = studio.store.people.add(persona_file.read(await event.file.read()))
        except BadInput as error:
            refuse(str(error))
        else:
            ui.navigate.to(f"/talk/people/{persona.id}")

    from_file("Import from a file", take, refuse, endings=(".json", ".toml"), most_bytes=persona_file.MOST_BYTES)


def _people(studio: Studio, find: str, refresh: Callable[[], object]) -> None:
    found = [one for one in studio.store.people.all() if find in f"{one.name} {one.summary} {one.scene}".casefold()]
    with ui.element("ul").classes("people"):
        for persona in found[:SHOWN]:
            _person(studio, persona, refresh)
    if not found:
        text("p", "Nobody has these words.", "soft")
    if len(found) > SHOWN:
        text("p", t("{more} more: search to find them.", more=len(found) - SHOWN), "faint")


def _person(studio: Studio, persona: Persona, refresh: Callable[[], object]) -> None:
    with ui.element("li").classes("person"):
        first, second, detail = introduced(persona)
        with ui.link(target=f"/talk/{persona.id}?start=1").classes("meet"):
            text("b", own(first))
            if second:
                text("span", own(second), "name")
            if detail:
                text("span", own(detail), "summary")
            if persona.scene:
                text("span", own(persona.scene), "scene")
            text("span", "Talk", "go").props("aria-hidden=true")
        with ui.element("div").classes("acts"):
            plain = persona.name.replace('"', "'")
            if persona.own:
                change = link("Change", f"/talk/people/{persona.id}").classes("quiet")
                change.props(f'aria-label="{t("Change {name}", name=plain)}"')
                remove = button("Delete", "quiet", lambda: confirm_removal(studio, persona, refresh))
                remove.props(f'aria-label="{t("Delete {title}", title=plain)}"')
            else:
                change = link("Change a copy", f"/talk/people/new?like={persona.id}").classes("quiet")
                change.props(f'aria-label="{t("Change a copy of {name}", name=plain)}"')
            export = link("Export", f"/api/v1/personas/{persona.id}/file").classes("quiet")
            export.props(f'download aria-label="{t("Export {name} as a file", name=plain)}"')


def introduced(persona: Persona) -> tuple[str, str, str]:
    """What a card says first, second and then of `persona`: a role, the name, the rest of a summary that is written
    "Role: the rest"; else the name first. What there is not, is empty."""
    role, colon, rest = (part.strip() for part in persona.summary.partition(": "))
    if not colon or not role or not rest or len(role) > ROLE_LENGTH:
        return persona.name, "", persona.summary
    return role, persona.name, rest[0].upper() + rest[1:]


def confirm_removal(studio: Studio, persona: Persona, then: Callable[[], object]) -> None:
    """Ask once, and delete."""

    async def remove() -> None:
        try:
            studio.store.people.remove(persona.id)
        except NotFound:
            ui.notify(t("They were deleted already."))
        then()

    confirm(
        t("Delete {name}?", name=persona.name),
        "What you said to each other stays in the history.",
        keep="Keep them",
        delete="Delete them",
        then=remove,
    )
