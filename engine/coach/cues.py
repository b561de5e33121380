"""What the coach's parts say to each other: cues, facts that the arbiter is told, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONTENT, HELP = "content", "help"
MICROPHONE, ECHO, CLIPPING, INAUDIBLE = "microphone", "echo", "clipping", "inaudible"
UNANSWERED = "unanswered"
MONOLOGUE, INTERRUPTIONS, PACE = "longest_monologue", "interruptions", "wpm"
SHARE, ASKED, RATE, TOTAL = "talk_share", "questions", "fillers_per_min", "filler_percentage"
"""Only where a goal names a number for them."""
FILLERS, PITCH, VOLUME, FADE = "filler_clusters", "pitch_variation", "volume", "fade"
PRIORITY = (
    MICROPHONE, ECHO, CLIPPING, INAUDIBLE, HELP, UNANSWERED, MONOLOGUE, INTERRUPTIONS, SHARE, ASKED, RATE, TOTAL,
    CONTENT, PACE, FILLERS, PITCH, VOLUME, FADE,
)  # fmt: skip
"""Kinds of cues, most urgent first. A kind about how somebody speaks is the id of its measure in the report. What to
say next stands before how to say it: the moment for it passes, while the report keeps the other. What the user has set
themselves by number stands before both."""
TECHNICAL = frozenset(PRIORITY[:4])
"""Nothing can be coached until these are put right: they are shown whatever the density, from the first second on."""
WORDED = frozenset({CONTENT, HELP, UNANSWERED})
"""These carry words to say, and are whispered at once; the others escalate from the screen to the ear."""
FLUENCY = frozenset({PACE, FILLERS, RATE, TOTAL})
"""Left out for a speaker who is fluent in another way, such as one who stammers."""


class Density(StrEnum):
    """How often an unasked cue may come."""

    OFF = "off"
    CALM = "calm"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every number of the arbiter, in seconds where nothing else is said. They are design rules of the coach; the ones
    that others found by experiment are named. A turn's gap is 0.2 s in the median (Stivers et al. 2009)."""

    calm: float = 45.0
    normal: float = 20.0
    same_kind: float = 60.0
    drill: float = 18.0
    """Instead of `same_kind`, in a drill."""
    of_a_kind: int = 3
    """Cues; what is found after them is in the report."""
    sustained: float = 2.5
    """A condition has to hold so long, so that a slip is not taken for a habit; and be over so long to be put right."""
    start: float = 30.0
    """Of the session, without an unasked cue."""
    calibration: float = 30.0
    """Of the user's speech, in which only extremes are spoken of."""
    quiet: float = 0.7
    """The user's silence before anything may sound."""
    lull: float = 1.2
    """The silence of both before anything unasked may sound, or words be offered: longer than anybody's turn gap."""
    screen: float = 4.0
    """A line is not replaced while it is younger: it could not be read."""
    shown: float = 8.0
    ttl: float = 6.0
    late: float = 1.5
    """After a turn's end was known, a word on it that nobody waits for comes too late."""
    chain: float = 120.0
    """A cue of the same kind within this is the next step: chip, soft sound, two words in the ear."""
    fixed: float = 30.0
    """What is put right within this after its cue is ticked, and counts as taken up: pace is seen over 20 s."""
    used: float = 15.0
    """What was said within this can have taken up a cue."""
    sounding: float = 3.0
    """A whisper has been made and spoken by then: speech is synthesised in up to 1.5 s and lasts up to 1.5 s."""
    judged: int = 5
    """Cues after which the density follows their use."""
    least_used: float = 0.2
    """A share; below it cues come half as often."""

    def spacing(self, density: Density) -> float:
        return self.calm if density is Density.CALM else self.normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A cue that is proposed: `text` for the screen (at most 8 words), `ear` for the ear (at most 4; "": nothing).

    `subject`: what it is about; words on one subject are offered once. `matter`: the content lemmas by which it is
    recognised in what is said next. `asked`: the user pressed help. `known`: when the end of the turn it follows
    was known, on the arbiter's clock. `waits`: for a lull, because as long as they talk all is well.
    """

    kind: str
    text: str
    ear: str = ""
    subject: str = ""
    matter: frozenset[str] = frozenset()
    asked: bool = False
    known: float | None = None
    waits: bool = True


# ---- facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """Somebody began or ceased to speak."""

    speaker: str
    speaking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something about how the user speaks. `holds` None: it cannot be told any more, as after they fell silent.

    `since`: when it came true on the arbiter's clock, where that was before now. `extreme`: too far off to wait for
    the calibration.
    """

    kind: str
    holds: bool | None
    text: str = ""
    ear: str = ""
    since: float | None = None
    extreme: bool = False
    matter: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    tip: Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Content lemmas that the user said, each with when, on the arbiter's clock."""

    said: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What the user wants; None: as before. `practice`: with an AI partner, which waits: after its question the ear is
    free as soon as the user is quiet. `drill`: the same kind may come again soon."""

    density: Density | None = None
    ear: bool | None = None
    fluency: bool | None = None
    practice: bool | None = None
    drill: bool | None = None


Fact = Voiced | Condition | Proposed | Heard | Tuned

# ---- what comes out ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Show `text` for `seconds`, in the place of whatever is there."""

    id: int
    text: str
    kind: str
    asked: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """Say `text` in the user's ear, now: `id` is the suggestion's that it goes with. What has not begun to sound when
    a `Hush` comes must not begin."""

    id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earcon:
    """A soft sound of 0.12 s in the ear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Be silent in the ear at once, and drop the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What a cue of this kind was about is put right: a green tick, without a sound."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """The suggestion of this id was taken up."""

    id: int


Output = Suggested | Whisper | Earcon | Hush | Fixed | Used
