"""Words to say next: when they are sought, whether a language model writes them, and until when it may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from engine import clock
from engine.analysis.questions import asks
from engine.analysis.values import PARTNER, USER, Line
from engine.coach.content import Content
from engine.coach.cues import Tip
from engine.coach.delivery import ALONE
from engine.coach.drafts import Drafts
from engine.coach.phrases import Phrases
from engine.providers.base import LanguageModel
from engine.records import Aim

SETTLES = 0.7
"""Seconds after an end that may be none, before a language model is asked: most who pause there go on sooner."""
HELP_WITHIN = 1.1
"""Seconds in which a language model has to answer the help key; the rest of the 1.5 s is for speaking it."""
MODEL_WITHIN = 1.5
"""Seconds after the end of a turn in which it has to have a cue; then the coach's own is taken."""
UNANSWERED_AFTER = 3.0
"""Seconds of silence after a question of the other side, in which people think."""
ASKS_EVERY = 180.0
"""Seconds without a question of the user's, after which one is proposed without waiting for a lull."""


class Suggesting:
    """`propose` is called with each tip, on the event loop; `wanted` tells whether an unasked one could be shown soon.
    `tasks` are where a language model is waited for. Times are those of the event loop."""

    def __init__(
        self,
        *,
        aim: Aim,
        writer: LanguageModel | None,
        words: Phrases,
        tasks: asyncio.TaskGroup,
        propose: Callable[[Tip], None],
        wanted: Callable[[], bool],
    ) -> None:
        self._content = Content(aim, words)
        self._drafts = Drafts(writer, aim, words, tasks) if writer else None
        self._tasks = tasks
        self._propose = propose
        self._wanted = wanted
        self._asks = aim.mode not in ALONE | {"interview"}
        self._voicing: set[str] = set()
        self._ended = self._asked_at = clock.now()
        self._answer: Tip | None = None
        self._seeking: asyncio.Task[None] | None = None
        self._helping: asyncio.Task[None] | None = None
        self.labelled = False
        """What is called the user's is theirs."""

    def close(self) -> None:
        self._stop()
        if self._helping:
            self._helping.cancel()

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def voice(self, speaker: str, *, speaking: bool) -> None:
        """When the other side begins to speak, the topic moves; when the user does, they know what to say."""
        if not speaking:
            self._voicing.discard(speaker)
            self._ended = clock.now()
            return
        self._voicing.add(speaker)
        if self._may_be_theirs(speaker):
            self._stop()
        elif self._seeking and not self._overdue:
            self._seeking.cancel()

    def interim(self, speaker: str, text: str) -> None:
        if self._drafts and self._may_be_theirs(speaker) and self._wanted():
            self._drafts.speculate(self._content.lines, text)

    def line(self, line: Line) -> None:
        self._content.line(line)
        self._answer = None
        if line.speaker == USER and asks(line.text):
            self._asked_at = clock.now()
        if self._may_be_theirs(line.speaker):
            self._seek()

    def offered(self, tip: Tip) -> None:
        """`tip` was shown: it is not proposed again."""
        self._content.offered(tip)

    def help(self) -> None:
        """Propose what helps now, within `HELP_WITHIN`. Called again before, it changes nothing."""
        if self._helping and not self._helping.done():
            return
        if self._drafts:
            self._helping = self._tasks.create_task(self._help(self._drafts), name="help")
        else:
            self._propose(self._content.help())

    def unanswered(self) -> tuple[Tip, float] | None:
        """How to answer what the other side asked, if nobody has said anything for so long; and since when."""
        if self._voicing or clock.now() < self._ended + UNANSWERED_AFTER:
            return None
        tip = self._answer or self._content.answer()
        return (tip, self._ended) if tip else None

    # ---- seeking -----------------------------------------------------------------------------------------------------

    def _may_be_theirs(self, speaker: str) -> bool:
        return speaker == PARTNER or not self.labelled

    @property
    def _overdue(self) -> bool:
        """The user has asked nothing for so long that a question is proposed without waiting for a lull."""
        return self._asks and self.labelled and clock.now() - self._asked_at > ASKS_EVERY

    def _stop(self) -> None:
        if self._seeking:
            self._seeking.cancel()
        if self._drafts:
            self._drafts.drop()

    def _seek(self) -> None:
        """A line ended that may have been the other side's."""
        if self._seeking:
            self._seeking.cancel()
        if any(map(self._may_be_theirs, self._voicing)) or not self._wanted():
            return
        if self._drafts:
            self._seeking = self._tasks.create_task(self._write(self._drafts), name="suggests what to say")
        elif tip := self._content.next():
            self._offer(tip, clock.now())

    async def _write(self, drafts: Drafts) -> None:
        known, content = clock.now(), self._content
        if not content.lines[-1].text.rstrip().endswith((".", "?", "!")):
            await asyncio.sleep(max(0.0, self._ended + SETTLES - known))
        asked = bool(content.question)
        text = await drafts.take(content.lines, content.said, known + (UNANSWERED_AFTER if asked else MODEL_WITHIN))
        tip = content.from_model(text, asked=False) if text else None
        if asked:
            self._answer = tip  # they are thinking
        elif tip := tip or content.next():
            self._offer(tip, known)

    def _offer(self, tip: Tip, known: float) -> None:
        self._propose(replace(tip, known=known, waits=not self._overdue))

    async def _help(self, drafts: Drafts) -> None:
        content = self._content
        text = await drafts.take(content.lines, content.said, clock.now() + HELP_WITHIN, asked=True)
        self._propose(content.from_model(text, asked=True) if text else content.help())
