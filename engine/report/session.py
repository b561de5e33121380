"""One session as the report's own author reads it: its sentences, its moments, and ways to quote them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from re import Pattern
from typing import Any

from engine.analysis.lemmas import content
from engine.analysis.values import PARTNER, USER, Measure, Span
from engine.analysis.written import is_hesitation
from engine.report.facts import known, moments
from engine.report.goals import measures_of
from engine.report.language import any_of, forbidden, read
from engine.report.numerals import Sort, numerals
from engine.report.plain import characters, tidy, unfit
from engine.report.said import Said, Sentence
from engine.report.values import Brief
from engine.words import normal

LONG, SHORT = 14, 9
"""Words of a quote: in a star or the wish, in a takeaway."""
LEAST = 30
"""Words below which there is not much to report on."""
_LATER = 0.6
"""How much less each further measure of a goal is meant by it."""
_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s(?=(?:and|but|because|so|which|where|when|while|if|or)\s)")


class Session:
    """`fingerprint`: the same for the same session, and of what was said in it: it chooses between ways to say it."""

    def __init__(self, brief: Brief) -> None:
        self.brief, self.material, self.analysis = brief, brief.material, brief.analysis
        self.said = Said(brief.material)
        self.everything = _quotable(self.said)
        self.sentences = [sentence for sentence in self.everything if sentence.speaker == USER]
        self.words = self.said.words(USER)
        self.alone = not self.said.said_by(PARTNER)
        self.goal = " ".join((brief.aim.goal or brief.material.goal).split())
        self.wanted = measures_of(self.goal)
        told = "\n".join([self.goal, *(f"{line.speaker}:{line.text}" for line in self.said.lines)])
        self.fingerprint = zlib.crc32(told.encode())
        self.partner = _first_name(brief.aim.participants)

    def one_of(self, ways: Sequence[str], key: str = "") -> str:
        """One of the ways to say something; "" of none."""
        return ways[(self.fingerprint ^ zlib.crc32(key.encode())) % len(ways)] if ways else ""

    def known(self, id: str) -> Measure | None:
        return known(self.analysis, id)

    def wish_for(self, id: str) -> float:
        """How much the goal is about `id`: 1 its first measure, less for each after it, 0 not at all."""
        return 1 / (1 + _LATER * list(self.wanted).index(id)) if id in self.wanted else 0.0

    def place(self, quote: str, near: float) -> Span | None:
        """Where the user said `quote`, nearest to `near` seconds."""
        places = [Span(start=place.start, end=place.end) for place in self.said.find(quote)]
        return min(places, key=lambda span: abs(span.start - near), default=None)

    def moments(self, id: str) -> list[Span]:
        """Where `id` was found, the longest first."""
        return sorted(set(moments(self.analysis, id)), key=lambda span: span.start - span.end)

    def sentence_at(self, span: Span) -> Sentence | None:
        """The user's sentence that fills most of `span`, or the last one before it."""
        overlap = [(min(s.end, span.end) - max(s.start, span.start), s.start, s) for s in self.sentences]
        best = max(overlap, key=lambda one: one[:2], default=None)
        if best and best[0] > 0:
            return best[2]
        return max((s for s in self.sentences if s.end <= span.start + 1), key=lambda s: s.end, default=None)

    def before(self, sentence: Sentence) -> str:
        """What the partner said last before it."""
        lines = [line for line in self.said.said_by(PARTNER) if line.start <= sentence.start]
        return lines[-1].text if lines else ""


def _quotable(said: Said) -> list[Sentence]:
    """What may be quoted: no line in which something is meant for a machine, unless there is nothing else."""
    sentences = said.sentences(without=forbidden().orders)
    known = characters(sentence.text for sentence in sentences)
    fit = [s for s in sentences if not any(unfit(tidy(s.text), known))]
    return fit if any(sentence.speaker == USER for sentence in fit) else said.sentences()


def excerpt(text: str, most: int = LONG, *, around: Pattern[str] | None = None) -> str:
    """A part of `text` that can be quoted: at most `most` words of it, unchanged, without what it opens with ("so,
    um"), from clause to clause where that is possible. `around`: what has to be in it."""
    pieces = _unopened(text.split(), around)
    if len(pieces) > most:
        pieces = _unopened(_cut(pieces, most, around), around)
    ended = text.rstrip().endswith(pieces[-1]) if pieces else True
    while not ended and len(pieces) > 3 and _bare(pieces[-1]) in sayings()["dangling"]:
        pieces.pop()
    return _stripped(pieces)


def ending(text: str, most: int = LONG) -> str:
    """The end of `text` that can be quoted: whole, or its last clauses, at most `most` words."""
    pieces = text.split()
    if len(pieces) > most:
        clauses = [clause.split() for clause in _CLAUSE.split(text) if clause.strip()]
        row: list[str] = []
        while clauses and len(row) + len(clauses[-1]) <= most:
            row = [*clauses.pop(), *row]
        pieces = row if len(row) >= 4 else pieces[-most:]
    return _stripped(_unopened(pieces))


def _unopened(pieces: list[str], around: Pattern[str] | None = None) -> list[str]:
    begin = 0
    while begin < len(pieces) - 2 and _bare(pieces[begin]) in sayings()["openers"]:
        begin += 1
    lost = around and not around.search(" ".join(pieces[begin:]))
    return pieces if lost else pieces[begin:]


def _stripped(pieces: Sequence[str]) -> str:
    return " ".join(pieces).strip(' ,;:.–—-"“”').removesuffix("…")


def _cut(pieces: list[str], most: int, around: Pattern[str] | None) -> list[str]:
    """The best row of clauses that is short enough: with what has to be in it, with no um, that stands by itself, as
    long as possible."""
    clauses = [clause.split() for clause in _CLAUSE.split(" ".join(pieces)) if clause.strip()]
    best: tuple[tuple[bool, bool, float], list[str]] | None = None
    for first in range(len(clauses)):
        row: list[str] = []
        for clause in clauses[first:]:
            row = [*row, *clause]
            if len(row) > most:
                break
            clean = not any(is_hesitation(_bare(word)) for word in row)
            holds = around is None or bool(around.search(" ".join(row)))
            hangs = 8 * (_bare(row[0]) in sayings()["hanging"])
            worth = (holds, clean, len(row) - 6 * first - hangs)
            if len(row) >= 4 and (best is None or worth > best[0]):
                best = worth, row
    if best and (best[0][0] or around is None):
        return best[1]
    at = 0
    if around and (match := around.search(" ".join(pieces))):
        at = max(0, len(" ".join(pieces)[: match.start()].split()) - most // 3)
    return pieces[at : at + most]


def holds(sentence: Sentence, kind: str) -> bool:
    """Whether something of `kind` ("example") is said in it."""
    return bool(pattern(kind).search(sentence.text.replace("’", "'")))


@cache
def pattern(kind: str) -> Pattern[str]:
    return any_of(read("sayings")[kind])


@cache
def sayings() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in read("sayings").items()}


def shared_word(question: str, heard: str) -> str:
    """The word of `question`, as it stands there, that was taken from what was `heard`; the longest; "" if none."""
    common = content(normal(heard))
    words = [word.strip(".,;:!?\"“”'") for word in question.split()]
    taken = [word for word in words if content(normal(word)) & common]
    return max(taken, key=len, default="")


def meaty(sentence: Sentence) -> float:
    """How much it says: different words with a matter, up to a dozen."""
    return min(12, len(content(normal(sentence.text)))) - 0.2 * max(0, sentence.words - 20)


def telling(sentence: Sentence) -> float:
    """Of its figures: shares, lengths and large numbers say more than "two of them"."""
    found = numerals(sentence.text)
    return 1.0 if any(n.value >= 10 or n.sort in (Sort.PERCENT, Sort.SECONDS) for n in found) else 0.0


def cluttered(quote: str) -> bool:
    return any(is_hesitation(word) for word in normal(quote))


def figures(sentence: Sentence) -> list[str]:
    counted = (Sort.PLAIN, Sort.PERCENT, Sort.SECONDS)
    return [n.text for n in numerals(sentence.text) if n.sort in counted and not (n.spelled and n.value <= 1)]


def filled(text: str, values: Mapping[str, Any]) -> str:
    return " ".join(text.format(**values).split())


def _bare(word: str) -> str:
    return "".join(normal(word))


def _first_name(participants: str) -> str:
    """The first name of the only other person, if that is what `participants` tells."""
    names = [name for name in participants.replace("’", "'").split() if _bare(name) not in sayings()["titles"]]
    plain = 1 <= len(names) <= 3 and all(name.isalpha() and name[0].isupper() for name in names)
    return names[0] if plain else ""
