"""A voice that remembers what it said."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from engine.providers.base import About, SpeechChunk, TextToSpeech, Voice

LIMIT = 64 * 1024 * 1024
"""Bytes of audio kept: about 25 minutes at 22 kHz."""

_WORD_BYTES = 200
"""What a word's times cost in memory, roughly."""

_Key = tuple[str, Voice, str]


class CachedVoice:
    """TextToSpeech that keeps whole results of `inner`, dropping those that were not asked for longest.

    A repeat replays the same chunks at once, without waiting. Speech that was not heard to its end (closed, cancelled,
    failed) is not kept. Two requests for the same new text at a time are both synthesized.
    """

    def __init__(self, inner: TextToSpeech, limit_bytes: int = LIMIT) -> None:
        self._inner = inner
        self._limit = limit_bytes
        self._kept: OrderedDict[_Key, tuple[SpeechChunk, ...]] = OrderedDict()
        self._bytes = 0

    @property
    def about(self) -> About:
        return self._inner.about

    async def warm(self) -> None:
        """As `inner`, if that has something to load."""
        if warm := getattr(self._inner, "warm", None):
            await warm()

    async def check(self) -> None:
        """As `inner`, if that can say whether it would work."""
        if check := getattr(self._inner, "check", None):
            await check()

    async def close(self) -> None:
        """As `inner`, if that holds something to give back."""
        if close := getattr(self._inner, "close", None):
            await close()

    def voices(self) -> Sequence[str]:
        return self._inner.voices()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        key = (self._inner.about.name, voice, text)
        if key in self._kept:
            self._kept.move_to_end(key)
            for chunk in self._kept[key]:
                yield chunk
            return
        heard: list[SpeechChunk] = []
        async with aclosing(self._inner.speak(text, voice)) as chunks:
            async for chunk in chunks:
                heard.append(chunk)
                yield chunk
        self._keep(key, tuple(heard))

    def _keep(self, key: _Key, speech: tuple[SpeechChunk, ...]) -> None:
        if key in self._kept or _size(speech) > self._limit:
            return
        self._kept[key] = speech
        self._bytes += _size(speech)
        while self._bytes > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(speech: tuple[SpeechChunk, ...]) -> int:
    return sum(len(chunk.pcm.data) + _WORD_BYTES * len(chunk.words) for chunk in speech)
