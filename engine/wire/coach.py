"""`POST /session`, `/ws/{session_id}` and `POST /session/{session_id}/finish`: coached sessions. `docs/protocols.md`
has all of it."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import BaseModel, Field
from starlette.routing import WebSocketRoute

from engine import clock
from engine.analysis.bands import MODES
from engine.errors import BadInput, NotFound, RostrumError
from engine.inputs import Returned
from engine.records import Aim
from engine.report import kept
from engine.wire import socket
from engine.wire.coach_codec import CoachCodec
from engine.wire.outbox import Outbox
from engine.wire.rest import MISSING
from engine.wire.rest_models import ReportOut

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.studio import Studio

UNKNOWN = 4004
"""Close code of a session that is not there."""
Text = Annotated[str, Field(max_length=4000)]


class NewSession(BaseModel):
    """What a session is for. Fields beyond these are ignored."""

    context: Text = Field(description="Where and with whom.")
    goal: Text = Field(description="How you want to come across, or what you want to get.")
    user_name: Annotated[str, Field(max_length=200)]
    participants: Text = ""
    tone: Text = ""
    mode: str = Field("conversation", description=f"One of {', '.join(MODES)}.")
    record: bool = Field(False, description="Keep the sound too, on this machine.")


class SessionCreated(BaseModel):
    session_id: str
    message: str


def router(studio: Studio) -> APIRouter:
    """What of it is HTTP."""
    rest = APIRouter(tags=["coach"])

    @rest.post("/session", response_model=SessionCreated)
    def create(wanted: NewSession) -> object:
        """A session that is known from now on, also after a restart."""
        if wanted.mode not in MODES:
            raise BadInput(f"mode: expected one of {', '.join(MODES)}")
        id = str(uuid.uuid4())
        studio.store.sessions.begin(id, Aim(**wanted.model_dump()), clock.wall(), wanted.context)
        greeting = f"Hi, I'm {wanted.user_name}." if wanted.user_name.strip() else "Hi!"
        return {"session_id": id, "message": f"Session created. Start by saying: '{greeting}'"}

    @rest.post("/session/{session_id}/finish", responses=MISSING | {200: {"model": ReportOut}})
    async def finish(
        session_id: Annotated[str, InPath(description="As POST /session gave it.")],
        speakers: Literal["protocol", "partner"] = "protocol",
    ) -> dict[str, Any]:
        """Two stars and a wish. Whatever is still being said is heard out first. May be asked for again."""
        dossier = await studio.coaching.finish(session_id)
        assert dossier.report is not None
        return kept.protocol_fields(
            dossier.report,
            dossier.lines,
            begun=dossier.meeting.begun,
            cues=dossier.cues,
            analysis=dossier.analysis,
            partners=speakers == "partner",
        )

    return rest


def routes(studio: Studio) -> list[WebSocketRoute]:
    """What of it is a socket. `/ws/pitch` comes before it."""

    async def session(websocket: WebSocket) -> None:
        id = websocket.path_params["session_id"]
        with studio.coaching.coming(id):
            async with socket.opened(websocket, lambda error: _refuse(websocket, error)):
                await _listen(studio, websocket, id)

    return [WebSocketRoute("/ws/{session_id}", session, name="coach")]


async def _listen(studio: Studio, websocket: WebSocket, id: str) -> None:
    codec = CoachCodec({})
    outbox = Outbox(codec)
    async with studio.coaching.join(outbox, id) as (meeting, returned):
        # Only now: what is written down from here on is told too.
        codec.ready = await asyncio.to_thread(_ready, studio, id)
        if returned:
            meeting.post(Returned())
        await socket.hold(websocket, codec, outbox, meeting)


def _ready(studio: Studio, id: str) -> dict[str, Any]:
    """What a page is told of a session, with what was said in it so far."""
    aim = studio.store.sessions.aim(id)
    lines = [
        {"line": line.id, "speaker": line.speaker, "text": line.text, "start": line.start, "end": line.end}
        for line in sorted(studio.store.lines(id), key=lambda line: (line.start, line.id))
    ]
    engines = {task: about.label for task, about in studio.about().items()}
    told = {"context": aim.context, "goal": aim.goal, "user_name": aim.user_name, "mode": aim.mode}
    return {"session_id": id, **engines, **told, "recorded": aim.record, "lines": lines}


async def _refuse(websocket: WebSocket, error: RostrumError) -> None:
    if isinstance(error, NotFound):
        return await socket.close(websocket, UNKNOWN, "Session not found")
    await socket.send(websocket, CoachCodec({}).refuse(error) or "")
    return None
