"""`/api/v1/streaming/realtime`: a free conversation over a WebSocket, with the name of its user in the address or in a
token (`tokens`), and how many there are. `docs/protocols.md` has all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from engine.messages import Brief, Play, Returned
from engine.playout import Delivery
from engine.studio import Options
from engine.talk import LIMITS, instructions
from engine.wire import rest, socket, tokens
from engine.wire.outbox import Outbox
from engine.wire.realtime_answers import refusal
from engine.wire.realtime_codec import RealtimeCodec
from engine.wire.realtime_session import Session

if TYPE_CHECKING:
    from engine.errors import RostrumError
    from engine.meetings import Meeting
    from engine.records import Persona
    from engine.studio import Studio

SORT = "realtime"
DELIVERY = Delivery(chunk=0.2, lead=0.5)
"""Pieces that every client can take, sent as they are to be heard: what an interruption throws away is short."""
POLICY = 1008
QUIET = replace(LIMITS, silence=None)
"""Its clients wait as long as they like, and expect nothing unasked."""


class Status(BaseModel):
    """Whether realtime conversations are served, and how many are going on."""

    status: str = "active"
    active_connections: int = Field(description="Conversations that are going on.")
    openai_connections: int = Field(default=0, description="Of earlier servers: this one opens none.")
    model: str = Field(description="Who thinks.")


def routes(studio: Studio) -> list[WebSocketRoute]:
    """The WebSockets, with `?persona=<id>`, `?conversation=<id>` and `?record=1`."""
    codecs: WeakKeyDictionary[Meeting, RealtimeCodec] = WeakKeyDictionary()

    async def named(websocket: WebSocket) -> None:
        await _talk(studio, websocket, codecs, SORT)

    async def authenticated(websocket: WebSocket) -> None:
        try:
            user = tokens.user(tokens.offered(websocket.scope), studio.settings.secret_key)
        except tokens.NoToken as error:
            await _deny(websocket, str(error))
        else:
            await _talk(studio, websocket, codecs, f"{SORT} {user}")

    return [
        WebSocketRoute(path + more, endpoint, name=f"{SORT} {endpoint.__name__}")
        for path in tokens.PATHS
        for more, endpoint in (("", authenticated), ("/{user_id}", named))
    ]


def router(studio: Studio) -> APIRouter:
    """The status, where both generations of clients ask for it; and the health where the second one does."""
    router = APIRouter(tags=["health"])

    @router.get("/api/v1/realtime/status", response_model=Status, include_in_schema=False)
    @router.get("/api/v1/streaming/realtime/status", response_model=Status)
    async def status() -> object:
        """How many realtime conversations are going on."""
        return Status(active_connections=studio.meetings.count(SORT), model=studio.providers.partner.about.name)

    @router.get("/api/v1/realtime/health", response_model=rest.Health, include_in_schema=False)
    async def health() -> object:
        return rest.Health(service="realtime", version="1.0.0")

    return router


async def _talk(
    studio: Studio, websocket: WebSocket, codecs: WeakKeyDictionary[Meeting, RealtimeCodec], sort: str
) -> None:
    """`sort`: with a user's name, nobody else takes the conversation over."""
    async with socket.opened(websocket, lambda error: _refuse(websocket, error)):
        asked = websocket.query_params
        persona = await asyncio.to_thread(studio.persona, asked.get("persona"))
        persona = replace(persona, opening="")  # nothing is said on connecting
        codec = RealtimeCodec(_session(studio, persona))
        outbox = Outbox(codec)
        id, options = asked.get("conversation"), Options(limits=QUIET, record=socket.records(websocket))
        async with studio.talk(outbox, sort=sort, delivery=DELIVERY, persona=persona, id=id, opts=options) as (
            meeting,
            returned,
        ):
            before = codecs.get(meeting)
            codec.take_up(before.session if before else replace(codec.session, id=meeting.id))
            codecs[meeting] = codec
            if returned:
                meeting.post(Returned())
            else:
                session = codec.session
                meeting.post(Brief(temperature=session.temperature, most_tokens=session.most_tokens))
                meeting.post(Play())
            await socket.hold(websocket, codec, outbox, meeting)


def _session(studio: Studio, persona: Persona) -> Session:
    voices: Sequence[str] = studio.voices()
    return Session(
        model=studio.providers.partner.about.name,
        hears=studio.providers.ears.about.name,
        voices=voices,
        persona_voice=persona.voice,
        voice=persona.voice or next(iter(voices), ""),
        instructions=instructions(persona),
        patience=persona.patience,
        usual_patience=persona.patience,
    )


async def _refuse(websocket: WebSocket, error: RostrumError) -> None:
    """Nobody of that name to talk with: say so, and goodbye."""
    await socket.send(websocket, refusal(str(error)))
    await socket.close(websocket, POLICY, str(error)[:120])


async def _deny(websocket: WebSocket, detail: str) -> None:
    """Refuse at the handshake, with 401 where the server can."""
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        headers = {"WWW-Authenticate": "Bearer"}
        await websocket.send_denial_response(JSONResponse({"detail": detail}, 401, headers))
    else:
        await websocket.close(POLICY, detail)
