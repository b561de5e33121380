"""What a coached session may be told, and what it tells, beside what it shares with a conversation (`engine.messages`).

The coach's own words, from a suggestion to a tick, are in `cues`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.audio import Pcm
from engine.coach.cues import Density, Earcon, Fixed, Hush, Suggested

# ---- inputs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAudio:
    """Live audio of the partner's own channel, 16 kHz. From the first on, the sides are told apart by channel."""

    pcm: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """One microphone for both: `speaker` ("user" or "partner") speaks from now on; None: whoever it sounds like."""

    speaker: str | None


@dataclass(frozen=True, slots=True)
class Help:
    """The user wants a word, now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tune:
    """How cues come from now on; None leaves as it is. `tell_apart`: guess from the voices who speaks, where nothing
    else tells. `apart`: whether the sides still have channels of their own."""

    density: Density | None = None
    ear: bool | None = None
    fluency: bool | None = None
    tell_apart: bool | None = None
    apart: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restate:
    """Line `line` was said by `speaker`, or reads `text`; None: that was right."""

    line: int
    speaker: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more comes: `messages.Ended` follows once everything that was said is written down."""


CoachInput = PartnerAudio | Speaking | Help | Tune | Restate | Stop

# ---- outputs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Captioned:
    """What is just being said, as far as it is understood; an empty text: it came to nothing."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A line is in the transcript, and on disk, or, without a number, could not be kept. `start` and `end` are seconds
    of the session."""

    line: int | None
    speaker: str
    text: str
    start: float
    end: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelled:
    """Line `line` was said by `speaker` after all."""

    line: int
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """Line `line` reads `text` and ends at `end` after all: what followed was somebody else's, and is written anew."""

    line: int
    text: str
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is taken to be speaking, or, None, nobody."""

    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whispered:
    """The words of suggestion `id` for the ear, whole. A `Hush` stops them."""

    id: int
    text: str
    pcm: Pcm


CoachOutput = Suggested | Earcon | Hush | Fixed | Captioned | Written | Relabelled | Shortened | Told | Whispered
