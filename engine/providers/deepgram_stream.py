"""An ear over one WebSocket for a whole conversation: what Deepgram's two ways of listening have in common.

Turns go over the wire one after another, each with its end, so that no words of one are taken for the next one's. The
connection is opened with the ear and kept; when it is lost it is opened again, and a turn that it took with it is sent
once more from its beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from engine.audio import Pcm
from engine.clock import now
from engine.errors import ProviderBusy, ProviderFailed, ProviderTimeout
from engine.providers.base import About, Listening, Transcript
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_hearing import BYTES, Hearing, Turn
from engine.providers.deepgram_turns import Turns
from engine.providers.deepgram_wire import Deepgram, Message, Socket

BEHIND = 1.0
"""Seconds of audio that need not have been told of yet: vendors tell about once a second."""


class Dialect(Protocol):
    """What is different between them. Made for one ear."""

    def connect(self, sdk: Any) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401 (the SDK's client)
        """A new socket, of the SDK's client."""
        ...

    def take(self, message: Message, hearing: Hearing | None) -> None:
        """Learn from `message` what it says of the turn on the wire, if there is one. A message of another shape than
        is promised raises LookupError, TypeError or ValueError."""
        ...

    async def end(self, socket: Socket, turn: Turn, hearing: Hearing) -> int:
        """All of the turn's audio is sent: ask for what is left of its words. How many bytes of audio that took."""
        ...

    async def stay(self, socket: Socket) -> None:
        """Nobody speaks: keep the connection."""
        ...


class StreamListening:
    """`Listening` over `wire`, in a task group of its own."""

    def __init__(self, wire: Deepgram, dialect: Dialect, about: About, deadlines: HearingDeadlines) -> None:
        self._wire, self._dialect, self._about, self._deadlines = wire, dialect, about, deadlines
        self._group = asyncio.TaskGroup()
        self._task: asyncio.Task[None] | None = None
        self._turns = Turns(about, deadlines, self._nobody)
        self._left = False
        self._socket: Socket | None = None
        self._patience: asyncio.Timeout | None = None
        """Runs while audio was sent that nothing has come back for."""
        self._sent = 0
        """Bytes of audio of the turn that is on the wire."""

    def push(self, pcm: Pcm, turn: int) -> None:
        self._turns.push(pcm, turn)

    def finish(self, turn: int) -> None:
        self._turns.finish(turn)

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return self

    async def __anext__(self) -> Transcript:
        heard = await self._turns.heard.get()
        if heard is None:
            self._turns.heard.put_nowait(None)
            raise StopAsyncIteration
        if isinstance(heard, ProviderFailed):
            raise heard
        return heard

    async def __aenter__(self) -> Listening:
        await self._group.__aenter__()
        self._task = self._group.create_task(self._keep_connected(), name=f"ear at {self._about.name}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left = True
        self._turns.close()
        if self._task:
            self._task.cancel()
        await self._group.__aexit__(None, None, None)

    async def _keep_connected(self) -> None:
        """Until what is wrong will not pass, or the ear is left. (A cancellation that meets a lost connection is lost
        with it: before Python 3.13 a task group raises the one or the other.)"""
        failures, waits = 0, self._deadlines
        while True:
            began = now()
            try:
                async with self._wire.socket(
                    self._dialect.connect, handshake=waits.handshake, close=waits.close
                ) as self._socket:
                    await self._converse(self._socket)
            except ProviderFailed as error:
                trouble = error
            self._socket = None
            steady = now() - began >= waits.steady
            failures = 0 if steady else failures
            self._turns.trouble(trouble, tell=failures > 0 or isinstance(trouble, ProviderBusy | ProviderTimeout))
            if self._left or not trouble.retryable:
                return
            pause = 0.0 if steady else min(waits.backoff * 2**failures, waits.longest_backoff)
            await asyncio.sleep(max(pause, trouble.after) if isinstance(trouble, ProviderBusy) else pause)
            failures += 1

    async def _converse(self, socket: Socket) -> None:
        """Send and hear until the connection is lost, which raises ProviderFailed."""
        lost: list[BaseException] = []
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(socket), name="words")
                both.create_task(self._speak(socket), name="audio")
        except* ProviderFailed as failed:
            lost.extend(failed.exceptions)
        raise lost[0]

    async def _listen(self, socket: Socket) -> None:
        try:
            with self._wire.faults():
                async with asyncio.timeout(None) as self._patience:
                    while True:
                        self._take(await socket.receive(), self._patience)
        finally:
            self._patience = None

    def _take(self, message: bytes | Message, patience: asyncio.Timeout) -> None:
        if isinstance(message, bytes) or not message:
            return
        if message.get("type") == "Error":
            raise ProviderFailed(self._about.name, f"{self._about.label} reported an error", retryable=True)
        self._turns.well()
        turn = self._turns.first
        hearing = turn.hearing if turn else None
        try:
            self._dialect.take(message, hearing)
        except (LookupError, TypeError, ValueError):
            return  # not what was promised: as if it had not come
        is_behind = hearing is not None and self._sent / BYTES - hearing.until > BEHIND
        patience.reschedule(now() + self._deadlines.no_result if is_behind else None)
        if turn and hearing:
            hearing.told.set()
            self._turns.judge(turn)

    async def _speak(self, socket: Socket) -> None:
        with self._wire.faults():
            at = 0.0
            while True:
                try:
                    async with asyncio.timeout(self._deadlines.keep_alive):
                        turn = await self._turns.next()
                except TimeoutError:
                    await self._dialect.stay(socket)
                else:
                    at = await self._convey(socket, turn, at)

    async def _convey(self, socket: Socket, turn: Turn, at: float) -> float:
        """Send all of `turn`, which begins `at` seconds into the connection's audio; where that ends."""
        hearing = turn.hearing = Hearing(base=at)
        turn.conveyed, self._sent = False, 0
        while True:
            try:
                async with asyncio.timeout(self._deadlines.keep_alive):
                    piece = await turn.piece(self._sent)
            except TimeoutError:
                await self._dialect.stay(socket)
                continue
            if not piece:
                break
            await socket.sdk.send_media(piece)
            self._sent += len(piece)
            if self._patience and self._patience.when() is None:
                self._patience.reschedule(now() + self._deadlines.no_result)
        self._sent += await self._dialect.end(socket, turn, hearing)
        turn.conveyed = True
        self._turns.judge(turn)
        await turn.over.wait()
        return at + self._sent / BYTES

    def _nobody(self) -> None:
        """Not a word was said of a whole turn: if nothing has come since its audio was sent, there is nobody."""
        if self._socket and self._patience and self._patience.when() is not None:
            self._socket.link.abort()
