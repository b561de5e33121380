"""Takes of a pitch over HTTP: begin one, the list, one of them against its script, and forgetting. What is said comes
over `/ws/{session_id}`, with the take's id. Handlers run in threads, like `rest`'s."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from engine.rehearsal.budget import LONGEST, SHORTEST, proposed
from engine.rehearsal.review import Review, Reviewed
from engine.rehearsal.reviews import Reviewing, Reviews
from engine.rehearsal.values import Fate
from engine.wire.rest import MISSING, Bounded, HasStore, PitchId

TakeId = Annotated[str, Path(description="A take's id, from the list of takes.")]


class HasReviews(HasStore, Protocol):
    """What these routes need of the studio."""

    @property
    def reviews(self) -> Reviews: ...


class NewTake(BaseModel):
    """How a pitch is to be delivered."""

    budget: Annotated[
        float | None, Field(ge=SHORTEST, le=LONGEST, description="Seconds it may take; by default, by its words.")
    ] = None
    record: bool = Field(False, description="Keep the sound too, on this machine.")


class TakeBegun(BaseModel):
    id: str = Field(description="The session's id, too: speak into `/ws/{id}`.")
    budget: float


class TakeOut(BaseModel):
    """A take, as the list has it."""

    id: str
    pitch: str | None = Field(description="The pitch's id; null where it was deleted since.")
    title: str
    begun: datetime
    recorded: bool
    finished: bool
    budget: float = Field(description="Seconds it may take.")
    took: float = Field(description="Seconds it took.")
    said: int = Field(description="Sentences as they are written.")
    changed: int
    skipped: int = Field(description="Sentences left out before the last that was said.")
    unreached: int = Field(description="Sentences after the last that was said.")
    added: int = Field(description="How often something was said that is not in the script.")
    wpm: float | None


class PieceOut(BaseModel):
    kind: str = Field(description="said, left out, put in or swapped.")
    script: str
    said: str
    start: float | None
    end: float | None


class SentenceOut(BaseModel):
    """A sentence of the script as it was delivered; seconds since the take began."""

    index: int
    text: str
    fate: Fate
    pieces: list[PieceOut]
    start: float | None
    end: float | None
    attempts: int
    budget: float
    took: float
    wpm: float | None
    fillers: int
    pauses: int


class AddedOut(BaseModel):
    after: int = Field(description="The sentence before it; 0: it came first.")
    text: str
    start: float
    end: float


class WholeTakeOut(TakeOut):
    """A take against its script."""

    restarts: int
    fillers: int
    pauses: int
    sentences: list[SentenceOut]
    additions: list[AddedOut]


def router(studio: HasReviews) -> APIRouter:
    """All routes of this module."""
    takes = APIRouter(prefix="/api/v1", tags=["takes"], route_class=Bounded)

    @takes.post("/pitches/{pitch_id}/takes", status_code=201, response_model=TakeBegun, responses=MISSING)
    def begin(pitch_id: PitchId, wanted: NewTake) -> object:
        """A take that is known from now on, also after a restart. Nothing is heard before somebody speaks into it."""
        pitch = studio.store.pitch(pitch_id)
        budget = wanted.budget or proposed([sentence.text for sentence in pitch.sentences])
        return studio.store.takes.begin(str(uuid.uuid4()), pitch, budget=budget, record=wanted.record)

    @takes.get("/pitches/{pitch_id}/takes", response_model=list[TakeOut], responses=MISSING)
    def every(pitch_id: PitchId, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> object:
        """Takes in which something was said, newest first."""
        studio.store.pitch(pitch_id)
        return [_take(found) for found in studio.reviews.past(pitch_id, limit)]

    @takes.get("/takes/{take_id}", response_model=WholeTakeOut, responses=MISSING)
    def one(take_id: TakeId) -> object:
        """One take, sentence by sentence."""
        found = studio.reviews.of(take_id)
        return {**_take(found), **_whole(found.review)}

    @takes.delete("/takes/{take_id}", status_code=204, responses=MISSING)
    def remove(take_id: TakeId) -> None:
        """Forget a take, its recording with it."""
        studio.reviews.remove(take_id)

    return takes


def _take(found: Reviewing) -> dict[str, Any]:
    meeting, review = found.meeting, found.review
    kept = {name: getattr(meeting, name) for name in ("id", "pitch", "title", "begun", "recorded", "finished")}
    counted = {fate.value: review.count(fate) for fate in Fate}
    more = {name: getattr(review, name) for name in ("budget", "took", "unreached", "wpm")}
    return kept | counted | more | {"added": len(review.added)}


def _whole(review: Review) -> dict[str, Any]:
    return {
        **{name: getattr(review, name) for name in ("restarts", "fillers", "pauses")},
        "sentences": [_sentence(each) for each in review.sentences],
        "additions": [{name: getattr(extra, name) for name in AddedOut.model_fields} for extra in review.added],
    }


def _sentence(each: Reviewed) -> dict[str, Any]:
    delivered = each.delivered
    kept = {name: getattr(delivered, name) for name in ("index", "text", "fate", "start", "end", "attempts")}
    more = {name: getattr(each, name) for name in ("budget", "took", "wpm", "fillers", "pauses")}
    pieces = [{name: getattr(piece, name) for name in PieceOut.model_fields} for piece in delivered.pieces]
    return kept | more | {"pieces": pieces}
