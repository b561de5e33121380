"""Whoever costs something, with what they do counted on the tab of the conversation they do it for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager

from engine.audio import Pcm
from engine.providers.base import (
    About,
    Expectation,
    LanguageModel,
    Listening,
    Prompt,
    SpeechChunk,
    SpeechToText,
    TextToSpeech,
    Transcript,
    Voice,
)
from engine.providers.housekeeping import Around
from engine.providers.tab import NOBODY, Tab, Unit

TOKEN = 4
"""Characters of English text in a token, as vendors put it."""


class MeteredEars(Around[SpeechToText]):
    """Counts the seconds that are given to `inner`."""

    def __init__(self, inner: SpeechToText, tab: Tab = NOBODY) -> None:
        super().__init__(inner)
        self._tab = tab

    def of(self, tab: Tab) -> MeteredEars:
        return MeteredEars(self._inner, tab)

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        @asynccontextmanager
        async def counted() -> AsyncIterator[Listening]:
            async with self._inner.listen(expect) as listening:
                yield _Counted(listening, self.about, self._tab)

        return counted()


class _Counted:
    def __init__(self, inner: Listening, about: About, tab: Tab) -> None:
        self._inner, self._about, self._tab = inner, about, tab

    def push(self, pcm: Pcm, turn: int) -> None:
        self._inner.push(pcm, turn)
        self._tab.add(self._about, Unit.HEARD, pcm.seconds)

    def finish(self, turn: int) -> None:
        self._inner.finish(turn)

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return aiter(self._inner)


class MeteredMind(Around[LanguageModel]):
    """Counts the tokens that `inner` probably reads and writes: not every server tells."""

    def __init__(self, inner: LanguageModel, tab: Tab = NOBODY) -> None:
        super().__init__(inner)
        self._tab = tab

    def of(self, tab: Tab) -> MeteredMind:
        return MeteredMind(self._inner, tab)

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        texts = (prompt.instructions, prompt.question, prompt.begun, *(each.text for each in prompt.passages))
        read = sum(map(len, texts)) + sum(len(line.text) for line in prompt.history)
        self._tab.add(self.about, Unit.READ, read / TOKEN)
        async with aclosing(self._inner.reply(prompt)) as pieces:
            async for piece in pieces:
                self._tab.add(self.about, Unit.WRITTEN, len(piece) / TOKEN)
                yield piece


class MeteredVoice(Around[TextToSpeech]):
    """Counts the characters that `inner` is asked to speak, whether they are heard or not: so do the vendors."""

    def __init__(self, inner: TextToSpeech, tab: Tab = NOBODY) -> None:
        super().__init__(inner)
        self._tab = tab

    def of(self, tab: Tab) -> MeteredVoice:
        return MeteredVoice(self._inner, tab)

    def voices(self) -> Sequence[str]:
        return self._inner.voices()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        self._tab.add(self.about, Unit.CHARACTERS, len(text))
        async with aclosing(self._inner.speak(text, voice)) as chunks:
            async for chunk in chunks:
                yield chunk
