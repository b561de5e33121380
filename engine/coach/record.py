"""What is kept of a coached session while it goes on: every line as it becomes final, its sound as it was measured, its
cues; where it was asked for, the sound itself. Belongs to the event loop's thread; the store's own thread writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
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
        self._soundings: Soundings | None = None
        self._cues: dict[int, Future[object]] = {}
        self._coming: set[asyncio.Future[Any]] = set()

    def write(
        self,
        speaker: str,
        caught: Caught,
        written: Callable[[Line], None],
        emit: Callable[[Output], None],
    ) -> None:
        """Keep a line; once it is on disk, `emit` it, and tell `written`."""
        at = clock.wall()
        said = Said(speaker=speaker, text=caught.text, start=caught.start, end=caught.end, words=caught.words)
        job = self._store.soon(self._store.add_line, self.id, said, at)
        coming: asyncio.Future[int] = asyncio.wrap_future(job)  # type: ignore[arg-type]
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)
        coming.add_done_callback(partial(self._written, said, at, written, emit))

    @staticmethod
    def _written(
        said: Said,
        at: datetime,
        written: Callable[[Line], None],
        emit: Callable[[Output], None],
        done: asyncio.Future[int],
    ) -> None:
        if done.cancelled() or done.exception():
            return  # the store says so to everybody who is talking
        kept = {"speaker": said.speaker, "text": said.text, "start": said.start, "end": said.end}
        line = Line(id=done.result(), words=said.words, **kept)  # type: ignore[arg-type]
        emit(Written(line=line.id, at=at, **kept))  # type: ignore[arg-type]
        written(line)

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
        voices: Voices,
        *,
        measured: Callable[[str, Frames], None],
        guessed: Callable[[Guess], None],
    ) -> None:
        """Measure its sound from now on; see `Soundings`."""
        self._soundings = Soundings(self._store, self.id, voices=voices, measured=measured, guessed=guessed)

    def began(self) -> None:
        """The session's clock begins now."""
        self._store.soon(self._store.sessions.began, self.id, clock.wall())

    def heard_by(self, ears: str) -> None:
        """The name of who hears: how well fillers are heard depends on it."""
        capability = capability_of(ears, sound=True)
        self._store.soon(partial(self._store.sessions.set_heard, self.id, capability=capability))

    def separate(self) -> None:
        """The sides came on channels of their own."""
        self._store.soon(partial(self._store.sessions.set_heard, self.id, separate=True))

    def restate(
        self, line: int, speaker: str | None, text: str | None, done: Callable[[RostrumError | None], None]
    ) -> None:
        """Correct a line, and tell `done` that it is kept, or why it cannot be."""
        change = partial(self._restate, line, speaker=speaker, text=text)
        job = asyncio.get_running_loop().run_in_executor(None, change)
        self._coming.add(job)
        job.add_done_callback(self._coming.discard)
        job.add_done_callback(lambda job: None if job.cancelled() else done(job.result()))

    def shorten(self, line: int, caught: Caught) -> None:
        """A line ends sooner than it was taken to."""
        change = partial(self._store.sessions.shorten_line, self.id, line, text=caught.text, end=caught.end)
        self._store.soon(partial(change, words=caught.words))

    def _restate(self, line: int, *, speaker: str | None, text: str | None) -> RostrumError | None:
        try:
            self._desk.change_line(self.id, line, speaker=speaker, text=text)
        except RostrumError as error:
            return error
        return None

    def cue(self, cue: Suggested, at: float) -> None:
        add = partial(self._store.sessions.add_cue, self.id, at=at, kind=cue.kind, text=cue.text, asked=cue.asked)
        self._cues[cue.id] = self._store.soon(partial(add, how="screen"))

    def whispered(self, cue: int) -> None:
        self._of_cue(self._store.sessions.whisper_cue, cue)

    def used(self, cue: int) -> None:
        self._of_cue(self._store.sessions.use_cue, cue)

    def _of_cue(self, change: Callable[[int], None], cue: int) -> None:
        kept = self._cues.get(cue)
        if kept is not None:
            self._store.soon(lambda: change(kept.result()))  # type: ignore[arg-type]  # written before this by one thread

    async def flush(self, *, last: bool = False) -> None:
        """Wait, within bounds, until all of it is on disk. `last`: nothing follows."""
        if self._soundings:
            await self._soundings.flush(last=last)
        coming = set(self._coming)
        if coming:
            await asyncio.wait(coming, timeout=FLUSHED_WITHIN)
        await asyncio.to_thread(self._store.flush, FLUSHED_WITHIN)
