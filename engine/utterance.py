"""One reply attempt: script -> lines -> speech -> playout. It lives and dies as a unit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TypeVar

from engine.errors import ProviderFailed, ProviderTimeout
from engine.journal import Event
from engine.ledger import SpokenLine
from engine.messages import Output
from engine.playout import Playout
from engine.providers.base import TextToSpeech, Voice
from engine.scenario import Line, Script

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds a provider may take before the conversation goes on without it.

    `line`: the next line of a script: a slow local model needs seconds for its first sentence.
    `speech`: the next piece of audio of a line: speech that stalls longer than this will not be saved by waiting.
    """

    line: float = 20.0
    speech: float = 8.0


@dataclass(slots=True, kw_only=True)
class Utterance:
    """Says a script. From when it is made the playout is its own, until another one is. `note` is told the stages of
    its first line; `number` gives each line its own number."""

    script: Script
    voice: Voice
    speech: TextToSpeech
    playout: Playout
    number: Callable[[], int]
    emit: Callable[[Output], None]
    note: Callable[[Event], object]
    deadlines: Deadlines = Deadlines()
    mute: bool = field(init=False, default=False)
    """It failed for want of a voice: no apology could be heard either."""
    _filling: int = field(init=False)

    def __post_init__(self) -> None:
        self._filling = self.playout.begin()

    async def run(self) -> None:
        """Until the last line is handed to the playout, or cancelled.

        Raises:
            ProviderFailed, ProviderTimeout: the script or the speech failed; what was synthesized before will sound.
        """
        try:
            async with aclosing(self.script) as script:
                while (item := await _within(self.deadlines.line, "language model", script)) is not None:
                    if isinstance(item, Line):
                        self.note(Event.REPLY_WRITTEN)
                        await self._say(item)
                    else:
                        self.emit(item)
        finally:
            self.playout.finish(self._filling)

    async def _say(self, line: Line) -> None:
        await self.playout.room()
        own = line.speech
        spoken = SpokenLine(number=self.number(), mark=line.mark, text=line.text, tell=own.heard if own else None)
        self.playout.add(spoken, self._filling)
        name, seconds = self.speech.about.name, self.deadlines.speech
        try:
            async with aclosing(own.chunks() if own else self.speech.speak(line.text, self.voice)) as chunks:
                while (chunk := await _within(seconds, name, chunks)) is not None:
                    spoken.grow(chunk)
                    self.note(Event.REPLY_SYNTHESIZED)
                    self.playout.touch()
        except BaseException as error:
            spoken.close(broken=True)
            self.mute = isinstance(error, ProviderFailed)
            raise
        spoken.close(broken=own is not None and own.broken)
        self.playout.touch()


async def _within(seconds: float, who: str, items: AsyncIterator[Item]) -> Item | None:
    """The next of `items`, None at their end.

    Raises:
        ProviderTimeout: it takes longer than `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            return await anext(items, None)
    except TimeoutError:
        raise ProviderTimeout(who, f"{who}: nothing came for {seconds:.0f} seconds") from None
