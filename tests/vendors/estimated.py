"""A voice that does not say when its words sound, as the engine hears it: with estimated times."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from engine.audio import Pcm
from engine.providers.base import SpeechChunk, TextToSpeech, Voice
from engine.spans import estimate_words


class Estimated:
    """`TextToSpeech` around `inner`: behind its last sound come the times of all words, as the ledger estimates them.
    So the conformance suite of voices can be asked of it. Refuses an inner voice that does tell times."""

    def __init__(self, inner: TextToSpeech):
        self.about, self._inner = inner.about, inner

    def voices(self) -> Sequence[str]:
        return self._inner.voices()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        seconds, rate = 0.0, 0
        async with aclosing(self._inner.speak(text, voice)) as chunks:
            async for chunk in chunks:
                assert not chunk.words, "it does tell them"
                seconds, rate = seconds + chunk.pcm.seconds, chunk.pcm.rate
                yield chunk
        if rate:
            yield SpeechChunk(pcm=Pcm(b"", rate), words=estimate_words(text, seconds))
