"""What a session and its report look like over HTTP, and a turn of a talk without a socket, for `/openapi.json`.

The routes build these answers themselves: nothing is validated against them but by a test.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Word(BaseModel):
    """A word of a line. Seconds since the session began."""

    text: str
    start: float
    end: float
    confidence: float | None = Field(description="How sure the recogniser was, 0 to 1; null: it does not say.")


class SpokenLine(BaseModel):
    """A line of a transcript."""

    id: int
    speaker: str = Field(description="user, partner or agent.")
    text: str
    start: float
    end: float
    words: list[Word]


class Range(BaseModel):
    """What is usual."""

    low: float | None
    high: float | None
    source: str = Field(description="Where it is from: literature, or your own sessions.")


class Moment(BaseModel):
    """Where a number is from. Seconds since the session began."""

    start: float
    end: float
    text: str
    speaker: str
    line: int | None = Field(description="Of the transcript; null: of none.")


class Measured(BaseModel):
    """A number. `value` is null exactly where `confidence` is "none"; `why` says why."""

    value: float | None
    unit: str
    n: float = Field(description="Of how much it was measured; `of` says of what.")
    of: str
    confidence: str
    band: Range | None
    within: bool | None
    why: str
    evidence: list[Moment]


class About(BaseModel):
    """What a session was, and what it was for."""

    id: str
    scenario: str
    title: str
    mode: str
    pitch: str | None
    persona: str | None
    begun: str
    ended: str | None
    seconds: float
    turns: int
    finished: bool
    recorded: bool
    context: str
    goal: str
    user_name: str
    participants: str
    tone: str
    revision: int = Field(description="Goes up with every correction.")
    separate: bool = Field(description="Whether each side was heard on a channel of its own.")


class Item(BaseModel):
    """So much of one vendor was used."""

    provider: str
    label: str
    unit: str = Field(description="What the vendor counts, e.g. seconds heard.")
    amount: float
    usd: float | None = Field(description="About what it cost; null: no price is known.")


class Cost(BaseModel):
    """What a session probably cost: an estimate, never the vendor's bill."""

    items: list[Item]
    usd: float = Field(description="All of it, as far as prices are known.")
    told: str = Field(description="The same in words; empty where no vendor was used.")


class SessionOut(BaseModel):
    """One session with its transcript and everything that was measured of it."""

    session: About
    lines: list[SpokenLine]
    metrics: dict[str, Measured] = Field(description="By the id of each measure.")
    missing: list[str] = Field(description="What could not be measured, and why.")
    reported: bool = Field(description="Whether a report was written.")
    cost: Cost


class SaidLine(BaseModel):
    speaker: str = Field(description="user, coach, or partner where it was asked for.")
    text: str
    timestamp: str = Field(description="UTC, ISO 8601 with microseconds, no zone.")


class Remark(BaseModel):
    """A star or the wish, and what it rests on."""

    claim: str
    quote: str
    t0: float | None
    t1: float | None
    metric: str | None
    why: str
    try_next: str
    drill_id: str | None


class ReportOut(BaseModel):
    """Two stars and a wish."""

    stars: list[str] = Field(min_length=2, max_length=2)
    wish: str
    filler_percentage: float = Field(ge=0, le=100)
    takeaways: list[str] = Field(min_length=3, max_length=3)
    summary_bullets: list[str] = Field(min_length=3, max_length=5)
    transcript: list[SaidLine]
    stars_detail: list[Remark]
    wish_detail: Remark
    goal_answer: str
    compared: list[str] = Field(description="With the last session that can be compared.")
    missing: list[str]
    written_by: str = Field(description="template, or the language model.")
    metrics: dict[str, dict[str, object]]
    evidence: dict[str, list[dict[str, object]]]
    filler_capability: Literal["verbatim", "recovered", "stripped"]


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class TurnIn(_Camel):
    """A turn of a talk, in the spelling of its first clients; docs/protocols.md has the others."""

    message_type: Literal["text", "audio"] | None = Field(None, examples=["text"])
    audio_data: str | None = Field(
        None, description="The text, or a recording as base64.", examples=["Hello, how are you?"]
    )
    action: Literal["start", "stop"] | None = None
    session_id: str | None = Field(None, description="Of an earlier answer: goes on with that conversation.")
    persona: str | None = Field(None, description="Who to talk with.")


class TurnOut(_Camel):
    """Its answer; only `success` where nothing was asked."""

    success: bool
    session_id: str | None = None
    continued: bool | None = Field(None, description="Whether that conversation was still there.")
    transcript: str | None = None
    response: str | None = None
    audio: str | None = Field(None, description="Base64 of one WAV file.")
    message: str | None = Field(None, description="Where no words were heard.")
    timestamp: str | None = None


class TurnRefused(_Camel):
    """Why there is no answer."""

    error: str
    session_id: str | None = None


class Standing(_Camel):
    """Whether somebody can hear and speak here."""

    connected: bool
    service: str
    active_connections: int
