"""The turns of an ear that hears live: what is pushed, what is understood of it, and its one final transcript in time.
Pure but for its timers: what is sent, and when, is up to the connection."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import Transcript
from engine.providers.deadlines import HearingDeadlines
from engine.providers.openai_turns import TurnAudio

RATE = 24_000
"""Hz that a Realtime session hears at, the only ones."""
SHORTEST = 0.12
"""Seconds of a turn: less is filled up with silence, the vendor refuses less than 0.1."""


class LiveTurn(TurnAudio):
    """A turn, `sent` bytes of which the present connection has; `item` is its name there."""

    def __init__(self, number: int) -> None:
        super().__init__(number, RATE)
        self.sent = 0
        self.committed = False
        self.item: str | None = None
        self.text = ""
        self.before = ""
        """What a connection that was lost understood of it."""
        self.final: str | None = None
        self.timer: asyncio.TimerHandle | None = None

    def finish(self) -> None:
        super().finish()
        if self.data:
            self.data += bytes(max(0, round(SHORTEST * RATE) * 2 - len(self.data)))

    def rewind(self) -> None:
        """A new connection knows nothing of it."""
        self.before = max(self.before, self.text, key=len)
        self.sent, self.committed, self.item, self.text = 0, False, None, ""

    @property
    def understood(self) -> str:
        return max(self.before, self.text.strip(), key=len) if self.final is None else self.final


class LiveTurns:
    """`heard` is what the listener takes; None at its end. `changed` is set when there is more to send. `late` makes
    the failure of a turn that got no answer, and hangs up on who did not give it."""

    def __init__(self, deadlines: HearingDeadlines, late: Callable[[], ProviderFailed]) -> None:
        self.heard: asyncio.Queue[Transcript | ProviderFailed | None] = asyncio.Queue()
        self.changed = asyncio.Event()
        self.waiting: deque[LiveTurn] = deque()
        """Those without a final transcript, oldest first."""
        self.dropped = False
        """Audio of a turn that was abandoned is at the other end, and has to be cleared there."""
        self.clearing = 0
        """How often that was asked for and is not confirmed: names that are new meanwhile are of no turn of ours."""
        self._deadlines = deadlines
        self._late = late
        self._last = 0
        self._dead = False

    def push(self, pcm: Pcm, number: int) -> None:
        turn = self._at(number)
        if turn is not None and not turn.finished and not self._dead:
            turn.push(pcm)
            self.changed.set()

    def finish(self, number: int) -> None:
        turn = self._at(number)
        if turn is None or turn.finished:
            return
        turn.finish()
        self.changed.set()
        if self._dead or not turn.data:
            self.settle(turn, turn.understood)
            return
        behind = (len(turn.data) - turn.sent) / 2 / RATE
        within = self._deadlines.final + self._deadlines.catch_up * behind
        turn.timer = asyncio.get_running_loop().call_later(within, self._give_up, turn)

    def grow(self, turn: LiveTurn, delta: str) -> None:
        """More of its text is understood."""
        shown = turn.understood
        turn.text += delta
        if turn.understood != shown and turn is self.waiting[0]:
            self.heard.put_nowait(Transcript(turn=turn.number, text=turn.understood, final=False))

    def settle(self, turn: LiveTurn, text: str) -> None:
        """Its final text is known. Finals are told in order."""
        turn.final = text.strip()
        if turn.timer:
            turn.timer.cancel()
        while self.waiting and (final := self.waiting[0].final) is not None:
            number = self.waiting.popleft().number
            self.heard.put_nowait(Transcript(turn=number, text=final, final=True))

    def fail(self, turn: LiveTurn, fault: ProviderFailed) -> None:
        """Nobody will say what was said in it: told as a failure, so that somebody else can be asked, then as much of a
        final as there is."""
        self.heard.put_nowait(fault)
        self.settle(turn, turn.understood)

    def die(self, fault: ProviderFailed) -> None:
        """Nobody will ever hear again."""
        self._dead = True
        self.heard.put_nowait(fault)
        for turn in [turn for turn in self.waiting if turn.finished and turn.final is None]:
            self.settle(turn, turn.understood)

    def rewind(self) -> None:
        """There is a new connection."""
        self.dropped, self.clearing = False, 0
        for turn in self.waiting:
            turn.rewind()
        self.changed.set()

    def of(self, item: str) -> LiveTurn | None:
        """The turn that `item` is the name of; a new name is that of the oldest that has none."""
        for turn in self.waiting:
            if turn.item is None and turn.sent and not self.dropped and not self.clearing:
                turn.item = item
            if turn.item == item:
                return turn
        return None

    def close(self) -> None:
        for turn in self.waiting:
            if turn.timer:
                turn.timer.cancel()
        self.heard.put_nowait(None)

    def _give_up(self, turn: LiveTurn) -> None:
        if turn.final is None:
            self.fail(turn, self._late())

    def _at(self, number: int) -> LiveTurn | None:
        """The turn of that number, begun now if it is new; None for one that is over."""
        if number > self._last:
            self._last = number
            if self.waiting and not self.waiting[-1].finished:
                self.dropped = self.waiting.pop().sent > 0 or self.dropped
            self.waiting.append(LiveTurn(number))
        return next((turn for turn in self.waiting if turn.number == number), None)
