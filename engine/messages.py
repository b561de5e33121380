"""The engine's only vocabulary: what a face (a wire, a page) may say to a conversation, and what it hears back.

Inputs are posted to `Conversation.post`; Outputs go to the conversation's `emit`. No dict crosses either border.
Times are seconds; a *generation* is one unbroken stream of agent audio: every `Clear` ends one and begins the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.audio import Pcm
from engine.providers.base import Word, WordSpan

Mark = int | str
"""What a line of speech is called on the wire: the number of a pitch's sentence from 1, or `ANSWER`."""

ANSWER: Mark = "user_response"


# ---- inputs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MicAudio:
    """Live microphone audio, or one of many pieces of an upload: voice activity decides what is speech."""

    pcm: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Audio that is itself an interruption. `whole`: all of the utterance is in it; otherwise more may follow."""

    pcm: Pcm
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The listener wrote instead of speaking."""

    text: str


@dataclass(frozen=True, slots=True)
class TalkPressed:
    """Push to talk: from now on the microphone is one utterance, whatever voice activity says."""


@dataclass(frozen=True, slots=True)
class TalkReleased:
    """Push to talk: the utterance is complete."""


@dataclass(frozen=True, slots=True)
class Play:
    """Begin, or go on after `Pause`."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Fall silent until `Play`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seek:
    """Go on at sentence `mark` (from 1), now. A mark past the end means the end."""

    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retune:
    """Another voice or speed, at once: the sentence being spoken begins again. None leaves as it is."""

    speed: float | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The client has rendered `seconds` of generation `generation`: exact, it replaces the engine's estimate."""

    generation: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPlayed:
    """The client has played the line called `mark` to its end."""

    mark: Mark


Input = MicAudio | Clip | Typed | TalkPressed | TalkReleased | Play | Pause | Seek | Retune | Played | MarkPlayed


# ---- outputs --------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """What the conversation is doing, as a person would say it. Derived from live facts, never stored."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBegan:
    """A line begins to be sent: `at` seconds into the generation, from `offset` seconds into the line (0 but after a
    pause). `line` numbers the line within the conversation and ties `WordsTimed` to it."""

    line: int
    mark: Mark
    text: str
    generation: int
    at: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsTimed:
    """When words of `line` sound, seconds from the line's start; each word once."""

    line: int
    words: tuple[WordSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Audio to sound, in order; a whole line at once where the wire wants that."""

    line: int
    mark: Mark
    generation: int
    pcm: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSent:
    """All there is to say for now has been sent: a client need not wait for more before it plays the rest."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """Be silent now and drop what is unplayed. What follows belongs to `generation`."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the listener said, so far or finally (`final`)."""

    turn: int
    text: str
    final: bool
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Speech goes on at line `mark`; `reason` is "answered", "noise", "backchannel" or "echo"."""

    mark: Mark
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finished line of the transcript. The agent's lines are as heard; `interrupted`: cut before their end.

    `start` and `end` are seconds since the conversation began.
    """

    speaker: str
    text: str
    start: float
    end: float
    mark: Mark | None = None
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """A question and what was answered. `answered` is False where the material has no answer: one to prepare."""

    text: str
    answer: str
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Where the time from the end of the user's speech to the first audio of the reply went: contiguous stages, in
    order, whose seconds add up to the total."""

    turn: int
    stages: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The scenario has come to its end and was heard to it. At most once a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something went wrong; the conversation goes on. `message` is fit to show."""

    code: str
    message: str
    retryable: bool = False


Output = (
    LineBegan
    | WordsTimed
    | Speech
    | SpeechSent
    | Clear
    | StateChanged
    | Understood
    | Resumed
    | Said
    | QuestionAsked
    | Latency
    | Ended
    | Fault
)
