"""Deepgram's Aura speaks, over HTTP: each text is a request, its sound comes as it is made.

Aura has a WebSocket, too, which keeps its connection when somebody cuts in. But it ends no more than 20 texts a minute,
and counts against the few voices that an account may have at once even while it is silent. So HTTP is what serves
better here; `DeepgramFluxVoice` is the one that is made for being interrupted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from engine.audio import SAMPLE_BYTES, Pcm
from engine.errors import ProviderFailed
from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.deepgram_wire import DEEPGRAM, Deepgram, about
from engine.spans import pieces_of

NAME = "deepgram"
RATE = 24_000
"""Hz: what the voices are made at."""
LONGEST = 1_900
"""Characters of one request; the vendor takes 2,000."""
SLOWEST, FASTEST = 0.7, 1.5
"""Paces that Aura has. Beyond them it speaks as slowly, or fast, as it can."""
SHORTEST = 0.025
"""Seconds that a letter sounds at the very least, at a normal pace (65 ms are usual): less was not all of it."""
_NAMES = """
thalia andromeda apollo arcas aries asteria athena atlas aurora callista cora cordelia delia draco electra harmonia
helena hera hermes hyperion iris janus juno jupiter luna mars minerva neptune odysseus ophelia orion orpheus pandora
phoebe pluto saturn selene theia vesta zeus
"""
VOICES = tuple(f"aura-2-{name}-en" for name in re.findall(r"\w+", _NAMES))


class DeepgramVoice:
    """`TextToSpeech` by Deepgram's `/v1/speak`. It does not tell when its words sound. `voice` is what speaks where no
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
        self._deadlines = deadlines or SpeakingDeadlines()
        self._wire = Deepgram(key=key, base_url=base_url, about=self.about)

    def voices(self) -> Sequence[str]:
        return self._voices

    async def warm(self) -> None:
        """Load the SDK in a thread, and connect."""
        await self._wire.check()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._wire.check()

    async def close(self) -> None:
        await self._wire.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Cancelled or closed, it ends its request at once.

        Raises:
            ProviderFailed, ProviderTimeout: also in the middle, and where the sound is too short to be all of it.
        """
        model = voice.name if voice.name in self._voices else self._voices[0]
        speed = min(FASTEST, max(SLOWEST, voice.speed))
        for first, last in pieces_of(text, LONGEST):
            seconds = 0.0
            async with aclosing(self._sound(text[first:last], model, speed)) as sound:
                async for pcm in sound:
                    seconds += pcm.seconds
                    yield SpeechChunk(pcm=pcm)
            letters = sum(letter.isalpha() for letter in text[first:last])
            if seconds < letters * SHORTEST / speed:
                raise ProviderFailed(NAME, f"{self.about.label} did not say all of it", retryable=True)

    async def _sound(self, text: str, model: str, speed: float) -> AsyncGenerator[Pcm, None]:
        client = await self._wire.client()
        patience, half = self._deadlines.first, b""
        with self._wire.faults():
            async with aclosing(
                client.speak.v1.audio.generate(
                    text=text,
                    model=model,
                    encoding="linear16",
                    container="none",
                    sample_rate=RATE,
                    speed=None if speed == 1.0 else speed,
                )
            ) as stream:
                while True:
                    async with asyncio.timeout(patience):
                        data = await anext(stream, None)
                    if data is None:
                        return
                    patience = self._deadlines.between
                    data = half + data
                    whole = len(data) - len(data) % SAMPLE_BYTES
                    half = data[whole:]
                    if whole:
                        yield Pcm(data[:whole], RATE)
