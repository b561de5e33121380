"""The engine's only vocabulary: what a face (a wire, a page) may say to a conversation, and what it hears back.

Inputs are posted to `Conversation.post`; Outputs go to the conversation's `emit`. No dict crosses either border.
Times are seconds; a *generation* is one unbroken stream of agent audio: every `Clear` ends one and begins the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.audio import Pcm
from engine.coach.messages import CoachOutput
from engine.floor import Verdict
from engine.inputs import (
    Brief,
    Cancel,
    Clip,
    Correct,
    CutIns,
    Forget,
    Hold,
    Input,
    Left,
    Mark,
    MarkPlayed,
    MicAudio,
    Patience,
    Pause,
    Play,
    Played,
    Remember,
    Respond,
    Retune,
    Returned,
    Seek,
    TalkPressed,
    TalkReleased,
    Typed,
)
from engine.limits import Reminder
from engine.providers.base import Word, WordSpan
from engine.rehearsal.messages import RehearsalOutput

ANSWER: Mark = "user_response"
OPENING: Mark = "opening"
"""The agent's first words in a talk, unasked."""
REMINDER: Mark = "reminder"
"""What the agent says because of a silence or a limit."""
INTERJECTION: Mark = "interjection"
"""What the agent cuts in with, over the listener."""
CLOSING: Mark = "closing"
"""The agent's last words: when they have been heard the talk has ended."""


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
class Judged:
    """What turn `turn` of the listener was taken for, once a turn; a spoken turn that typing overtook is not judged.
    Only after TURN does a reply follow."""

    turn: int
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Speech goes on at line `mark`; `reason` is "answered", "noise", "backchannel" or "echo"."""

    mark: Mark
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finished line of the transcript. The agent's lines are as heard; `interrupted`: cut before their end.

    `start` and `end` are seconds since the conversation began, and so are the times of its `words`, where whoever heard
    them gives times. `item` is its id in the history: consecutive lines of
    the agent that belong to one reply share it.
    """

    speaker: str
    text: str
    start: float
    end: float
    mark: Mark | None = None
    interrupted: bool = False
    item: str = ""
    words: tuple[Word, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyEnded:
    """Nothing more of the reply to turn `turn` will be sent (0: what the scenario said by itself): `complete`, or cut
    off, or failed. Once for each reply that began; `text` is what was written of it, `item` its id in the history."""

    turn: int
    complete: bool
    text: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitNear:
    """Something will end the conversation in `seconds` unless it is changed: a silence, or its greatest length."""

    reason: Reminder
    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The scenario has come to its end and was heard to it, once a run; or the conversation's greatest length and its
    overtime have passed: nothing more is said or heard."""


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
    | Judged
    | Resumed
    | Said
    | QuestionAsked
    | Latency
    | ReplyEnded
    | LimitNear
    | Ended
    | Fault
    | CoachOutput
    | RehearsalOutput
)

__all__ = [
    "ANSWER",
    "CLOSING",
    "INTERJECTION",
    "OPENING",
    "REMINDER",
    "Brief",
    "Cancel",
    "Clear",
    "Clip",
    "Correct",
    "CutIns",
    "Ended",
    "Fault",
    "Forget",
    "Hold",
    "Input",
    "Judged",
    "Latency",
    "Left",
    "LimitNear",
    "LineBegan",
    "Mark",
    "MarkPlayed",
    "MicAudio",
    "Output",
    "Patience",
    "Pause",
    "Play",
    "Played",
    "QuestionAsked",
    "Remember",
    "ReplyEnded",
    "Respond",
    "Resumed",
    "Retune",
    "Returned",
    "Said",
    "Seek",
    "Speech",
    "SpeechSent",
    "State",
    "StateChanged",
    "TalkPressed",
    "TalkReleased",
    "Typed",
    "Understood",
    "WordsTimed",
]
