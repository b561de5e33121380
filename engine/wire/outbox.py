"""What is to be sent to a client, in which order, and in whose dialect (`Codec`). Nothing here touches a socket."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.errors import RostrumError
from engine.messages import Clear, Input, LineBegan, Output, Speech

Frame = str | bytes
"""A text or a binary frame."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on the wire itself, which concerns no conversation: to a ping."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The end of the connection. Decoded from what the client sent: at once. Encoded, it waits its turn, so that what
    was queued before is sent."""

    code: int = 1000
    reason: str = ""


BROKEN = 1011
"""Close code "internal error"."""
QUEUED, QUEUED_BYTES = 512, 32 << 20
"""Frames and outputs, and bytes of frames, that may wait for a client that does not read; then it is let go."""
NOTICES_WAIT = 0.004
"""Seconds that states, captions and the like wait for more to come: sending each takes 0.1 ms of the loop, just when a
reply is being made. Audio takes them along."""


class Codec(Protocol):
    """One client's dialect."""

    def decode(self, frame: Frame) -> Sequence[Input | Reply | Close]:
        """What the client wants. May compute for long: large frames are decoded in a thread, one after the other; until
        one is done nothing else is decoded, but `encode` may run.

        Raises:
            BadInput, TooLarge: it cannot be understood; the message says what was expected.
        """
        ...

    def encode(self, output: Output) -> Sequence[Frame | Close]:
        """How the client is told; nothing where its dialect has no word for it. On the event loop, or, where `slow`
        says so, in a thread; one at a time, but a `Clear` may be encoded meanwhile."""
        ...

    def slow(self, output: Output) -> bool:
        """Whether encoding it takes more than a millisecond."""
        ...

    def refuse(self, error: RostrumError) -> Frame | None:
        """How the client is told what was wrong with what it sent; None where its dialect has no word for it."""
        ...


class Unread(Exception):
    """The client does not read."""


class Outbox:
    """What waits to be sent, in order; `Clear` overtakes, and takes with it the audio that it makes stale."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._urgent: deque[Frame | Close] = deque()
        self._ready: deque[tuple[Output | None, Frame | Close]] = deque()
        self._slow: deque[Output] = deque()
        self._bytes = 0
        self._generation = 0
        self._wake = asyncio.Event()
        self._wake_encoder = asyncio.Event()
        self._full = False
        self._hurry = False
        """What is ready is to be sent now."""
        self.busy = False
        """What the client said is still being decoded."""

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

    def tell(self, frame: Frame | Close) -> None:
        """Queue a frame that belongs to no output: a refusal, an answer to a ping, the end."""
        self._ready.append((None, frame))
        self._bytes += _size(frame)
        self._send_soon(None)
        self._check()

    def part(self, reason: str, *, broken: bool = False) -> None:
        """The conversation is over for this client."""
        self.tell(Close(code=BROKEN if broken else 1000, reason=reason))

    def _check(self) -> None:
        """Whether the client still reads."""
        if len(self._ready) + len(self._slow) > QUEUED or self._bytes > QUEUED_BYTES:
            self._full = True
            self._wake.set()

    def _clear(self, clear: Clear) -> None:
        self._generation = clear.generation
        self._urgent.extend(self._codec.encode(clear))
        self._ready = deque(item for item in self._ready if not self._stale(item[0]))
        self._bytes = sum(_size(frame) for _, frame in self._ready)
        self._slow = deque(output for output in self._slow if not self._stale(output))
        self._wake.set()

    def _stale(self, output: Output | None) -> bool:
        return isinstance(output, (Speech, LineBegan)) and output.generation < self._generation

    def _make_ready(self, output: Output, frames: Sequence[Frame | Close]) -> None:
        if not self._stale(output):
            self._ready.extend((output, frame) for frame in frames)
            self._bytes += sum(map(_size, frames))
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

    async def frames(self) -> AsyncIterator[Frame | Close]:
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
                self._bytes -= _size(frame)
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


def _size(frame: Frame | Close) -> int:
    return 0 if isinstance(frame, Close) else len(frame)
