"""The conversation's eye on the clock: how long nobody has spoken, and how long it has lasted (`limits`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from engine import clock
from engine.limits import Limits, Reminder, Timekeeper


@dataclass(frozen=True, slots=True)
class Tick:
    """Something may be due."""


class Vigil:
    """Sets one timer for whatever is due next; `post` hands a `Tick` to the conversation's inbox."""

    def __init__(self, limits: Limits, post: Callable[[Tick], None]) -> None:
        self._limits = limits
        self._post = post
        self._keeper: Timekeeper | None = None
        self._quiet_since: float | None = None
        self.paused = False
        self._timer: asyncio.TimerHandle | None = None
        self.over = False
        """The overtime has passed: nothing more is said or heard."""

    def begin(self) -> None:
        """The conversation has begun: its time runs."""
        if self._keeper is None:
            self._keeper = Timekeeper(limits=self._limits, began=clock.now())

    def listener_spoke(self) -> None:
        if self._keeper:
            self._keeper.listener_spoke()

    def arm(self, *, quiet: bool, paused: bool) -> None:
        """Nobody speaks or thinks (`quiet`); `paused`: because the listener wants it so."""
        if self._keeper is None:
            return
        if not quiet:
            self._quiet_since = None
        elif self._quiet_since is None or paused != self.paused:
            self._quiet_since = clock.now()
        self.paused = paused
        times = (self._keeper.due_at(self._quiet_since, paused=paused), self._keeper.overtime_at())
        due = None if self.over else min((at for at in times if at is not None), default=None)
        self._set(due)

    def due(self) -> Reminder | None:
        """What is to be said now; may have become `over`, with a reason where its end has not been told."""
        if self._keeper is None or self.over:
            return None
        now, overtime = clock.now(), self._keeper.overtime_at()
        if overtime is not None and now >= overtime:
            self.over = True
            return None if self._keeper.told_over else Reminder.TIME_IS_UP
        reason = self._keeper.due(now, self._quiet_since, paused=self.paused)
        if reason:
            self._quiet_since = None
        return reason

    def seconds_left(self, reason: Reminder) -> float:
        """Until the conversation ends because of what `reason` announces; 0 where it ends with it."""
        if self._keeper is None:
            return 0.0
        if reason is Reminder.STILL_THERE:
            return (self._limits.silence or 0.0) * (self._limits.asks + 1 - self._keeper.asked)
        if reason is Reminder.NEARLY_OVER:
            return max(0.0, self._keeper.began + (self._limits.length or 0.0) - clock.now())
        return 0.0

    def close(self) -> None:
        self.over = True
        self._set(None)

    def _set(self, due: float | None) -> None:
        if self._timer and self._timer.when() == due and not self._timer.cancelled():
            return
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(due, self._tick) if due is not None else None

    def _tick(self) -> None:
        """A loop may be a moment early: then nothing is due yet, and another timer is set for the same time."""
        self._timer = None
        self._post(Tick())
