"""Which words say what is talked about, whatever their ending: "pilots" and "pilot" are one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from engine import words as vocabulary
from engine.analysis.written import is_hesitation


@cache
def lemma(word: str) -> str:
    """The stem of a lower-case word (Porter's English stemmer); its possessive ending does not count."""
    from snowballstemmer import stemmer

    return str(stemmer("english").stemWord(word.removesuffix("'s")))  # one has state, and is not for two threads


def content(words: Iterable[str]) -> frozenset[str]:
    """The stems of the lower-case `words` that have a matter: no stop words, no hesitations, no single letters."""
    stop = vocabulary.load().stop_words
    return frozenset(lemma(word) for word in words if len(word) > 1 and word not in stop and not is_hesitation(word))
