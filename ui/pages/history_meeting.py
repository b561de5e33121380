"""One past conversation: what was said, to read and, where it was recorded, to hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.errors import NotFound
from engine.exports.cost import told as cost_of
from engine.transcript import clock, speaker
from ui.components.confirm import confirm
from ui.components.text import button, tab_title, text, when
from ui.pages.history import name, told

if TYPE_CHECKING:
    from engine.records import PastMeeting, Question, TranscriptLine
    from ui.studio import Studio

ANSWERED_WITHIN = timedelta(minutes=1)
"""How long after the last line a question may have been written down."""
HEAR = """() => {
    const sound = document.querySelector("audio.sound");
    sound.currentTime = %s;
    sound.play();
}"""
FOLLOW = """(event) => {
    const now = event.target.currentTime;
    for (const line of document.querySelectorAll(".said .line"))
        line.classList.toggle("now", now >= Number(line.dataset.from) && now < Number(line.dataset.to));
}"""
"""While it sounds, the line that is heard stands out."""
UNHEARD = """(event) => {
    const sound = event.target;
    if (sound.dataset.again) return sound.parentElement.classList.add("broken");
    sound.dataset.again = "yes";
    setTimeout(() => sound.load(), 1500);
}"""
"""Of a talk that has just ended the sound is there a moment later."""


def build(studio: Studio, id: str) -> None:
    """The page's content."""

    @ui.refreshable
    def content() -> None:
        _content(studio, id, content.refresh)

    content()


def _content(studio: Studio, id: str, refresh: Callable[[], object]) -> None:
    try:
        meeting = studio.store.archive.meeting(id)
        lines = studio.store.lines(id)
    except NotFound:
        return _missing()
    tab_title(f"{name(meeting)}, {when(meeting.begun, datetime.now().astimezone())}")
    asked = _asked(studio, meeting)
    ui.link("History", "/history").classes("back")
    with ui.element("div").classes("head meeting"):
        with ui.element("div"):
            text("h1", name(meeting))
            text("p", f"{when(meeting.begun, datetime.now().astimezone())}. {told(meeting)}.", "soft")
            if cost := cost_of(studio.store.bills.of(id)):
                text("p", f"{cost}.", "faint")
        with ui.element("div").classes("onward"):
            if lines:
                ui.link("Report", f"/report/{id}").classes("button")
            _onward(studio, meeting)
    with ui.element("div").classes("reading" if asked else "reading alone"):
        with ui.element("ol").classes("said"):
            for _, some in groupby(lines, key=lambda line: (line.speaker, isinstance(line.mark, int))):
                _turn(meeting, list(some))
        if not lines:
            text("p", "Nothing was said.", "soft")
        if asked:
            _questions(asked)
    if meeting.recorded:
        _sound(meeting)
    _acts(studio, meeting, refresh)
    return None


def _turn(meeting: PastMeeting, lines: Sequence[TranscriptLine]) -> None:
    with ui.element("li").classes("you" if lines[0].speaker == "user" else ""):
        text("b", speaker(meeting, lines[0]))
        with ui.element("p"):
            for line in lines:
                _line(meeting, line)
                text("span", " ")
        text("span", clock(lines[0].start), "number faint")


def _line(meeting: PastMeeting, line: TranscriptLine) -> None:
    if meeting.recorded:
        words = text("span", line.text, "line").props(
            f'role=button tabindex=0 title="Hear it from {clock(line.start)}"'
        )
        words.props(f"data-from={line.start:.2f} data-to={line.end:.2f}")
        for event in ("click", "keydown.enter", "keydown.space.prevent"):
            words.on(event, js_handler=HEAR % f"{line.start:.2f}")
    else:
        text("span", line.text, "line")
    if line.interrupted:
        text("i", "cut off", "cut")


def _sound(meeting: PastMeeting) -> None:
    with ui.element("div").classes("hearing"):
        audio = ui.element("audio").classes("sound")
        audio.props(f'controls preload=metadata src="/api/v1/meetings/{meeting.id}/audio"')
        audio.props('aria-label="The recording, you on the left"')
        audio.on("timeupdate", js_handler=FOLLOW)
        audio.on("error", js_handler=UNHEARD)
        text(
            "p", "The recording cannot be played. It may have been deleted, or the talk may still be going on.", "faint"
        )


def _onward(studio: Studio, meeting: PastMeeting) -> None:
    """The way back into it, where there still is one."""
    if meeting.pitch:
        ui.link("Hear it again", f"/pitch/{meeting.pitch}").classes("button main")
    elif meeting.persona:
        try:
            studio.store.people.persona(meeting.persona)
        except NotFound:
            return
        ui.link("Talk again", f"/talk/{meeting.persona}").classes("button main")


def _asked(studio: Studio, meeting: PastMeeting) -> list[Question]:
    """The questions about the pitch that were asked then, in their order."""
    if not meeting.pitch:
        return []
    until = meeting.begun + timedelta(seconds=meeting.seconds) + ANSWERED_WITHIN
    asked = [question for question in studio.store.questions(meeting.pitch) if meeting.begun <= question.asked <= until]
    return asked[::-1]


def _questions(asked: Sequence[Question]) -> None:
    with ui.element("aside").props('aria-label="Questions asked"'):
        text("h2", "Questions asked")
        for question in asked:
            with ui.element("details").classes("asked"):
                with ui.element("summary"):
                    sign = text(
                        "span", "✓" if question.answered else "?", f"sign {'done' if question.answered else ''}"
                    )
                    sign.props("aria-hidden=true")
                    text("span", question.text)
                text("p", question.answer or "Nothing in the pitch or its notes answers this.", "answer")
                if not question.answered:
                    ui.link("Write an answer", f"/pitches/{question.pitch}/edit").classes("quiet")


def _acts(studio: Studio, meeting: PastMeeting, refresh: Callable[[], object]) -> None:
    address, file = f"/api/v1/meetings/{meeting.id}", f"rostrum-{meeting.begun.astimezone():%Y-%m-%d-%H%M}"
    with ui.element("div").classes("kept"):
        with ui.element("div"):
            ui.link("Save the transcript", f"{address}/transcript.txt").props(f"download={file}.txt").classes("quiet")
            if meeting.recorded:
                ui.link("Save the recording", f"{address}/audio").props(f"download={file}.ogg").classes("quiet")
        with ui.element("div"):
            if meeting.recorded:
                button("Delete the recording", "quiet", lambda: _delete_recording(studio, meeting, refresh))
            button("Delete the conversation", "quiet", lambda: _delete(studio, meeting))


def _delete_recording(studio: Studio, meeting: PastMeeting, refresh: Callable[[], object]) -> None:
    async def then() -> None:
        try:
            await run.io_bound(studio.store.archive.remove_recording, meeting.id)
        except NotFound:
            ui.notify("It was deleted already.")
        refresh()

    confirm(
        "Delete the recording?",
        "Nobody can hear it any more, and that cannot be undone. What was said stays, to read.",
        keep="Keep it",
        delete="Delete it",
        then=then,
    )


def _delete(studio: Studio, meeting: PastMeeting) -> None:
    async def then() -> None:
        try:
            await run.io_bound(studio.store.archive.remove, meeting.id)
        except NotFound:
            ui.notify("It was deleted already.")
        ui.navigate.to("/history")

    also = " and its recording" if meeting.recorded else ""
    stay = " The questions stay with the pitch." if meeting.pitch else ""
    confirm(
        "Delete this conversation?",
        f"Its transcript{also} will be gone, and that cannot be undone.{stay}",
        keep="Keep it",
        delete="Delete it",
        then=then,
    )


def _missing() -> None:
    with ui.element("div").classes("empty head"):
        tab_title("Not here")
        text("h1", "This conversation is not here")
        text("p", "It may have been deleted, or nothing was said in it.", "soft")
        ui.link("All conversations", "/history").classes("button")
