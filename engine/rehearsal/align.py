"""What was said of a script: each sentence said, changed or skipped, and what was added between them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.analysis.written import is_hesitation
from engine.providers.base import Word
from engine.rehearsal.alike import ENDING, cost, keys, tokens
from engine.rehearsal.edit import steps
from engine.rehearsal.pieces import pieces
from engine.rehearsal.values import Again, Alignment, Delivered, Extra, Fate, Kind

SAID_AT_ALL = 3
"""A sentence of which less than one word in so many was said was skipped: every text has words in common. Ours."""
ADDED = 3
"""Words between two sentences from which on they are something added; fewer belong to the nearer one. Ours."""
TRIES = 4
"""Times that the rest is laid anew once sentences turn out to have been skipped."""
BEGUN = 0.6
"""Share of the words of an addition that stand, in this order, in a sentence beside it: then it is an attempt at that
one that was broken off. Ours."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A word that was said, by its `key`."""

    key: str
    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Written:
    """A word of the script, by its `key`: of sentence `sentence` (from 0) the `place`th that stands between blanks."""

    key: str
    sentence: int
    place: int


def align(sentences: Sequence[str], words: Iterable[Word], agains: Sequence[Again] = ()) -> Alignment:
    """All of the script's sentences, and all words that were said, by their times, hesitations left out. What was said
    before somebody went back counts only where it was not said again. Not for the event loop."""
    heard, script = list(_heard(words)), list(_written(sentences))
    passes = [_Pass(script, said, first) for first, said in _passes(heard, agains, len(sentences))]
    delivered, counted = [], []
    for index, text in enumerate(sentences):
        covering = [each for each in passes if each.covers(index)]
        best = covering[-1] if covering else None
        counted.append(best)
        attempts = sum(1 for each in covering if each.said_of(index))
        delivered.append(_delivered(index, text, best, attempts))
    extras = [extra for each in passes for extra in each.extras(sentences) if _counts(each, extra, counted)]
    return Alignment(sentences=tuple(delivered), extras=tuple(sorted(extras, key=lambda extra: extra.start)))


def _counts(one: _Pass, extra: Extra, counted: Sequence[_Pass | None]) -> bool:
    """Whether the sentence before it, or the one after it, counts as it was said in this pass."""
    beside = [counted[at] for at in (extra.after - 1, extra.after) if 0 <= at < len(counted)]
    return one in beside


def _delivered(index: int, text: str, one: _Pass | None, attempts: int) -> Delivered:
    found = pieces(text, *(one.of(index) if one else ((), {})))
    said = one.said_of(index) if one else []
    if not said:
        return Delivered(index=index + 1, text=text, fate=Fate.SKIPPED, pieces=found)
    return Delivered(
        index=index + 1,
        text=text,
        fate=Fate.SAID if all(piece.kind is Kind.SAID for piece in found) else Fate.CHANGED,
        pieces=found,
        start=said[0].start,
        end=max(word.end for word in said),
        words=len(said),
        attempts=max(1, attempts),
    )


def _heard(words: Iterable[Word]) -> Iterator[Heard]:
    """Words that were said, a share of the time for each of those that were written as one."""
    for word in sorted(words, key=lambda word: word.start):
        parts = [key for token in tokens(word.text) for key in keys(token)]
        parts = [key for key in parts if key and not is_hesitation(key)]
        step = (word.end - word.start) / (len(parts) or 1)
        for number, key in enumerate(parts):
            start = word.start + number * step
            yield Heard(key, key if len(parts) > 1 else word.text, start, start + step)


def _written(sentences: Sequence[str]) -> Iterator[Written]:
    for number, sentence in enumerate(sentences):
        for place, word in enumerate(sentence.split()):
            for token in tokens(word):
                for key in keys(token):
                    yield Written(key, number, place)


def _passes(heard: Sequence[Heard], agains: Sequence[Again], sentences: int) -> Iterator[tuple[int, Sequence[Heard]]]:
    """Where each pass begins (from 0), and what was said in it."""
    middles = [(word.start + word.end) / 2 for word in heard]
    last, first = 0, 0
    for again in sorted(agains, key=lambda again: again.at):
        border = bisect_right(middles, again.at)
        yield first, heard[last:border]
        last, first = border, max(0, min(sentences - 1, again.sentence - 1))
    yield first, heard[last:]


class _Pass:
    """What was said without going back, against the script from sentence `first` (from 0) on."""

    def __init__(self, script: Sequence[Written], said: Sequence[Heard], first: int) -> None:
        self._first = first
        self._script = [word for word in script if word.sentence >= first]
        self._said = said
        self._of: dict[int, int] = {}
        """Which word of the script a word that was said stands for."""
        skipped: frozenset[int] = frozenset()
        for _ in range(TRIES):  # a word of a skipped sentence may be one of another sentence, too
            self._lay(skipped)
            if not (more := self._skipped() - skipped):
                break
            skipped |= more
        self._release_edges()
        self._homes = self._home()
        self._reached = max(self._homes.values(), default=-1)

    def covers(self, index: int) -> bool:
        """Whether sentence `index` was come to, said or skipped."""
        return self._first <= index <= self._reached

    def said_of(self, index: int) -> list[Heard]:
        return [self._said[at] for at, home in sorted(self._homes.items()) if home == index]

    def of(self, index: int) -> tuple[Sequence[tuple[int, Heard, float]], Mapping[int, Sequence[Heard]]]:
        """Of a sentence: (place, what was said for a key at that place, at what cost); and what was put in, by the
        place that it stands before."""
        found: list[tuple[int, Heard, float]] = []
        put_in: dict[int, list[Heard]] = {}
        here = [at for at, home in sorted(self._homes.items()) if home == index]
        place = 0
        for at in here:
            if at in self._of:
                word = self._script[self._of[at]]
                place = word.place + 1
                found.append((word.place, self._said[at], cost(word.key, self._said[at].key)))
            else:
                put_in.setdefault(place, []).append(self._said[at])
        return found, put_in

    def extras(self, sentences: Sequence[str]) -> Iterator[Extra]:
        after = self._first
        for free, run in groupby(range(len(self._said)), key=lambda at: at not in self._homes):
            indices = list(run)
            if not free:
                after = self._homes[indices[-1]] + 1
                continue
            words = [self._said[at] for at in indices]
            beside = [sentences[at] for at in (after - 1, after) if 0 <= at < len(sentences)]
            yield Extra(
                after=after,
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=words[-1].end,
                words=len(words),
                again=any(_begun(words, sentence) for sentence in beside),
            )

    def _lay(self, skipped: frozenset[int]) -> None:
        """Find what stands for which word of the script, sentences that were `skipped` aside."""
        places = [at for at, word in enumerate(self._script) if word.sentence not in skipped]
        found = steps([self._script[at].key for at in places], [word.key for word in self._said])
        self._of = {heard: places[at] for at, heard in found if at is not None and heard is not None}

    def _skipped(self) -> frozenset[int]:
        """Sentences of which hardly anything was said: what stands for their words was something else."""
        sizes = Counter(word.sentence for word in self._script)
        said: Counter[int] = Counter()
        for at, written in self._of.items():
            word = self._script[written]
            same = cost(word.key, self._said[at].key) <= ENDING
            said[word.sentence] += same
        return frozenset(sentence for sentence, size in sizes.items() if said[sentence] * SAID_AT_ALL < size)

    def _release_edges(self) -> None:
        """Take back what stands, as another word, for the last or first word of a sentence beside something added: it
        was the beginning, or the end, of that."""
        for run in [run for run in self._free_runs() if len(run) >= ADDED]:
            for edge, step in ((run[0] - 1, -1), (run[-1] + 1, 1)):
                at = edge
                while at in self._of and self._otherwise(at) and not self._within(run, at, step):
                    del self._of[at]
                    at += step

    def _free_runs(self) -> list[list[int]]:
        runs = groupby(range(len(self._said)), key=lambda at: at not in self._of)
        return [list(run) for free, run in runs if free]

    def _otherwise(self, at: int) -> bool:
        return cost(self._script[self._of[at]].key, self._said[at].key) > ENDING

    def _within(self, run: Sequence[int], at: int, step: int) -> bool:
        """Whether the sentence that `at` belongs to goes on at the other side of the run."""
        beyond = self._of.get(run[0] - 1 if step > 0 else run[-1] + 1)
        return beyond is not None and self._script[beyond].sentence == self._script[self._of[at]].sentence

    def _home(self) -> dict[int, int]:
        """The sentence of each word that was said; those of something added have none."""
        homes = {at: self._script[written].sentence for at, written in self._of.items()}
        for run in self._free_runs():
            before, after = homes.get(run[0] - 1), homes.get(run[-1] + 1)
            if self._repeated(run):
                continue
            if before is not None and before == after:
                homes |= dict.fromkeys(run, before)
            elif len(run) < ADDED:
                homes |= dict.fromkeys(run, nearer) if (nearer := self._nearer(run, before, after)) is not None else {}
        return homes

    def _repeated(self, run: Sequence[int]) -> bool:
        """Whether the very same words follow: somebody began again in mid-sentence."""
        first, size = run[0], len(run)
        words = [word.key for word in self._said[first : first + 2 * size]]
        return words[:size] == words[size:]

    def _nearer(self, run: Sequence[int], before: int | None, after: int | None) -> int | None:
        if before is None or after is None:
            return after if before is None else before
        gap = self._said[run[0]].start - self._said[run[0] - 1].end
        return before if gap < self._said[run[-1] + 1].start - self._said[run[-1]].end else after


def _begun(words: Sequence[Heard], sentence: str) -> bool:
    """Whether they are a piece of `sentence`."""
    written = [key for token in tokens(sentence) for key in keys(token)]
    found = steps(written, [word.key for word in words])
    same = sum(1 for a, b in found if a is not None and b is not None and cost(written[a], words[b].key) <= ENDING)
    return same >= BEGUN * len(words)
