"""The socket shell that all wires share: a codec in the middle, a reader, a writer with a priority lane, bounded waits.

A codec is a pure object: frames in, inputs out; outputs in, frames out (`outbox`). Everything that touches a socket is
here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from engine.errors import RostrumError
from engine.messages import Input
from engine.wire.outbox import BROKEN, Close, Codec, Frame, Outbox, Reply, Unread

if TYPE_CHECKING:
    from engine.meetings import Face, Meeting

log = logging.getLogger(__name__)

IN_THREAD = 16_384
"""Bytes: a larger frame is decoded in a thread; 16 KiB of base64 are half a second of samples, or 4 s of WebM/Opus."""
SEND_WITHIN = 20.0
"""Seconds one frame may take to be taken by the network."""
REASON_BYTES = 123
"""What a Close frame has room for."""
CLOSE_WITHIN = 1.0
"""Seconds for the closing handshake: nobody waits for a client that has gone."""
UNREAD = 1013
"""Close code "try again later", for a client that does not read what it is sent."""


AT_ONCE = 8
"""Frames after which the others have their turn: what has arrived already is read without waiting."""
DELIBERATE = (1000, 1005)
"""Close codes of a client that has finished: `close()` of a program, and of a page. Others are accidents."""
LOST = 1006
"""Close code of a connection that ended without a Close frame."""


class _Parted(Exception):
    """The connection ends; its one argument is the `Close`."""


async def serve(websocket: WebSocket, codec: Codec, outbox: Outbox, post: Callable[[Input], None]) -> bool:
    """Carry frames between an accepted socket and a conversation until one of them ends; whether it ended by accident,
    so that the client may come back."""
    tasks: list[asyncio.Task[None]] = []
    parting: Close | None = None
    by_accident = True
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_send(websocket, outbox)), group.create_task(outbox.encode())]
            parting, by_accident = await _read(websocket, codec, outbox, post)
            for task in tasks:
                task.cancel()
    except* WebSocketDisconnect:
        pass
    except* Unread:
        parting = Close(code=UNREAD, reason="you do not read what you are sent")
    except* _Parted as ended:
        parting, by_accident = _of(ended), False
    if parting:
        await close(websocket, parting.code, parting.reason)
    return by_accident


async def hold(websocket: WebSocket, codec: Codec, outbox: Outbox, meeting: Meeting, face: Face | None = None) -> None:
    """Be with `meeting` through an accepted socket until one of them ends. A client that dropped may come back. `face`:
    what the meeting tells, if it is another than the outbox."""
    who: Face = face or outbox
    by_accident = await serve(websocket, codec, outbox, lambda message: meeting.take(message, who))
    meeting.go(who, for_good=not by_accident)


def _of(ended: BaseExceptionGroup[_Parted]) -> Close:
    first = ended.exceptions[0]
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    parting = first.args[0]
    assert isinstance(parting, Close)
    return parting


async def _read(
    websocket: WebSocket, codec: Codec, outbox: Outbox, post: Callable[[Input], None]
) -> tuple[Close | None, bool]:
    """Until the client says goodbye in its dialect, or leaves: how to close, and whether it left by accident."""
    unbroken = 0
    while not isinstance(frame := await _receive(websocket), int):
        try:
            inputs = await _decoded_in_thread(codec, outbox, frame) if len(frame) > IN_THREAD else codec.decode(frame)
            for message in inputs:
                if isinstance(message, Close):
                    return message, False
                if isinstance(message, Reply):
                    outbox.tell(message.frame)
                else:
                    post(message)
        except RostrumError as error:
            if (refusal := codec.refuse(error)) is not None:
                outbox.tell(refusal)
        unbroken += 1
        if unbroken % AT_ONCE == 0:
            await asyncio.sleep(0)
    return None, frame not in DELIBERATE


async def _decoded_in_thread(codec: Codec, outbox: Outbox, frame: Frame) -> Sequence[Input | Reply | Close]:
    outbox.busy = True
    try:
        return await asyncio.to_thread(codec.decode, frame)
    finally:
        outbox.busy = False


async def _send(websocket: WebSocket, outbox: Outbox) -> None:
    try:
        async for frame in outbox.frames():
            if isinstance(frame, Close):
                raise _Parted(frame)
            await send(websocket, frame)
    except TimeoutError:
        raise Unread from None


@asynccontextmanager
async def opened(websocket: WebSocket, refuse: Callable[[RostrumError], Awaitable[None]]) -> AsyncIterator[None]:
    """Accept; `refuse` what cannot be opened; and whatever happens, close with a Close frame. The one boundary of a
    socket: a bug ends one conversation, and its details stay in the log."""
    await websocket.accept()
    try:
        yield
    except RostrumError as error:
        with suppress(WebSocketDisconnect, TimeoutError):
            await refuse(error)
    except Exception:
        log.exception("a conversation failed in an unexpected way")
        await close(websocket, BROKEN, "something went wrong inside Rostrum")
    await close(websocket)


def records(websocket: WebSocket) -> bool:
    """Whether its client asked, in the address, for the conversation to be recorded."""
    return websocket.query_params.get("record") == "1"


async def receive(websocket: WebSocket) -> Frame | None:
    """The next frame; None once the client has left."""
    frame = await _receive(websocket)
    return None if isinstance(frame, int) else frame


async def _receive(websocket: WebSocket) -> Frame | int:
    """The next frame, or the close code of a client that has left."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        # uvicorn tells a lost connection as 1005 too, but without a reason, which a Close frame always has.
        return int(message.get("code") or LOST) if "reason" in message else LOST
    frame: Frame | None = message.get("text")
    return bytes(message.get("bytes") or b"") if frame is None else frame


async def send(websocket: WebSocket, frame: Frame) -> None:
    """Raises:
    WebSocketDisconnect: nobody is there any more.
    TimeoutError: the network does not take it within `SEND_WITHIN`.
    """
    try:
        async with asyncio.timeout(SEND_WITHIN):
            if isinstance(frame, str):
                await websocket.send_text(frame)
            else:
                await websocket.send_bytes(frame)
    except RuntimeError:  # the server has closed the connection by itself: over a frame that is too large
        raise WebSocketDisconnect(BROKEN) from None


async def close(websocket: WebSocket, code: int = 1000, reason: str = "") -> None:
    """Close with a proper Close frame where the client is still there; of a long `reason`, what fits into it."""
    if websocket.application_state is WebSocketState.CONNECTED and websocket.client_state is WebSocketState.CONNECTED:
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await websocket.close(code, reason.encode()[:REASON_BYTES].decode(errors="ignore"))
