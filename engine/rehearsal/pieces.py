"""A sentence as it was said, in pieces: as written, left out, put in, said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Protocol

from engine.rehearsal.alike import ENDING, keys, tokens
from engine.rehearsal.values import Kind, Piece


class Said(Protocol):
    """A word that was said."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


Part = tuple[bool, str, tuple[Said, ...]]
"""Whether it was said as written; what was written; what was said."""


def pieces(
    text: str, said: Sequence[tuple[int, Said, float]], put_in: Mapping[int, Sequence[Said]]
) -> tuple[Piece, ...]:
    """`text` in pieces. `said`: at which place (of what stands between blanks) what was said, at what cost; `put_in`:
    by the place that it stands before."""
    parts: list[Part] = []
    words = text.split()
    for place, word in enumerate(words):
        parts += [(False, "", (each,)) for each in put_in.get(place, ())]
        here = [(each, cost) for at, each, cost in said if at == place]
        wanted = sum(len(keys(token)) for token in tokens(word))
        same = len(here) == wanted and all(cost <= ENDING for _, cost in here)
        parts.append((same, word, tuple(each for each, _ in here)))
    parts += [(False, "", (each,)) for each in put_in.get(len(words), ())]
    return tuple(_piece(same, list(run)) for same, run in groupby(parts, key=lambda part: part[0]))


def _piece(same: bool, parts: Sequence[Part]) -> Piece:
    script = " ".join(word for _, word, _ in parts if word)
    heard = [each for _, _, said in parts for each in said]
    kind = Kind.SAID if same else Kind.SWAPPED if script and heard else Kind.PUT_IN if heard else Kind.LEFT_OUT
    return Piece(
        kind=kind,
        script=script,
        said=" ".join(each.text for each in heard),
        start=heard[0].start if heard else None,
        end=heard[-1].end if heard else None,
    )
