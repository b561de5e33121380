"""A take against its script and its budget: what was said of each sentence, how long it took, and how it was said."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.analysis.values import USER, Line, Mark
from engine.providers.base import Word
from engine.rehearsal.align import align
from engine.rehearsal.budget import shares
from engine.rehearsal.values import Alignment, Delivered, Extra, Fate, Take

FILLER, PAUSES = "filler", ("pause", "long_pause")
LEAST_WORDS = 3
"""Words of a sentence from which its pace is told: of fewer it is chance. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A sentence: how it was `delivered`; `budget` and `took`: seconds, up to what was said next, 0 where it was
    skipped; `wpm`: words a minute from its first word to its last; fillers and pauses within it, `paused` seconds."""

    delivered: Delivered
    budget: float
    took: float = 0.0
    wpm: float | None = None
    fillers: int = 0
    pauses: int = 0
    paused: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A whole take. `took`: seconds of all that counts, and `budget` what there was; `wpm` over the same time without
    what was added; `reached`: the last sentence that was said, 0 where none was."""

    sentences: tuple[Reviewed, ...]
    added: tuple[Extra, ...]
    restarts: int
    budget: float
    took: float
    wpm: float | None
    fillers: int
    pauses: int
    reached: int

    def count(self, fate: Fate) -> int:
        """How many sentences were so, those that were not come to aside."""
        return sum(1 for each in self.sentences[: self.reached] if each.delivered.fate is fate)

    @property
    def unreached(self) -> int:
        """Sentences after the last that was said."""
        return len(self.sentences) - self.reached

    @property
    def as_written(self) -> float | None:
        """Share of the sentences come to that were said as they are written; None where none was."""
        return self.count(Fate.SAID) / self.reached if self.reached else None


def review(take: Take, lines: Sequence[Line], marks: Sequence[Mark]) -> Review:
    """`lines`: the transcript; `marks`: what the analysis found in it. Not for the event loop."""
    words = sorted(_words(lines), key=lambda word: word.start)
    alignment = align(take.script, words, take.agains)
    budgets = shares(take.script, take.budget)
    starts = [word.start for word in words]
    sentences = tuple(
        _reviewed(sentence, budget, _next(starts, sentence.end), marks)
        for sentence, budget in zip(alignment.sentences, budgets, strict=True)
    )
    return _whole(take, alignment, sentences, starts)


def _whole(take: Take, alignment: Alignment, sentences: tuple[Reviewed, ...], starts: Sequence[float]) -> Review:
    added = tuple(alignment.added)
    counted = sum(each.took for each in sentences)
    words = sum(each.delivered.words for each in sentences)
    beside = sum((_next(starts, extra.end) or extra.end) - extra.start for extra in alignment.extras)
    return Review(
        sentences=sentences,
        added=added,
        restarts=len(take.agains) + len(alignment.extras) - len(added),
        budget=take.budget,
        took=counted + beside,
        wpm=60 * words / counted if counted and words >= LEAST_WORDS else None,
        fillers=sum(each.fillers for each in sentences),
        pauses=sum(each.pauses for each in sentences),
        reached=max((each.delivered.index for each in sentences if each.delivered.words), default=0),
    )


def _reviewed(sentence: Delivered, budget: float, after: float | None, marks: Sequence[Mark]) -> Reviewed:
    if sentence.start is None or sentence.end is None:
        return Reviewed(delivered=sentence, budget=budget)
    start, end = sentence.start, sentence.end
    until = end if after is None else after
    within = [mark for mark in marks if start <= (mark.start + mark.end) / 2 < until]
    pauses = [mark for mark in within if mark.layer in PAUSES and mark.end <= end]
    return Reviewed(
        delivered=sentence,
        budget=budget,
        took=until - start,
        wpm=60 * sentence.words / (end - start) if sentence.words >= LEAST_WORDS and end > start else None,
        fillers=sum(1 for mark in within if mark.layer == FILLER),
        pauses=len(pauses),
        paused=sum(mark.end - mark.start for mark in pauses),
    )


def _next(starts: Sequence[float], end: float | None) -> float | None:
    """When the first word after `end` began."""
    if end is None:
        return None
    at = bisect_left(starts, end - 1e-6)
    return starts[at] if at < len(starts) else None


def _words(lines: Sequence[Line]) -> Iterator[Word]:
    """What the user said; a line without times shares its own among its words."""
    for line in lines:
        if line.speaker != USER:
            continue
        if line.words:
            yield from line.words
            continue
        texts = line.text.split()
        step = (line.end - line.start) / (len(texts) or 1)
        for number, text in enumerate(texts):
            yield Word(text=text, start=line.start + number * step, end=line.start + (number + 1) * step)
