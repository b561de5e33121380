"""Past meetings over HTTP: the list, one of them, its sound, and forgetting. Handlers run in threads, like `rest`'s."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from engine.transcript import as_text
from engine.wire.rest import MISSING, HasStore, Problem

MeetingId = Annotated[str, Path(description="A meeting's id, from the list of meetings.")]
UNKEPT = {"Cache-Control": "private, no-store"}
"""What was deleted here is not to live on in a browser."""
AUDIO: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/ogg": {}}, "description": "All of it, or, as 206, the range that was asked for."},
    409: {"model": Problem, "description": "It is still being recorded."},
}


class PastMeetingOut(BaseModel):
    """A conversation that took place."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    scenario: str
    title: str = Field(description="The pitch or the persona, as it was called then.")
    pitch: str | None = Field(description="The pitch's id; null where it was deleted since.")
    persona: str | None
    begun: datetime
    seconds: float = Field(description="From its beginning to the end of its last line.")
    turns: int = Field(description="How often the user spoke.")
    mark: int | None = Field(description="The sentence that comes next; null: not begun, or no pitch.")
    finished: bool = Field(description="Whether it was heard to its end.")
    recorded: bool = Field(description="Whether it can be heard.")


def router(studio: HasStore) -> APIRouter:
    """All routes of this module."""
    past = APIRouter(prefix="/api/v1/meetings", tags=["meetings"])
    _list(past, studio)
    _audio(past, studio)
    return past


def _list(past: APIRouter, studio: HasStore) -> None:
    @past.get("", response_model=list[PastMeetingOut])
    def every(
        scenario: Literal["pitch", "talk"] | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 20,
        offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> object:
        """Conversations in which something was said, newest first."""
        return studio.store.archive.meetings(scenario, limit, offset)

    @past.delete("", status_code=204)
    def remove_all() -> None:
        """Forget every conversation: all transcripts and all recordings."""
        studio.store.archive.remove_all()

    @past.get("/{meeting_id}", response_model=PastMeetingOut, responses=MISSING)
    def one(meeting_id: MeetingId) -> object:
        """One conversation."""
        return studio.store.archive.meeting(meeting_id)

    @past.delete("/{meeting_id}", status_code=204, responses=MISSING)
    def remove(meeting_id: MeetingId) -> None:
        """Forget a conversation: its transcript and its recording."""
        studio.store.archive.remove(meeting_id)

    @past.get("/{meeting_id}/transcript.txt", response_class=PlainTextResponse, responses=MISSING)
    def text(meeting_id: MeetingId) -> PlainTextResponse:
        """What was said, as people read it."""
        meeting = studio.store.archive.meeting(meeting_id)
        return PlainTextResponse(as_text(meeting, studio.store.lines(meeting_id)), headers=UNKEPT)


def _audio(past: APIRouter, studio: HasStore) -> None:
    def audio(meeting_id: MeetingId) -> FileResponse:
        """Both sides in stereo, the user on the left; Opus in Ogg. Ranges may be asked for. Its time is that of the
        transcript. The first to ask waits while it is made: about 0.3 s per minute."""
        archive = studio.store.archive
        archive.meeting(meeting_id)
        return FileResponse(archive.recordings.stereo(meeting_id), media_type="audio/ogg", headers=UNKEPT)

    past.add_api_route("/{meeting_id}/audio", audio, response_class=FileResponse, responses=MISSING | AUDIO)
    past.add_api_route("/{meeting_id}/audio", audio, methods=["HEAD"], include_in_schema=False)

    @past.delete("/{meeting_id}/audio", status_code=204, responses=MISSING)
    def remove_audio(meeting_id: MeetingId) -> None:
        """Forget the sound; the transcript stays. A conversation that is going on is recorded no more."""
        studio.store.archive.remove_recording(meeting_id)
