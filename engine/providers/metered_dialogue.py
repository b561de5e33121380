"""A model that hears and speaks, with what it does counted on the tab of the conversation that it holds."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import (
    About,
    Conversing,
    Expectation,
    Prompt,
    SpeechToSpeech,
    TextToSpeech,
    Transcript,
    Uttered,
    Voice,
)
from engine.providers.housekeeping import Around
from engine.providers.metered import MeteredVoice
from engine.providers.tab import NOBODY, Tab, Unit


class MeteredDialogue(Around[SpeechToSpeech]):
    """Counts the seconds that `inner` hears and speaks, and ends the session when all is spent that it may cost."""

    def __init__(self, inner: SpeechToSpeech, tab: Tab = NOBODY) -> None:
        self._inner, self._tab = inner, tab

    @property
    def reads(self) -> TextToSpeech:
        return MeteredVoice(self._inner.reads, self._tab)

    def of(self, tab: Tab) -> MeteredDialogue:
        return MeteredDialogue(self._inner, tab)

    def converse(self, expect: Expectation, voice: Voice) -> AbstractAsyncContextManager[Conversing]:
        @asynccontextmanager
        async def counted() -> AsyncIterator[Conversing]:
            async with self._inner.converse(expect, voice) as session:
                yield _Counted(session, self.about, self._tab)

        return counted()


class _Counted:
    def __init__(self, inner: Conversing, about: About, tab: Tab) -> None:
        self._inner, self._about, self._tab = inner, about, tab

    def push(self, pcm: Pcm, turn: int) -> None:
        self._inner.push(pcm, turn)
        self._tab.add(self._about, Unit.HEARD, pcm.seconds)

    def finish(self, turn: int) -> None:
        self._inner.finish(turn)

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return aiter(self._inner)

    async def reply(self, prompt: Prompt, voice: Voice) -> AsyncGenerator[Uttered, None]:
        if self._tab.spent_up:
            raise ProviderFailed(self._about.name, "What this session may cost is spent (MAX_COST_PER_SESSION)")
        async with aclosing(self._inner.reply(prompt, voice)) as pieces:
            async for piece in pieces:
                if piece.pcm:
                    self._tab.add(self._about, Unit.SPOKEN, piece.pcm.seconds)
                yield piece

    def heard(self, seconds: float, text: str) -> None:
        self._inner.heard(seconds, text)
