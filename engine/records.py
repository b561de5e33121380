"""What outlives a conversation: the values that `store` keeps and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.cutting_in import Hardness
from engine.messages import Mark
from engine.providers.base import Word


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
    """A question that somebody asked about a pitch; not `answered`: one that its speaker should prepare for.
    `generated`: nobody asked it yet, but the pitch gives reason to: `why`, and the `sentence` it comes from."""

    id: int
    pitch: str
    text: str
    answer: str
    answered: bool
    asked: datetime
    generated: bool = False
    why: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A conversation that took place. `mark` is the sentence of the pitch that comes next (None: not begun),
    `finished` whether it was heard to its end. `title` names the pitch or the persona as it was called then: `pitch` is
    None where it was deleted since, and there may be nobody of the id `persona` any more."""

    id: str
    scenario: str
    pitch: str | None
    persona: str | None
    title: str
    begun: datetime
    mark: int | None
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeeting(Meeting):
    """… and what the list of meetings says of it: `seconds` from its beginning to the end of its last line, how many
    `turns` were the user's, whether it can be heard, and what kind of speaking it was, a key of
    `analysis.bands.MODES`."""

    seconds: float
    turns: int
    recorded: bool
    mode: str = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What somebody wants of a coached session, in their words. `mode` is a key of `analysis.bands.MODES`; `record`:
    keep the sound too."""

    context: str = ""
    goal: str = ""
    user_name: str = ""
    participants: str = ""
    tone: str = ""
    mode: str = "conversation"
    record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A live cue that was given, `at` seconds into the session. `how`: "screen" or "ear"; `asked`: the user had pressed
    help; `used`: what followed took it up; `kind`: "content", "help", or the measure it is about."""

    id: int
    at: float
    kind: str
    text: str
    how: str
    asked: bool
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the trends need of one measure of one session. `n`: size of its sample, in `of`; `sure`: large enough to be
    more than a hint; `low` and `high`: its band then, None without a bound."""

    value: float
    unit: str
    n: int
    of: str
    sure: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the trends need of one session: its measures by id, those that have a value. `capability`: how well fillers
    could be heard, a `values.Capability`."""

    meeting: str
    scenario: str
    title: str
    begun: datetime
    mode: str
    capability: str
    measures: Mapping[str, Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """A line of a conversation's transcript; the agent's as heard. Seconds since the conversation began. `words` are
    empty where whoever heard them gives no times."""

    id: int

    speaker: str
    text: str
    start: float
    end: float
    mark: Mark | None
    interrupted: bool
    at: datetime
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a persona can tell of itself: whoever says one of the phrases `asked` in a question is told `says`."""

    asked: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that a persona has read about the user: `kind` is a key of `grounding.labels`, `text` plain."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to practise with, in a scene. What ships with Rostrum is in `data/personas/`; own ones are in the store
    (`own`).

    `who`: who they are and how they talk, second person, for a language model and for the screen ("You are …").
    `scene`: where and why the two meet, one or two sentences. `opening`: the first words, spoken.
    `patience`: seconds that a thinking pause may last. `voice` and `pace`: how they sound ("" the default voice;
    relative speed 0.5 to 2).

    `interrupts`: how hard they cut in while one speaks. `material`: what they have read, and ask about.

    The rest is for the offline partner, which plays them without a language model. `questions`: in the order in which
    a conversation would take them; `closing`: their goodbye. `probing`: what they ask about first when an answer gives
    several reasons to, as kinds of `personas.KINDS`; `probes`: their own ways to ask about a kind, said before the
    common ones; `reactions`: how they take an answer; `answers`: what they can tell of themselves; `follow_ups`: how
    many questions at most before the next of `questions`, 0 to 2; `brevity`: words beyond which an answer is too long
    for them.
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
    probing: tuple[str, ...] = ()
    probes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reactions: tuple[str, ...] = ()
    answers: tuple[Known, ...] = ()
    follow_ups: int = 2
    brevity: int = 120
    interrupts: Hardness = Hardness.OFF
    material: tuple[Document, ...] = ()
    own: bool = False
