"""Privacy: what is kept where and for how long, what leaves the machine, deleting and taking along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.engines import MODES
from engine.errors import RostrumError
from ui.components.confirm import confirm
from ui.components.text import button, counted, text
from ui.pages.history import retention
from ui.pages.settings_engines import LEGS, TITLES, at_work

if TYPE_CHECKING:
    from engine.settings import Settings
    from engine.store import Store
    from ui.studio import Studio

EXPORT = "/api/v1/export"
MANY = 100_000
"""Sessions that are counted at most."""
SENT = {
    "hear": "hears: the sound of your microphone goes there while you speak, and words of your material.",
    "think": "thinks: what was said goes there as text, and your pitch and notes as far as they are needed.",
    "speak": "speaks: the text that is to be spoken goes there.",
    "converse": "holds your talks: the sound of your microphone goes there, and what was said as text.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How much of what there is; sizes in bytes."""

    sessions: int
    recordings: int
    pitches: int
    people: int
    database: int
    sound: int


def kept(settings: Settings, store: Store) -> Kept:
    """Looks at the disk: not for the event loop."""
    meetings = store.archive.meetings(limit=MANY)
    database = Path(settings.database_path)
    files = [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm")]
    return Kept(
        sessions=len(meetings),
        recordings=sum(meeting.recorded for meeting in meetings),
        pitches=len(store.pitches()),
        people=sum(person.own for person in store.people.all()),
        database=_size(files),
        sound=_size(list(store.archive.recordings.folder.glob("*"))),
    )


def _size(files: list[Path]) -> int:
    """Of those that are there by now."""
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:
            continue
    return total


async def build(studio: Studio, follow: Callable[[Callable[[], object]], None]) -> None:
    """The part of the page; what it is given to `follow` is to be called when somebody else was chosen."""
    with ui.element("section").classes("setting"):
        text("h2", "What is kept, and what leaves")
        text("p", f"All of it is on this machine. {retention(studio.settings.keep_recordings_days)}", "soft note")
        found = await asyncio.to_thread(kept, studio.settings, studio.store)

        @ui.refreshable
        def rows(now: Kept) -> None:
            _rows(studio, now)

        rows(found)
        sent = ui.refreshable(_sent)
        sent(studio)
        follow(sent.refresh)

        async def remove() -> None:
            try:
                await run.io_bound(studio.store.archive.remove_all)
            except RostrumError as error:
                ui.notify(str(error))
            rows.refresh(await asyncio.to_thread(kept, studio.settings, studio.store))

        with ui.element("div").classes("acts-of-it"):
            ui.link("Take everything along", EXPORT).classes("button").props("download")
            ui.link("Delete one session", "/history").classes("quiet")
            button(
                "Delete every session",
                "quiet danger",
                lambda: confirm(
                    "Delete the whole history?",
                    "Every transcript, every report and every recording goes. That cannot be undone. "
                    "Your pitches, their questions, your people and your words stay.",
                    keep="Keep it",
                    delete="Delete everything",
                    then=remove,
                ),
            )
        text("p", "One ZIP file: sessions to read and as data, recordings as WAV, pitches, people, words.", "faint")


def _rows(studio: Studio, now: Kept) -> None:
    database, days = Path(studio.settings.database_path), studio.settings.keep_recordings_days
    until = "until you delete them" if days is None else f"for {counted(days, 'day')} (KEEP_RECORDINGS_DAYS)"
    pitches = "1 pitch" if now.pitches == 1 else f"{now.pitches} pitches"
    people = "1 person" if now.people == 1 else f"{now.people} people"
    rows = {
        "Sessions": f"{counted(now.sessions, 'session')}: transcripts, numbers, reports, cues. Until you delete them.",
        "Pitches and people": f"{pitches} with notes and questions, {people} of your own.",
        "Database": f"{size(now.database)}, the file {database.name} in the folder {database.parent.name or '.'}.",
        "Recordings": f"{counted(now.recordings, 'session')} with sound, {size(now.sound)}, "
        f"in the folder {studio.store.archive.recordings.folder.name} beside the database, {until}.",
        "In this browser": "Voice, speed, colours, and a question half typed.",
    }
    with ui.element("dl").classes("keeping"):
        for name, told in rows.items():
            text("dt", name)
            text("dd", told)


def _sent(studio: Studio) -> None:
    """Where data goes, as it is chosen now."""
    with ui.element("div").classes("sent"):
        text("h3", "What leaves this machine")
        lines = list(dict.fromkeys(line for mode in MODES for line in _leaving(studio, mode)))
        if not lines:
            text("p", "Nothing: no sound, no text, no statistics. Whoever hears, thinks and speaks is here.", "soft")
        for line in lines:
            text("p", line, "soft")


def _leaving(studio: Studio, mode: str) -> list[str]:
    about = at_work(studio, mode)
    return [f"{TITLES[mode]}: {about[leg].label} {SENT[leg]}" for leg in LEGS if leg in about and not about[leg].local]


def size(count: int) -> str:
    """Bytes as people read them: "3.4 MB"."""
    for unit, least in (("GB", 1e9), ("MB", 1e6)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{round(count / 1000)} kB"
