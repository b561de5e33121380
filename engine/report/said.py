"""What was said, indexed so that a quote is found again: word by word, whatever its case and punctuation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from re import Pattern

from engine.analysis.lemmas import lemma
from engine.analysis.tokens import length, sane
from engine.analysis.values import COACH, USER, Line, Material, Span
from engine.words import normal

_BORDER = ""
"""Stands where somebody else spoke: no quote goes across."""
_SENTENCE = re.compile(r"(?<=[.?!…])\s+|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was said: seconds of the session, and the id of its first line."""

    start: float
    end: float
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the transcript, as people read it."""

    text: str
    speaker: str
    start: float
    end: float
    line: int

    @property
    def words(self) -> int:
        return len(normal(self.text))

    @property
    def asks(self) -> bool:
        return self.text.rstrip("\"”' ").endswith("?")


class Said:
    """The transcript of a session of so many `seconds`. The coach's lines are cues: nobody said them."""

    def __init__(self, material: Material) -> None:
        self.seconds = length(material.seconds, (line.end for line in material.lines))
        self.lines = [_sane(line, self.seconds) for line in material.lines if line.speaker != COACH]
        self._tokens: dict[str, list[str]] = defaultdict(list)
        self._places: dict[str, list[Place]] = defaultdict(list)
        self._starts: dict[tuple[str, str], list[int]] = defaultdict(list)
        before = ""
        for line in self.lines:
            tokens, places = self._tokens[line.speaker], self._places[line.speaker]
            if tokens and before != line.speaker:
                tokens.append(_BORDER)
                places.append(places[-1])
            for token, start, end in timed(line):
                self._starts[line.speaker, token].append(len(tokens))
                tokens.append(token)
                places.append(Place(start=start, end=end, line=line.id))
            before = line.speaker

    def find(self, quote: str, speaker: str = USER) -> list[Place]:
        """Every place at which `speaker` said `quote`, in order; none for a quote without words."""
        wanted = list(normal(quote))
        if not wanted:
            return []
        tokens, places = self._tokens[speaker], self._places[speaker]
        return [
            Place(start=places[at].start, end=places[at + len(wanted) - 1].end, line=places[at].line)
            for at in self._starts.get((speaker, wanted[0]), ())
            if tokens[at : at + len(wanted)] == wanted
        ]

    def sentence_of(self, place: Place) -> Span:
        """When the sentence was said that `place` is in: somebody who reads knows no more exactly."""
        inside = [s for s in self._all if s.line == place.line and s.start < place.end and place.start < s.end]
        start, end = (inside[0].start, inside[-1].end) if inside else (place.start, place.end)
        return Span(start=min(start, place.start), end=max(end, place.end))

    @cached_property
    def _all(self) -> list[Sentence]:
        return self.sentences()

    def stems(self, speaker: str | None = None) -> set[str]:
        """The stems of all that was said, by one speaker or by all."""
        spoken = self._tokens if speaker is None else {speaker: self._tokens[speaker]}
        return {lemma(token) for tokens in spoken.values() for token in tokens if token}

    def words(self, speaker: str) -> int:
        return sum(token != _BORDER for token in self._tokens[speaker])

    def said_by(self, speaker: str) -> list[Line]:
        return [line for line in self.lines if line.speaker == speaker]

    def sentences(self, speaker: str | None = None, *, without: Pattern[str] | None = None) -> list[Sentence]:
        """In order; a line that nobody punctuated is one. `without`: no line in which it is found."""
        lines = [line for line in self.lines if speaker in (None, line.speaker)]
        return [s for line in lines if not (without and without.search(line.text)) for s in _sentences(line)]


def _sane(line: Line, latest: float) -> Line:
    """`line` with times that can be, whatever was written down."""
    start, end = sane(line.start, line.end, latest) or (0.0, 0.0)
    if (start, end) == (line.start, line.end) and all(start <= w.start <= w.end <= end for w in line.words):
        return line
    times = [sane(word.start, word.end, latest) or (start, start) for word in line.words]
    words = [replace(word, start=at[0], end=at[1]) for word, at in zip(line.words, times, strict=True)]
    return replace(line, start=start, end=end, words=tuple(words))


def timed(line: Line) -> list[tuple[str, float, float]]:
    """The words of the line's text with their times: their own, or a share of the line's where it was corrected."""
    tokens = normal(line.text)
    own = [(token, word.start, word.end) for word in line.words for token in normal(word.text)]
    if [token for token, *_ in own] == list(tokens):
        return own
    step = (line.end - line.start) / max(1, len(tokens))
    return [(token, line.start + i * step, line.start + (i + 1) * step) for i, token in enumerate(tokens)]


def _sentences(line: Line) -> Iterator[Sentence]:
    times = timed(line)
    at = 0
    for text in filter(None, map(str.strip, _SENTENCE.split(line.text))):
        count = len(normal(text))
        if count:
            span: Sequence[tuple[str, float, float]] = times[at : at + count]
            yield Sentence(text=text, speaker=line.speaker, start=span[0][1], end=span[-1][2], line=line.id)
        at += count
