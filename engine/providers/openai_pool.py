"""Realtime sessions that are kept between two sentences: a handshake takes as long as a first sound."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.providers.openai_socket import RENEWED, RealtimeSocket

Kind = TypeVar("Kind")

MOST = 4
"""Sessions that are kept: as many as speak at the same time in a conversation, and one to spare."""


@dataclass(slots=True)
class _Kept(Generic[Kind]):
    kind: Kind
    socket: RealtimeSocket
    timer: asyncio.TimerHandle


class SocketPool(Generic[Kind]):
    """`dial` opens a session of a kind; one that nobody takes for `idle` seconds is hung up on."""

    def __init__(self, dial: Callable[[Kind], Awaitable[RealtimeSocket]], idle: float) -> None:
        self._dial = dial
        self._idle = idle
        self._kept: list[_Kept[Kind]] = []

    async def take(self, kind: Kind) -> tuple[RealtimeSocket, bool]:
        """A session of that kind for the caller alone, the one kept last, and whether it was kept or is new. Raises
        what `dial` raises."""
        self._sweep()
        found = next((kept for kept in reversed(self._kept) if kept.kind == kind), None)
        if found is None:
            return await self._dial(kind), False
        self._kept.remove(found)
        found.timer.cancel()
        return found.socket, True

    def give(self, kind: Kind, socket: RealtimeSocket) -> None:
        """The session is free again."""
        timer = asyncio.get_running_loop().call_later(self._idle, self._sweep)
        self._kept.append(_Kept(kind, socket, timer))
        while len(self._kept) > MOST:
            self._drop(self._kept[0])

    async def close(self) -> None:
        """Hang up on all, within bounds."""
        kept, self._kept = self._kept, []
        for each in kept:
            each.timer.cancel()
        await asyncio.gather(*(each.socket.close() for each in kept))

    def _sweep(self) -> None:
        """Hang up on what is too old, or not needed."""
        now = asyncio.get_running_loop().time()
        for kept in tuple(self._kept):
            if not kept.socket.alive or now - kept.socket.opened > RENEWED or kept.timer.when() <= now:
                self._drop(kept)

    def _drop(self, kept: _Kept[Kind]) -> None:
        kept.timer.cancel()
        self._kept.remove(kept)
        kept.socket.abort()
