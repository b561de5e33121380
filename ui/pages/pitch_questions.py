"""The questions about a pitch: those to prepare for, those that were asked, and those that it gives reason to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from engine import asking
from engine.errors import NotFound
from ui.components.text import button, link, text
from ui.i18n import own, t

if TYPE_CHECKING:
    from engine.records import Pitch, Question
    from ui.studio import Studio

SHOWN = 20
EMPTY = "Ask while it plays. Every question is kept here, and those without an answer are yours to prepare."


class PitchQuestions:
    """The list. `editable`: there is a link to where an answer is written."""

    def __init__(self, studio: Studio, pitch: Pitch, *, editable: bool = True) -> None:
        self.studio, self.pitch, self.editable = studio, pitch, editable
        self.finding = False
        self.shown = ui.refreshable(self._list)
        self.shown()

    def refresh(self) -> None:
        self.shown.refresh()

    async def find(self) -> None:
        """Find what the pitch gives reason to ask; a second or two, and longer with a language model."""
        if self.finding:
            return
        self.finding = True
        self.refresh()
        before = self._generated()
        try:
            await self.studio.find_follow_ups(self.pitch.id)
            if not self._generated():
                ui.notify(t("Nothing more to ask was found: your notes answer what it looks for."))
            elif before == self._generated():
                ui.notify(t("The same questions as before."))
        except NotFound:
            ui.notify(t("This pitch was deleted elsewhere."))
        finally:
            self.finding = False
            self.refresh()

    def _generated(self) -> list[str]:
        try:
            return [one.text for one in self.studio.store.questions(self.pitch.id) if one.generated]
        except NotFound:
            return []

    def _list(self) -> None:
        try:
            asked = self.studio.store.questions(self.pitch.id)[:SHOWN]
        except NotFound:
            return
        text("h2", "Questions")
        if not asked:
            text("p", EMPTY, "faint group")
        groups = (
            ("To prepare", [one for one in asked if not one.answered and not one.generated]),
            ("They may ask", [one for one in asked if one.generated and not one.answered]),
            ("Answered", [one for one in asked if one.answered]),
        )
        for heading, some in groups:
            if some:
                text("p", own(f"{t(heading)}, {len(some)}"), "group")
            for question in some:
                self._question(question)
        again = any(one.generated for one in asked)
        words = "Looking…" if self.finding else "Look again" if again else "What may they ask?"
        find = button(words, "button find-questions", self.find)
        find.props("disabled" if self.finding else "")
        if not again:
            text("p", "Finds numbers without a source, large claims, hard words, and what is missing.", "faint")

    def _question(self, question: Question) -> None:
        sign = "✓" if question.answered else "!" if question.generated else "?"
        with ui.element("details").classes("asked"):
            with ui.element("summary"):
                text("span", sign, f"sign {'done' if question.answered else ''}").props("aria-hidden=true")
                text("span", own(question.text))
            if question.generated:
                text("p", own(question.why), "answer")
                text("q", own(question.sentence), "faint from")
            else:
                text("p", own(question.answer) or "Nothing in the pitch or its notes answers this.", "answer")
            with ui.element("div").classes("acts"):
                if not question.answered:
                    link("Ask me this", f"/talk/{asking.id_of(question)}?start=1").classes("quiet")
                    if self.editable:
                        link("Write an answer", f"/pitches/{question.pitch}/edit").classes("quiet")
                button("Dismiss" if question.generated else "Remove", "quiet", lambda: self._forget(question))

    def _forget(self, question: Question) -> None:
        try:
            self.studio.store.remove_question(question.id)
        except NotFound:
            ui.notify(t("It was removed already."))
        self.refresh()
