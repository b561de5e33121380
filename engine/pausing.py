"""Who has paused the agent, and until when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Pausing:
    """`on`: the agent is silent until it is told to play. `held`: an answer may sound, but the scenario does not go on
    after it, because the listener had paused it before asking."""

    on: bool = False
    held: bool = False
    _stalled: bool = False
    _hushed: bool = False

    def pause(self, *, answer_due: bool) -> None:
        """By the listener's hand or word. `answer_due`: what they said before is still being understood: the pause is
        meant for its answer too."""
        self.on = True
        self._hushed = answer_due

    def stall(self) -> None:
        """By the engine, for want of a voice: no wish of the listener's, and over as soon as they ask for anything."""
        self.on = self._stalled = True

    def play(self) -> None:
        self.on = self.held = self._stalled = self._hushed = False

    def answer(self) -> None:
        """An answer begins: it sounds through a pause that was made before the question."""
        self.held = self.held or (self.on and not self._stalled)
        self.on, self._stalled, self._hushed = self._hushed, False, False

    def answer_freely(self) -> None:
        """An answer begins that nothing comes after: it ends a pause, but for one made while it was awaited."""
        self.on, self.held, self._stalled, self._hushed = self._hushed, False, False, False

    def nothing_said(self) -> None:
        """What they said before was nothing: no answer is due."""
        self._hushed = False

    def answered(self) -> bool:
        """An answer was heard; whether the scenario stays paused now."""
        stays, self.held = self.held, False
        self.on = self.on or stays
        return stays
