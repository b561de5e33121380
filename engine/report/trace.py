"""Whether a sentence sums up what was said: its words were spoken, its names and numbers where it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.analysis.lemmas import content, lemma
from engine.analysis.values import USER
from engine.report.language import forbidden
from engine.report.numerals import numerals
from engine.report.said import Said, Sentence
from engine.words import normal

INVENTED = 5
"""One word in so many may be other than what was said."""
_NEARBY = 0.5
"""Of the words of a summary that have to stand near a number of it."""
_SAME = 0.7
"""Of a clause's words in a summary: then it sums up that clause, too."""
_CLAUSE = re.compile(r"[,;:.!?]+(?=\s|\Z)")
_YOU = re.compile(r"you\b(?! (?:and|both|heard|learned|learnt|discussed|talked|spoke|found|were)\b)", re.IGNORECASE)
_OTHERS = re.compile(r"(?<!^)\b(?!You)[A-Z]\w+(?::|\s(?:said|asked|told|replied|answered)\b)")
_NOT = re.compile(r"\b(?:not|no|never|without|cannot|nobody|nothing|none|neither|nor)\b|n't\b", re.IGNORECASE)


def faults(text: str, said: Said, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """What keeps `text` from being a summary of what was said. `names`: stems of those who took part."""
    words = _matter(text) - names
    if not words:
        yield "it says nothing of what was said"
        return
    sentences = said.sentences(USER if _of_user(text) else None)
    stems = [content(normal(sentence.text)) for sentence in sentences]
    new = words - frozenset().union(*stems)
    if len(new) > len(words) // INVENTED:
        yield f"nobody spoke of {', '.join(sorted(new)[:4])}"
    yield from _numbers(text, words, sentences, stems)
    whole = content(normal(text))
    told = [clause for sentence in sentences for clause in _CLAUSE.split(sentence.text) if _is_in(clause, whole)]
    denied = [bool(_NOT.search(clause)) for clause in told]
    if (any(denied) and not _NOT.search(text)) or (denied and not any(denied) and _NOT.search(text)):
        yield "it denies what was said, or says what was denied"


def _is_in(clause: str, words: frozenset[str]) -> bool:
    """Whether a summary with these words sums up the clause, too."""
    matter = content(normal(clause))
    return bool(matter) and len(matter & words) >= _SAME * len(matter)


def _matter(text: str) -> frozenset[str]:
    """The words of `text` that have to have been said; its numbers are looked at by themselves."""
    figures = {word for numeral in numerals(text) for word in normal(numeral.text)}
    words = [word for word in normal(text) if word not in figures]
    return content(words) - {lemma(verb) for verb in forbidden().reporting}


def _of_user(text: str) -> bool:
    """Whether it is on what the user alone said."""
    return bool(_YOU.match(text)) and not forbidden().partner.search(text) and not _OTHERS.search(text)


def _numbers(text: str, words: frozenset[str], sentences: list[Sentence], stems: list[frozenset[str]]) -> Iterator[str]:
    """Numbers that were not said near the words that they stand with."""
    for numeral in numerals(text):
        if numeral.spelled and numeral.value == 1:
            continue
        at = [
            i
            for i, sentence in enumerate(sentences)
            if any(n.value == numeral.value and n.sort is numeral.sort for n in numerals(sentence.text))
        ]
        nearby = [frozenset().union(*stems[max(0, i - 2) : i + 3]) for i in at]
        if not any(len(words & around) >= _NEARBY * len(words) for around in nearby):
            yield f'"{numeral.text}" was not said of this'
