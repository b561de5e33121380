"""What is measured, and what measuring gives: values only. Times are seconds since the session began.

Words, lines and spans go in with `Material`; every metric comes out as a `Measure`, which names the moments it was
found at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.providers.base import Word

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

USER, PARTNER, COACH = "user", "partner", "coach"
"""Who says a line. Rostrum's own part in a talk or a pitch is the partner's; the coach's lines are cues, which are
never measured."""
FRAME = 0.016
"""Seconds between two frames of `Frames`: 256 samples at 16 kHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in which somebody spoke, or was silent."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finished line of the transcript. `words` are timed, or empty where whoever heard them gives no times (typed
    lines, speech to text without times); `text` is what people read."""

    id: int
    speaker: str
    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """One side's sound, a row every `FRAME` seconds from `start` on; all arrays have one length.

    `f0`: Hz, 0 where nothing is voiced. `confidence` of it: 0 to 1. `level`: dB of full scale, as it is. `loudness`:
    LUFS of the frame, K-weighted (ITU-R BS.1770), to be averaged over 0.4 s as power before it means anything.
    """

    f0: NDArray[float32]
    confidence: NDArray[float32]
    level: NDArray[float32]
    loudness: NDArray[float32]
    start: float = 0.0


class Capability(StrEnum):
    """How well fillers could be heard: word for word, the dropped ones found again in the sound, or left out."""

    VERBATIM = "verbatim"
    RECOVERED = "recovered"
    STRIPPED = "stripped"


class Confidence(StrEnum):
    """NONE: below the smallest sample, not shown. LOW: a hint."""

    NONE = "none"
    LOW = "low"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A moment that a number came from, to be played. `line` is the id of the transcript's line, where it has one."""

    start: float
    end: float
    text: str = ""
    speaker: str = USER
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where a measure is well, in its own unit; None: no bound on that side. `source`: what the bounds rest on, fit to
    show; "yours" where they are the user's own baseline."""

    low: float | None = None
    high: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One metric of one session. `value` is None exactly where `confidence` is NONE; then `why` says what was missing,
    fit to show. `n`: size of the sample, in `of` ("words", "gaps", "turns", "seconds of speech")."""

    id: str
    value: float | None
    unit: str
    n: int
    of: str
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    band: Band | None = None
    why: str = ""

    @property
    def within(self) -> bool | None:
        """Whether it is inside its band; None without a value or a band."""
        if self.value is None or self.band is None:
            return None
        low, high = self.band.low, self.band.high
        return (low is None or self.value >= low) and (high is None or self.value <= high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A measure over time: `values[i]` is that of the window ending at `times[i]`, None where too little was said."""

    id: str
    unit: str
    times: tuple[float, ...]
    values: tuple[float | None, ...]
    band: Band | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """All that the metrics are computed from. They are pure functions of it.

    `lines`: by their start; cues of the coach may be among them. `speech`: each speaker's stretches of speech by voice
    activity, gaps below 0.25 s closed, in order. `frames`: of each speaker whose sound is there by itself. `separate`:
    user and partner came on channels of their own (else who spoke was told, or guessed). `mode`: a key of
    `bands.MODES`. `watch`: phrases the user wants counted as fillers; `ignore`: fillers they use on purpose.
    """

    seconds: float
    lines: tuple[Line, ...]
    speech: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    frames: Mapping[str, Frames] = field(default_factory=dict)
    mode: str = "conversation"
    capability: Capability = Capability.VERBATIM
    goal: str = ""
    context: str = ""
    watch: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    separate: bool = True
    own: Mapping[str, Band] = field(default_factory=dict)
    """The user's own bands of some measures, which they have after a few sessions, in the place of the mode's."""

    def said_by(self, speaker: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.speaker == speaker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something found at a moment, for the timeline and the highlight layers. `layer`: "filler", "possible_filler",
    "pause", "long_pause", "fast", "slow", "monotone", "question", "follow_up", "interruption", "monologue", "hedge",
    "repetition", "quiet". `note`: a few words on it, such as a pause's kind."""

    layer: str
    start: float
    end: float
    text: str = ""
    note: str = ""
    line: int | None = None
    first: int | None = None
    last: int | None = None
    """Indices of its words within the line's `words`, both included, where it is made of words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything that was measured of one session. `measures` by id, in the order in which they are shown."""

    measures: Mapping[str, Measure]
    series: Mapping[str, Series] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    capability: Capability = Capability.VERBATIM
    missing: tuple[str, ...] = ()
    """What could not be measured, and why: sentences fit to show."""
