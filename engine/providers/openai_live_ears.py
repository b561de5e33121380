"""Ears over OpenAI's Realtime transcription: what is said is understood while it is said. When a turn is over is up to
the conversation: the server's own detection is off, and a turn is committed when it is finished."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from engine.providers.base import Expectation, Listening
from engine.providers.deadlines import HearingDeadlines
from engine.providers.openai_ears import CAVEAT
from engine.providers.openai_live_listening import LiveListening
from engine.providers.openai_server import OpenAiServer

NAME = "openai_live"
MODEL = "gpt-live-transcribe"


class OpenAiLiveEars:
    """`SpeechToText` by a Realtime transcription session. One connection a conversation, open while it lasts."""

    def __init__(
        self, *, key: str = "", base_url: str = "", model: str = MODEL, deadlines: HearingDeadlines | None = None
    ) -> None:
        self._deadlines = deadlines or HearingDeadlines()
        self._server = OpenAiServer(
            name=NAME,
            key=key,
            base_url=base_url,
            model=model,
            connect=self._deadlines.handshake,
            caveat=CAVEAT,
            resource="realtime",
        )
        self.about = self._server.about

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return LiveListening(self._server, self._deadlines, expect)

    async def warm(self) -> None:
        """Import the SDK and make the client, in a thread."""
        await self._server.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._server.shutdown_date()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def close(self) -> None:
        await self._server.close()
