"""A session of Scribe, ElevenLabs' realtime recogniser: audio goes in, messages come out, in order."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from engine.audio import HEARING_RATE
from engine.errors import ProviderFailed
from engine.providers import elevenlabs_failures as failures
from engine.providers.base import Expectation
from engine.providers.deadlines import HearingDeadlines
from engine.providers.elevenlabs_failures import BrokeOff
from engine.providers.key_terms import key_terms

if TYPE_CHECKING:
    from elevenlabs import AsyncElevenLabs
    from elevenlabs.realtime import RealtimeAudioOptions, RealtimeConnection

LONGEST_TERM = 20
"""Characters of a term that the vendor takes."""
ALIVE = 1.0
"""Seconds for the answer to a ping, when nothing else has come for too long: whoever hears only noise says nothing."""

SOFT = ("commit_throttled", "insufficient_audio_activity")
"""Errors that mean: there was nothing to understand."""

Message = dict[str, Any]


class Soft(ProviderFailed):
    """There was nothing to understand in what was committed."""

    def __init__(self) -> None:
        super().__init__(failures.NAME, "ElevenLabs heard nothing", retryable=True)


class Scribe:
    """Made by `session`. `seconds` of audio have been sent."""

    def __init__(self, connection: RealtimeConnection, no_result: float) -> None:
        self.seconds = 0.0
        self._connection = connection
        self._no_result = no_result
        self._unanswered = False
        """Audio was sent, and nothing has come since."""
        self._inbox: asyncio.Queue[Message | None] = asyncio.Queue()
        self._ended = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def session(
        cls, client: AsyncElevenLabs, model: str, expect: Expectation, deadlines: HearingDeadlines
    ) -> AsyncIterator[Scribe]:
        """One that has begun. Raises ProviderFailed, ProviderTimeout."""
        with failures.failures():
            async with asyncio.timeout(deadlines.handshake):
                connection = await client.speech_to_text.realtime.connect(_options(model, expect))
        scribe = cls(connection, deadlines.no_result)
        scribe._subscribe()
        try:
            await scribe._begin(deadlines.handshake)
            yield scribe
        finally:
            await scribe._close(deadlines.close)

    async def send(self, audio: bytes) -> None:
        """16-bit samples at 16 kHz."""
        self.seconds += len(audio) / 2 / HEARING_RATE
        self._unanswered = True
        await self._put(self._connection.send({"audio_base_64": base64.b64encode(audio).decode()}))

    async def commit(self) -> None:
        """Ask for the final words of what was sent since the last time."""
        await self._put(self._connection.commit())

    async def receive(self) -> Message:
        """The next message.

        Raises:
            Soft: the vendor heard nothing; what follows may be received. BrokeOff, ProviderTimeout: the session has
            ended, or nobody is there. ProviderFailed: the vendor says why not.
        """
        while True:
            try:
                async with asyncio.timeout(self._no_result if self._unanswered else None):
                    return await self._next()
            except TimeoutError:
                await self._ping()

    async def _begin(self, seconds: float) -> None:
        """Wait for its first message. Without one that it has begun, nobody is asked to agree to its end either."""
        try:
            with failures.failures():
                async with asyncio.timeout(seconds):
                    await self._next()
        except BaseException:
            self.abort()
            raise

    def abort(self) -> None:
        """Nobody is there: hang up."""
        self._connection.websocket.transport.abort()

    async def _next(self) -> Message:
        message = await self._inbox.get()
        self._unanswered = False
        if message is None or "error" in message:
            raise _failure(message)
        return message

    async def _ping(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout(ALIVE):
                await (await self._connection.websocket.ping())
        except TimeoutError:
            raise failures.too_slow() from None
        except ConnectionClosed:
            raise BrokeOff from None
        self._unanswered = False

    async def _put(self, sending: Any) -> None:  # noqa: ANN401 (a coroutine)
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout(self._no_result):
                await sending
        except TimeoutError:
            raise failures.too_slow() from None
        except ConnectionClosed:
            raise BrokeOff from None

    def _subscribe(self) -> None:
        """Before anything is awaited: the SDK has begun to read. It reports every error as `ERROR`, too."""
        from elevenlabs.realtime import RealtimeEvents

        take: Callable[[Message], None] = self._inbox.put_nowait
        for event in (
            RealtimeEvents.SESSION_STARTED,
            RealtimeEvents.PARTIAL_TRANSCRIPT,
            RealtimeEvents.COMMITTED_TRANSCRIPT,
            RealtimeEvents.COMMITTED_TRANSCRIPT_WITH_TIMESTAMPS,
            RealtimeEvents.ERROR,
        ):
            self._connection.on(event, take)
        self._connection.on(RealtimeEvents.CLOSE, self._end)

    def _end(self) -> None:
        self._ended.set()
        self._inbox.put_nowait(None)

    async def _close(self, seconds: float) -> None:
        """Not by the SDK, whose `close` waits ten seconds for whoever is not there, and may swallow a cancellation.
        What it reads with ends with the socket."""
        socket = self._connection.websocket
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await socket.close()
        finally:
            socket.transport.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()


def _options(model: str, expect: Expectation) -> RealtimeAudioOptions:
    from elevenlabs.realtime import AudioFormat, CommitStrategy

    options: RealtimeAudioOptions = {
        "model_id": model,
        "audio_format": AudioFormat.PCM_16000,
        "sample_rate": HEARING_RATE,
        "commit_strategy": CommitStrategy.MANUAL,
        "include_timestamps": True,
        "no_verbatim": False,
        "language_code": expect.language,
    }
    if terms := [term for term in key_terms(expect) if len(term) <= LONGEST_TERM]:
        options["keyterms"] = terms
    return options


def _failure(message: Message | None) -> ProviderFailed:
    """Why the session ends. Without a type it is the SDK that says so: of a message it cannot read, or a lost
    connection."""
    kind = message.get("message_type") if message else None
    if kind is None or kind == "session_time_limit_exceeded":
        return BrokeOff()
    return Soft() if kind in SOFT else failures.refused(str(kind))
