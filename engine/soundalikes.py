"""Which known word was probably said where a recogniser wrote one that makes no sense: "coast" for "cost"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from itertools import groupby

_CLASSES = {
    letter: digit for digit, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in letters
}
_SHORTEST = 3
_ALIKE = 0.79
"""Of 1, how like the letters must be where the sound differs: "forget" is 0.8 of "forge"."""
_ALIKE_IN_SOUND = 0.65
"""The same where the sound is the same: "tire" is 0.75 of "tyre", but "name" only 0.5 of "nine"."""


class Soundalikes:
    """Looks up words by how they sound (the letter classes of Soundex, Russell 1918, not cut short), then by their
    letters. Words are lower case; those of fewer than three letters are never taken for others."""

    def __init__(self, known: Iterable[str]) -> None:
        self._sounds: dict[str, list[str]] = defaultdict(list)
        self._firsts: dict[str, list[str]] = defaultdict(list)
        for word in sorted(known):
            if len(word) >= _SHORTEST:
                self._sounds[_sound(word)].append(word)
                self._firsts[word[0]].append(word)

    def of(self, heard: Iterable[str]) -> str:
        """The known word most like any of `heard`, or an empty text."""
        return max((found for word in heard for found in self._like(word)), default=(0.0, ""))[1]

    def _like(self, word: str) -> Iterator[tuple[float, str]]:
        if len(word) < _SHORTEST:
            return
        for least, words in (
            (_ALIKE_IN_SOUND, self._sounds.get(_sound(word), ())),
            (_ALIKE, self._firsts.get(word[0], ())),
        ):
            near = [known for known in words if abs(len(known) - len(word)) <= 2]
            for known in get_close_matches(word, near, 1, least):
                yield SequenceMatcher(None, known, word).ratio(), known


def _sound(word: str) -> str:
    classes = [_CLASSES.get(letter, 0) for letter in word if letter not in "hw'-"]
    return word[0] + "".join(str(digit) for digit, _ in groupby(classes) if digit)
