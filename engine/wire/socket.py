"""The socket shell that all wires share: a codec in the middle, a reader, a writer with a priority lane, bounded waits.

A codec is a pure object: frames in, inputs out; outputs in, frames out. Everything that touches a socket is here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from engine.errors import RostrumError
from engine.messages import Clear, Input, LineBegan, Output, Speech

log = logging.getLogger(__name__)

Frame = str | bytes
"""A text or a binary frame."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on the wire itself, which concerns no conversation: to a ping."""

    frame: Frame


IN_THREAD = 16_384
"""Bytes: a larger frame is decoded in a thread; 16 KiB of base64 are half a second of samples, or 4 s of WebM/Opus."""
QUEUED, QUEUED_BYTES = 512, 32 << 20
"""Frames and outputs, and bytes of frames, that may wait for a client that does not read; then it is let go."""
NOTICES_WAIT = 0.004
"""Seconds that states, captions and the like wait for more to come: sending each takes 0.1 ms of the loop, just when a
reply is being made. Audio takes them along."""
SEND_WITHIN = 20.0
"""Seconds one frame may take to be taken by the network."""
CLOSE_WITHIN = 1.0
"""Seconds for the closing handshake: nobody waits for a client that has gone."""
BROKEN = 1011
"""Close code "internal error"."""
UNREAD = 1013
"""Close code "try again later", for a client that does not read what it is sent."""


class Codec(Protocol):
    """One client's dialect."""

    def decode(self, frame: Frame) -> Sequence[Input | Reply]:
        """What the client wants. May compute for long: large frames are decoded in a thread, one after the other.

        Raises:
            BadInput, TooLarge: it cannot be understood; the message says what was expected.
        """
        ...

    def encode(self, output: Output) -> Sequence[Frame]:
        """How the client is told; nothing where its dialect has no word for it."""
        ...

    def slow(self, output: Output) -> bool:
        """Whether encoding it takes more than a millisecond."""
        ...

    def refuse(self, error: RostrumError) -> Frame:
        """How the client is told what was wrong with what it sent."""
        ...


class Unread(Exception):
    """The client does not read."""


class Outbox:
    """What waits to be sent, in order; `Clear` overtakes, and takes with it the audio that it makes stale."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._urgent: deque[Frame] = deque()
        self._ready: deque[tuple[Output | None, Frame]] = deque()
        self._slow: deque[Output] = deque()
        self._bytes = 0
        self._generation = 0
        self._wake = asyncio.Event()
        self._wake_encoder = asyncio.Event()
        self._full = False
        self._hurry = False
        """What is ready is to be sent now."""

    def put(self, output: Output) -> None:
        """Queue `output`; never waits. On the event loop."""
        if isinstance(output, Clear):
            self._clear(output)
        elif self._slow or self._codec.slow(output):
            self._slow.append(output)
            self._wake_encoder.set()
        else:
            self._make_ready(output, self._codec.encode(output))
        self._check()

    def tell(self, frame: Frame) -> None:
        """Queue a frame that belongs to no output: a refusal, an answer to a ping."""
        self._ready.append((None, frame))
        self._bytes += len(frame)
        self._send_soon(None)
        self._check()

    def _check(self) -> None:
        """Whether the client still reads."""
        if len(self._ready) + len(self._slow) > QUEUED or self._bytes > QUEUED_BYTES:
            self._full = True
            self._wake.set()

    def _clear(self, clear: Clear) -> None:
        self._generation = clear.generation
        self._urgent.extend(self._codec.encode(clear))
        self._ready = deque(item for item in self._ready if not self._stale(item[0]))
        self._bytes = sum(len(frame) for _, frame in self._ready)
        self._slow = deque(output for output in self._slow if not self._stale(output))
        self._wake.set()

    def _stale(self, output: Output | None) -> bool:
        return isinstance(output, (Speech, LineBegan)) and output.generation < self._generation

    def _make_ready(self, output: Output, frames: Sequence[Frame]) -> None:
        if not self._stale(output):
            self._ready.extend((output, frame) for frame in frames)
            self._bytes += sum(map(len, frames))
            self._send_soon(output)

    async def encode(self) -> None:
        """Encode in a thread what takes long, for ever, keeping the order; `Clear` does not wait for it."""
        while True:
            while self._slow:
                output = self._slow[0]
                frames = (
                    await asyncio.to_thread(self._codec.encode, output)
                    if self._codec.slow(output)
                    else self._codec.encode(output)
                )
                if self._slow and self._slow[0] is output:
                    self._slow.popleft()
                    self._make_ready(output, frames)
            self._wake_encoder.clear()
            await self._wake_encoder.wait()

    async def frames(self) -> AsyncIterator[Frame]:
        """What to send next, for ever.

        Raises:
            Unread: too much is waiting.
        """
        while True:
            if self._full:
                raise Unread
            if self._urgent:
                yield self._urgent.popleft()
            elif self._ready and self._hurry:
                frame = self._ready.popleft()[1]
                self._bytes -= len(frame)
                yield frame
            else:
                self._hurry = False
                self._wake.clear()
                await self._wake.wait()

    def _send_soon(self, output: Output | None) -> None:
        """Let the writer go: at once for audio and for answers, a little later for what can wait."""
        if output is None or isinstance(output, Speech):
            self._send_now()
        elif not self._hurry:
            asyncio.get_running_loop().call_later(NOTICES_WAIT, self._send_now)

    def _send_now(self) -> None:
        self._hurry = True
        self._wake.set()


async def serve(websocket: WebSocket, codec: Codec, outbox: Outbox, post: Callable[[Input], None]) -> None:
    """Carry frames between an accepted socket and a conversation until the client leaves, or does not read."""
    tasks: list[asyncio.Task[None]] = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_send(websocket, outbox)), group.create_task(outbox.encode())]
            await _read(websocket, codec, outbox, post)
            for task in tasks:
                task.cancel()
    except* WebSocketDisconnect:
        pass
    except* Unread:
        await close(websocket, UNREAD, "you do not read what you are sent")


async def _read(websocket: WebSocket, codec: Codec, outbox: Outbox, post: Callable[[Input], None]) -> None:
    while (frame := await receive(websocket)) is not None:
        try:
            inputs = await asyncio.to_thread(codec.decode, frame) if len(frame) > IN_THREAD else codec.decode(frame)
            for message in inputs:
                if isinstance(message, Reply):
                    outbox.tell(message.frame)
                else:
                    post(message)
        except RostrumError as error:
            outbox.tell(codec.refuse(error))
        await asyncio.sleep(0)  # a flood of frames is read without waiting: the others have their turn all the same


async def _send(websocket: WebSocket, outbox: Outbox) -> None:
    try:
        async for frame in outbox.frames():
            async with asyncio.timeout(SEND_WITHIN):
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
        with suppress(WebSocketDisconnect):
            await refuse(error)
    except Exception:
        log.exception("a conversation failed in an unexpected way")
        await close(websocket, BROKEN, "something went wrong inside Rostrum")
    await close(websocket)


async def receive(websocket: WebSocket) -> Frame | None:
    """The next frame; None once the client has left."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    frame: Frame | None = message.get("text")
    return message.get("bytes") if frame is None else frame


async def send(websocket: WebSocket, frame: Frame) -> None:
    if isinstance(frame, str):
        await websocket.send_text(frame)
    else:
        await websocket.send_bytes(frame)


async def close(websocket: WebSocket, code: int = 1000, reason: str = "") -> None:
    """Close with a proper Close frame where the client is still there."""
    if websocket.application_state is WebSocketState.CONNECTED and websocket.client_state is WebSocketState.CONNECTED:
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await websocket.close(code, reason)
