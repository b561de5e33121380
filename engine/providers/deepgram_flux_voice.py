"""Deepgram's Flux speaks: made for conversations, it can be interrupted, and keeps its tone from line to line.

On an interruption it could say which words were heard, if it were told how much was played. The engine keeps that
account itself, for every voice alike, so it only tells Flux to stop.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any

from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.deepgram_speech import Key, SpeechLines
from engine.providers.deepgram_wire import DEEPGRAM, Deepgram, Message, Socket, about, flux_text
from engine.spans import words_of

NAME = "deepgram-flux"
RATE = 24_000
"""Hz of its sound."""
VOICES = ("flux-alexis-en", "flux-haley-en", "flux-kit-en")
SLOWEST, FASTEST, STEP = 0.5, 1.5, 0.05
"""Paces that Flux has. Beyond them it speaks as slowly, or fast, as it can."""


class DeepgramFluxVoice:
    """`TextToSpeech` by Deepgram's `/v2/speak`. It does not tell when its words sound. `voice` is what speaks where no
    other is asked for; it may be one that is not in the list."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str = DEEPGRAM,
        voice: str = VOICES[0],
        deadlines: SpeakingDeadlines | None = None,
    ) -> None:
        self.about = about(NAME, voice, base_url, "text")
        self._voices = tuple(dict.fromkeys((voice, *VOICES)))
        self._wire = Deepgram(key=key, base_url=base_url, about=self.about)
        self._lines = SpeechLines(self._wire, _Flux(), self.about, deadlines or SpeakingDeadlines())

    def voices(self) -> Sequence[str]:
        return self._voices

    async def warm(self) -> None:
        """Load the SDK in a thread, and connect."""
        await self._lines.open((self._voices[0], 1.0))

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._wire.check()

    async def close(self) -> None:
        await self._lines.close()
        await self._wire.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Cancelled or closed, it interrupts Flux at once, and is done within `SpeakingDeadlines.interrupt`.

        Raises:
            ProviderFailed, ProviderTimeout: also in the middle.
        """
        if not words_of(text):
            return
        model = voice.name if voice.name in self._voices else self._voices[0]
        speed = round(min(FASTEST, max(SLOWEST, voice.speed)) / STEP) * STEP
        async with aclosing(self._lines.speak(text, (model, round(speed, 2)))) as sound:
            async for pcm in sound:
                yield SpeechChunk(pcm=pcm)


class _Flux:
    rate = RATE

    def connect(self, sdk: Any, key: Key) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401 (the SDK's client)
        model, speed = key
        socket: AbstractAsyncContextManager[Any] = sdk.speak.v2.connect(
            model=model, encoding="linear16", sample_rate=RATE, speed=None if speed == 1.0 else speed
        )
        return socket

    async def say(self, socket: Socket, text: str) -> None:
        await socket.sdk.send_speak(flux_text(text))
        await socket.sdk.send_flush()

    async def interrupt(self, socket: Socket) -> None:
        await socket.sdk.send_interrupt()

    def ended(self, message: Message) -> bool:
        return message.get("type") == "SpeechMetadata"

    def interrupted(self, message: bytes | Message) -> bool:
        return not isinstance(message, bytes) and message.get("type") == "SpeechInterrupted"
