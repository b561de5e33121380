"""The turns of one ear: what is pushed, what is known of it, and its one final transcript within its deadline.

Without a final transcript from the vendor it is what was understood until then. Where that is nothing, and there was
something to understand, a failure that may pass is told first, so that somebody else can still be asked, and then an
empty final.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from engine.audio import Pcm
from engine.clock import now
from engine.errors import ProviderFailed, ProviderTimeout, TooLarge
from engine.floor import LONGEST
from engine.providers.base import About, Transcript
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_hearing import Turn

MOST = 2 * LONGEST
"""Seconds of audio that one turn may have; so much is kept to be sent again."""


class Turns:
    """`heard` is what the ear's listener takes; None at its end. `nobody`: called when a turn got not a word of an
    answer."""

    def __init__(self, about: About, deadlines: HearingDeadlines, nobody: Callable[[], None]) -> None:
        self.heard: asyncio.Queue[Transcript | ProviderFailed | None] = asyncio.Queue()
        self._about, self._deadlines, self._nobody = about, deadlines, nobody
        self._waiting: deque[Turn] = deque()
        """Those that are not over, oldest first."""
        self._last = 0
        self._came = asyncio.Event()
        self._trouble: ProviderFailed | None = None
        """Why nobody hears just now."""
        self._told = False
        self._dead = False

    @property
    def first(self) -> Turn | None:
        """The one whose words come next."""
        return self._waiting[0] if self._waiting else None

    async def next(self) -> Turn:
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        return self._waiting[0]

    def push(self, pcm: Pcm, number: int) -> None:
        turn = self._at(number)
        if turn is None or turn.finished or self._dead:
            return
        if turn.seconds + pcm.seconds > MOST:
            raise TooLarge(f"One turn of speech may last {MOST:g} seconds")
        turn.push(pcm)

    def finish(self, number: int) -> None:
        turn = self._at(number)
        if turn is None or turn.finished:
            return
        turn.finish()
        if self._dead or not turn.audio:
            self._end(turn, turn.understood(final=True))
            return
        behind = turn.seconds - (turn.hearing.until if turn.hearing else 0.0)
        self._due(turn, self._deadlines.final + self._deadlines.catch_up * max(0.0, behind))
        self.judge(turn)

    def judge(self, turn: Turn) -> None:
        """Tell what is new about `turn`."""
        hearing = turn.hearing
        if hearing is None or turn.over.is_set():
            return
        if turn.finished and hearing.is_final(turn.seconds):
            self._end(turn, turn.understood(final=True))
            return
        if turn.conveyed and hearing.is_quiet(turn.seconds):
            self._due(turn, self._deadlines.quiet)
        known = turn.understood(final=False)
        if known.text and (known.text, known.end_of_turn) != (turn.shown.text, turn.shown.end_of_turn):
            turn.shown = known
            self.heard.put_nowait(known)

    def well(self) -> None:
        """Somebody hears."""
        self._told, self._trouble = False, None

    def trouble(self, trouble: ProviderFailed, *, tell: bool) -> None:
        """Nobody hears; told once until somebody does. One that will not pass ends all that is waited for."""
        self._trouble = trouble
        if tell or not trouble.retryable:
            self._tell()
        if not trouble.retryable:
            self._dead = True
            for turn in [turn for turn in self._waiting if turn.finished]:
                self._end(turn, turn.understood(final=True))

    def close(self) -> None:
        while self._waiting:
            self._waiting.pop().end()
        self.heard.put_nowait(None)

    def _at(self, number: int) -> Turn | None:
        """The turn of that number, begun now if it is new; None for one that is over."""
        if number > self._last:
            self._last = number
            if self._waiting and not self._waiting[-1].finished:
                self._waiting.pop().end()
            self._waiting.append(Turn(number))
            self._came.set()
        return next((turn for turn in self._waiting if turn.number == number), None)

    def _due(self, turn: Turn, seconds: float) -> None:
        """Its words are awaited no longer than that, if not less already."""
        due = now() + seconds
        if turn.timer is not None:
            if turn.timer.when() <= due:
                return
            turn.timer.cancel()
        turn.timer = asyncio.get_running_loop().call_at(due, self._give_up, turn)

    def _give_up(self, turn: Turn) -> None:
        known = turn.understood(final=True)
        if not known.text and not (turn.hearing and turn.hearing.is_quiet(turn.seconds)):
            if self._trouble is None:
                late = f"{self._about.label} did not say in time what it heard"
                self._trouble, self._told = ProviderTimeout(self._about.name, late), False
            self._tell()
            self._nobody()
        self._end(turn, known)

    def _end(self, turn: Turn, final: Transcript) -> None:
        turn.end()
        self._waiting.remove(turn)
        self.heard.put_nowait(final)

    def _tell(self) -> None:
        if self._trouble and not self._told:
            self.heard.put_nowait(self._trouble)
            self._told = True
