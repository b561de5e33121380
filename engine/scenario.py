"""What a scenario is to a conversation: who speaks what, and how the floor is shared. `pitch` is the first."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from engine.floor import Floor
from engine.history import History
from engine.limits import Limits, Reminder
from engine.messages import ANSWER, Brief, Mark, QuestionAsked
from engine.providers.base import Expectation, LanguageModel, Prompt, SpeechChunk


class OwnSpeech(Protocol):
    """The sound of a line that comes with it, so that no voice has to be asked for it."""

    broken: bool
    """Known when `chunks` has ended: that was not all of it, and nothing more comes."""

    def chunks(self) -> AsyncGenerator[SpeechChunk, None]: ...

    def heard(self, seconds: float, text: str) -> None:
        """So much of it was heard before it ended or was cut off, which is written down as `text`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to say: one sentence or clause of plain text."""

    text: str
    mark: Mark
    speech: OwnSpeech | None = None


Script = AsyncGenerator[Line | QuestionAsked, None]
"""What one utterance says, line by line, with what it reports on the way. Closed when the listener cuts in."""


class Scenario(Protocol):
    """Holds the place. All methods are called on the event loop and return at once; a `Script` may take its time.

    A script may raise `ProviderFailed`: the conversation apologises and goes on.
    """

    floor: Floor
    expectation: Expectation
    limits: Limits

    @property
    def mind(self) -> LanguageModel:
        """Who thinks of the answers."""
        ...

    def prompt(self, question: str, history: History) -> Prompt:
        """What `mind` is asked for an answer to `question`, the last in `history`. Has no effect."""
        ...

    def onward(self) -> Script | None:
        """What to say from the place where we are; None: nothing is left, or nothing was begun."""
        ...

    def answer(self, question: str, history: History) -> Script:
        """What to say to a turn of the listener."""
        ...

    def interject(self, said: str, history: History) -> Script | None:
        """What to cut in with, given what the listener is understood to have said of their turn so far ("": nothing
        yet); None: this agent never does."""
        ...

    def remind(self, reason: Reminder) -> Script:
        """What to say because of one of `limits`."""
        ...

    def brief(self, brief: Brief) -> None:
        """What the agent is told from its next reply on.

        Raises:
            BadInput: this agent cannot be told anything.
        """
        ...

    def heard(self, mark: Mark) -> None:
        """The listener has heard the line called `mark` to its end."""
        ...

    def seek(self, mark: int) -> None:
        """Move the place; from the start (1) also begins a new run."""
        ...

    def begin(self) -> None:
        """The listener wants to hear it."""
        ...

    @property
    def place(self) -> int | None:
        """The mark that comes next, None where nothing was begun."""
        ...

    @property
    def ended(self) -> bool:
        """Everything was begun and heard to its end."""
        ...


async def apology() -> Script:
    """What is said where an answer was owed and could not be made."""
    yield Line(text="Sorry, I could not work out an answer to that just now.", mark=ANSWER)
