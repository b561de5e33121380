"""A pitch on stage: the voice link does the speaking, this page keeps the questions beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.errors import NotFound
from ui.components import keyboard_map
from ui.components.text import link, tab_title, text
from ui.components.voice_link import VoiceLink, machine_sound
from ui.i18n import own, t
from ui.pages.pitch_questions import PitchQuestions

if TYPE_CHECKING:
    from engine.records import Pitch
    from ui.studio import Studio

WRITE_SECONDS = 1.0
"""How long a question that was just asked may take to reach the disk before the list is drawn without it."""


def build(studio: Studio, pitch_id: str, play: str, mark: str) -> None:
    """The page's content; `play` not empty begins at once, `mark` is the sentence to begin at (from 1)."""
    try:
        pitch = studio.store.pitch(pitch_id)
    except NotFound:
        return _missing()
    tab_title(own(pitch.title))
    keyboard_map.declare(keyboard_map.STAGE)
    with ui.element("div").classes("player"):
        with ui.element("div").classes("named"):
            text("h1", own(pitch.title), "grow")
            link("Rehearse", f"/rehearse/{pitch.id}").classes("quiet")
            link("Edit", f"/pitches/{pitch.id}/edit").classes("quiet")
        VoiceLink(
            pitch=pitch.id,
            sentences=[sentence.text for sentence in pitch.sentences],
            mark=place(studio, pitch, mark),
            autoplay=bool(play),
            machine=machine_sound(studio.settings),
            on_question=lambda: _later(studio, questions.refresh),
        )

        with ui.element("aside").props(f'aria-label="{t("Questions asked")}"'):
            questions = PitchQuestions(studio, pitch)
    return None


def place(studio: Studio, pitch: Pitch, wanted: str) -> int:
    """The sentence to begin at: the one asked for, else where this pitch was left, else the first."""
    total = len(pitch.sentences)
    if wanted.isdigit():
        return max(1, min(total, int(wanted)))
    for meeting in studio.store.meetings(pitch.id, limit=1):
        if meeting.mark and not meeting.finished and meeting.mark <= total:
            return meeting.mark
    return 1


async def _later(studio: Studio, refresh: Callable[[], object]) -> None:
    await run.io_bound(studio.store.flush, WRITE_SECONDS)
    refresh()


def _missing() -> None:
    with ui.element("div").classes("empty head"):
        tab_title("Not here")
        text("h1", "This pitch is not here")
        text("p", "It may have been deleted. Your other pitches are safe.", "soft")
        link("All pitches", "/pitches").classes("button")
