"""The minutes of a meeting: what is kept of it while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from engine import clock
from engine.analysis.hesitations import capability_of
from engine.errors import NotFound
from engine.messages import Ended, Output, QuestionAsked, Said
from engine.records import Persona, Pitch
from engine.store import Store

HANDED_OVER_AFTER = 0.03
"""Seconds: the thread that writes would compete for the interpreter at the very moment when a reply is being made."""


class Minutes:
    """Keeps what lasts of a meeting, as it happens: each line as it becomes final, the place, the questions."""

    def __init__(
        self,
        store: Store,
        scenario: str,
        meeting: str,
        *,
        ears: str,
        pitch: Pitch | None = None,
        persona: Persona | None = None,
    ) -> None:
        """`ears`: the name of who hears, for how well they hear fillers."""
        self.meeting = meeting
        self._capability = capability_of(ears, sound=True)
        self._store = store
        self._scenario = scenario
        self._pitch = pitch.id if pitch else None
        self._persona = persona.id if persona else None
        self._title = pitch.title if pitch else persona.name if persona else ""
        self._met = clock.wall()
        self.begun = False
        """There is something to keep. A page that was opened and left is no meeting."""
        self._writes: list[Callable[[], object]] = []

    def keep(self, output: Output) -> None:
        match output:
            case Said(mark=mark, interrupted=interrupted):
                self._write(self._store.add_line, self.meeting, output, clock.wall())
                if isinstance(mark, int):
                    self._write(self._store.set_place, self.meeting, mark if interrupted else mark + 1, False)
            case QuestionAsked() if self._pitch:
                self._write(self._store.add_question, self._pitch, output)
            case Ended():
                self._write(self._store.set_place, self.meeting, None, True)
            case _:
                pass

    def hand_over(self) -> None:
        """Give what was kept to the thread that writes."""
        writes, self._writes = self._writes, []
        for write in writes:
            self._store.soon(write)

    def _begin(self) -> None:
        """On the writing thread. The pitch may have been deleted while it was held: its words are kept all the same."""
        more = (self.meeting, self._met, self._persona, self._title)
        try:
            self._store.begin_meeting(self._scenario, self._pitch, *more)
        except NotFound:
            self._store.begin_meeting(self._scenario, None, *more)
        self._store.sessions.set_heard(self.meeting, capability=self._capability)

    def _write(self, function: Callable[..., object], *args: object) -> None:
        if not self._writes:
            asyncio.get_running_loop().call_later(HANDED_OVER_AFTER, self.hand_over)
        if not self.begun:
            self.begun = True
            self._writes.append(self._begin)
        self._writes.append(partial(function, *args))
