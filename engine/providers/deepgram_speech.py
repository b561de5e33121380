"""Voices over a WebSocket that is kept from line to line: one line at a time on each, interrupted without losing it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, suppress
from typing import Any, Protocol

from engine.audio import SAMPLE_BYTES, Pcm
from engine.clock import now
from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import About
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.deepgram_wire import Deepgram, Message, Socket

OLDEST = 55 * 60.0
"""Seconds after which a connection is not used any more: the vendor ends it after an hour, in mid-sentence or not."""

Key = tuple[str, float]
"""Voice and pace: a connection has one of each."""


class Dialect(Protocol):
    """What is different between such voices."""

    rate: int

    def connect(self, sdk: Any, key: Key) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401 (the SDK's client)
        """A new socket, of the SDK's client."""
        ...

    async def say(self, socket: Socket, text: str) -> None: ...

    async def interrupt(self, socket: Socket) -> None: ...

    def ended(self, message: Message) -> bool:
        """Whether the sound of the line is complete."""
        ...

    def interrupted(self, message: bytes | Message) -> bool:
        """Whether nothing of it follows any more."""
        ...


class _Line:
    """An open connection, and all that holds it open."""

    def __init__(self, key: Key, socket: Socket, holds: AsyncExitStack) -> None:
        self.key, self.socket = key, socket
        self._holds = holds
        self._opened = now()
        self._hang_up: asyncio.TimerHandle | None = None

    @property
    def is_good(self) -> bool:
        return self.socket.link.is_open and now() - self._opened < OLDEST

    def wait(self, seconds: float) -> None:
        """Be silent, so long at most."""
        self._hang_up = asyncio.get_running_loop().call_later(seconds, self.socket.link.abort)

    def stay(self) -> None:
        if self._hang_up:
            self._hang_up.cancel()

    async def close(self, *, at_once: bool) -> None:
        self.stay()
        if at_once:
            self.socket.link.abort()
        with suppress(ProviderFailed):  # nobody waits for anything from it any more
            await self._holds.aclose()


class SpeechLines:
    """Connections by `wire`. Those that are silent wait for the next line of the same voice and pace."""

    def __init__(self, wire: Deepgram, dialect: Dialect, about: About, deadlines: SpeakingDeadlines) -> None:
        self._wire, self._dialect, self._about, self._deadlines = wire, dialect, about, deadlines
        self._silent: list[_Line] = []

    async def open(self, key: Key) -> None:
        """Have a connection ready. Raises ProviderFailed where there is none to be had."""
        self._keep(await self._new(key))

    async def close(self) -> None:
        lines, self._silent = self._silent, []
        await asyncio.gather(*(line.close(at_once=False) for line in lines))

    async def speak(self, text: str, key: Key) -> AsyncGenerator[Pcm, None]:
        """The sound of `text`. Closed or cancelled, it tells the vendor at once to stop, and waits a moment for it to
        say that it did: then the connection stays, else it goes.

        Raises:
            ProviderFailed, ProviderTimeout: also in the middle.
        """
        heard = False
        if line := await self._waiting(key):
            try:
                async with aclosing(self._say(line, text)) as sound:
                    async for pcm in sound:
                        heard = True
                        yield pcm
            except ProviderFailed as error:
                if heard or isinstance(error, ProviderTimeout):
                    raise
            else:
                return
        # There was none, or it had died in silence.
        async with aclosing(self._say(await self._new(key), text)) as sound:
            async for pcm in sound:
                yield pcm

    async def _say(self, line: _Line, text: str) -> AsyncGenerator[Pcm, None]:
        patience, half = self._deadlines.first, b""
        try:
            with self._wire.faults():
                await self._dialect.say(line.socket, text)
                while True:
                    async with asyncio.timeout(patience):
                        data = await self._sound(line.socket)
                    if data is None:
                        break
                    patience = self._deadlines.between
                    data = half + data
                    whole = len(data) - len(data) % SAMPLE_BYTES
                    half = data[whole:]
                    if whole:
                        yield Pcm(data[:whole], self._dialect.rate)
        except ProviderFailed:
            await line.close(at_once=True)
            raise
        except BaseException:  # whoever listened speaks
            await self._interrupt(line)
            raise
        self._keep(line)

    async def _sound(self, socket: Socket) -> bytes | None:
        """The next sound of a line, None at its end."""
        while True:
            message = await socket.receive()
            if isinstance(message, bytes):
                return message
            if message.get("type") == "Error":
                raise ProviderFailed(self._about.name, f"{self._about.label} reported an error", retryable=True)
            if self._dialect.ended(message):
                return None

    async def _interrupt(self, line: _Line) -> None:
        try:
            with self._wire.faults():
                async with asyncio.timeout(self._deadlines.interrupt):
                    await self._dialect.interrupt(line.socket)
                    while not self._dialect.interrupted(message := await line.socket.receive()):
                        if not isinstance(message, bytes) and message.get("type") in ("Warning", "Error"):
                            raise ProviderFailed(self._about.name, "there was nothing to interrupt")
        except ProviderFailed:
            await line.close(at_once=True)
        except BaseException:
            line.socket.link.abort()
            raise
        else:
            self._keep(line)

    # ---- connections ------------------------------------------------------------------------------------------------

    async def _waiting(self, key: Key) -> _Line | None:
        """A silent connection; those that are of no use any more are put away."""
        for line in [line for line in self._silent if not line.is_good]:
            self._silent.remove(line)
            await line.close(at_once=True)
        for line in reversed(self._silent):
            if line.key == key:
                self._silent.remove(line)
                line.stay()
                return line
        return None

    async def _new(self, key: Key) -> _Line:
        holds = AsyncExitStack()
        socket = await holds.enter_async_context(
            self._wire.socket(
                lambda sdk: self._dialect.connect(sdk, key),
                handshake=self._deadlines.handshake,
                close=self._deadlines.close,
            )
        )
        return _Line(key, socket, holds)

    def _keep(self, line: _Line) -> None:
        line.wait(self._deadlines.idle)
        self._silent.append(line)
