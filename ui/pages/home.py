"""Home: one thing to begin with, and below it what was left and what to prepare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from nicegui import ui

from engine.personas import PARTNER
from engine.progress import kinds
from ui import icons
from ui.components.text import counted, link, tab_title, text, when
from ui.i18n import own, t
from ui.pages import pace
from ui.pages.history import name, read
from ui.pages.telling import focuses, tellings

if TYPE_CHECKING:
    from engine.progress import Focus
    from engine.records import Meeting, PastMeeting, Persona, Pitch, Question
    from ui.pages.telling import Telling
    from ui.studio import Studio

SHOWN_MEETINGS, SHOWN_QUESTIONS = 5, 5
SEARCHED_MEETINGS = 40
"""Opening a pitch without playing it begins a meeting too; those are passed over."""
SEARCHED_PITCHES = 20
"""Pitches whose questions are looked at, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The one large control: what it says, and where it leads."""

    title: str
    lead: str
    action: str
    detail: str
    target: str
    pitch: Pitch | None = None
    mark: int = 1


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title()
    summaries = studio.store.sessions.summaries()
    pitches = {pitch.id: pitch for pitch in studio.store.pitches()}
    meetings = [meeting for meeting in studio.store.meetings(limit=SEARCHED_MEETINGS) if _heard(meeting, pitches)]
    _hero(beginning(pitches, meetings), studio.store.people.persona(PARTNER))
    kind = next(((mode, heard) for mode, heard, _ in kinds(summaries)), ("", ""))
    _focus(focuses(summaries).get(kind))
    open_questions = list(islice(_unanswered(studio, pitches), SHOWN_QUESTIONS))
    past = studio.store.archive.meetings(limit=SHOWN_MEETINGS)
    if past or open_questions:
        with ui.element("div").classes("columns"):
            _sessions(pitches, past, tellings(summaries))
            _to_prepare(pitches, open_questions)


def beginning(pitches: dict[str, Pitch], meetings: list[Meeting]) -> Beginning:
    """What to offer first: the pitch that was left, the latest one again, the first one to hear, or to write one."""
    lead = t("Rostrum speaks your pitch. Cut in with a question, and it answers from your own notes, then goes on.")
    if meetings:
        return _again(pitches[meetings[0].pitch or ""], meetings[0])
    if pitches:
        pitch = list(pitches.values())[-1]
        duration = pace.spoken(sum(pace.seconds(sentence.text) for sentence in pitch.sentences))
        return Beginning(
            title=t("Hear your pitch the way others will."),
            lead=lead,
            action=t("Hear the sample pitch") if len(pitches) == 1 else t("Hear “{title}”", title=pitch.title),
            detail=t("About {duration}. Interrupt whenever you like.", duration=duration),
            target=f"/pitch/{pitch.id}?play=1&mark=1",
            pitch=pitch,
        )
    return Beginning(
        title=t("Hear your pitch the way others will."),
        lead=lead,
        action=t("Write your pitch"),
        detail=t("Paste what you have: plain text or Markdown."),
        target="/pitches/new",
    )


def _again(pitch: Pitch, meeting: Meeting) -> Beginning:
    total = len(pitch.sentences)
    left = meeting.mark is not None and 1 < meeting.mark <= total and not meeting.finished
    mark = meeting.mark if meeting.mark and left else 1
    return Beginning(
        title=t("Pick up where you left off.") if left else t("Once more, with feeling."),
        lead=t("You were at sentence {mark} of {total} in “{title}”.", mark=mark, total=total, title=pitch.title)
        if left
        else t(
            "You last heard “{title}”. Interrupt it this time: ask what your audience would ask.", title=pitch.title
        ),
        action=t("Carry on") if left else t("Hear it again"),
        detail=t("From sentence {mark}", mark=mark) if left else counted(total, "sentence"),
        target=f"/pitch/{pitch.id}?play=1&mark={mark}",
        pitch=pitch,
        mark=mark,
    )


def _heard(meeting: Meeting, pitches: dict[str, Pitch]) -> bool:
    return meeting.pitch in pitches and (meeting.finished or meeting.mark is not None)


def _hero(offer: Beginning, partner: Persona) -> None:
    with ui.element("section").classes("hero"):
        with ui.element("div").classes("offer"):
            text("h1", own(offer.title))
            text("p", own(offer.lead), "lead")
            with ui.element("div").classes("ways"):
                with ui.link(target=offer.target).classes("begin"):
                    with ui.element("span").classes("disc").props("aria-hidden=true"):
                        ui.element("span").classes("triangle")
                    with ui.element("span").classes("words"):
                        text("b", own(offer.action))
                        text("span", own(offer.detail))
                with ui.link(target=f"/talk/{partner.id}?start=1").classes("begin other"):
                    with ui.element("span").classes("disc").props("aria-hidden=true"):
                        ui.html(icons.svg("microphone"), sanitize=False)
                    with ui.element("span").classes("words"):
                        text("b", t("Talk with {name}", name=partner.name))
                        text("span", "Say something, and be answered.")
                with ui.link(target="/coach").classes("begin other"):
                    with ui.element("span").classes("disc").props("aria-hidden=true"):
                        ui.html(icons.svg("ear"), sanitize=False)
                    with ui.element("span").classes("words"):
                        text("b", "Take a coach along")
                        text("span", "One short cue while you talk with somebody.")
            with ui.element("p").classes("others"):
                if offer.pitch:
                    link("Rehearse it yourself", f"/rehearse/{offer.pitch.id}")
                    link("Write your own pitch", "/pitches/new")
                link("Talk with somebody else", "/talk")
        if offer.pitch:
            _glimpse(offer.pitch, offer.mark, offer.target)


def _glimpse(pitch: Pitch, mark: int, target: str) -> None:
    """A look at the stage: the sentence that will sound first, and its neighbours."""
    with ui.link(target=target).classes("glimpse").props("aria-hidden=true tabindex=-1"):
        for sentence in pitch.sentences[max(0, mark - 2) : mark + 2]:
            text("b" if sentence.index == mark else "span", own(sentence.text))


def _focus(focus: Focus | None) -> None:
    """What to look after this week, in one sentence."""
    if focus is None:
        return
    with ui.element("section").classes("this-week"):
        with ui.element("p"):
            text("b", "The focus of the week", "eyebrow")
            text("span", own(focus.text))
        link("Your progress", "/progress").classes("button")


def _sessions(pitches: dict[str, Pitch], meetings: list[PastMeeting], told: Mapping[str, Telling]) -> None:
    with ui.element("section").classes("part"):
        text("h2", "Last sessions")
        with ui.element("div").classes("entries"):
            for meeting in meetings:
                with ui.element("div").classes("entry"):
                    with ui.element("div").classes("grow"):
                        ui.link(t(name(meeting)), read(meeting))
                        text("p", own(when(meeting.begun, datetime.now(meeting.begun.tzinfo))), "faint")
                    if meeting.id in told:
                        with ui.link(target=f"/report/{meeting.id}").classes("telling"):
                            text("b", own(told[meeting.id].value), "number")
                            text("span", told[meeting.id].name)
                    else:
                        text("p", own(far(pitches.get(meeting.pitch or ""), meeting)), "number")
        if not meetings:
            text("p", "Nothing heard yet.", "faint entry")


def far(pitch: Pitch | None, meeting: PastMeeting) -> str:
    """The one number of a session in which nothing was measured: how often you spoke, or how far it came."""
    if meeting.scenario != "pitch":
        return counted(meeting.turns, "turn") if meeting.turns else pace.spoken(meeting.seconds)
    if meeting.turns:
        return counted(meeting.turns, "question")
    if meeting.finished or not pitch:
        return t("heard to the end") if meeting.finished else pace.spoken(meeting.seconds)
    come = max(0, (meeting.mark or 1) - 1)
    return t("{come} of {all}", come=come, all=counted(len(pitch.sentences), "sentence"))


def _to_prepare(pitches: dict[str, Pitch], questions: list[Question]) -> None:
    with ui.element("section").classes("part"):
        text("h2", "Questions to prepare")
        with ui.element("div").classes("entries"):
            for question in questions:
                with ui.element("div").classes("entry"):
                    with ui.element("div").classes("grow"):
                        text("p", own(question.text))
                        text("p", own(pitches[question.pitch].title), "faint")
                    link("Write an answer", f"/pitches/{question.pitch}/edit")
        if not questions:
            text("p", "None open. Questions that your notes cannot answer are kept here.", "faint entry")


def _unanswered(studio: Studio, pitches: dict[str, Pitch]) -> Iterator[Question]:
    for pitch in islice(pitches, SEARCHED_PITCHES):
        yield from (question for question in studio.store.questions(pitch) if not question.answered)
