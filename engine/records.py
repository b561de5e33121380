"""What outlives a conversation: the values that `store` keeps and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.messages import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a pitch. `index` counts from 1 and is the `mark` of its audio on every wire."""

    index: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitch:
    """A talk to be spoken: `text` as written (plain or Markdown), split into `sentences`; `notes` hold what the speaker
    knows beyond it, questions and answers included, as plain text or Markdown."""

    id: str
    title: str
    text: str
    notes: str
    sentences: tuple[Sentence, ...]
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that somebody asked about a pitch; not `answered`: one that its speaker should prepare for."""

    id: int
    pitch: str
    text: str
    answer: str
    answered: bool
    asked: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A conversation that took place. `mark` is the sentence of the pitch that comes next (None: not begun),
    `finished` whether it was heard to its end."""

    id: str
    scenario: str
    pitch: str | None
    begun: datetime
    mark: int | None
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """A line of a conversation's transcript; the agent's as heard. Seconds since the conversation began."""

    speaker: str
    text: str
    start: float
    end: float
    mark: Mark | None
    interrupted: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to practise with, in a scene. What ships with Rostrum is in `data/personas/`; own ones are in the store
    (`own`).

    `who`: who they are and how they talk, second person, for a language model and for the screen ("You are …").
    `scene`: where and why the two meet, one or two sentences. `opening`: the first words, spoken.
    `patience`: seconds that a thinking pause may last. `questions`: the bank of the offline partner, in the order in
    which a conversation would take them; `closing`: their goodbye. `voice` and `pace`: how they sound ("" the default
    voice; relative speed 0.5 to 2).
    """

    id: str
    name: str
    summary: str
    who: str
    scene: str
    opening: str
    questions: tuple[str, ...]
    closing: str
    patience: float = 0.9
    voice: str = ""
    pace: float = 1.0
    own: bool = False
