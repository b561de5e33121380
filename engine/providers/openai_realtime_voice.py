"""Voices over OpenAI's Realtime API, which follows its speech endpoint: a model is told to read, and held to it.

What it says is compared with what is written before it sounds; where it says something else it is asked once more, and
then it has failed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.openai_pool import SocketPool
from engine.providers.openai_reciting import RATE, Strayed, recite
from engine.providers.openai_server import OpenAiServer
from engine.providers.openai_socket import RealtimeSocket, open_realtime
from engine.providers.openai_voice import CAVEAT
from engine.spans import pieces_of

NAME = "openai_realtime"
MODEL = "gpt-realtime-2.1-mini"
VOICES = ("marin", "cedar", "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse")
MOST = 1200
"""Characters that are read in one go: models are less faithful to longer texts."""
SLOWEST, FASTEST = 0.25, 1.5

Sound = tuple[str, float]
"""A voice and its speed: a session has one of each."""


class OpenAiRealtimeVoice:
    """`voice` is the default one. It does not tell when its words sound."""

    def __init__(
        self,
        *,
        key: str = "",
        base_url: str = "",
        model: str = MODEL,
        voice: str = VOICES[0],
        deadlines: SpeakingDeadlines | None = None,
    ) -> None:
        self._deadlines = deadlines or SpeakingDeadlines()
        self._server = OpenAiServer(
            name=NAME,
            key=key,
            base_url=base_url,
            model=model,
            connect=self._deadlines.handshake,
            caveat=CAVEAT,
            resource="realtime",
        )
        self._voices = (voice, *(other for other in VOICES if other != voice))
        self._pool: SocketPool[Sound] = SocketPool(self._dial, self._deadlines.idle)
        self._plain = False
        """The server does not take all settings."""
        self.about = self._server.about

    def voices(self) -> Sequence[str]:
        return self._voices

    async def warm(self) -> None:
        """Import the SDK, in a thread, and open a session. Raises ProviderFailed where that cannot be done."""
        sound = (self._voices[0], 1.0)
        self._pool.give(sound, (await self._pool.take(sound))[0])

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._server.shutdown_date()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def close(self) -> None:
        await self._pool.close()
        await self._server.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Speech as it comes. Cancelled or closed, the vendor is told so at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle, and where it does not read what is written.
        """
        name = voice.name if voice.name in self._voices else self._voices[0]
        sound = (name, min(FASTEST, max(SLOWEST, voice.speed)))
        for first, last in pieces_of(text, MOST):
            async with aclosing(self._read(text[first:last], sound)) as pieces:
                async for pcm in pieces:
                    yield SpeechChunk(pcm=pcm)

    async def _read(self, text: str, sound: Sound) -> AsyncGenerator[Pcm, None]:
        """Once more where nothing has sounded yet and that may help."""
        sounded, again = False, False
        while True:
            socket, kept = await self._pool.take(sound)
            reading = recite(self._server, socket, text, self._deadlines, again=again)
            try:
                async with aclosing(reading) as pieces:
                    async for pcm in pieces:
                        sounded = True
                        yield pcm
            except Strayed as strayed:
                if sounded or again:
                    raise self._server.failed("does not read what is written") from None
                if strayed.refused:
                    self._plain, socket.free = True, False
                again = True
            except ProviderFailed as failed:
                if sounded or again or not kept or not failed.retryable:
                    raise
                again = True  # a session that was kept may have been lost long ago
            else:
                return
            finally:
                if socket.free:
                    self._pool.give(sound, socket)
                else:
                    socket.abort()

    async def _dial(self, sound: Sound) -> RealtimeSocket:
        name, speed = sound
        output = {"format": {"type": "audio/pcm", "rate": RATE}, "voice": name, "speed": speed}
        session: dict[str, Any] = {
            "type": "realtime",
            "output_modalities": ["audio"],
            "audio": {"input": {"turn_detection": None}, "output": output},
        }
        if self._server.model.startswith("gpt-realtime-2") and not self._plain:
            session["reasoning"] = {"effort": "minimal"}
        limits = self._deadlines
        return await open_realtime(self._server, session, handshake=limits.handshake, close=limits.close)
