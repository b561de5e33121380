"""Voices at any OpenAI-compatible `/audio/speech`: raw samples as they are synthesized, or whatever the server sends
instead of them. OpenAI's own models of this kind end on 2027-01-06; `openai_realtime_voice` follows them there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any

from engine.audio import Pcm
from engine.errors import BadInput
from engine.media.raw import MAX_RATE, MIN_RATE, RawFormat
from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.openai_server import OpenAiServer
from engine.providers.sound_bytes import SoundBytes
from engine.providers.waiting import in_time
from engine.spans import pieces_of, words_of

if TYPE_CHECKING:
    from openai import AsyncAPIResponse

NAME = "openai"
MODEL = "gpt-4o-mini-tts"
CAVEAT = "what it says is sent there as text ({})"
VOICES = ("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse")
RATE = 24_000
"""Hz of raw samples: the vendor's, and of all who imitate it and do not say otherwise."""
MOST = 4000
"""Characters of one request; the vendor refuses more than 4096."""
QUICKEST = 0.08
"""Seconds that a word takes at least: a speech that is over sooner was cut off, and nothing else tells that."""


class OpenAiVoice:
    """`key` may be empty where `base_url` names a server that wants none. `voice` by its name there, the default one;
    `voices`: the others that it has. It does not tell when its words sound."""

    def __init__(
        self,
        *,
        key: str = "",
        base_url: str = "",
        model: str = MODEL,
        voice: str = VOICES[0],
        voices: Sequence[str] = VOICES,
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
            resource="audio.speech",
        )
        self._voices = (voice, *(other for other in voices if other != voice))
        self.about = self._server.about

    def voices(self) -> Sequence[str]:
        return self._voices

    async def warm(self) -> None:
        """Import the SDK and make the client, in a thread."""
        await self._server.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there, or that does not do it; costs nothing."""
        await self._server.serves()
        await self._server.shutdown_date()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def close(self) -> None:
        await self._server.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Speech as it comes. Cancelled or closed, it closes the connection at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle, and where it is too short for its words.
        """
        rate = 0
        for first, last in pieces_of(text, MOST):
            async with aclosing(self._say(text[first:last], voice)) as pieces:
                async for pcm in pieces:
                    rate = rate or pcm.rate
                    if pcm.rate != rate:
                        raise self._server.odd()
                    yield SpeechChunk(pcm=pcm)

    async def _say(self, text: str, voice: Voice) -> AsyncGenerator[Pcm, None]:
        client = await self._server.client()
        loop = asyncio.get_running_loop()
        until, heard = loop.time() + self._deadlines.first, 0.0
        ask, request = client.audio.speech.with_streaming_response.create, self._request(text, voice)
        with self._server.faults():
            try:
                async with AsyncExitStack() as stack:
                    async with asyncio.timeout_at(until):
                        enter = stack.enter_async_context
                        response = await self._server.answered(lambda: enter(ask(**request)))
                    sound = await stack.enter_async_context(aclosing(self._sound(response, until - loop.time())))
                    async for pcm in sound:
                        heard += pcm.seconds
                        yield pcm
            except BadInput:
                raise self._server.odd() from None
        if heard * voice.speed < QUICKEST * len(words_of(text)):
            raise self._server.broke_off()

    async def _sound(self, response: AsyncAPIResponse[Any], first: float) -> AsyncGenerator[Pcm, None]:
        kind = response.headers.get("content-type", "")
        if kind.startswith(("text/", "application/json")):
            raise self._server.odd()
        sound = SoundBytes(RawFormat(rate=_rate_of(kind)))
        data = in_time(response.iter_bytes(), first=first, between=self._deadlines.between)
        async with aclosing(data):
            async for piece in data:
                if (pcm := sound.push(piece)).data:
                    yield pcm
        if (pcm := sound.finish()).data:
            yield pcm
        if sound.missing:
            raise self._server.broke_off()

    def _request(self, text: str, voice: Voice) -> dict[str, Any]:
        name = voice.name if voice.name in self._voices else self._voices[0]
        request = {"model": self._server.model, "voice": name, "input": text, "response_format": "pcm"}
        return request if voice.speed == 1.0 else request | {"speed": voice.speed}


def _rate_of(kind: str) -> int:
    """Hz that a content type names, as in `audio/L16; rate=16000`."""
    found = re.search(r"\brate=(\d{4,6})\b", kind)
    rate = int(found[1]) if found else RATE
    return rate if MIN_RATE <= rate <= MAX_RATE else RATE
