"""One text that one of ElevenLabs' sockets is speaking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from engine import clock
from engine.errors import ProviderFailed
from engine.providers import elevenlabs_failures as failures
from engine.providers.elevenlabs_speech import Timing

LULL = 0.25
"""Seconds after which no more of a speech is expected, if its times do not tell. Closing too early does no harm: what
was begun is spoken to its end."""

Piece = tuple[str | None, Timing | None]
"""Audio in base64, and when its characters sound."""


class Context:
    """`close` asks the vendor to end the context; it never ends by itself. Its first sound is there by `due`, on the
    engine's clock, and each other one within `between` seconds."""

    def __init__(self, name: str, *, due: float, between: float, close: Callable[[str], Awaitable[None]]) -> None:
        self.name = name
        self.wanted = True
        """Somebody listens."""
        self.all_timed = False
        """Set by whoever listens: no more of it is expected."""
        self._due, self._between = due, between
        self._close = close
        self._closed = False
        self._heard = False
        self._pieces: asyncio.Queue[Piece | ProviderFailed | None] = asyncio.Queue()

    def put(self, piece: Piece) -> None:
        if self.wanted:
            self._pieces.put_nowait(piece)

    def end(self, error: ProviderFailed | None = None) -> None:
        """The vendor has said all, or failed."""
        self._closed = True
        self._pieces.put_nowait(error)

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """What is said, to its end.

        Raises:
            ProviderFailed, ProviderTimeout
        """
        while True:
            if self.all_timed:
                await self.leave()
            piece = await self._next()
            if piece is None:
                return
            if isinstance(piece, ProviderFailed):
                raise piece
            self._heard = True
            yield piece

    async def leave(self) -> None:
        """No more is expected, or wanted."""
        if not self._closed:
            self._closed = True
            await self._close(self.name)

    async def _next(self) -> Piece | ProviderFailed | None:
        due = clock.now() + self._between if self._heard else self._due
        if self._heard and not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(due, clock.now() + LULL)):
                    return await self._pieces.get()
            await self.leave()
        with failures.failures():
            async with asyncio.timeout_at(due):
                return await self._pieces.get()
