"""Which words a recogniser should be told of before it hears them: names, products, abbreviations of the script."""

from __future__ import annotations

import re
from collections import Counter

from engine.providers.base import Expectation

MOST = 40
"""Terms. Vendors take 50 to 100, and advise 20 to 50: each makes it likelier that it is heard where it is not said."""
LONGEST = 5
"""Words in one: "New York City Marathon" is one term, a whole heading is not."""

_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")


def key_terms(expect: Expectation, most: int = MOST) -> tuple[str, ...]:
    """The terms of `expect`, most frequent first: runs of words that are written with a capital inside a sentence, or
    anywhere with a capital or a digit behind their first letter ("GmbH", "B2B"). None of a line all in capitals."""
    found: Counter[str] = Counter()
    for sentence in expect.sentences:
        found.update(_terms(sentence))
    return tuple(term for term, _ in found.most_common(most))


def _terms(sentence: str) -> list[str]:
    if sentence.isupper():
        return []
    terms: list[list[str]] = []
    after = -1
    for place, word in enumerate(_WORD.finditer(sentence)):
        text = word.group()
        odd = any(letter.isupper() or letter.isdigit() for letter in text[1:]) and not text.isdigit()
        if not odd and (place == 0 or not text[0].isupper() or re.split("['’]", text)[0] == "I"):
            continue
        joined = sentence[after : word.start()].isspace() if after >= 0 else False
        if joined and len(terms[-1]) < LONGEST:
            terms[-1].append(text)
        else:
            terms.append([text])
        after = word.end()
    return [" ".join(term) for term in terms]
