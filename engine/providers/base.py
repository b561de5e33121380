"""What the engine asks of those who hear, think and speak: five Protocols and the values that cross them.

A provider is one file that implements one of these and one line in `registry`. A wrapper (cache, fallback, meter)
implements the same Protocol around another. Shared rules:

* Nothing here blocks the event loop for more than a millisecond: computing goes to a thread or a process.
* Cancelling an iteration or leaving an `async with` frees everything it holds, within a second.
* What goes wrong is raised as `ProviderFailed` or `ProviderTimeout`, with a message fit to show.
* Audio is mono PCM16 (`Pcm`); byte streams become whole samples before they leave a provider.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from engine.audio import Pcm

if TYPE_CHECKING:
    from engine.records import Persona


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a provider is, as the screen shows it: `name` in the registry, `label` to a person, `local` or not, its
    `model` where it has one."""

    name: str
    label: str
    local: bool
    caveat: str = ""
    """What a user must know of its limits, e.g. "rough hearing"; empty where there is nothing to admit."""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word in time: seconds from the start of the audio it belongs to; `confidence` 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


def shifted(words: Sequence[Word], seconds: float) -> tuple[Word, ...]:
    """`words` that many seconds later."""
    return tuple(replace(word, start=word.start + seconds, end=word.end + seconds) for word in words)


class EndOfTurn(StrEnum):
    """What whoever hears thinks of it."""

    UNKNOWN = "unknown"
    RESUMED = "resumed"
    """It was taken to be over, and is not."""
    LIKELY = "likely"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was understood of user turn `turn` so far. After `final` nothing more comes for that turn.

    `words` may be empty where the provider has no times. An empty final `text` means: no words in it. `end_of_turn`:
    the provider's opinion as of this transcript, where it has one; a `final` needs none.
    """

    turn: int
    text: str
    final: bool
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    end_of_turn: EndOfTurn = EndOfTurn.UNKNOWN


class Listening(Protocol):
    """One listener's ear, open. Turns are numbered by the caller; audio belongs to the turn last begun."""

    def push(self, pcm: Pcm, turn: int) -> None:
        """Take audio (any rate; 16 kHz is never resampled) of turn `turn`. Never blocks; bounded: too much is refused
        with `TooLarge`. The first push with a new number begins that turn and abandons an unfinished one."""
        ...

    def finish(self, turn: int) -> None:
        """No more audio for `turn`: its final transcript follows, once. A turn never pushed gets an empty final."""
        ...

    def __aiter__(self) -> AsyncIterator[Transcript]:
        """Interim and final transcripts, in order of turns. Ends only when the context is left."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is likely to be said: sentences of script, notes and expected questions that bias a recogniser. `verbatim`:
    they are read aloud, and what matters is where the speaker departs from them."""

    sentences: tuple[str, ...] = ()
    language: str = "en"
    verbatim: bool = False


class SpeechToText(Protocol):
    @property
    def about(self) -> About: ...

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        """Open an ear for one conversation. Entering is quick: audio may be pushed before the provider is ready."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of the speaker's own material that bears on a question; `source` says where it stands ("notes", "pitch").

    `score` is a relevance, larger is better, comparable within one search only.
    """

    text: str
    source: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """One line of the conversation as heard: `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a language model is asked: who it is (`instructions`), what it may rely on, what was said, what is asked.

    `history` ends before `question`. `persona` is whose part it plays in a talk (then there are no passages).
    `begun`: what of the reply has been said already, by somebody who cannot go on; the reply follows on it.
    `temperature` (0 to 2) and `most_tokens` None: as the model likes. `schema`: a JSON schema (of the strict kind: all
    properties required, no others) of the object that the whole reply is to be; a model that cannot be held to it is
    only asked. `cuts_in`: `question` is what somebody is just saying, and the reply cuts in on it.
    """

    instructions: str
    question: str
    passages: tuple[Passage, ...] = ()
    history: Sequence[ChatLine] = ()
    begun: str = ""
    persona: Persona | None = None
    language: str = "en"
    temperature: float | None = None
    most_tokens: int | None = None
    schema: Mapping[str, object] | None = None
    cuts_in: bool = False


class Parting(str):
    """A piece of a reply that takes leave: once it, and what follows, has been heard, the talk is over."""

    __slots__ = ()


class Anew(str):
    """A piece of a reply that begins a new sentence, because somebody else goes on: what of a sentence was begun before
    it, and not yet given out, is not said."""

    __slots__ = ()


class LanguageModel(Protocol):
    @property
    def about(self) -> About: ...

    def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply's text in pieces as they are written. Piece borders mean nothing, except before a `Parting` and an
        `Anew`: with them a new sentence begins."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSpan:
    """When a stretch of the spoken text sounds: characters `first` to `last` (exclusive) of the text that was given to
    `speak`, `start` to `end` seconds from the start of its audio."""

    first: int
    last: int
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechChunk:
    """A piece of speech; all chunks of one `speak` have one rate. `words` are those whose times became known with it,
    in order, each word once."""

    pcm: Pcm
    words: tuple[WordSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How to sound: `name` of a voice the provider knows ("" its default), `speed` relative to its normal pace
    (0.5 to 2.0)."""

    name: str = ""
    speed: float = 1.0


class TextToSpeech(Protocol):
    @property
    def about(self) -> About: ...

    def voices(self) -> Sequence[str]:
        """Names that `Voice.name` may hold, default first. Quick; may be called on the event loop."""
        ...

    def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Speech for one sentence or clause, first chunk as early as possible. Plain text, no markup. An unknown voice
        name means the default voice. Text with nothing to pronounce yields nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEdge:
    """Speech began (`onset`) or ended, `at` seconds of audio since the detector was opened."""

    onset: bool
    at: float


class Detector(Protocol):
    """Voice activity of one stream of audio, measured in seconds of that audio, not of any clock."""

    def feed(self, pcm: Pcm) -> Sequence[SpeechEdge]:
        """Take 16 kHz audio of any length and return the edges found in it. Costs at most 0.3 ms per 20 ms of audio:
        cheap enough for the event loop in live frames; a long clip belongs in a thread."""
        ...

    @property
    def speaking(self) -> bool: ...


class VoiceActivityDetector(Protocol):
    about: About

    def open(self) -> Detector: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """What one conversation hears and speaks with."""

    ears: SpeechToText
    activity: VoiceActivityDetector
    speech: TextToSpeech


@dataclass(frozen=True, slots=True, kw_only=True)
class Uttered:
    """The next piece of a spoken reply: more of its words, more of its sound, or both. Nothing says which word is which
    sound; words usually come first. All sound of a reply has one rate."""

    text: str = ""
    pcm: Pcm | None = None


class Conversing(Listening, Protocol):
    """One conversation's session with a model that hears and speaks. When a turn is over, and what was heard of a
    reply, is up to the caller. Whatever its iteration or a reply raises ends the session: whoever has it leaves it."""

    def reply(self, prompt: Prompt, voice: Voice) -> AsyncGenerator[Uttered, None]:
        """The reply to `prompt`, whose history is the truth: what the session remembers is made to agree with it first.
        At most one reply is begun at a time; closing it early stops the model at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle.
        """
        ...

    def heard(self, seconds: float, text: str) -> None:
        """Of the reply begun last so much more has been heard, and is written down as `text`."""
        ...


class SpeechToSpeech(Protocol):
    @property
    def about(self) -> About: ...

    @property
    def reads(self) -> TextToSpeech:
        """Its voice, for what is written already."""
        ...

    def converse(self, expect: Expectation, voice: Voice) -> AbstractAsyncContextManager[Conversing]:
        """Open a session for one conversation. Entering is quick: audio may be pushed before it is ready."""
        ...
