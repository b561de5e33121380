"""Personas over HTTP: whom there is to talk with, and own ones to add, change and delete."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from engine import grounding, persona_file
from engine.cutting_in import Hardness
from engine.personas import KINDS
from engine.wire.rest import LARGE, MISSING, Bounded, HasStore

PersonaId = Annotated[str, Path(description="A persona's id, from the list of personas.")]
Texts = list[str]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "A file to keep."}
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Answer(_Body):
    """What a persona can tell of itself."""

    asked: Texts = Field(description="Phrases of a question that it answers.", examples=[["your name"]])
    says: str = Field(examples=["I am Ada."])


class Material(_Body):
    """Something that a persona has read about you, and asks about."""

    kind: str = Field(description=f"One of: {', '.join(grounding.labels())}.", examples=["cv"])
    text: str = Field(description="Plain text, Markdown, or the source of a web page: kept without markup.")


class PersonaChange(_Body):
    """What to replace; parts left out stay as they are. Limits are checked and named one by one."""

    name: str | None = Field(None, examples=["Ada"])
    summary: str | None = Field(None, description="One line, for whoever chooses.", examples=["A curious neighbour"])
    who: str | None = Field(
        None,
        description="Who they are and how they talk, in the second person.",
        examples=["You are Ada, a curious neighbour. You ask short questions."],
    )
    scene: str | None = Field(None, description="Where and why the two meet.", examples=["You meet on the stairs."])
    opening: str | None = Field(
        None, description="Their first words; empty: they wait.", examples=["Hello! How are you?"]
    )
    questions: Texts | None = Field(
        None, description="What they ask, in order, without a language model.", examples=[["What are you working on?"]]
    )
    closing: str | None = Field(None, description="Their goodbye.", examples=["See you soon. Goodbye."])
    patience: float | None = Field(None, description="Seconds that a thinking pause may last, 0.2 to 5.")
    voice: str | None = Field(None, description="Name of a voice; empty: the default one.")
    pace: float | None = Field(None, description="Relative speed of speech, 0.5 to 2.")
    probing: Texts | None = Field(None, description=f"What they ask about first, of: {', '.join(KINDS)}.")
    probes: dict[str, Texts] | None = Field(
        None, description="Own ways to ask about one of these; may name what was said in braces, as `probing` says."
    )
    reactions: Texts | None = Field(None, description="How they take an answer.", examples=[["I see."]])
    answers: list[Answer] | None = Field(None, description="What they can tell of themselves.")
    material: list[Material] | None = Field(None, description="What they have read about you, at most four pieces.")
    follow_ups: int | None = Field(None, description="Questions at most before the next of `questions`, 0 to 2.")
    interrupts: str | None = Field(None, description=f"How hard they cut in while one speaks: {', '.join(Hardness)}.")
    brevity: int | None = Field(None, description="Words beyond which an answer is too long for them, 20 to 500.")


class NewPersona(PersonaChange):
    """Somebody to talk with."""

    name: str = Field(examples=["Ada"])
    who: str = Field(examples=["You are Ada, a curious neighbour. You ask short questions."])
    questions: Texts = Field(examples=[["What are you working on?"]])


class PersonaOut(_Body):
    """Somebody to talk with. Not `own`: ships with Rostrum; to be copied, not changed."""

    id: str
    own: bool
    name: str
    summary: str
    who: str
    scene: str
    opening: str
    questions: Texts
    closing: str
    patience: float
    voice: str
    pace: float
    probing: Texts
    probes: dict[str, Texts]
    reactions: Texts
    answers: list[Answer]
    material: list[Material]
    follow_ups: int
    brevity: int
    interrupts: str


def router(studio: HasStore) -> APIRouter:
    """All routes of this module."""
    routes = APIRouter(prefix="/api/v1/personas", tags=["personas"], route_class=Bounded)

    @routes.get("", response_model=list[PersonaOut], summary="Everybody there is to talk with, own ones first")
    def every() -> object:
        return studio.store.people.all()

    @routes.post("", status_code=201, response_model=PersonaOut, responses=LARGE, summary="Add a persona")
    def add(body: NewPersona, response: Response) -> object:
        persona = studio.store.people.add(_given(body))
        response.headers["Location"] = f"/api/v1/personas/{persona.id}"
        return persona

    _files(routes, studio)

    @routes.get("/{persona_id}", response_model=PersonaOut, responses=MISSING, summary="One persona")
    def one(persona_id: PersonaId) -> object:
        return studio.store.people.persona(persona_id)

    @routes.post("/{persona_id}/copy", status_code=201, response_model=PersonaOut, responses=MISSING)
    def copy(persona_id: PersonaId, response: Response) -> object:
        """An own persona like this one, to be changed."""
        persona = studio.store.people.copy(persona_id)
        response.headers["Location"] = f"/api/v1/personas/{persona.id}"
        return persona

    @routes.put("/{persona_id}", response_model=PersonaOut, responses=MISSING | LARGE, summary="Change an own persona")
    def change(persona_id: PersonaId, body: PersonaChange) -> object:
        return studio.store.people.change(persona_id, _given(body))

    @routes.delete("/{persona_id}", status_code=204, responses=MISSING, summary="Delete an own persona")
    def remove(persona_id: PersonaId) -> None:
        studio.store.people.remove(persona_id)

    return routes


def _files(routes: APIRouter, studio: HasStore) -> None:
    @routes.post("/file", status_code=201, response_model=PersonaOut, responses=LARGE, summary="Add one from a file")
    async def take(request: Request, response: Response) -> object:
        """The body is the file, JSON or TOML, as `GET .../file` gives it. One with a mistake in it changes nothing."""
        data = await request.body()
        persona = await asyncio.to_thread(lambda: studio.store.people.add(persona_file.read(data)))
        response.headers["Location"] = f"/api/v1/personas/{persona.id}"
        return persona

    @routes.get(
        "/{persona_id}/file", response_class=Response, responses=MISSING | FILE, summary="One persona as a file"
    )
    def give(persona_id: PersonaId) -> Response:
        persona = studio.store.people.persona(persona_id)
        named = f'attachment; filename="{persona_file.name_of(persona)}"'
        headers = {"Content-Disposition": named}
        return Response(persona_file.written(persona), media_type="application/json", headers=headers)


def _given(body: PersonaChange) -> dict[str, Any]:
    return body.model_dump(exclude_none=True)
