"""A question that a pitch gives reason to ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """`why`: the reason to ask, in a sentence; `sentence`: where it comes from, word for word; `quote`: the words in it
    that the question is about ("" where it is about the whole); `kind`: "number", "claim", "jargon", the name of what
    is missing, or "model"."""

    text: str
    why: str
    sentence: str
    quote: str = ""
    kind: str = "model"
