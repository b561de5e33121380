"""Who said it. Channels of their own tell for certain; on one microphone the partner key does, or a correction; and
else, where that is wanted, how the voices sound, which is reconsidered as more is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.analysis.values import PARTNER, USER, Confidence, Line
from engine.analysis.voices import Guess, Voices
from engine.coach.understanding import Caught

AROUND = 0.25
"""Seconds before and after a word that tell whose it is: one print is 0.3 s."""
FEWEST = 2
"""Words that a change of voice has to last."""


@dataclass(slots=True, kw_only=True)
class _Said:
    """`certain`: nobody has to guess."""

    caught: Caught
    speaker: str
    certain: bool


def parts_of(caught: Caught, guess: Guess) -> list[tuple[str, Caught]]:
    """An utterance, cut between the words where the voice changes."""
    words = caught.words
    if not words:
        return [(guess.speaker(caught.start, caught.end), caught)]
    runs = _runs([guess.speaker(word.start - AROUND, word.end + AROUND) for word in words])
    texts = caught.text.split()
    texts = texts if len(texts) == len(words) else [word.text for word in words]
    return [
        (
            speaker,
            Caught(
                text=" ".join(texts[first:last]),
                final=True,
                start=words[first].start if first else caught.start,
                end=words[last - 1].end if last < len(words) else caught.end,
                words=words[first:last],
            ),
        )
        for speaker, first, last in runs
    ]


def _runs(speakers: Sequence[str]) -> list[tuple[str, int, int]]:
    """(speaker, first, last exclusive) of words that follow on each other; a single word goes with those before it."""
    runs: list[tuple[str, int, int]] = []
    for number, speaker in enumerate(speakers):
        if runs and runs[-1][0] == speaker:
            runs[-1] = (speaker, runs[-1][1], number + 1)
        else:
            runs.append((speaker, number, number + 1))
    merged: list[tuple[str, int, int]] = []
    for speaker, first, last in runs:
        if merged and (last - first < FEWEST or merged[-1][0] == speaker):
            merged[-1] = (merged[-1][0], merged[-1][1], last)
        else:
            merged.append((speaker, first, last))
    return merged


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

    def of(self, channel: str, caught: Caught) -> list[tuple[str, Caught]]:
        """Who said what of an utterance on `channel`, as far as can be told: in parts where the voice changes."""
        if self.separate or channel == PARTNER or self._key or not self._may_guess:
            return [(self.now(channel), caught)]
        return parts_of(caught, self._guess)

    def written(self, line: Line) -> None:
        """`line` is in the transcript."""
        certain = self.separate or self._key is not None
        caught = Caught(text=line.text, final=True, start=line.start, end=line.end, words=line.words)
        self._lines[line.id] = _Said(caught=caught, speaker=line.speaker, certain=certain)
        if certain and not self.separate:
            self.voices.known(line.speaker, line.start, line.end)

    def corrected(self, line: int, speaker: str) -> None:
        """Somebody said who it was."""
        said = self._lines.get(line)
        if said:
            said.speaker, said.certain = speaker, True
            self.voices.known(speaker, said.caught.start, said.caught.end)

    def guessed(self, guess: Guess) -> dict[int, list[tuple[str, Caught]]]:
        """Take a new guess; the lines of which it tells something else, with who said what of them."""
        self._guess = guess
        if self.separate or not self._may_guess:
            return {}
        changes = {}
        for id, said in self._lines.items():
            parts = [] if said.certain else parts_of(said.caught, guess)
            if parts and [speaker for speaker, _ in parts] != [said.speaker]:
                changes[id] = parts
                said.speaker, said.caught = parts[0]
        return changes

    @property
    def _may_guess(self) -> bool:
        return self.guesses and self._guess.confidence is not Confidence.NONE
