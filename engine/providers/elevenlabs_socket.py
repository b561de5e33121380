"""ElevenLabs' voices over sockets that stay open: no request, no handshake before a sentence.

A socket speaks with one voice, for whoever wants it: one is enough for a conversation, and for several.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from urllib.parse import quote, urlencode, urlsplit

from engine import clock
from engine.providers import elevenlabs_common as common
from engine.providers import elevenlabs_failures as failures
from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.elevenlabs_contexts import Contexts
from engine.providers.elevenlabs_failures import BrokeOff
from engine.providers.elevenlabs_speech import Speech
from engine.spans import words_of

INACTIVITY = 180
"""Seconds, the most that the vendor lets a context do nothing."""


class ElevenLabsSocketVoice:
    """`voice`: name or id of the default voice. Nothing is loaded before `warm` or the first sentence."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str = common.BASE_URL,
        model: str = common.SPEECH_MODEL,
        voice: str = common.VOICE,
        deadlines: SpeakingDeadlines | None = None,
    ) -> None:
        self._account = common.Account(key=key, base_url=base_url, voice=voice)
        self._model = model
        self._deadlines = deadlines or SpeakingDeadlines()
        self._sockets: dict[str, list[Contexts]] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self.about = common.about(model, base_url, "what is said, as text,")

    def voices(self) -> Sequence[str]:
        return self._account.voices()

    async def warm(self) -> None:
        """Import the SDK, ask for the voices, and open the default voice's socket. Raises ProviderFailed,
        ProviderTimeout."""
        await self._account.check()
        await self._socket(self._account.voice(""))

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._account.check()

    async def close(self) -> None:
        """All sockets, within a second."""
        await self._account.close()
        sockets = [socket for row in self._sockets.values() for socket in row]
        self._sockets.clear()
        async with asyncio.TaskGroup() as group:
            for socket in sockets:
                group.create_task(socket.close())

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Cancelled or closed, it closes its context at once; the socket stays.

        Raises:
            ProviderFailed, ProviderTimeout: also after some of it, and where the vendor ends before all is said.
        """
        if not words_of(text):
            return
        heard, due = False, clock.now() + self._deadlines.first
        while True:
            with failures.failures():
                async with asyncio.timeout_at(due):
                    socket, used = await self._socket(self._account.voice(voice.name))
            try:
                async with aclosing(self._chunks(socket, text, common.pace(voice.speed), due)) as chunks:
                    async for chunk in chunks:
                        heard = True
                        yield chunk
            except BrokeOff:
                # A socket may be lost while nobody uses it, and tell only when it is used: that costs no sentence.
                if heard or not used:
                    raise
            else:
                return

    async def _chunks(
        self, socket: Contexts, text: str, speed: float | None, due: float
    ) -> AsyncGenerator[SpeechChunk, None]:
        speech = Speech(text)
        async with socket.speaking(text, speed, due) as context, aclosing(context.pieces()) as pieces:
            async for piece in pieces:
                chunk = speech.take(*piece)
                context.all_timed = speech.all_timed
                if chunk:
                    yield chunk
        if tail := speech.finish():
            yield tail

    async def _socket(self, voice: str) -> tuple[Contexts, bool]:
        """One with room for a text in the voice of that id, and whether it was used before. The others wait while a
        new one is opened: they may share it."""
        async with self._opening.setdefault(voice, asyncio.Lock()):
            self._account.refuse_if_closed()
            row = self._sockets.setdefault(voice, [])
            for socket in [each for each in row if not each.wanted and not each.room]:
                row.remove(socket)
                await socket.close()
            for socket in row:
                if socket.room:
                    return socket, True
            made = await Contexts.open(self._url(voice), self._account.key, self._deadlines)
            row.append(made)
            return made, False

    def _url(self, voice: str) -> str:
        parts = urlsplit(self._account.base_url)
        query = {
            "model_id": self._model,
            "output_format": "pcm_24000",
            "auto_mode": "true",
            "sync_alignment": "true",
            "inactivity_timeout": INACTIVITY,
        }
        path = f"{parts.path}/v1/text-to-speech/{quote(voice, safe='')}/multi-stream-input"
        scheme = "ws" if parts.scheme == "http" else "wss"
        return parts._replace(scheme=scheme, path=path, query=urlencode(query)).geturl()
