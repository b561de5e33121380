"""Talks with a model of OpenAI's Realtime API, or of a server that speaks its protocol: it hears, thinks and speaks by
itself. Whose turn it is stays ours: the server's own detection is off."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager

from engine import clock
from engine.providers.base import Conversing, Expectation, Voice
from engine.providers.deadlines import DialogueDeadlines
from engine.providers.openai_dialogue_session import DialogueSession
from engine.providers.openai_models import HEARS, TALKS_CHEAPLY, living
from engine.providers.openai_realtime_voice import VOICES, OpenAiRealtimeVoice
from engine.providers.openai_server import OpenAiServer, is_openai

log = logging.getLogger(__name__)

NAME = "openai_realtime"
HEARS_ELSEWHERE = "whisper-1"
"""By that name compatible servers know whatever they hear with."""
CAVEAT = "what is said is sent there ({})"


class OpenAiRealtimeDialogue:
    """`SpeechToSpeech`. `key` may be empty where `base_url` names a server that wants none. `voice` is the default one;
    `transcriber` writes down what is heard, by default the newest that is there. A model that OpenAI has shut down is
    replaced by what follows it."""

    def __init__(
        self,
        *,
        key: str = "",
        base_url: str = "",
        model: str = TALKS_CHEAPLY,
        voice: str = VOICES[0],
        transcriber: str = "",
        deadlines: DialogueDeadlines | None = None,
    ) -> None:
        self._deadlines = deadlines or DialogueDeadlines()
        self._transcriber = transcriber or (HEARS if is_openai(base_url) else HEARS_ELSEWHERE)
        if is_openai(base_url) and (now := living(model, clock.wall().date())) != model:
            log.warning("OPENAI_REALTIME_MODEL: OpenAI has shut down %s; %s is used instead", model, now)
            model = now
        self._server = OpenAiServer(
            name=NAME,
            key=key,
            base_url=base_url,
            model=model,
            connect=self._deadlines.speaking.handshake,
            caveat=CAVEAT,
            resource="realtime",
        )
        self.reads = OpenAiRealtimeVoice(
            key=key, base_url=base_url, model=model, voice=voice, deadlines=self._deadlines.speaking
        )
        self.about = self._server.about

    def converse(self, expect: Expectation, voice: Voice) -> AbstractAsyncContextManager[Conversing]:
        return DialogueSession(
            self._server,
            self._deadlines,
            expect,
            transcriber=self._transcriber,
            voices=self.reads.voices(),
            voice=voice,
        )

    async def warm(self) -> None:
        """Import the SDK, in a thread, and open a session to read with. Raises ProviderFailed where nobody is there."""
        await self._server.client()
        await self.reads.warm()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._server.shutdown_date()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def close(self) -> None:
        await self.reads.close()
        await self._server.close()
