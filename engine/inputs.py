"""What a face (a wire, a page) may say to a conversation: `Conversation.post` takes it. See `messages`."""

from __future__ import annotations

from dataclasses import dataclass

from engine.audio import Pcm
from engine.coach.messages import CoachInput
from engine.cutting_in import Hardness
from engine.rehearsal.messages import RehearsalInput

Mark = int | str
"""What a line of speech is called on the wire: the number of a pitch's sentence from 1, or a name (see `messages`)."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The listener is still thinking: while `on` their turn does not end with a pause, up to the longest that a turn
    may take, and nobody asks after them."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """From now on, how long a thinking pause may be before the listener's turn is over. Seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CutIns:
    """From now on, how hard the agent of a talk cuts in."""

    hardness: Hardness


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a talk's agent is told from now on. None leaves as it is. `temperature` 0 to 2, `most_tokens` of a reply:
    for the language model, where there is one."""

    instructions: str | None = None
    language: str | None = None
    temperature: float | None = None
    most_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Respond:
    """Reply now to what was said so far, without a new turn of the listener."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End what the agent is saying, for good. What was heard of it stays in the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """Add an item to the history as `id`, without a reply. `role` is "user" or "assistant"."""

    id: str
    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """The history's item `id` reads `text` from now on; BadInput where there is no such item."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Take item `id` out of the history; BadInput where there is no such item."""

    id: str


@dataclass(frozen=True, slots=True)
class Left:
    """The client is gone, for now: fall silent and keep everything."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A client is there again: go on."""


Input = (
    MicAudio
    | Clip
    | Typed
    | TalkPressed
    | TalkReleased
    | Play
    | Pause
    | Seek
    | Retune
    | Played
    | MarkPlayed
    | Hold
    | Patience
    | CutIns
    | Brief
    | Respond
    | Cancel
    | Remember
    | Correct
    | Forget
    | Left
    | Returned
    | CoachInput
    | RehearsalInput
)
