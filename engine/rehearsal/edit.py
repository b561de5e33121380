"""The cheapest way to turn what was written into what was said: words left out, put in, or said otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from engine.rehearsal.alike import cost

Step = tuple[int | None, int | None]
"""Indices of a word that was written and of the word that was said in its place; None: left out, or put in."""
GONE = 1.0
"""What it costs to leave a word out, and to put one in."""
_BOTH, _WRITTEN, _SAID = range(3)


def steps(written: Sequence[str], said: Sequence[str]) -> list[Step]:
    """All words of both, by their keys, in order (Needleman and Wunsch, 1970). Where several ways are equally cheap,
    what was said last is taken for what was written: of two attempts the second counts.

    Takes time and memory by the product of both lengths: 0.1 s for a minute of speech. Not for the event loop.
    """
    ways: list[bytearray] = []
    row = [column * GONE for column in range(len(said) + 1)]
    for word in written:
        row, way = _row(row, word, said)
        ways.append(way)
    return _back(ways, len(written), len(said))


def _row(above: list[float], word: str, said: Sequence[str]) -> tuple[list[float], bytearray]:
    """The costs after `word`, and how each came about."""
    here = [above[0] + GONE]
    way = bytearray([_WRITTEN])
    for column, heard in enumerate(said, 1):
        both = above[column - 1] + cost(word, heard)
        left_out, put_in = above[column] + GONE, here[-1] + GONE
        best = min(both, left_out, put_in)
        here.append(best)
        way.append(_BOTH if both == best else _SAID if put_in == best else _WRITTEN)
    return here, way


def _back(ways: list[bytearray], written: int, said: int) -> list[Step]:
    found: list[Step] = []
    while written or said:
        way = ways[written - 1][said] if written else _SAID
        if way == _BOTH:
            written, said = written - 1, said - 1
            found.append((written, said))
        elif way == _WRITTEN:
            written -= 1
            found.append((written, None))
        else:
            said -= 1
            found.append((None, said))
    return found[::-1]
