"""What the rules for fillers read: words as they were said, with their neighbours, and the lists of
`data/words/fillers.<language>.toml`."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import median_low
from typing import Any

from engine.analysis.written import pieces, spoken
from engine.errors import NotFound
from engine.providers.base import Word
from engine.words import FOLDER

SET_OFF = 0.3
"""Seconds of silence that set a phrase off as a comma does. Ours: more than recognisers misplace a word by."""
STANDS_OUT = 0.2
"""Seconds by which it is longer than the usual gap between words. Ours."""

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_CLITICS = frozenset({"n't", "'s", "'m", "'re", "'ve", "'d", "'ll"})
_CUT_FRONT = frozenset({"s", "m", "re", "ve", "d", "ll", "cause", "em"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A word without its punctuation, which is words `first` to `last` of those given ("do", "n't" are one). `comma`
    and `ends`: the punctuation after it. `turn`: which stretch between long silences it is in."""

    text: str
    raw: str
    first: int
    last: int
    turn: int
    start: float
    end: float
    comma: bool = False
    ends: bool = False


class Speech:
    """A row of words, asked about by index. Beyond its turn or sentence a word has no neighbour: ""."""

    def __init__(self, words: Sequence[Word], turn_gap: float) -> None:
        self.timed = _timed(words)
        self.said = _read(words, turn_gap if self.timed else math.inf)
        self._pause = _pause(self.said) if self.timed else math.inf

    def __len__(self) -> int:
        return len(self.said)

    def near(self, at: int, step: int) -> str:
        """The word `step` words after (before, if negative) the one at `at`."""
        low, high = sorted((at, at + step))
        if low < 0 or high >= len(self.said) or self.said[low].turn != self.said[high].turn:
            return ""
        return "" if any(word.ends for word in self.said[low:high]) else self.said[at + step].text

    def set_off(self, at: int) -> bool:
        """Whether a comma, an end or a pause stands between `at` and the word after it."""
        if self.said[at].comma or not self.near(at, 1):
            return True
        return self.said[at + 1].start - self.said[at].end >= self._pause

    def alone(self, at: int) -> bool:
        """Whether it is all that was said in its turn. Without times nothing tells turns but that the words end."""
        turn = self.said[at].turn
        return not any(0 <= side < len(self.said) and self.said[side].turn == turn for side in (at - 1, at + 1))

    def matches(self, phrase: Sequence[str], at: int) -> bool:
        """Whether the words from `at` on are `phrase`, with no comma inside: "I told you, know your limits"."""
        if any(self.near(at, step) != word for step, word in enumerate(phrase)):
            return False
        return not any(word.comma for word in self.said[at : at + len(phrase) - 1])


def _timed(words: Sequence[Word]) -> bool:
    """Whether the words' times are in order and have a length: only then can silences be read from them."""
    lasting = sum(word.end > word.start for word in words)
    return lasting >= 0.9 * len(words) and all(a.start <= b.start for a, b in pairwise(words))


def _pause(said: Sequence[Said]) -> float:
    """Seconds of silence that are a pause here: those that stand out. Where all words lie apart, somebody has spaced
    them evenly, and nobody paused."""
    gaps = [after.start - before.end for before, after in pairwise(said) if before.turn == after.turn]
    return max(SET_OFF, median_low(gaps) + STANDS_OUT) if gaps else SET_OFF


def bare(text: str) -> str:
    """`text` in lower case with straight apostrophes and nothing around it: "th-," is "th"."""
    text = text.lower().replace("’", "'")
    core = _EDGES.sub("", text)
    return f"'{core}" if core in _CUT_FRONT and f"'{core}" in text else core


def _read(words: Sequence[Word], turn_gap: float) -> list[Said]:
    found: list[Said] = []
    turn, before = 0, words[0].start if words else 0.0
    for index, word in enumerate(words):
        turn += word.start - before > turn_gap
        before = max(word.end, before)
        for piece in pieces(word.text):
            text, first = bare(spoken(piece)), index
            comma, ends = _punctuation(piece)
            if not text:
                if found:
                    found[-1] = _with(found[-1], word, comma=comma, ends=ends)
                continue
            if text in _CLITICS and found and found[-1].turn == turn:
                host = found.pop()
                text, first = host.text + text, host.first
            found.append(
                Said(
                    text=text,
                    raw=piece,
                    first=first,
                    last=index,
                    turn=turn,
                    start=words[first].start,
                    end=word.end,
                    comma=comma,
                    ends=ends,
                )
            )
    return found


def _with(said: Said, after: Word, *, comma: bool, ends: bool) -> Said:
    """`said` with what follows it and is no word: punctuation, or laughter, which is no silence."""
    return replace(said, end=max(said.end, after.end), comma=said.comma or comma, ends=said.ends or ends)


def _punctuation(piece: str) -> tuple[bool, bool]:
    """Whether a comma or a dash, and whether the end of a sentence, stands behind the word in `piece`. A single hyphen
    is a word broken off."""
    tail = re.split(r"[^\W_]", piece)[-1]
    if ".." in tail or "…" in tail:
        return True, False
    comma = "--" in tail or piece == "-" or any(sign in tail for sign in ",;:–—")
    return comma, any(sign in tail for sign in ".!?")


@dataclass(frozen=True, slots=True)
class Lists:
    """One filler's lists, by their name in the file: `lists["not_after"]`."""

    sets: Mapping[str, frozenset[str]]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.sets[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One language's fillers: `lists["you_know"]["verb_after"]`; what belongs to none of them under `""`."""

    hesitation: re.Pattern[str]
    lists: Mapping[str, Lists]
    not_after: Mapping[str, frozenset[str]]
    """Words before which a sound of hesitation is something else: `not_after["er"]` has "the"."""


@cache
def load(language: str = "en") -> Pack:
    """Read the fillers of `language`, once a process.

    Raises:
        NotFound: there is no list for that language.
    """
    path = FOLDER / f"fillers.{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(f"there is no list of fillers for the language {language!r}")
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    tables = {name: table for name, table in data.items() if isinstance(table, dict)}
    tables[""] = {name: items for name, items in data.items() if isinstance(items, list)}
    return Pack(
        hesitation=re.compile("|".join(tables["hesitation"]["patterns"])),
        lists={name: _lists(table) for name, table in tables.items()},
        not_after={word: frozenset(items) for word, items in tables["hesitation"]["not_after"].items()},
    )


def _lists(table: Mapping[str, Any]) -> Lists:
    return Lists({name: frozenset(items) for name, items in table.items() if isinstance(items, list)})
