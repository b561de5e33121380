"""Whoever fails at once is asked once more, as long as nothing of the answer is there yet and there is time for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from engine import clock
from engine.errors import ProviderBusy, ProviderFailed, ProviderTimeout
from engine.providers.base import About, LanguageModel, Prompt, SpeechChunk, TextToSpeech, Voice
from engine.providers.housekeeping import Around
from engine.providers.tab import Tab, of

Item = TypeVar("Item")

QUICK = 0.6
"""Seconds within which a failure is a quick one. After more of them whoever waits is better off with somebody else."""
PAUSE = 0.15
"""Seconds before the second time: a server that is being restarted, or a limit a second, is often past that."""
WITHIN = 1.6
"""Seconds for the first piece of an answer, the second time included."""


class PersistentMind(Around[LanguageModel]):
    def of(self, tab: Tab) -> PersistentMind:
        return PersistentMind(of(self._inner, tab))

    def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        # A model at home may take long: how long is its own affair.
        return _asked(lambda: self._inner.reply(prompt), self.about, None if self.about.local else WITHIN)


class PersistentVoice(Around[TextToSpeech]):
    def of(self, tab: Tab) -> PersistentVoice:
        return PersistentVoice(of(self._inner, tab))

    def voices(self) -> Sequence[str]:
        return self._inner.voices()

    def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        return _asked(lambda: self._inner.speak(text, voice), self.about, WITHIN)


async def _asked(
    ask: Callable[[], AsyncGenerator[Item, None]], about: About, within: float | None
) -> AsyncGenerator[Item, None]:
    """What `ask` gives, asked a second time where it fails at once."""
    began = clock.now()
    for again in (False, True):
        given = False
        try:
            async with aclosing(ask()) as items:
                async with asyncio.timeout_at(None if within is None else began + within):
                    first = [item async for item in _one(items)]
                for item in first:
                    given = True
                    yield item
                async for item in items:
                    yield item
        except TimeoutError:
            raise ProviderTimeout(about.name, f"{about.label} did not answer in time") from None
        except ProviderFailed as error:
            if again or given or not _worth_it(error, clock.now() - began):
                raise
        else:
            return
        await asyncio.sleep(PAUSE)


async def _one(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """The first of them, if there is one."""
    async for item in items:
        yield item
        return


def _worth_it(error: ProviderFailed, took: float) -> bool:
    """Whether to ask the same once more. Who is busy says for how long."""
    busy = error.after if isinstance(error, ProviderBusy) else 0.0
    return error.retryable and not isinstance(error, ProviderTimeout) and took < QUICK and busy <= PAUSE
