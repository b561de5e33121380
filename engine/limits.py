"""How long a conversation may be silent, and how long it may last; each is announced before it strikes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reminder(StrEnum):
    """Why the agent speaks up."""

    STILL_THERE = "still_there"
    """Nobody has said anything for a while: ask."""
    SILENCE_ENDS = "silence_ends"
    """… and still nobody does: say goodbye."""
    NEARLY_OVER = "nearly_over"
    """The conversation's greatest length is near: say so."""
    TIME_IS_UP = "time_is_up"
    """… and reached: say goodbye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds; None: no limit.

    `silence`: of both sides, until the agent asks whether anybody is there; it counts anew after each time it asked.
    `asks`: how often it asks; the next time the silence lasts as long it says goodbye.
    `paused`: the silence that is borne while the listener has paused, or holds the floor to think; then goodbye.
    `length`: of the conversation, at a turn's border; `notice` before that it is announced, silently in a pause.
    `overtime`: after the length, for the goodbye to be heard; then it ends all the same.
    """

    silence: float | None = None
    asks: int = 2
    paused: float | None = 900.0
    length: float | None = None
    notice: float = 60.0
    overtime: float = 30.0


@dataclass(slots=True, kw_only=True)
class Timekeeper:
    """Which reminder is due. Times are seconds of one clock; `now` never goes back. `quiet_since` is when both sides
    fell silent, None while somebody speaks or thinks: nothing but the overtime's end is due then."""

    limits: Limits
    began: float
    asked: int = 0
    """How often it has asked since the listener last spoke."""
    announced: bool = False
    told_over: bool = False

    def listener_spoke(self) -> None:
        self.asked = 0

    def due_at(self, quiet_since: float | None, *, paused: bool) -> float | None:
        """When `due` has something to say, if nothing changes until then."""
        times = [self._silence_at(quiet_since, paused=paused), self._length_at(quiet_since)]
        return min((at for at in times if at is not None), default=None)

    def due(self, now: float, quiet_since: float | None, *, paused: bool) -> Reminder | None:
        """What is to be said at `now`; each reminder once until the listener speaks again."""
        length = self._length_at(quiet_since)
        if length is not None and now >= length:
            return self._length_reminder(now)
        silence = self._silence_at(quiet_since, paused=paused)
        if silence is None or now < silence:
            return None
        self.asked += 1
        ends = paused or self.asked > self.limits.asks
        return Reminder.SILENCE_ENDS if ends else Reminder.STILL_THERE

    def overtime_at(self) -> float | None:
        """When the conversation ends, whoever is speaking."""
        length = self.limits.length
        return None if length is None else self.began + length + self.limits.overtime

    def _silence_at(self, quiet_since: float | None, *, paused: bool) -> float | None:
        borne = self.limits.paused if paused else self.limits.silence
        if quiet_since is None or borne is None or self.asked > self.limits.asks:
            return None
        return quiet_since + borne

    def _length_at(self, quiet_since: float | None) -> float | None:
        if self.limits.length is None or quiet_since is None or self.told_over:
            return None
        end = self.began + self.limits.length
        return max(quiet_since, end if self.announced else end - self.limits.notice)

    def _length_reminder(self, now: float) -> Reminder:
        assert self.limits.length is not None
        self.announced = True
        if now < self.began + self.limits.length:
            return Reminder.NEARLY_OVER
        self.told_over = True
        return Reminder.TIME_IS_UP
