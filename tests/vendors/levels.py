"""Speech that survives being resampled: each sentence is a steady level, by which an emulator knows it.

So several ears may listen at a time, and turns be abandoned, without a test knowing what the vendor takes of which.
"""

from __future__ import annotations

from array import array
from itertools import groupby
from statistics import median

from engine.audio import HEARING_RATE, Pcm

QUIET = 500
STEP = 1500
WORD = 0.25
"""Seconds."""

_SENTENCES: list[str] = []


def level(text: str) -> Pcm:
    """`text` as audio."""
    if text not in _SENTENCES:
        _SENTENCES.append(text)
    loud = (_SENTENCES.index(text) + 1) * STEP
    return Pcm(array("h", [loud] * round(WORD * len(text.split()) * HEARING_RATE)).tobytes(), HEARING_RATE)


def understood(pcm: bytes) -> str:
    """The sentences in `pcm`, at any rate; what was changed from one to another rate rings a little at its ends."""
    heard = []
    for loud, run in groupby(array("h", pcm), lambda sample: abs(sample) > QUIET):
        samples = list(run)
        if loud and len(samples) > HEARING_RATE // 100:
            heard.append(_SENTENCES[round(median(samples) / STEP) - 1])
    return " ".join(heard)


def timed(pcm: bytes) -> list[tuple[str, float, float]]:
    """Its words, evenly spread: (word, start, end) in seconds."""
    words = understood(pcm).split()
    return [(word, number * WORD, (number + 1) * WORD) for number, word in enumerate(words)]
