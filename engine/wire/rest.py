"""Pitches, questions and transcripts over HTTP, the older POST /save_pitch, and health.

Handlers are plain functions: the framework runs them in threads, where the store may block.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat
from starlette.types import Message, Receive

from engine.errors import NotFound, StorageFailed
from engine.pitch_text import NOTES_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from engine.store import Store

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a request's body at most: the longest pitch with the longest notes fits, written in any script."""
VERSION = "0.1.0"

Title = Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH, examples=["Cups that keep warm"])]
Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=TEXT_LENGTH,
        description="What is spoken, plain or Markdown. It is split into sentences, each with a number from 1.",
        examples=["Good morning. Our cups keep tea warm for six hours. Will you try one?"],
    ),
]
Notes = Annotated[
    str,
    Field(
        max_length=NOTES_LENGTH,
        description="What answers may rely on beside the text: facts, questions and answers. Plain or Markdown.",
        examples=["A cup costs 30 euros. Shipping is free within Europe."],
    ),
]
Small = Annotated[int, Field(ge=-(2**31), lt=2**31)]
PitchId = Annotated[str, Path(description="A pitch's id, from the list of pitches.")]


class HasStore(Protocol):
    """What these routes need of the studio. The store may be opened after the routes were made."""

    @property
    def store(self) -> Store: ...


class NewPitch(BaseModel):
    """A talk to be practised."""

    title: Title
    text: Text
    notes: Notes = ""


class PitchChange(BaseModel):
    """What to replace; parts left out stay as they are."""

    title: Title | None = None
    text: Text | None = None
    notes: Notes | None = None


class Bounded(APIRoute):
    """A route that reads no more than `BODY_LIMIT`. The framework's own limit answers in plain text."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handle(Request(request.scope, _counted(request.receive)))

        return bounded


def _counted(receive: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY_LIMIT:
            raise HTTPException(413, f"The body is larger than {BODY_LIMIT // 1024**2} MiB.")
        return message

    return counted


class _Value(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SentenceOut(_Value):
    index: int = Field(description="From 1; the `mark` of its audio on every wire.")
    text: str


class PitchOut(_Value):
    """A pitch, split into its sentences."""

    id: str
    title: str
    sentences: list[SentenceOut]
    text: str
    notes: str
    created: datetime
    updated: datetime


class QuestionOut(_Value):
    """A question that was asked about a pitch. Not `answered`: one to prepare for. `generated`: the pitch gives reason
    to ask it, and `why` and the `sentence` it comes from say which."""

    id: int
    text: str
    answer: str
    answered: bool
    asked: datetime
    generated: bool
    why: str
    sentence: str


class MeetingOut(_Value):
    """A conversation that took place."""

    id: str
    scenario: str
    pitch: str | None
    begun: datetime
    mark: int | None = Field(description="The sentence that comes next; null: not begun.")
    finished: bool = Field(description="Whether it was heard to its end.")


class LineOut(_Value):
    """A line of a transcript; the agent's as heard. Seconds since the conversation began."""

    speaker: str
    text: str
    start: float
    end: float
    mark: int | str | None
    interrupted: bool
    at: datetime


class Segment(BaseModel):
    """A segment of a recorded pitch."""

    slide_no: Small = Field(examples=[1])
    audio_seq_no: Small = Field(examples=[1])
    audio_url: str = Field(max_length=4096, examples=["/audio/1.mp3"])
    start_time: FiniteFloat = Field(examples=[0.0])
    end_time: FiniteFloat = Field(examples=[4.2])
    text_content: str = Field(max_length=TEXT_LENGTH, examples=["Good morning."])


class SegmentSaved(BaseModel):
    message: str = "Pitch saved successfully"
    pitch_id: int


class Problem(BaseModel):
    """Why it was refused."""

    detail: str


class Health(BaseModel):
    status: str = "healthy"
    service: str
    version: str


MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "There is none of that id."}}
LARGE: dict[int | str, dict[str, Any]] = {413: {"model": Problem, "description": "The body is larger than 2 MiB."}}


def router(studio: HasStore) -> APIRouter:
    """All routes of this module."""
    routes = APIRouter(route_class=Bounded)
    _pitches(routes, studio)
    _transcripts(routes, studio)
    _segments(routes, studio)
    _health(routes)
    return routes


def _pitches(routes: APIRouter, studio: HasStore) -> None:
    pitches = APIRouter(prefix="/api/v1/pitches", tags=["pitches"], route_class=Bounded)

    @pitches.post("", status_code=201, response_model=PitchOut, responses=LARGE, summary="Add a pitch")
    def add(body: NewPitch, response: Response) -> object:
        pitch = studio.store.add_pitch(body.title, body.text, body.notes)
        response.headers["Location"] = f"/api/v1/pitches/{pitch.id}"
        return pitch

    @pitches.get("", response_model=list[PitchOut], summary="All pitches, newest first")
    def every() -> object:
        return studio.store.pitches()

    @pitches.get("/{pitch_id}", response_model=PitchOut, responses=MISSING, summary="One pitch")
    def one(pitch_id: PitchId) -> object:
        return studio.store.pitch(pitch_id)

    @pitches.put("/{pitch_id}", response_model=PitchOut, responses=MISSING | LARGE, summary="Change a pitch")
    def change(pitch_id: PitchId, body: PitchChange) -> object:
        return studio.store.change_pitch(pitch_id, body.title, body.text, body.notes)

    @pitches.delete("/{pitch_id}", status_code=204, responses=MISSING, summary="Remove a pitch and its questions")
    def remove(pitch_id: PitchId) -> None:
        studio.store.remove_pitch(pitch_id)

    routes.include_router(pitches)


def _transcripts(routes: APIRouter, studio: HasStore) -> None:
    said = APIRouter(prefix="/api/v1", tags=["questions and transcripts"], route_class=Bounded)

    @said.get("/pitches/{pitch_id}/questions", response_model=list[QuestionOut], responses=MISSING)
    def questions(pitch_id: PitchId) -> object:
        """What was asked about a pitch, most recent first."""
        return studio.store.questions(pitch_id)

    @said.delete("/pitches/{pitch_id}/questions/{question_id}", status_code=204, responses=MISSING)
    def remove_question(pitch_id: PitchId, question_id: Annotated[int, Path(ge=1, lt=2**63)]) -> None:
        """Forget a question."""
        if question_id not in {question.id for question in studio.store.questions(pitch_id)}:
            raise NotFound("Question not found")
        studio.store.remove_question(question_id)

    @said.get("/pitches/{pitch_id}/meetings", response_model=list[MeetingOut], responses=MISSING)
    def meetings(pitch_id: PitchId, limit: Annotated[int, Query(ge=1, le=1000)] = 20) -> object:
        """The conversations about a pitch, newest first."""
        studio.store.pitch(pitch_id)
        return studio.store.meetings(pitch_id, limit)

    @said.get("/meetings/{meeting_id}/transcript", response_model=list[LineOut], responses=MISSING)
    def transcript(meeting_id: str) -> object:
        """What was said in a conversation, in order."""
        return studio.store.lines(meeting_id)

    routes.include_router(said)


def _segments(routes: APIRouter, studio: HasStore) -> None:
    failed: dict[int | str, dict[str, Any]] = {500: {"model": Problem, "description": "It could not be stored."}}

    @routes.post("/save_pitch", response_model=SegmentSaved, responses=LARGE | failed, tags=["pitches"])
    def save_pitch(body: Segment) -> object:
        """Keep a segment of a recorded pitch; as earlier clients send it."""
        try:
            number = studio.store.save_segment(**body.model_dump())
        except StorageFailed as error:
            raise HTTPException(500, f"Error while saving pitch: {error}") from error
        return SegmentSaved(pitch_id=number)


def _health(routes: APIRouter) -> None:
    @routes.get("/health", response_model=Health, tags=["health"])
    async def health() -> object:
        """Whether the server is up. Needs no token."""
        return Health(service="rostrum", version=VERSION)

    @routes.get("/api/v1/streaming/realtime/health", response_model=Health, tags=["health"])
    async def realtime_health() -> object:
        """Whether realtime conversations are served. Needs no token."""
        return Health(service="realtime", version="1.0.0")
