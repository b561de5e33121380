"""The journal: what happened when, append-only, on one clock; and the latency of a reply read from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from engine import clock

KEPT = 10_000
"""Entries kept: hours of conversation; what must last is in the transcript."""


class Event(StrEnum):
    """What a journal notes. Each event from the end of speech to the reply ends a wait that has one owner."""

    SPEECH_BEGAN = "speech began"
    SPEECH_ENDED = "speech ended"
    TURN_ENDED = "turn ended"
    TRANSCRIBED = "transcribed"
    REPLY_WRITTEN = "reply written"
    REPLY_SYNTHESIZED = "reply synthesized"
    REPLY_SENT = "reply sent"
    RESUMED = "resumed"
    LINE_HEARD = "line heard"
    FAULT = "fault"


STAGES = (
    ("waiting", Event.TURN_ENDED),
    ("hearing", Event.TRANSCRIBED),
    ("thinking", Event.REPLY_WRITTEN),
    ("speaking", Event.REPLY_SYNTHESIZED),
    ("sending", Event.REPLY_SENT),
)
"""From the end of speech to the first audio of the reply: a stage's name, and the event that ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`at`: seconds since the conversation began. `turn`: the listener's turn that it belongs to, 0 for none."""

    at: float
    event: Event
    turn: int
    detail: str = ""


class Journal:
    def __init__(self) -> None:
        self._began = clock.now()
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._noted: set[tuple[Event, int]] = set()

    @property
    def elapsed(self) -> float:
        """Seconds since the conversation began."""
        return clock.now() - self._began

    def note(self, event: Event, turn: int = 0, detail: str = "") -> None:
        self.entries.append(Entry(at=self.elapsed, event=event, turn=turn, detail=detail))

    def note_once(self, event: Event, turn: int) -> bool:
        """Note `event` unless it was noted of `turn` already; whether it was noted now."""
        if (event, turn) in self._noted:
            return False
        self._noted.add((event, turn))
        self.note(event, turn)
        return True

    def latency(self, turn: int) -> tuple[tuple[str, float], ...] | None:
        """Seconds spent in each stage between the end of the listener's speech and the reply to `turn` being sent:
        contiguous, so that they add up to the whole. None where no speech began it (typed) or no reply was sent."""
        last = {entry.event: entry.at for entry in self.entries if entry.turn == turn}
        since = last.get(Event.SPEECH_ENDED)
        if since is None or Event.REPLY_SENT not in last:
            return None
        stages = []
        for name, event in STAGES:
            at = max(since, last.get(event, since))
            stages.append((name, at - since))
            since = at
        return tuple(stages)
