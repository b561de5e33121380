"""Whoever listens in on a conversation, on its clock: a recording, and what is measured of its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import clock
from engine.ear import PRE_ROLL, EarFact, SpeechBegan
from engine.recording import Tape

if TYPE_CHECKING:
    from engine.audio import Pcm
    from engine.journal import Journal
    from engine.playout import Playout
    from engine.soundings import Soundings


class Taps:
    """Of one conversation; nobody listens in until `record` or `measure`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tape: Tape | None = None
        self._soundings: Soundings | None = None

    def record(self, tape: Tape, playout: Playout) -> None:
        """From now on `tape` gets both sides: what arrives, and what is heard."""
        self._tape = tape
        began = clock.now() - self._journal.elapsed
        playout.record(lambda pcm, until: tape.agent(pcm, until - began))

    def measure(self, soundings: Soundings) -> None:
        """From now on `soundings` gets what arrives of the listener, and when they speak."""
        self._soundings = soundings

    def hear(self, pcm: Pcm) -> None:
        """The listener's audio, just arrived."""
        until = self._journal.elapsed
        if self._tape:
            self._tape.user(pcm, until)
        if self._soundings:
            self._soundings.hear("user", pcm, until - pcm.seconds)

    def voiced(self, fact: EarFact) -> None:
        """The listener began or ceased to speak."""
        if self._soundings:
            began = isinstance(fact, SpeechBegan)
            ago = fact.ago - PRE_ROLL if isinstance(fact, SpeechBegan) else 0.0
            self._soundings.voiced("user", began, self._journal.elapsed - ago)
