"""One of ElevenLabs' sockets that speak several texts at a time, each in a context of its own.

A context is opened when there is text for it, and closed when all of it has been spoken or nobody wants the rest: the
vendor speaks on for a moment then, so what still comes is dropped, and the context counts until the vendor ends it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from engine import clock
from engine.errors import ProviderFailed
from engine.providers import elevenlabs_failures as failures
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.elevenlabs_context import Context
from engine.providers.elevenlabs_failures import BrokeOff
from engine.providers.elevenlabs_speech import Timing

if TYPE_CHECKING:
    from elevenlabs.core.unchecked_base_model import UncheckedBaseModel
    from websockets.asyncio.client import ClientConnection

MOST = 5
"""Contexts that the vendor allows on a socket; one more, and it hangs up."""
BEAT = 10.0
"""Seconds between signs of life: the vendor hangs up after 20 without any."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a message."""

_MUTE = logging.Logger("sockets of ElevenLabs", logging.CRITICAL + 1)
"""What is sent there belongs into no log: the key in the handshake, and what is said."""


class Contexts:
    """Made by `open`; ends when `close` is called, when it idles too long, or when the vendor hangs up."""

    def __init__(self, socket: ClientConnection, deadlines: SpeakingDeadlines, beat: float) -> None:
        self._socket, self._deadlines, self._beat = socket, deadlines, beat
        self._group = asyncio.TaskGroup()
        self._reading: asyncio.Task[None] | None = None
        self._open: dict[str, Context] = {}
        self._names = 0
        self._used = clock.now()
        self._alive = True

    @classmethod
    async def open(cls, url: str, key: str, deadlines: SpeakingDeadlines, beat: float = BEAT) -> Contexts:
        """Raises ProviderFailed, ProviderTimeout."""
        from websockets.asyncio.client import connect

        with failures.failures():
            socket = await connect(
                url,
                additional_headers={"xi-api-key": key},
                compression=None,
                logger=_MUTE,
                max_size=LARGEST,
                open_timeout=deadlines.handshake,
                close_timeout=deadlines.close,
            )
        made = cls(socket, deadlines, beat)
        await made._group.__aenter__()
        made._reading = made._group.create_task(made._read(), name="elevenlabs speech")
        return made

    async def close(self) -> None:
        """Within a second, whatever the vendor does. What is being spoken fails."""
        self._alive = False
        if self._reading:
            self._reading.cancel()
        await self._group.__aexit__(None, None, None)

    @property
    def room(self) -> bool:
        return self._alive and len(self._open) < MOST

    @property
    def wanted(self) -> bool:
        """Somebody listens to it."""
        return any(context.wanted for context in self._open.values())

    @asynccontextmanager
    async def speaking(self, text: str, speed: float | None, due: float) -> AsyncIterator[Context]:
        """A context that speaks `text`, its first sound by `due`; leaving it closes it. There must be
        `room`. Raises BrokeOff."""
        from elevenlabs.types import InitializeConnectionMulti, RealtimeVoiceSettings, SendTextMulti

        assert len(self._open) < MOST
        self._names += 1
        between = self._deadlines.between
        context = Context(f"text-{self._names}", due=due, between=between, close=self._ask_to_close)
        self._open[context.name] = context
        begin = InitializeConnectionMulti(text=" ", context_id=context.name)
        if speed is not None:
            begin = begin.model_copy(update={"voice_settings": RealtimeVoiceSettings(speed=speed)})
        try:
            await self._send(begin)
            await self._send(SendTextMulti(text=f"{text} ", context_id=context.name, flush=True))
            yield context
        finally:
            context.wanted = False
            self._used = clock.now()
            await context.leave()

    async def _ask_to_close(self, name: str) -> None:
        from elevenlabs.types import CloseContext

        with suppress(BrokeOff):
            if self._alive:
                await self._send(CloseContext(context_id=name, close_context=True))

    async def _send(self, message: UncheckedBaseModel) -> None:
        """Raises BrokeOff: also where the vendor has stopped to read."""
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout(self._deadlines.interrupt):
                await self._socket.send(message.json())
        except TimeoutError:
            self._socket.transport.abort()
            self._lose()
        except ConnectionClosed:
            self._lose()

    def _lose(self) -> NoReturn:
        self._alive = False
        raise BrokeOff

    async def _read(self) -> None:
        """Hand out what comes; in between, say that we are still there."""
        from elevenlabs.types import WebsocketTtsClientMessageMulti
        from websockets.exceptions import ConnectionClosed

        try:
            while self._alive:
                try:
                    async with asyncio.timeout(self._beat):
                        raw = await self._socket.recv()
                except TimeoutError:
                    if clock.now() - self._used > self._deadlines.idle and not self.wanted:
                        return
                    await self._send(WebsocketTtsClientMessageMulti(text=""))
                else:
                    self._take(raw)
        except (ConnectionClosed, BrokeOff):
            return
        finally:
            self._alive = False
            self._end_all(BrokeOff())
            await self._socket.close()

    def _take(self, raw: str | bytes) -> None:
        try:
            message = json.loads(raw)
            context, code = self._open.get(message.get("contextId")), message.get("error")
            piece = message.get("audio"), _timing(message.get("alignment"))
        except (ValueError, AttributeError, TypeError, KeyError):
            self._alive = False
            self._end_all(failures.nonsense())
            return
        if code:
            self._refused(str(code), context)
        elif context and message.get("isFinal"):
            del self._open[context.name]
            context.end()
        elif context:
            context.put(piece)

    def _refused(self, code: str, context: Context | None) -> None:
        """The vendor hangs up after an error. One that is of no context is everybody's."""
        self._alive = False
        error = BrokeOff() if code == "input_timeout_exceeded" else failures.refused(code)
        if context:
            context.end(error)
        else:
            self._end_all(error)

    def _end_all(self, error: ProviderFailed) -> None:
        for context in self._open.values():
            context.end(error)


def _timing(alignment: Any) -> Timing | None:  # noqa: ANN401
    """Milliseconds become seconds. Raises TypeError, KeyError, ValueError where it is none."""
    if alignment is None:
        return None
    starts, lasting = alignment["charStartTimesMs"], alignment["charDurationsMs"]
    ends = [(start + each) / 1000 for start, each in zip(starts, lasting, strict=True)]
    return Timing(characters=alignment["chars"], starts=[start / 1000 for start in starts], ends=ends)
