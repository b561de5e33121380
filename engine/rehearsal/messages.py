"""What a rehearsal may be told, and what it tells, beside what it shares with a coached session (`coach.messages`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GoAgain:
    """The speaker goes on at `sentence` (from 1): again from there, or ahead."""

    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Of `sentence` (from 1; one more than there are at the end) the first `words`, as they stand between blanks, have
    been said."""

    sentence: int
    words: int


RehearsalInput = GoAgain
RehearsalOutput = Placed
