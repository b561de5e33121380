"""Words of one's own: which of them are fillers, whatever the lists say."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import RostrumError
from engine.exports.figures import sample, written
from engine.exports.naming import title
from ui.components.text import button, tab_title, text
from ui.pages.progress_plot import day

if TYPE_CHECKING:
    from engine.desk import Dossier
    from ui.studio import Studio

LONGEST, MOST = 40, 60
"""Characters of a phrase, and phrases of a list."""
AROUND = " \t\n.,;:!?…\"'“”‘’()[]"
SEARCHED = 20
"""Conversations among which the latest with something of the user's is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Phrases that count as fillers, and those that do not."""

    watch: tuple[str, ...]
    ignore: tuple[str, ...]

    def counting(self, phrase: str) -> Words:
        """`phrase` counts from now on."""
        return Words(watch=_with(self.watch, phrase), ignore=_without(self.ignore, phrase))

    def passing(self, phrase: str) -> Words:
        """`phrase` is let pass from now on."""
        return Words(watch=_without(self.watch, phrase), ignore=_with(self.ignore, phrase))

    def forgetting(self, phrase: str) -> Words:
        """`phrase` is judged as everybody's."""
        return Words(watch=_without(self.watch, phrase), ignore=_without(self.ignore, phrase))


def phrase_of(typed: str) -> str:
    """As it is compared: lower case, single spaces, nothing around it."""
    return " ".join(typed.split()).strip(AROUND).casefold()[:LONGEST]


class Editor:
    """Both lists, and what they do to the latest session."""

    def __init__(self, studio: Studio, latest: Dossier | None) -> None:
        self.studio = studio
        self.latest = latest
        watch, ignore = studio.desk.own_fillers()
        self.words = Words(watch=watch, ignore=ignore)
        self.refresh: Callable[[], object] = lambda: None

    async def change(self, words: Words) -> None:
        """Keep them, and measure the latest session again."""
        try:
            await asyncio.to_thread(self.studio.desk.set_own_fillers, words.watch, words.ignore)
            if self.latest is not None:
                self.latest = await asyncio.to_thread(self.studio.desk.dossier, self.latest.id)
        except RostrumError as error:
            ui.notify(str(error))
        else:
            self.words = words
        self.refresh()

    async def add(self, typed: str, put: Callable[[str], Words]) -> None:
        """Take in what was typed."""
        phrase = phrase_of(typed)
        if phrase:
            await self.change(put(phrase))


async def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("My words")
    meetings = await asyncio.to_thread(studio.store.archive.meetings, None, SEARCHED)
    spoken = next((meeting for meeting in meetings if meeting.turns), None)
    editor = Editor(studio, await asyncio.to_thread(studio.desk.dossier, spoken.id) if spoken else None)
    ui.link("Progress", "/progress").classes("back")
    with ui.element("div").classes("head meeting"), ui.element("div"):
        text("h1", "My words")
        text(
            "p", "Which of your words fill gaps is yours to say. Every number follows, in earlier sessions too.", "soft"
        )

    @ui.refreshable
    def content() -> None:
        _lists(editor)
        if editor.latest is not None:
            _latest(editor, editor.latest)

    editor.refresh = content.refresh
    with ui.element("div").classes("my-words"):
        content()
        text("p", "A report that is written already keeps its words; write it again on its page.", "faint")


def _lists(editor: Editor) -> None:
    words = editor.words
    with ui.element("div").classes("columns lists"):
        _list(
            editor,
            "Count as fillers",
            "Yours, beside um and uh: “to be honest”, “super”.",
            words.watch,
            words.counting,
        )
        _list(
            editor,
            "Let pass",
            "Said on purpose, or a name that sounds like one.",
            words.ignore,
            words.passing,
        )


def _list(editor: Editor, name: str, note: str, phrases: Sequence[str], put: Callable[[str], Words]) -> None:
    with ui.element("section").classes("part"):
        text("h2", name)
        text("p", note, "faint")
        with ui.element("ul").classes("phrases"):
            for phrase in phrases:
                with ui.element("li"):
                    text("span", phrase)
                    away = button("×", "away", lambda phrase=phrase: editor.change(editor.words.forgetting(phrase)))  # type: ignore[misc]
                    away.props["aria-label"] = f"Take “{phrase}” off the list"
        with ui.element("div").classes("adding writing"):
            field = ui.input(placeholder="A word or a phrase").props(f"borderless maxlength={LONGEST}")
            field.props["aria-label"] = f"{name}: a word or a phrase"
            field.on("keydown.enter", lambda: editor.add(str(field.value or ""), put))
            button("Add", "button", lambda: editor.add(str(field.value or ""), put))


def _latest(editor: Editor, dossier: Dossier) -> None:
    """What was counted in it, each word with its switch."""
    marks = dossier.analysis.marks
    counted = Counter(phrase_of(mark.text) for mark in marks if mark.layer == "filler")
    possible = Counter(phrase_of(mark.text) for mark in marks if mark.layer == "possible_filler")
    measure = dossier.analysis.measures.get("filler_percentage")
    with ui.element("section").classes("part heard"):
        text("h2", f"In your last session, {day(dossier.meeting.begun)}")
        with ui.element("p").classes("soft").props("role=status"):
            if measure is not None and measure.value is not None:
                text("b", f"{written(measure.value, measure.unit)} fillers", "number")
                text("span", f", from {sample(measure)}. ")
            ui.link(title(dossier), f"/report/{dossier.id}?tab=transcript")
        with ui.element("div").classes("columns"):
            _heard("Counted", counted, "Let pass", editor, editor.words.passing)
            _heard("Perhaps fillers, not counted", possible, "Count", editor, editor.words.counting)


def _heard(name: str, words: Mapping[str, int], verb: str, editor: Editor, put: Callable[[str], Words]) -> None:
    with ui.element("div").classes("entries"):
        text("h3", name)
        for phrase, count in sorted(words.items(), key=lambda pair: (-pair[1], pair[0])):
            with ui.element("div").classes("entry"):
                text("span", phrase, "grow")
                text("span", f"{count} ×", "number")
                act = button(verb, "quiet", lambda phrase=phrase: editor.change(put(phrase)))  # type: ignore[misc]
                act.props["aria-label"] = f"{verb}: {phrase}"
        if not words:
            text("p", "None.", "faint entry")


def _with(phrases: Sequence[str], phrase: str) -> tuple[str, ...]:
    return tuple([*_without(phrases, phrase), phrase][-MOST:])


def _without(phrases: Sequence[str], phrase: str) -> tuple[str, ...]:
    return tuple(each for each in phrases if each != phrase)
