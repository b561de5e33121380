"""Who said it. Channels of their own tell for certain; on one microphone the partner key does, or a correction; and
else, where that is wanted, how the voices sound."""

from __future__ import annotations

from engine.analysis.values import PARTNER, USER


class Attribution:
    """`separate`: the sides have channels of their own. `guesses`: where nothing tells, the voices may."""

    def __init__(self) -> None:
        self.separate = False
        self.guesses = False
        self._key: str | None = None
        self._guess = USER
        self._lines: dict[int, str] = {}

    def told(self, speaker: str | None) -> None:
        """Who holds the microphone, by the partner key; None: nobody says."""
        self._key = speaker

    def now(self, channel: str) -> str:
        """Who is taken to be speaking on `channel`."""
        if self.separate or channel == PARTNER:
            return channel
        return self._key or (self._guess if self.guesses else USER)
