"""The list of pitches: hear, edit, delete, write a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import NotFound
from ui.components.confirm import confirm
from ui.components.text import button, counted, link, tab_title, text
from ui.i18n import own, t
from ui.pages import pace

if TYPE_CHECKING:
    from engine.records import Pitch
    from ui.studio import Studio

SHOWN = 18
"""Pitches on the page, so that it stays light; the rest is a search away."""


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("Pitches")
    with ui.element("div").classes("head"):
        text("h1", "Pitches")
        link("Write a pitch", "/pitches/new").classes("button main")
    state = {"find": ""}

    @ui.refreshable
    def rows() -> None:
        _rows(studio, state["find"], rows.refresh)

    if len(studio.store.pitches()) > SHOWN:
        ui.input(t("Find a pitch"), on_change=lambda event: _find(state, event.value, rows.refresh))
    rows()


def _find(state: dict[str, str], words: str, refresh: Callable[[], object]) -> None:
    state["find"] = words.casefold().strip()
    refresh()


def _rows(studio: Studio, find: str, refresh: Callable[[], object]) -> None:
    pitches = [pitch for pitch in studio.store.pitches() if find in f"{pitch.title} {pitch.text}".casefold()]
    if not pitches:
        return _empty(find)
    for pitch in pitches[:SHOWN]:
        _row(studio, pitch, refresh)
    if len(pitches) > SHOWN:
        text("p", t("{more} more: search to find them.", more=len(pitches) - SHOWN), "faint")
    return None


def _row(studio: Studio, pitch: Pitch, refresh: Callable[[], object]) -> None:
    duration = pace.spoken(sum(pace.seconds(sentence.text) for sentence in pitch.sentences))
    with ui.element("article").classes("pitch"):
        with (
            ui.link(target=f"/pitch/{pitch.id}?play=1")
            .classes("disc")
            .props(f'aria-label="{t("Hear {title}", title=_plain(pitch))}"')
        ):
            ui.element("span").classes("triangle")
        with ui.element("div").classes("grow"):
            with ui.element("h2"):
                ui.link(pitch.title, f"/pitch/{pitch.id}")
            text("p", own(pitch.sentences[0].text), "first")
            sentences = counted(len(pitch.sentences), "sentence")
            text("p", t("{sentences}, about {duration}", sentences=sentences, duration=duration), "faint")
        with ui.element("div").classes("acts"):
            rehearse = link("Rehearse", f"/rehearse/{pitch.id}").classes("quiet")
            rehearse.props(f'aria-label="{t("Rehearse {title}", title=_plain(pitch))}"')
            edit = link("Edit", f"/pitches/{pitch.id}/edit").classes("quiet")
            edit.props(f'aria-label="{t("Edit {title}", title=_plain(pitch))}"')
            remove = button("Delete", "quiet", lambda: confirm_removal(studio, pitch, refresh))
            remove.props(f'aria-label="{t("Delete {title}", title=_plain(pitch))}"')


def _plain(pitch: Pitch) -> str:
    return pitch.title.replace('"', "'")


def _empty(find: str) -> None:
    with ui.element("div").classes("empty"):
        if find:
            text("p", "No pitch has these words.", "soft")
            return
        text("p", "No pitch yet. Paste what you want to say and hear it a minute later.", "soft")
        link("Write a pitch", "/pitches/new").classes("button")


def confirm_removal(studio: Studio, pitch: Pitch, then: Callable[[], object]) -> None:
    """Ask once, saying what goes with it, and delete."""
    asked = len(studio.store.questions(pitch.id))

    async def remove() -> None:
        try:
            studio.store.remove_pitch(pitch.id)
        except NotFound:
            ui.notify(t("It was deleted already."))
        then()

    also = t("Deleted with it: {questions}.", questions=counted(asked, "question")) if asked else ""
    confirm(
        t("Delete “{title}”?", title=pitch.title),
        f"{t('Its text and notes cannot be brought back.')} {also}".strip(),
        keep="Keep it",
        delete="Delete it",
        then=remove,
    )
