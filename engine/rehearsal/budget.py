"""What time there is: the length of a pitch shared out among its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from engine.rehearsal.alike import keys, tokens

USUAL = 140.0
"""Words a minute from which a length is proposed: the middle of the band of a pitch, see `analysis.bands`."""
SHORTEST, LONGEST = 10.0, 3600.0
"""Seconds that may be asked for."""


def size(sentence: str) -> int:
    """Its words as they are spoken: "1,200" is four."""
    return sum(len(keys(token)) for token in tokens(sentence))


def proposed(sentences: Sequence[str]) -> float:
    """Seconds at a usual pace, to the next five."""
    seconds = 60 * sum(map(size, sentences)) / USUAL
    return min(LONGEST, max(SHORTEST, 5.0 * -(-seconds // 5)))


def shares(sentences: Sequence[str], seconds: float) -> list[float]:
    """Seconds for each sentence, by its words, pauses after it included; all together `seconds`."""
    sizes = [size(sentence) for sentence in sentences]
    whole = sum(sizes) or 1
    return [seconds * words / whole for words in sizes]
