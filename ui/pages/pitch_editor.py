"""Writing a pitch: its words, what the speaker knows beyond them, and the sentences as they will be spoken."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import BadInput, NotFound
from engine.sentences import split
from ui.components.text import button, counted, tab_title, text
from ui.pages import pace
from ui.pages.pitch_questions import PitchQuestions
from ui.pages.pitches import confirm_removal

if TYPE_CHECKING:
    from engine.records import Pitch
    from ui.studio import Studio

FIELDS = ("title", "text", "notes")
DEBOUNCE_MS = 250
SHOWN_SENTENCES = 400


class PitchEditor:
    """The form for one pitch, new (`pitch` None) or kept. What is typed is also kept by the browser until it is saved,
    so that neither a lost connection nor a restart of the server loses a word."""

    def __init__(self, studio: Studio, pitch: Pitch | None) -> None:
        self.store = studio.store
        self.studio = studio
        self.pitch = pitch
        self.fields: dict[str, ui.input] = {}
        self._head()
        with ui.element("div").classes("editor"):
            with ui.element("div").classes("fields"):
                self._field("title", "Title", "What you call it", "", area=False)
                self._field("text", "Pitch", "Paste or write what you want to say. Markdown is fine.", "script")
                self._field(
                    "notes",
                    "Notes and answers",
                    "What you know beyond the pitch: facts, prices, questions with their answers. "
                    "Answers are found here.",
                    "notes",
                )
                if pitch:
                    with ui.element("section").classes("asked-of"):
                        PitchQuestions(studio, pitch, editable=False)
            with (
                ui.element("section").classes("split").props("aria-label='Sentences as they will be spoken' tabindex=0")
            ):
                self.sentences = ui.html("", sanitize=True)
        self._savebar()
        self._show_sentences()

    def _head(self) -> None:
        with ui.element("div").classes("head"):
            text("h1", "Edit the pitch" if self.pitch else "Write a pitch")

    def _field(self, name: str, title: str, hint: str, classes: str, *, area: bool = True) -> None:
        value = getattr(self.pitch, name) if self.pitch else ""
        with ui.element("div").classes(f"writing {classes}"):
            label = text("label", title)
            make = ui.textarea if area else ui.input
            field = make(value=value, placeholder=hint, on_change=lambda: self._changed(name))
            field.props(f"borderless {'autogrow' if area else ''} debounce={DEBOUNCE_MS}")
            label.props["for"] = field.html_id
            remember = f"(event) => localStorage.setItem({json.dumps(self._key(name))}, event.target.value)"
            field.on("input", js_handler=remember)
            self.fields[name] = field

    def _savebar(self) -> None:
        with ui.element("div").classes("savebar"), ui.element("div"):
            button("Save and hear it" if not self.pitch else "Save", "button main", self.save)
            ui.link("Back", f"/pitch/{self.pitch.id}" if self.pitch else "/pitches").classes("quiet")
            self.status = text("p", "", "faint grow").props("role=status")
            if self.pitch:
                pitch = self.pitch
                button("Delete", "quiet", lambda: confirm_removal(self.studio, pitch, self._removed))

    # ---- what is typed

    def _changed(self, name: str) -> None:
        self.fields[name].error = None
        self.status.text = "Not saved yet. This browser keeps what you type."
        if name == "text":
            self._show_sentences()

    def _show_sentences(self) -> None:
        self.sentences.content = sentence_list(split(str(self.fields["text"].value or "")))

    def values(self) -> dict[str, str]:
        """What the form holds, by field."""
        return {name: str(field.value or "") for name, field in self.fields.items()}

    def save(self) -> None:
        """Keep the pitch and leave; a part that cannot be kept is marked, and nothing is lost."""
        values = self.values()
        if not values["title"].strip():
            values["title"] = _title(values["text"])
        try:
            pitch = self.pitch
            kept = self.store.change_pitch(pitch.id, **values) if pitch else self.store.add_pitch(**values)
        except NotFound:
            self.status.text = "This pitch was deleted elsewhere. Copy what you need, then write it as a new one."
        except BadInput as error:
            self._complain(str(error))
        else:
            self._forget_draft()
            ui.navigate.to(f"/pitch/{kept.id}?mark=1")

    def _complain(self, message: str) -> None:
        name, _, reason = message.partition(": ")
        if name in self.fields and reason:
            self.fields[name].error = reason[0].upper() + reason[1:] + "."
            self.fields[name].run_method("focus")
        self.status.text = "Not saved: see above." if name in self.fields else message

    def _removed(self) -> None:
        self._forget_draft()
        ui.navigate.to("/pitches")

    # ---- what the browser keeps

    def _key(self, name: str) -> str:
        return f"rostrum.draft.{self.pitch.id if self.pitch else 'new'}.{name}"

    def _forget_draft(self) -> None:
        keys = json.dumps([self._key(name) for name in FIELDS])
        ui.run_javascript(f"{keys}.forEach((key) => localStorage.removeItem(key))")

    async def restore(self) -> None:
        """Put back what was typed in this browser and never saved."""
        keys = json.dumps({name: self._key(name) for name in FIELDS})
        kept = await ui.run_javascript(
            f"Object.fromEntries(Object.entries({keys}).map(([name, key]) => [name, localStorage.getItem(key)]))"
        )
        changed = {name: value for name, value in kept.items() if value is not None and value != self.values()[name]}
        for name, value in changed.items():
            self.fields[name].value = value
        if changed:
            self.status.text = "Unsaved words from last time are back. Save to keep them."


async def build(studio: Studio, pitch_id: str | None) -> None:
    """The page's content, for a new pitch where `pitch_id` is None."""
    try:
        pitch = studio.store.pitch(pitch_id) if pitch_id else None
    except NotFound:
        with ui.element("div").classes("empty head"):
            text("h1", "This pitch is not here")
            text("p", "It may have been deleted.", "soft")
            ui.link("All pitches", "/pitches").classes("button")
        return
    tab_title(f"Edit {pitch.title}" if pitch else "Write a pitch")
    editor = PitchEditor(studio, pitch)
    await ui.context.client.connected()
    await editor.restore()


def sentence_list(sentences: list[str]) -> str:
    """The sentences with number and time, as HTML: one element however long the pitch is."""
    if not sentences:
        return "<p class='faint'>Your sentences appear here, one by one, as they will be spoken.</p>"
    total = pace.spoken(sum(map(pace.seconds, sentences)))
    rows = "".join(
        f"<li><i>{number}</i><span>{html.escape(sentence)}</span><i>{max(1, round(pace.seconds(sentence)))} s</i></li>"
        for number, sentence in enumerate(sentences[:SHOWN_SENTENCES], start=1)
    )
    more = len(sentences) - SHOWN_SENTENCES
    rest = f"<p class='faint'>and {more} more</p>" if more > 0 else ""
    return (
        f"<div class='count'><h2>{counted(len(sentences), 'sentence')}</h2>"
        f"<span class='soft'>about {total}</span></div><ol>{rows}</ol>{rest}"
    )


def _title(script: str) -> str:
    """A title for a pitch that was given none: its first words."""
    first = next(iter(split(script)), "Untitled")
    return " ".join(first.split()[:8]).rstrip(".,;:!?")
