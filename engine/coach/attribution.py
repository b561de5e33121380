"""Who said it. Channels of their own tell for certain; on one microphone the partner key does, or a correction; and
else, where that is wanted, how the voices sound, which is reconsidered as more is heard."""

from __future__ import annotations

from dataclasses import dataclass

from engine.analysis.values import PARTNER, USER, Confidence, Line
from engine.analysis.voices import Guess, Voices


@dataclass(slots=True, kw_only=True)
class _Said:
    """`certain`: nobody has to guess."""

    start: float
    end: float
    speaker: str
    certain: bool


class Attribution:
    """`separate`: the sides have channels of their own. `guesses`: where nothing tells, the voices may."""

    def __init__(self) -> None:
        self.separate = False
        self.guesses = False
        self.voices = Voices()
        self._guess = Guess()
        self._key: str | None = None
        self._lines: dict[int, _Said] = {}

    def told(self, speaker: str | None) -> None:
        """Who holds the microphone, by the partner key; None: nobody says."""
        self._key = speaker

    def now(self, channel: str) -> str:
        """Who is taken to be speaking on `channel`."""
        if self.separate or channel == PARTNER:
            return channel
        return self._key or USER

    def of(self, channel: str, start: float, end: float) -> str:
        """Who spoke on `channel` from `start` to `end`, as far as can be told by now."""
        if self.separate or channel == PARTNER or self._key or not self._may_guess:
            return self.now(channel)
        return self._guess.speaker(start, end)

    def written(self, line: Line) -> None:
        """`line` is in the transcript."""
        certain = self.separate or self._key is not None
        self._lines[line.id] = _Said(start=line.start, end=line.end, speaker=line.speaker, certain=certain)
        if certain and not self.separate:
            self.voices.known(line.speaker, line.start, line.end)

    def corrected(self, line: int, speaker: str) -> None:
        """Somebody said who it was."""
        said = self._lines.get(line)
        if said:
            said.speaker, said.certain = speaker, True
            self.voices.known(speaker, said.start, said.end)

    def guessed(self, guess: Guess) -> dict[int, str]:
        """Take a new guess; the lines that it gives to somebody else, and to whom."""
        self._guess = guess
        if self.separate or not self._may_guess:
            return {}
        changes = {}
        for id, said in self._lines.items():
            speaker = guess.speaker(said.start, said.end)
            if not said.certain and speaker != said.speaker:
                changes[id] = said.speaker = speaker
        return changes

    @property
    def _may_guess(self) -> bool:
        return self.guesses and self._guess.confidence is not Confidence.NONE
