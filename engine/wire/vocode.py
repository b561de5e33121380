"""`/conversation`, and `/` as well: a talk with clients of the vocode kind. `docs/protocols.md` has all of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.routing import WebSocketRoute

from engine.errors import BadInput, NotFound, RostrumError
from engine.messages import Brief, Play, Returned
from engine.playout import Delivery
from engine.studio import Options
from engine.wire import socket
from engine.wire import vocode_messages as read
from engine.wire.outbox import BROKEN, Outbox
from engine.wire.vocode_codec import Sender, VocodeCodec, ready, refusal
from engine.wire.vocode_messages import Container, Start

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.studio import Studio

RAW = Delivery(chunk=0.02, lead=0.04, allowance=0.1, keeps=True)
"""Programs append samples to what they play. The dialect has no word to clear that: little may be there."""
FILES = Delivery(chunk=0.5, first=0.25, full=True, lead=0.15, allowance=0.4, keeps=True)
"""Pages decode and play message by message, 10 to 20 ms apart. What is playing, and one more, is all they hold."""
START_WITHIN = 120.0
"""Seconds: pages connect first and then ask for the microphone, which a person has to allow."""
NOT_TEXT, NOT_JSON, NOT_GOOD = 1003, 1007, 1008
"""Close codes of a start that is none: of another kind, unreadable, with values that cannot be used."""


class _NoStart(BadInput):
    """What came first begins no conversation; closed with `close`."""

    def __init__(self, message: str, close: int) -> None:
        super().__init__(message)
        self.close = close


def routes(studio: Studio) -> list[WebSocketRoute]:
    """`/conversation` and `/`, with `?persona=`, `?conversation=`, `?format=wav|raw`, `?sender=user|human`."""

    async def conversation(websocket: WebSocket) -> None:
        async with socket.opened(websocket, lambda error: _refuse(websocket, error)):
            await _converse(studio, websocket)

    return [
        WebSocketRoute("/conversation", conversation, name="conversation"),
        WebSocketRoute("/", conversation, name="conversation at the root"),
    ]


async def _converse(studio: Studio, websocket: WebSocket) -> None:
    query = websocket.query_params
    page = "origin" in websocket.headers
    container = read.read_container(query.get("format"))
    sender = _sender(query.get("sender") or studio.settings.vocode_sender)
    start = await _begun(websocket, page=page, container=container)
    if start is None:
        return
    persona = await asyncio.to_thread(studio.persona, query.get("persona"))
    if start.opening is not None:
        persona = replace(persona, opening=start.opening)
    now = asyncio.get_running_loop().time
    codec = VocodeCodec(start, now=now, sender=sender, page=page, container=container)
    outbox = Outbox(codec)
    async with studio.talk(
        outbox,
        sort="vocode",
        delivery=FILES if start.spoken.wav else RAW,
        persona=persona,
        id=start.conversation or query.get("conversation"),
        opts=Options(record=socket.records(websocket)),
    ) as (meeting, returned):
        outbox.tell(ready(meeting.id))
        if start.instructions is not None and not returned:
            meeting.post(Brief(instructions=start.instructions))
        meeting.post(Returned() if returned else Play())
        await socket.hold(websocket, codec, outbox, meeting)


async def _begun(websocket: WebSocket, *, page: bool, container: Container | None) -> Start | None:
    """The start message; None where the client leaves, or stops, instead."""
    try:
        async with asyncio.timeout(START_WITHIN):
            frame = await socket.receive(websocket)
    except TimeoutError:
        raise _NoStart(f"no start message came within {START_WITHIN:.0f} s", NOT_GOOD) from None
    if frame is None:
        return None
    if isinstance(frame, bytes):
        raise _NoStart(f"the first message has to be a {read.START}, as text", NOT_TEXT)
    try:
        message = read.parse(frame)
    except BadInput as error:
        raise _NoStart(str(error), NOT_JSON) from None
    match message.get("type"):
        case read.START | read.HOSTED_START:
            return read.read_start(message, page=page, container=container)
        case read.STOP:
            return None
    raise _NoStart(f"the first message has to be a {read.START} or a {read.HOSTED_START}", NOT_TEXT)


async def _refuse(websocket: WebSocket, error: RostrumError) -> None:
    await socket.send(websocket, refusal(error))
    code = NOT_GOOD if isinstance(error, (BadInput, NotFound)) else BROKEN
    code = error.close if isinstance(error, _NoStart) else code
    await socket.close(websocket, code, str(error))


def _sender(name: str) -> Sender:
    match name:
        case "user" | "human":
            return name
    raise BadInput("this sender is not known: expected user or human")
