"""The voice in the ear: a cue of a few words, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

from engine.audio import Pcm
from engine.coach.messages import Whispered
from engine.errors import ProviderFailed
from engine.messages import Fault, Output
from engine.providers.base import TextToSpeech, Voice

WITHIN = 1.5
"""Seconds in which the words have to be there: later the moment has passed."""
LONGEST = 1.5
"""Seconds a whisper may last; a slower voice speaks faster."""


class Whisperer:
    """Says one thing at a time. Use as `async with`; leaving it says nothing more."""

    def __init__(self, speech: TextToSpeech, *, emit: Callable[[Output], None]) -> None:
        self._speech = speech
        self._emit = emit
        self._tasks = asyncio.TaskGroup()
        self._saying: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Whisperer:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hush()
        await self._tasks.__aexit__(None, None, None)

    def say(self, id: int, text: str) -> None:
        """Have `text` sound as soon as it is made, unless `hush` comes first."""
        self.hush()
        self._saying = self._tasks.create_task(self._say(id, text), name="whisper")

    def hush(self) -> None:
        """What does not sound yet does not begin to."""
        if self._saying:
            self._saying.cancel()
            self._saying = None

    async def _say(self, id: int, text: str) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                pcm = await self._spoken(text, 1.0)
                if pcm and pcm.seconds > LONGEST:
                    pcm = await self._spoken(text, min(2.0, pcm.seconds / LONGEST))
            if pcm:
                self._emit(Whispered(id=id, text=text, pcm=pcm))
        except TimeoutError:
            pass  # the words are on the screen
        except ProviderFailed as failed:
            self._emit(Fault(code=failed.code, message=str(failed), retryable=failed.retryable))

    async def _spoken(self, text: str, speed: float) -> Pcm | None:
        pieces = [chunk.pcm async for chunk in self._speech.speak(text, Voice(speed=speed))]
        return Pcm(b"".join(piece.data for piece in pieces), pieces[0].rate) if pieces else None
