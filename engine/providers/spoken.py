"""Written text as a local voice should read it, with the way back to the characters as written."""

from __future__ import annotations

import re
import unicodedata

_CHARACTERS = {
    **dict.fromkeys("’‘‚´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("*_`~|<>•^\\{}[]/", " "),
    "—": " – ",
    "…": "... ",
}
"""Curly quotes make espeak-ng pause, a dash without spaces is read without a pause, and nobody says "slash"."""
_CATEGORIES = {"Cf": "", **dict.fromkeys(("So", "Sk", "Cc", "Cs", "Co", "Cn"), " ")}
"""Soft hyphens and the like stand within words; the names of emoji and control characters would be read out."""

_MONEY = re.compile(
    r"([$€£])\s?(\d+(?:,\d{3})*(?:\.\d+)?)(?:(k|m|bn|b)\b|(\s(?:thousand|million|billion|trillion)\b))?", re.I
)
_CURRENCY = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds")}
_SCALE = {"k": "thousand", "m": "million", "b": "billion", "bn": "billion"}

Spoken = tuple[str, list[int]]
"""The text to read, and for each of its characters the index of the written one that it stands for."""


def spoken(text: str) -> Spoken:
    """`text` with sums of money in the order of speech ("$3.5M": 3.5 million dollars), plain quotes, dashes that pause
    and no signs whose names nobody wants to hear."""
    letters: list[str] = []
    origin: list[int] = []

    def put(string: str, index: int) -> None:
        letters.extend(string)
        origin.extend([index] * len(string))

    def copy(first: int, last: int) -> None:
        for index in range(first, last):
            put(_read(text[index]), index)

    done = 0
    for sum_ in _MONEY.finditer(text):
        copy(done, sum_.start())
        copy(*sum_.span(2))
        if sum_[3]:
            put(f" {_SCALE[sum_[3].lower()]}", sum_.end() - 1)
        elif sum_[4]:
            copy(*sum_.span(4))
        put(f" {_CURRENCY[sum_[1]][sum_[2] != '1' or bool(sum_[3] or sum_[4])]}", sum_.end() - 1)
        done = sum_.end()
    copy(done, len(text))
    return "".join(letters), origin


def _read(letter: str) -> str:
    if letter.isalnum() or letter == "°":
        return letter
    return _CHARACTERS.get(letter, _CATEGORIES.get(unicodedata.category(letter), letter))
