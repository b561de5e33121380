"""Before a coached session: what it is for, how to be coached, and what to say to the other person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.bands import MODES
from ui.components.choice import Choice
from ui.components.text import Text, button, tab_title, text, when
from ui.pages import coach_setup, pace
from ui.pages.coach_goal import GoalHelp
from ui.pages.coach_setup import CHECKED, CUES, EXAMPLES, Example

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.studio import Studio

SHOWN_SESSIONS = 3
LONGEST = 1000
"""Characters of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field of the form. `rows`: an area, not a line."""

    name: str
    title: str
    hint: str
    rows: bool = False


SITUATION = (
    Part(name="context", title="The situation", hint="Where you are, and what for", rows=True),
    Part(name="goal", title="Your goal", hint="How you want to come across, or what you want to get", rows=True),
)
WHO = (
    Part(name="user_name", title="Your name", hint="Alex"),
    Part(name="participants", title="Talking with", hint="Maya, runs a lab"),
    Part(name="tone", title="Tone", hint="Warm and direct"),
)
SWITCHES = (
    (
        "fluency",
        "Nothing about fluency",
        "No cues about fillers, pauses or pace: for those who stammer, or like their pauses.",
    ),
    (
        "record",
        "Keep a recording",
        "To hear any moment again in your report. Stays on this machine until you delete it.",
    ),
)


class CoachForm:
    """The form: `setup` is what it holds."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.setup = coach_setup.last(studio)
        self.fields: dict[str, ui.input] = {}
        with ui.element("div").classes("coach-form"):
            with ui.element("div").classes("fields"):
                self._situation()
            with ui.element("aside").classes("fields"):
                self._manner()
        self._savebar()

    # ---- its parts

    def _situation(self) -> None:
        with ui.element("div").classes("examples").props('role=group aria-label="Examples to start from"'):
            text("span", "Start from", "faint")
            for example in EXAMPLES:
                button(example.name, "chip", lambda example=example: self.take(example))  # type: ignore[misc]
        for part in SITUATION:
            self._field(part)
        self.goal = GoalHelp(lambda: self.setup.goal, self.fields["goal"].set_value)
        with ui.element("div").classes("trio"):
            for part in WHO:
                self._field(part)
        with ui.element("div").classes("writing"):
            label = text("span", "Kind of conversation", "title")
            self.mode = self._choice({id: mode.label for id, mode in MODES.items()}, "mode", label)

    def _manner(self) -> None:
        with ui.element("div").classes("writing"):
            label = text("span", "Cues while you talk", "title")
            self._choice(CUES, "cues", label)
            self.cues_note = text("p", "", "faint")
        with ui.element("div").classes("writing"):
            label = text("span", "Where they come", "title")
            where = Choice({False: "On the screen", True: "In my ear, too"}, value=self.setup.ear, title=label)
            where.on_value_change(lambda event: self.change(ear=bool(event.value)))
            self.ear_note = text("p", "", "faint")
        with ui.element("div").classes("switches"):
            for name, words, note in SWITCHES:
                self._switch(name, words, note)
        with ui.element("section").classes("consent"):
            text("h2", "Say this first")
            self.consent = text("p", "")
        self._tell()

    def _field(self, part: Part) -> None:
        with ui.element("div").classes("writing area" if part.rows else "writing"):
            label = text("label", part.title)
            make = ui.textarea if part.rows else ui.input
            field = make(value=getattr(self.setup, part.name), placeholder=part.hint)
            field.props(f"borderless maxlength={LONGEST} {'autogrow' if part.rows else ''}")
            field.on_value_change(lambda event: self.change(**{part.name: str(event.value or "").strip()}))
            label.props["for"] = field.html_id
            self.fields[part.name] = field

    def _choice(self, options: Mapping[str, str], name: str, title: Text) -> Choice:
        choice = Choice(options, value=getattr(self.setup, name), title=title)
        choice.on_value_change(lambda event: self.change(**{name: event.value}))
        return choice

    def _switch(self, name: str, words: str, note: str) -> None:
        with ui.element("div"):
            switch = ui.switch(words, value=getattr(self.setup, name)).props("dense")
            switch.on_value_change(lambda event: self.change(**{name: bool(event.value)}))
            text("p", note, "faint")

    def _savebar(self) -> None:
        checked = bool(self.studio.store.preference(CHECKED))
        with ui.element("div").classes("savebar"), ui.element("div"):
            if checked:
                button("Start", "button main", self.start)
                button("Check the sound", "quiet", self.check)
            else:
                button("Check and start", "button main", self.check)
                button("Start without a check", "quiet", self.start)
            self.status = text("p", "", "faint grow").props("role=status")

    # ---- what happens

    def change(self, **values: str | bool) -> None:
        """Take in what was typed, chosen or switched."""
        self.setup = replace(self.setup, **values)  # type: ignore[arg-type]
        self._tell()
        if "goal" in values:
            self.goal.tell()

    def take(self, example: Example) -> None:
        """Fill in an example; the name stays."""
        for name in ("context", "goal", "participants", "tone"):
            self.fields[name].value = getattr(example, name)
        self.mode.value = example.mode

    def _tell(self) -> None:
        notes = {
            "calm": "One short line, at most every 45 seconds, and none while all is well.",
            "normal": "One short line, at most every 20 seconds, and none while all is well.",
            "off": "Nothing comes by itself. “Help me” always answers.",
        }
        self.cues_note.text = notes[self.setup.cues]
        self.ear_note.text = (
            "Two to four words, whispered in a pause. Wear headphones, or the other person hears them too."
            if self.setup.ear
            else "Silent. Lay the phone where you can glance at it."
        )
        words = coach_setup.consent(self.studio.about(), record=self.setup.record)
        self.consent.text = f"“{words}”"

    def check(self) -> None:
        """Go on to the check of the sound, which begins the session."""
        coach_setup.keep(self.studio, self.setup)
        ui.navigate.to("/coach/check")

    def start(self) -> None:
        """Begin the session."""
        coach_setup.keep(self.studio, self.setup)
        ui.navigate.to(f"/coach/{coach_setup.begin(self.studio, self.setup)}?start=1")


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("Coach")
    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", "What are you going into?")
        text(
            "p",
            "Talk with somebody. Rostrum listens, shows you one short cue when it helps, and tells you afterwards"
            " what worked.",
            "soft",
        )
    CoachForm(studio)
    _sessions(studio)


def _sessions(studio: Studio) -> None:
    past = studio.store.archive.meetings("coach", limit=SHOWN_SESSIONS)
    if not past:
        return
    with ui.element("section").classes("part coach-past"):
        text("h2", "Last sessions")
        with ui.element("div").classes("entries"):
            for meeting in past:
                with ui.element("div").classes("entry"):
                    with ui.element("div").classes("grow"):
                        ui.link(meeting.title, f"/report/{meeting.id}")
                        text("p", when(meeting.begun, datetime.now(meeting.begun.tzinfo)), "faint")
                    text("p", pace.spoken(meeting.seconds), "number")
                    if not meeting.finished:
                        ui.link("Go on", f"/coach/{meeting.id}?start=1")
