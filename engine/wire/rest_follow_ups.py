"""Questions that a pitch gives reason to ask, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from fastapi import APIRouter, Path

from engine.wire.rest import MISSING, Bounded, HasStore, QuestionOut

if TYPE_CHECKING:
    from engine.records import Question


class Asks(HasStore, Protocol):
    async def find_follow_ups(self, pitch: str) -> list[Question]:
        """Find them anew, and keep them."""
        ...


def router(studio: Asks) -> APIRouter:
    """All routes of this module."""
    routes = APIRouter(prefix="/api/v1/pitches", tags=["questions and transcripts"], route_class=Bounded)

    @routes.post("/{pitch_id}/questions", response_model=list[QuestionOut], responses=MISSING)
    async def find(pitch_id: Annotated[str, Path(description="A pitch's id.")]) -> object:
        """Find the questions that the pitch gives reason to ask, in the place of those that were found before; answers
        all questions about it. Those that were asked, or dismissed, stay as they are."""
        return await studio.find_follow_ups(pitch_id)

    return routes
