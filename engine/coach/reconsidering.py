"""Second thoughts about who said what: with each new guess lines that are in the transcript already are relabelled, or
cut where the voice changes in their midst. One after another, behind whoever is talking; what somebody corrected by
hand is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from engine.analysis.voices import Guess
from engine.clock import wall
from engine.coach.attribution import Attribution, Part
from engine.coach.messages import Relabelled, Shortened, Written
from engine.coach.record import Record
from engine.errors import StorageFailed
from engine.messages import Output


class Reconsidering:
    """Belongs to the event loop's thread; `run` it. Only the newest guess counts."""

    def __init__(self, attribution: Attribution, record: Record, emit: Callable[[Output], None]) -> None:
        self._attribution = attribution
        self._record = record
        self._emit = emit
        self._latest: Guess | None = None
        self._wake, self._settled = asyncio.Event(), asyncio.Event()
        self._settled.set()

    def guessed(self, guess: Guess) -> None:
        self._latest = guess
        self._settled.clear()
        self._wake.set()

    async def settled(self) -> None:
        """Wait until what follows from all guesses so far is on disk."""
        await self._settled.wait()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            guess, self._latest = self._latest, None
            if guess:
                await self._reconsider(guess)
            if not self._wake.is_set():
                self._settled.set()

    async def _reconsider(self, guess: Guess) -> None:
        changes = await asyncio.to_thread(self._attribution.guessed(guess))
        for line, parts in changes.items():
            was = self._attribution.open(line)
            if was is None:
                continue  # corrected meanwhile
            try:
                numbers = await asyncio.wrap_future(self._record.recut(line, was, parts))
            except StorageFailed:
                return  # the store says so to everybody who is talking
            self._attribution.recut(line, numbers or [], parts)
            if numbers:
                self._tell(numbers, parts, was)

    def _tell(self, numbers: list[int], parts: list[Part], was: Part) -> None:
        (speaker, first), *others = parts
        if others:
            self._emit(Shortened(line=numbers[0], text=first.text, end=first.end))
        if speaker != was[0]:
            self._emit(Relabelled(line=numbers[0], speaker=speaker))
        for number, (other, part) in zip(numbers[1:], others, strict=True):
            self._emit(Written(line=number, speaker=other, text=part.text, start=part.start, end=part.end, at=wall()))
