"""What a rehearsal is made of: values only. Times are seconds since the take began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a sentence. CHANGED: some of its words were left out, put in, or are others."""

    SAID = "said"
    CHANGED = "changed"
    SKIPPED = "skipped"


class Kind(StrEnum):
    """What became of a piece of a sentence: said as written, left out, put in, or said otherwise (SWAPPED)."""

    SAID = "said"
    LEFT_OUT = "left out"
    PUT_IN = "put in"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`script` as written ("" where it was put in), `said` as heard ("" where it was left out)."""

    kind: Kind
    script: str
    said: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A sentence of the script and how it was said. `start` and `end`: of its first and last word, None where it was
    skipped; `words`: how many were said; `attempts`: how often it was begun."""

    index: int
    text: str
    fate: Fate
    pieces: tuple[Piece, ...]
    start: float | None = None
    end: float | None = None
    words: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What was said and is not in the script, after sentence `after` (0: before the first). `again`: it is a piece of
    a sentence beside it, begun and broken off."""

    after: int
    text: str
    start: float
    end: float
    words: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The speaker went back, or ahead, to `sentence` (from 1) `at` that time, by hand."""

    at: float
    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """`extras` in order of time; `sentences` all of the script's, in its order."""

    sentences: tuple[Delivered, ...]
    extras: tuple[Extra, ...]

    def of(self, fate: Fate) -> Sequence[Delivered]:
        return [sentence for sentence in self.sentences if sentence.fate is fate]

    @property
    def added(self) -> Sequence[Extra]:
        """What was added, false starts not among it."""
        return [extra for extra in self.extras if not extra.again]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One delivery of a pitch. `script`: its sentences as they were then; `budget`: seconds that it may take; `agains`
    in order."""

    id: str
    script: tuple[str, ...]
    budget: float
    agains: tuple[Again, ...] = ()
