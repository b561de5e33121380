"""Words of one's own: which of them are fillers, whatever the lists say."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import NotFound, RostrumError
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

    def easing(self, phrase: str) -> Words:
        """`phrase` is not counted: taken off the list that it is on, or else let pass."""
        return self.forgetting(phrase) if phrase in self.watch else self.passing(phrase)

    def forgetting(self, phrase: str) -> Words:
        """`phrase` is judged as everybody's."""
        return Words(watch=_without(self.watch, phrase), ignore=_without(self.ignore, phrase))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the two lists: what is `of` it, and how a phrase is `put` on it."""

    name: str
    note: str
    of: Callable[[Words], Sequence[str]]
    put: Callable[[Words, str], Words]


PARTS = (
    Part(
        name="Count as fillers",
        note="Yours, beside um and uh: “to be honest”, “super”.",
        of=lambda words: words.watch,
        put=Words.counting,
    ),
    Part(
        name="Let pass",
        note="Said on purpose, or a name that sounds like one.",
        of=lambda words: words.ignore,
        put=Words.passing,
    ),
)


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
        self._followers: list[Callable[[], object]] = []

    def follow(self, show: Callable[[], object]) -> None:
        """Call `show` whenever something changed."""
        self._followers.append(show)

    async def change(self, words: Words) -> None:
        """Keep them, and measure the latest session again."""
        try:
            await asyncio.to_thread(self.studio.desk.set_own_fillers, words.watch, words.ignore)
            self.words = words
            if self.latest is not None:
                self.latest = await asyncio.to_thread(self.studio.desk.dossier, self.latest.id)
        except NotFound:
            self.latest = None  # deleted in between
        except RostrumError as error:
            ui.notify(str(error))
        for show in self._followers:
            show()


async def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("My words")
    ui.link("Progress", "/progress").classes("back")
    with ui.element("div").classes("head meeting"), ui.element("div"):
        text("h1", "My words")
        text(
            "p", "Which of your words fill gaps is yours to say. Every number follows, in earlier sessions too.", "soft"
        )
    editor = Editor(studio, await _latest_of(studio))

    @ui.refreshable
    def heard() -> None:
        if editor.latest is not None:
            _latest(editor, editor.latest)

    with ui.element("div").classes("my-words"):
        with ui.element("div").classes("columns lists"):
            for part in PARTS:
                _list(editor, part)
        heard()
        editor.follow(heard.refresh)
        text("p", "A report that is written already keeps its words; write it again on its page.", "faint")


async def _latest_of(studio: Studio) -> Dossier | None:
    meetings = await asyncio.to_thread(studio.store.archive.meetings, None, SEARCHED)
    spoken = next((meeting for meeting in meetings if meeting.turns), None)
    return await asyncio.to_thread(studio.desk.dossier, spoken.id) if spoken else None


def _list(editor: Editor, part: Part) -> None:
    with ui.element("section").classes("part"):
        text("h2", part.name)
        text("p", part.note, "faint")

        @ui.refreshable
        def phrases() -> None:
            with ui.element("ul").classes("phrases"):
                for phrase in part.of(editor.words):
                    _phrase(editor, phrase)

        phrases()
        editor.follow(phrases.refresh)

        async def add() -> None:
            phrase = phrase_of(str(field.value or ""))
            field.value = ""
            if phrase:
                await editor.change(part.put(editor.words, phrase))

        with ui.element("div").classes("adding writing"):
            field = ui.input(placeholder="A word or a phrase").props(f"borderless maxlength={LONGEST}")
            field.props["aria-label"] = f"{part.name}: a word or a phrase"
            field.on("keydown.enter", add)
            button("Add", "button", add).props["aria-label"] = f"Add to “{part.name}”"


def _phrase(editor: Editor, phrase: str) -> None:
    with ui.element("li"):
        text("span", phrase)
        away = button("×", "away", lambda: editor.change(editor.words.forgetting(phrase)))
        away.props["aria-label"] = f"Take “{phrase}” off the list"


def _latest(editor: Editor, dossier: Dossier) -> None:
    """What was counted in it, each word with its switch."""
    words, measure = editor.words, dossier.analysis.measures.get("filler_percentage")
    with ui.element("section").classes("part heard"):
        text("h2", f"In your last session, {day(dossier.meeting.begun)}")
        with ui.element("p").classes("soft").props("role=status"):
            if measure is not None and measure.value is not None:
                text("b", f"{written(measure.value, measure.unit)} fillers", "number")
                text("span", f", from {sample(measure)}. ")
            ui.link(title(dossier), f"/report/{dossier.id}?tab=transcript")
        with ui.element("div").classes("columns"):
            counted = _said(dossier, "filler")
            _heard("Counted", counted, "Let pass", editor, words.easing)
            possible = _said(dossier, "possible_filler")
            _heard("Perhaps fillers, not counted", possible, "Count", editor, words.counting)


def _said(dossier: Dossier, layer: str) -> Counter[str]:
    """What was said how often, of what is marked so; hesitations that nobody wrote down have no word."""
    marks = (mark for mark in dossier.analysis.marks if mark.layer == layer and not mark.text.startswith("["))
    return Counter(phrase_of(mark.text) for mark in marks)


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
