"""A voice that remembers what it said."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from engine.providers.base import SpeechChunk, TextToSpeech, Voice
from engine.providers.housekeeping import Around
from engine.providers.tab import Tab, of

LIMIT = 64 * 1024 * 1024
"""Bytes of audio kept: about 25 minutes at 22 kHz."""

_WORD_BYTES = 200
"""What a word's times cost in memory, roughly."""

_Key = tuple[str, str, Voice, str]


class CachedVoice(Around[TextToSpeech]):
    """TextToSpeech that keeps whole results of `inner`, dropping those that were not asked for longest.

    A repeat replays the same chunks at once, without waiting. Speech that was not heard to its end (closed, cancelled,
    failed) is not kept. Two requests for the same new text at a time are both synthesized.
    """

    def __init__(self, inner: TextToSpeech, limit_bytes: int = LIMIT) -> None:
        super().__init__(inner)
        self._kept = _Kept(limit_bytes)

    def of(self, tab: Tab) -> CachedVoice:
        """Remembers with this one."""
        other = CachedVoice(of(self._inner, tab))
        other._kept = self._kept
        return other

    def voices(self) -> Sequence[str]:
        return self._inner.voices()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        about = self._inner.about
        key = (about.name, about.model, voice, text)
        if kept := self._kept.get(key):
            for chunk in kept:
                yield chunk
            return
        heard: list[SpeechChunk] = []
        async with aclosing(self._inner.speak(text, voice)) as chunks:
            async for chunk in chunks:
                heard.append(chunk)
                yield chunk
        self._kept.put(key, tuple(heard))


class _Kept:
    """Whole results, those dropped first that were not asked for longest."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._results: OrderedDict[_Key, tuple[SpeechChunk, ...]] = OrderedDict()
        self._bytes = 0

    def get(self, key: _Key) -> tuple[SpeechChunk, ...]:
        """Empty where there is nothing to replay."""
        if key not in self._results:
            return ()
        self._results.move_to_end(key)
        return self._results[key]

    def put(self, key: _Key, speech: tuple[SpeechChunk, ...]) -> None:
        if key in self._results or _size(speech) > self._limit:
            return
        self._results[key] = speech
        self._bytes += _size(speech)
        while self._bytes > self._limit:
            _, oldest = self._results.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(speech: tuple[SpeechChunk, ...]) -> int:
    return sum(len(chunk.pcm.data) + _WORD_BYTES * len(chunk.words) for chunk in speech)
