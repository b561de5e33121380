"""Words made by hand."""

from __future__ import annotations

from engine.providers.base import Word

STEP = 0.3
"""Seconds from one word to the next, of which a word takes two thirds."""


def said(text: str, start: float = 0.0) -> list[Word]:
    """`text` word by word from `start` on."""
    return [
        Word(text=word, start=start + STEP * at, end=start + STEP * (at + 2 / 3))
        for at, word in enumerate(text.split())
    ]
