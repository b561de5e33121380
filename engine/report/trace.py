"""Whether a sentence sums up what was said: its words were spoken, its names and numbers where it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.analysis.lemmas import content, lemma
from engine.analysis.values import USER
from engine.report.language import forbidden
from engine.report.numerals import Numeral, numerals
from engine.report.said import Said, Sentence
from engine.words import normal

INVENTED = 5
"""One word in so many may be other than what was said."""
_NEARBY = 0.5
"""Of the words of a summary that have to stand near a number of it."""
_SAME = 0.7
"""Of a clause's words in a summary: then it sums up that clause, too."""
_LONGEST_CLAUSE = 9
"""Words that say something. What nobody punctuated is no clause: a "not" in it may be about anything."""
_CLAUSE = re.compile(r"[,;:.!?]+(?=\s|\Z)")
_YOU = re.compile(r"you\b(?! (?:and|both|heard|learned|learnt|discussed|talked|spoke|found|were)\b)", re.IGNORECASE)
_OTHERS = re.compile(r"(?<!^)\b(?!You)[A-Z]\w+(?::|\s(?:said|asked|told|replied|answered)\b)")
_NOT = re.compile(r"\b(?:not|no|never|without|cannot|nobody|nothing|none|neither|nor)\b|n't\b", re.IGNORECASE)


class Trace:
    """What was said, ready to be compared with summaries. `names`: stems of those who took part."""

    def __init__(self, said: Said, names: frozenset[str] = frozenset()) -> None:
        self._names = names
        self._told = [_told(said.sentences(speaker, without=forbidden().orders)) for speaker in (None, USER)]

    def faults(self, text: str) -> Iterator[str]:
        """What keeps `text` from being a summary of what was said."""
        words = _matter(text) - self._names
        if not words:
            yield "it says nothing of what was said"
            return
        told = self._told[_of_user(text)]
        new = words - frozenset().union(*told.stems)
        if len(new) > len(words) // INVENTED:
            yield f"nobody spoke of {', '.join(sorted(new)[:4])}"
        yield from _numbers(text, words, told)
        whole = content(normal(text))
        denied = [no for matter, no in told.clauses if len(matter & whole) >= _SAME * len(matter)]
        denies = any(no for _, no in _clauses(text))
        if (any(denied) and not _NOT.search(text)) or (denied and not any(denied) and denies):
            yield "it denies what was said, or says what was denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Of each sentence its stems and its numbers; of each clause its stems and whether it denies something."""

    stems: list[frozenset[str]]
    numbers: list[list[Numeral]]
    clauses: list[tuple[frozenset[str], bool]]


def _told(sentences: Sequence[Sentence]) -> _Told:
    return _Told(
        stems=[content(normal(sentence.text)) for sentence in sentences],
        numbers=[numerals(sentence.text) for sentence in sentences],
        clauses=[clause for sentence in sentences for clause in _clauses(sentence.text)],
    )


def _clauses(text: str) -> list[tuple[frozenset[str], bool]]:
    """Of each clause that says something its stems, and whether it denies it."""
    told = [(content(normal(_NOT.sub(" ", part))), bool(_NOT.search(part))) for part in _CLAUSE.split(text)]
    return [(matter, no) for matter, no in told if 0 < len(matter) <= _LONGEST_CLAUSE]


def _matter(text: str) -> frozenset[str]:
    """The words of `text` that have to have been said; its numbers are looked at by themselves."""
    figures = {word for numeral in numerals(text) for word in normal(numeral.text)}
    words = [word for word in normal(text) if word not in figures]
    return content(words) - {lemma(verb) for verb in forbidden().reporting}


def _of_user(text: str) -> bool:
    """Whether it is on what the user alone said."""
    return bool(_YOU.match(text)) and not forbidden().partner.search(text) and not _OTHERS.search(text)


def _numbers(text: str, words: frozenset[str], told: _Told) -> Iterator[str]:
    """Numbers that were not said near the words that they stand with."""
    for numeral in numerals(text):
        if numeral.spelled and numeral.value == 1:
            continue
        at = [i for i, said in enumerate(told.numbers) if any(_same(numeral, one) for one in said)]
        nearby = [frozenset().union(*told.stems[max(0, i - 2) : i + 3]) for i in at]
        if not any(len(words & around) >= _NEARBY * len(words) for around in nearby):
            yield f'"{numeral.text}" was not said of this'


def _same(one: Numeral, other: Numeral) -> bool:
    return one.value == other.value and one.sort is other.sort
