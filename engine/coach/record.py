"""What is kept of a coached session while it goes on: every line as it becomes final, its sound as it was measured, its
cues; where it was asked for, the sound itself. Belongs to the event loop's thread; the store's own thread writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from engine import clock
from engine.analysis.hesitations import capability_of
from engine.analysis.values import PARTNER, Frames, Line
from engine.analysis.voices import Guess, Voices
from engine.audio import Pcm
from engine.coach.cues import Suggested
from engine.coach.messages import Written
from engine.coach.understanding import Caught
from engine.desk import Desk
from engine.errors import RostrumError
from engine.messages import Output, Said
from engine.recording import Tape
from engine.rehearsal.values import Again
from engine.soundings import Soundings
from engine.store import Store

FLUSHED_WITHIN = 3.0
"""Seconds for what was said to be on disk."""
BEHIND, LOOKS = 20.0, 0.05
"""Seconds of sound that may wait to be kept before a file has to wait itself; seconds between two looks."""


class Record:
    """Of the session `id`. `tape`: where its sound is recorded, if it is."""

    def __init__(self, store: Store, desk: Desk, id: str, *, tape: Tape | None = None) -> None:
        self.id = id
        self._store = store
        self._desk = desk
        self._tape = tape
        self.gone: Callable[[], None] = lambda: None
        """Told, once, when the session turns out to have been deleted."""
        self._soundings: Soundings | None = None
        self._cues: dict[int, Future[Any]] = {}
        self._coming: set[asyncio.Future[Any]] = set()

    def write(
        self,
        speaker: str,
        caught: Caught,
        written: Callable[[Line], None],
        emit: Callable[[Output], None],
    ) -> None:
        """Keep a line; once it is on disk, or cannot be, `emit` it, and tell `written`."""
        at = clock.wall()
        said = _said(speaker, caught)

        def done(job: asyncio.Future[Any]) -> None:
            if job.cancelled() or (job.exception() is None and job.result() is None):
                return
            # What it cannot keep the store says to everybody who is talking; they go on all the same.
            number = job.result() if job.exception() is None else None
            kept = {"speaker": said.speaker, "text": said.text, "start": said.start, "end": said.end}
            emit(Written(line=number, at=at, **kept))  # type: ignore[arg-type]
            written(Line(id=number or 0, words=said.words, **kept))  # type: ignore[arg-type]

        coming = asyncio.wrap_future(self._soon(self._store.add_line, self.id, said, at))
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)
        coming.add_done_callback(done)

    def _soon(self, function: Callable[..., object], *args: object) -> Future[Any]:
        """Have it written; nothing is, and `gone` is told, once the session was deleted."""
        loop = asyncio.get_running_loop()

        def write() -> object:
            if self._store.archive.has(self.id):
                return function(*args)
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._tell_gone)
            return None

        return self._store.soon(write)

    def _tell_gone(self) -> None:
        gone, self.gone = self.gone, lambda: None
        gone()

    def sound(self, side: str, pcm: Pcm, at: float) -> None:
        """Audio of one side, from `at` on."""
        if self._soundings:
            self._soundings.hear(side, pcm, at)
        if self._tape:
            (self._tape.agent if side == PARTNER else self._tape.user)(pcm, at + pcm.seconds)

    async def keep_up(self) -> None:
        """Wait, within bounds, until most of the sound that was given is measured and recorded."""
        for _ in range(round(FLUSHED_WITHIN / LOOKS)):
            if all(each.behind <= BEHIND for each in (self._soundings, self._tape) if each):
                return
            await asyncio.sleep(LOOKS)

    def voiced(self, side: str, on: bool, at: float) -> None:
        """Somebody began or ceased to speak."""
        if self._soundings:
            self._soundings.voiced(side, on, at)

    def measure(
        self,
        voices: Voices | None = None,
        *,
        measured: Callable[[str, Frames], None] = lambda side, frames: None,
        guessed: Callable[[Guess], None] = lambda guess: None,
    ) -> None:
        """Measure its sound from now on; see `Soundings`."""
        self._soundings = Soundings(self._store, self.id, voices=voices, measured=measured, guessed=guessed)

    def went(self, again: Again) -> None:
        """The speaker of a rehearsal went back, or ahead."""
        self._soon(self._store.takes.went, self.id, again)

    def began(self) -> None:
        """The session's clock begins now."""
        self._soon(self._store.sessions.began, self.id, clock.wall())

    def heard_by(self, ears: str) -> None:
        """The name of who hears: how well fillers are heard depends on it."""
        capability = capability_of(ears, sound=True)
        self._soon(partial(self._store.sessions.set_heard, self.id, capability=capability))

    def separate(self) -> None:
        """The sides came on channels of their own."""
        self._soon(partial(self._store.sessions.set_heard, self.id, separate=True))

    def restate(
        self, line: int, speaker: str | None, text: str | None, done: Callable[[RostrumError | None], None]
    ) -> None:
        """Correct a line, and tell `done` that it is kept, or why it cannot be."""
        change = partial(self._restate, line, speaker=speaker, text=text)
        job = asyncio.get_running_loop().run_in_executor(None, change)
        self._coming.add(job)
        job.add_done_callback(self._coming.discard)
        job.add_done_callback(lambda job: None if job.cancelled() else done(job.result()))

    def recut(self, line: int, was: tuple[str, Caught], parts: Sequence[tuple[str, Caught]]) -> Future[list[int]]:
        """What `was` a line is `parts` by now; see `Sessions.recut`."""
        recut = partial(self._store.sessions.recut, self.id, line, (was[0], was[1].text))
        return self._soon(recut, [_said(*part) for part in parts])

    def _restate(self, line: int, *, speaker: str | None, text: str | None) -> RostrumError | None:
        try:
            self._desk.change_line(self.id, line, speaker=speaker, text=text)
        except RostrumError as error:
            return error
        return None

    def cue(self, cue: Suggested, at: float) -> None:
        add = partial(self._store.sessions.add_cue, self.id, at=at, kind=cue.kind, text=cue.text, asked=cue.asked)
        self._cues[cue.id] = self._soon(partial(add, how="screen"))

    def whispered(self, cue: int) -> None:
        self._of_cue(self._store.sessions.whisper_cue, cue)

    def used(self, cue: int) -> None:
        self._of_cue(self._store.sessions.use_cue, cue)

    def _of_cue(self, change: Callable[[int], None], cue: int) -> None:
        kept = self._cues.get(cue)
        if kept is not None:
            self._soon(lambda: change(kept.result()))  # written before this by one thread

    async def flush(self, *, last: bool = False) -> None:
        """Wait, within bounds, until all of it is on disk. `last`: nothing follows."""
        if self._soundings:
            await self._soundings.flush(last=last)
        coming = set(self._coming)
        if coming:
            await asyncio.wait(coming, timeout=FLUSHED_WITHIN)
        await asyncio.to_thread(self._store.flush, FLUSHED_WITHIN)


def _said(speaker: str, caught: Caught) -> Said:
    return Said(speaker=speaker, text=caught.text, start=caught.start, end=caught.end, words=caught.words)
