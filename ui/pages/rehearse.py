"""Before a take: how long it may be, whether it is recorded, and the takes there are of this pitch."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from nicegui import ui

from engine.errors import NotFound
from engine.rehearsal.budget import LONGEST, SHORTEST, USUAL, proposed
from ui.components.confirm import confirm
from ui.components.text import button, tab_title, text, when
from ui.pages.takes import minutes, missing_pitch, telling

if TYPE_CHECKING:
    from engine.records import Pitch
    from engine.rehearsal.reviews import Reviewing
    from ui.studio import Studio

SHOWN_TAKES = 12
LENGTHS = "rehearse.lengths"
"""Preference: the length that was asked for last, by pitch."""
CLOCK = re.compile(r"\s*(?:(\d{1,2}):)?(\d{1,4})\s*")


async def build(studio: Studio, pitch_id: str) -> None:
    """The page's content."""
    try:
        pitch = studio.store.pitch(pitch_id)
    except NotFound:
        return missing_pitch()
    tab_title(f"Rehearse {pitch.title}")
    ui.link("Pitches", "/pitches").classes("back")
    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", f"Rehearse “{pitch.title}”")
        text(
            "p",
            "Deliver it yourself. The prompter follows your voice; afterwards you see what you said, skipped, changed"
            " and added, and how long each sentence took.",
            "soft",
        )
    _Form(studio, pitch)
    waiting = text("p", "Looking at your takes …", "faint")

    @ui.refreshable
    async def takes() -> None:
        _takes(studio, await asyncio.to_thread(studio.reviews.past, pitch.id, SHOWN_TAKES), takes.refresh)

    await takes()
    waiting.delete()
    return None


class _Form:
    """The length, the recording, and the beginning."""

    def __init__(self, studio: Studio, pitch: Pitch) -> None:
        self.studio, self.pitch = studio, pitch
        usual = proposed([sentence.text for sentence in pitch.sentences])
        kept = studio.store.preference(LENGTHS, {}).get(pitch.id)
        with ui.element("div").classes("rehearse-form"):
            with ui.element("div").classes("writing"):
                label = text("label", "It should take", "title")
                self.length = ui.input(value=minutes(kept or usual), placeholder="1:30")
                self.length.props("borderless maxlength=7 inputmode=numeric").on("keydown.enter", self.start)
                label.props["for"] = self.length.html_id
                text("p", f"Minutes and seconds. At {USUAL:.0f} words a minute it takes {minutes(usual)}.", "faint")
            with ui.element("div").classes("switches"), ui.element("div"):
                self.record = ui.switch("Keep a recording", value=False).props("dense")
                text(
                    "p",
                    "To hear any sentence of this take again. Stays on this machine until you delete it.",
                    "faint",
                )
            with ui.element("div").classes("onward"):
                button("Start", "button main", self.start)
                self.status = text("p", "", "danger").props("role=alert")

    def start(self) -> None:
        """Begin a take."""
        seconds = read_length(self.length.value or "")
        if seconds is None:
            self.status.text = f"Write a length such as 1:30, from {minutes(SHORTEST)} to {minutes(LONGEST)}."
            return
        self.studio.store.set_preference(LENGTHS, {**self.studio.store.preference(LENGTHS, {}), self.pitch.id: seconds})
        take = self.studio.store.takes.begin(
            str(uuid.uuid4()), self.pitch, budget=seconds, record=bool(self.record.value)
        )
        ui.navigate.to(f"/rehearse/{self.pitch.id}/{take.id}?start=1")


def read_length(written: str) -> float | None:
    """Seconds of "1:30" or "90"; None where it is no length that can be asked for."""
    found = CLOCK.fullmatch(written)
    if not found:
        return None
    seconds = 60.0 * int(found[1] or 0) + int(found[2])
    return seconds if SHORTEST <= seconds <= LONGEST else None


def _takes(studio: Studio, takes: Sequence[Reviewing], refresh: Callable[[], object]) -> None:
    with ui.element("section").classes("part"):
        text("h2", "Takes")
        if not takes:
            text("p", "None yet. The first one is only for you to see where you stand.", "faint entry")
            return
        with ui.element("div").classes("entries"):
            for take, before in pairwise([*takes, None]):
                assert take is not None
                _entry(studio, take, before, refresh)


def _entry(studio: Studio, take: Reviewing, before: Reviewing | None, refresh: Callable[[], object]) -> None:
    meeting, now = take.meeting, datetime.now().astimezone()
    with ui.element("div").classes("entry take"):
        with ui.element("div").classes("grow"):
            ui.link(when(meeting.begun, now), f"/takes/{meeting.id}")
            also = ", recorded" if meeting.recorded else ""
            text("p", f"{minutes(take.review.took)} of {minutes(take.review.budget)}{also}", "faint")
        text("p", telling(take.review), "number")
        with ui.element("div").classes("acts"):
            if before:
                ui.link("Compare", f"/takes/{meeting.id}/{before.meeting.id}").classes("quiet").props(
                    'aria-label="Compare with the take before"'
                )
            remove = button("Delete", "quiet", lambda: confirm_removal(studio, meeting.id, refresh))
            remove.props('aria-label="Delete this take"')


def confirm_removal(studio: Studio, id: str, then: Callable[[], object]) -> None:
    """Ask once, and delete."""

    async def remove() -> None:
        try:
            await asyncio.to_thread(studio.reviews.remove, id)
        except NotFound:
            ui.notify("It was deleted already.")
        then()

    confirm(
        "Delete this take?",
        "What you said, its numbers and its recording will be gone, and that cannot be undone. The pitch stays.",
        keep="Keep it",
        delete="Delete it",
        then=remove,
    )
