"""Who said it. Channels of their own tell for certain; on one microphone the partner key does, or a correction; and
else, where that is wanted, how the voices sound, which is reconsidered as more is heard."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from engine.analysis.values import PARTNER, USER, Confidence, Line
from engine.analysis.voices import Guess, Voices
from engine.coach.understanding import Caught

AROUND = 0.25
"""Seconds before and after a word that tell whose it is: one print is 0.3 s."""
FEWEST = 2
"""Words that a change of voice has to last."""
KEPT = 256
"""Changes of who holds the microphone that are remembered."""
Part = tuple[str, Caught]
"""Who said what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """What tells who speaks from `since` on: channels of their own, or whose the partner key says it is."""

    since: float = 0.0
    separate: bool = False
    key: str | None = None


@dataclass(slots=True, kw_only=True)
class _Said:
    """`certain`: nobody has to guess."""

    caught: Caught
    speaker: str
    certain: bool


def parts_of(caught: Caught, guess: Guess) -> list[Part]:
    """An utterance, cut between the words where the voice changes."""
    words = caught.words
    if not words:
        return [(guess.speaker(caught.start, caught.end), caught)]
    runs = _runs([guess.speaker(word.start - AROUND, word.end + AROUND) for word in words])
    if len(runs) == 1:
        return [(runs[0][0], caught)]
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
    """`guesses`: where nothing tells, the voices may."""

    def __init__(self) -> None:
        self.guesses = False
        self.voices = Voices()
        self._guess = Guess()
        self._manners = deque([_Manner()], maxlen=KEPT)
        self._lines: dict[int, _Said] = {}

    @property
    def separate(self) -> bool:
        """Whether the sides have channels of their own now."""
        return self._manners[-1].separate

    def told(self, speaker: str | None, at: float) -> None:
        """Who holds the microphone from `at` on, by the partner key; None: nobody says."""
        self._from(replace(self._manners[-1], key=speaker, since=at))

    def channels(self, at: float, *, separate: bool) -> None:
        """Whether from `at` on the sides have channels of their own."""
        self._from(replace(self._manners[-1], separate=separate, since=at))

    def now(self, channel: str) -> str:
        """Who is taken to be speaking on `channel`."""
        return _told(channel, self._manners[-1]) or USER

    def of(self, channel: str, caught: Caught) -> list[Part]:
        """Who said what of an utterance on `channel`, as far as can be told: in parts where the voice changes."""
        told = self._told(channel, caught)
        if told or not self._may_guess:
            return [(told or USER, caught)]
        return parts_of(caught, self._guess)

    def certain(self, channel: str, caught: Caught) -> bool:
        """Whether nobody has to guess who said it."""
        return self._told(channel, caught) is not None

    def written(self, line: Line, *, certain: bool) -> None:
        """`line` is in the transcript."""
        caught = Caught(text=line.text, final=True, start=line.start, end=line.end, words=line.words)
        self._lines[line.id] = _Said(caught=caught, speaker=line.speaker, certain=certain)
        if certain and not self.separate:
            self.voices.known(line.speaker, line.start, line.end)

    def corrected(self, line: int, speaker: str | None) -> None:
        """Somebody said who it was, or at least what was said: they have looked at it."""
        if said := self._lines.get(line):
            said.certain = True
        if said and speaker:
            said.speaker = speaker
            self.voices.known(speaker, said.caught.start, said.caught.end)

    def open(self, line: int) -> Part | None:
        """A line that may be somebody else's, as it stands."""
        said = self._lines.get(line)
        return (said.speaker, said.caught) if said and not said.certain else None

    def guessed(self, guess: Guess) -> Callable[[], dict[int, list[Part]]]:
        """Take a new guess. What it returns tells the lines of which that says something else, with who said what of
        them: 0.1 s of computing for an hour's lines, in a thread."""
        self._guess = guess
        guessing = not self.separate and self._may_guess
        lines = {id: (said.speaker, said.caught) for id, said in self._lines.items() if guessing and not said.certain}
        return partial(_changes, lines, guess)

    def recut(self, line: int, numbers: Sequence[int], parts: Sequence[Part]) -> None:
        """Line `line` is `parts` now, the lines `numbers`; none: somebody has corrected it elsewhere."""
        if not numbers:
            self._lines[line].certain = True
        for number, (speaker, caught) in zip(numbers, parts, strict=bool(numbers)):
            certain = number in self._lines and self._lines[number].certain
            self._lines[number] = _Said(caught=caught, speaker=speaker, certain=certain)

    def _told(self, channel: str, caught: Caught) -> str | None:
        """Who said it, where that is certain: words come seconds after they were said."""
        middle = (caught.start + caught.end) / 2
        then = next((manner for manner in reversed(self._manners) if manner.since <= middle), self._manners[0])
        return _told(channel, then)

    def _from(self, manner: _Manner) -> None:
        before = self._manners[-1]
        if (manner.key, manner.separate) != (before.key, before.separate):
            self._manners.append(manner)

    @property
    def _may_guess(self) -> bool:
        return self.guesses and self._guess.confidence is not Confidence.NONE


def _told(channel: str, manner: _Manner) -> str | None:
    return channel if manner.separate or channel == PARTNER else manner.key


def _changes(lines: Mapping[int, Part], guess: Guess) -> dict[int, list[Part]]:
    found = ((id, speaker, parts_of(caught, guess)) for id, (speaker, caught) in lines.items())
    return {id: parts for id, speaker, parts in found if [each for each, _ in parts] != [speaker]}
