"""A pitch on stage: the voice link does the speaking, this page keeps the questions beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.errors import NotFound
from ui.components.text import button, tab_title, text
from ui.components.voice_link import VoiceLink

if TYPE_CHECKING:
    from engine.records import Pitch, Question
    from ui.studio import Studio

SHOWN_QUESTIONS = 20
WRITE_SECONDS = 1.0
"""How long a question that was just asked may take to reach the disk before the list is drawn without it."""


def build(studio: Studio, pitch_id: str, play: str, mark: str) -> None:
    """The page's content; `play` not empty begins at once, `mark` is the sentence to begin at (from 1)."""
    try:
        pitch = studio.store.pitch(pitch_id)
    except NotFound:
        return _missing()
    tab_title(pitch.title)
    with ui.element("div").classes("player"):
        with ui.element("div").classes("bar"):
            text("h1", pitch.title, "grow")
            ui.link("Rehearse", f"/rehearse/{pitch.id}").classes("quiet")
            ui.link("Edit", f"/pitches/{pitch.id}/edit").classes("quiet")
        VoiceLink(
            pitch=pitch.id,
            sentences=[sentence.text for sentence in pitch.sentences],
            mark=place(studio, pitch, mark),
            autoplay=bool(play),
            on_question=lambda: _later(studio, questions.refresh),
        )

        @ui.refreshable
        def questions() -> None:
            _questions(studio, pitch, questions.refresh)

        with ui.element("aside").props("aria-label='Questions asked'"):
            questions()
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


def _questions(studio: Studio, pitch: Pitch, refresh: Callable[[], object]) -> None:
    try:
        asked = studio.store.questions(pitch.id)[:SHOWN_QUESTIONS]
    except NotFound:
        return
    text("h2", "Questions")
    if not asked:
        text(
            "p",
            "Ask while it plays. Every question is kept here, and those without an answer are yours to prepare.",
            "faint group",
        )
    for heading, answered in (("To prepare", False), ("Answered", True)):
        some = [question for question in asked if question.answered is answered]
        if some:
            text("p", f"{heading}, {len(some)}", "group")
        for question in some:
            _question(studio, question, refresh)


def _question(studio: Studio, question: Question, refresh: Callable[[], object]) -> None:
    def forget() -> None:
        try:
            studio.store.remove_question(question.id)
        except NotFound:
            ui.notify("It was removed already.")
        refresh()

    with ui.element("details").classes("asked"):
        with ui.element("summary"):
            text("span", "✓" if question.answered else "?", f"sign {'done' if question.answered else ''}").props(
                "aria-hidden=true"
            )
            text("span", question.text)
        text("p", question.answer or "Nothing in the pitch or its notes answers this.", "answer")
        if not question.answered:
            ui.link("Write an answer", f"/pitches/{question.pitch}/edit").classes("quiet")
        button("Remove", "quiet", forget)


def _missing() -> None:
    with ui.element("div").classes("empty head"):
        tab_title("Not here")
        text("h1", "This pitch is not here")
        text("p", "It may have been deleted. Your other pitches are safe.", "soft")
        ui.link("All pitches", "/pitches").classes("button")
