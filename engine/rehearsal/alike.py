"""Whether a word that was heard is the word that was written."""

from __future__ import annotations

import re
from functools import cache

from engine.analysis.lemmas import lemma

SAME, ENDING, OTHER = 0.0, 0.3, 1.6
"""What it costs to take one word for the other, where leaving one out and putting one in cost 1 each: a word is rather
another in its place than gone here and new there. ENDING: they differ in their endings, which no recogniser tells
apart reliably and no listener minds."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,](?=\d)[^\W_]+|'[^\W_]+)*")
_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_LONGEST_NUMBER = 12
"""Digits; more are a telephone number."""
_HOMOPHONES = (
    "aisle isle", "allowed aloud", "ate eight", "bare bear", "be bee", "board bored", "brake break", "buy by bye",
    "cell sell", "cent scent sent", "cite sight site", "coarse course", "complement compliment", "dear deer",
    "eye i", "fair fare", "feat feet", "find fined", "flour flower", "for four", "forth fourth", "hear here",
    "heard herd", "him hymn", "hole whole", "hour our", "its it's", "knew new", "knight night", "know no",
    "knows nose", "lead led", "made maid", "mail male", "meat meet", "one won", "pair pear", "passed past",
    "patience patients", "peace piece", "plain plane", "principal principle", "raise rays", "read red", "right write",
    "role roll", "sail sale", "scene seen", "sea see", "seam seem", "some sum", "son sun", "stair stare",
    "stationary stationery", "steal steel", "tail tale", "their there they're", "threw through", "to too two",
    "wait weight", "way weigh", "weak week", "wear where", "weather whether", "which witch", "who's whose",
    "wood would", "your you're",
)  # fmt: skip
"""Words that sound the same: nobody can hear which of them was said."""
_SOUND = {word: group.split()[0] for group in _HOMOPHONES for word in group.split()}
_SPELLINGS = (("our", "or"), ("yse", "yze"), ("ise", "ize"), ("isation", "ization"), ("tre", "ter"), ("ce", "se"))
"""Endings that British and American English spell differently: "practise" and "practice" sound the same."""


def tokens(text: str) -> list[str]:
    """The words of `text` as written, without punctuation and mark-up. Figures stay: "1,200" is one."""
    return _TOKEN.findall(text.replace("’", "'"))


@cache
def keys(word: str) -> tuple[str, ...]:
    """How a word as written is said, lower case: mostly one word; of a figure its words."""
    plain = word.lower().replace(",", "")
    if plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST_NUMBER:
        return tuple(_number(int(plain)))
    return (plain.strip("'"),)


def cost(written: str, heard: str) -> float:
    """What it costs to take `heard` for `written`, both keys: `SAME` to `OTHER`."""
    return SAME if written == heard else _cost(written, heard)


@cache
def _cost(written: str, heard: str) -> float:
    one, other = _SOUND.get(written, written), _SOUND.get(heard, heard)
    if one == other or _respelled(one) == _respelled(other):
        return SAME
    return ENDING if lemma(_respelled(one)) == lemma(_respelled(other)) else OTHER


def _respelled(word: str) -> str:
    for british, american in _SPELLINGS:
        if word.endswith(british) and len(word) > len(british) + 2:
            return word.removesuffix(british) + american
    return word


def _number(number: int) -> list[str]:
    for scale, name in _SCALES:
        if number >= scale:
            more = number % scale
            joined = ["and"] * (0 < more < 100) if scale in {100, 1000} else []
            return [*_number(number // scale), name, *joined, *(_number(more) if more else [])]
    if number < len(_UNITS):
        return [_UNITS[number]]
    return [_TENS[number // 10], *([_UNITS[number % 10]] if number % 10 else [])]
