"""How long a text takes to be spoken, before anybody has spoken it."""

from __future__ import annotations

WORDS_PER_SECOND = 2.5
"""150 words a minute, the usual pace of a talk; an estimate, and shown as one."""


def seconds(text: str) -> float:
    """Seconds that `text` will take, about."""
    return len(text.split()) / WORDS_PER_SECOND


def spoken(duration: float) -> str:
    """A duration as a person says it: "20 s", "1 min 20 s", "12 min"."""
    minutes, rest = divmod(max(1, round(duration)), 60)
    if not minutes:
        return f"{rest} s"
    rest = round(rest, -1)
    if rest == 60:
        minutes, rest = minutes + 1, 0
    return f"{minutes} min {rest} s" if rest and minutes < 5 else f"{minutes} min"
