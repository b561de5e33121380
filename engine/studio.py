"""The studio: what lives as long as the process does: settings, store, providers, and the meetings held in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine import clock, words
from engine.conversation import Conversation, Senses
from engine.errors import NotFound, ProviderFailed
from engine.messages import Ended, Output, QuestionAsked, Said
from engine.pitch import PitchScenario
from engine.playout import Delivery
from engine.providers.base import About, Voice
from engine.providers.registry import Providers, choose
from engine.records import Pitch
from engine.settings import Settings
from engine.store import Store

CLOSED_WITHIN = 2.0
"""Seconds for providers to let go and for the last lines to reach the disk."""


@runtime_checkable
class Warm(Protocol):
    """A provider that has something to load ahead of its first use."""

    async def warm(self) -> None: ...


@runtime_checkable
class Closing(Protocol):
    """A provider that holds something to give back."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PitchMeeting:
    """A pitch that is being held: `talk` is the conversation, `mark` the sentence that it stands at."""

    id: str
    pitch: Pitch
    mark: int
    talk: Conversation


class Studio:
    """Open it before use and close it after: it keeps warm what is slow to load."""

    def __init__(self, settings: Settings, *, providers: Providers | None = None) -> None:
        self.settings = settings
        self.store = Store(settings.database_path)
        self.providers = providers or choose(settings)
        self._warming: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to load, in the background, what the first conversation needs."""
        slow = [provider for provider in self._all() if isinstance(provider, Warm)]
        self._warming = [asyncio.create_task(_warm(provider), name="warming") for provider in slow]

    async def close(self) -> None:
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        async with asyncio.timeout(CLOSED_WITHIN):
            await asyncio.gather(*(provider.close() for provider in self._all() if isinstance(provider, Closing)))
        await asyncio.to_thread(self.store.close)

    def about(self) -> dict[str, About]:
        """Who `hears`, `thinks` and `speaks`."""
        return self.providers.about()

    def voices(self) -> Sequence[str]:
        """Names of voices to choose from, the default first."""
        return self.providers.speech.voices()

    @asynccontextmanager
    async def pitch_meeting(
        self,
        pitch_id: str | None,
        *,
        delivery: Delivery,
        emit: Callable[[Output], None],
        voice: Voice | None = None,
        mark: int = 1,
    ) -> AsyncIterator[PitchMeeting]:
        """Hold a pitch, by default the one that was changed last, from sentence `mark` on; its minutes are kept.

        Raises:
            NotFound: there is no such pitch, or none at all.
        """
        pitch = await asyncio.to_thread(self._find, pitch_id)
        scenario = PitchScenario(pitch=pitch, mind=self.providers.mind, words=words.load(), place=mark)
        record = await asyncio.to_thread(self.store.begin_meeting, "pitch", pitch.id)
        minutes = Minutes(self.store, record.id, pitch.id)
        senses = Senses(ears=self.providers.ears, activity=self.providers.activity, speech=self.providers.speech)

        def kept(output: Output) -> None:
            minutes.keep(output)
            emit(output)

        async with Conversation(scenario=scenario, senses=senses, delivery=delivery, emit=kept, voice=voice) as talk:
            yield PitchMeeting(id=record.id, pitch=pitch, mark=mark, talk=talk)

    def _find(self, pitch_id: str | None) -> Pitch:
        if pitch_id:
            return self.store.pitch(pitch_id)
        pitches = self.store.pitches()
        if not pitches:
            raise NotFound("there is no pitch yet: create one first")
        return pitches[0]

    def _all(self) -> tuple[object, ...]:
        return (self.providers.ears, self.providers.activity, self.providers.mind, self.providers.speech)


class Minutes:
    """Keeps what lasts of a meeting, as it happens: each line as it becomes final, the place, the questions."""

    def __init__(self, store: Store, meeting: str, pitch: str) -> None:
        self._store = store
        self._meeting = meeting
        self._pitch = pitch

    def keep(self, output: Output) -> None:
        match output:
            case Said(mark=mark, interrupted=interrupted):
                self._store.soon(self._store.add_line, self._meeting, output, clock.wall())
                if isinstance(mark, int):
                    self._store.soon(self._store.set_place, self._meeting, mark if interrupted else mark + 1, False)
            case QuestionAsked():
                self._store.soon(self._store.add_question, self._pitch, output)
            case Ended():
                self._store.soon(self._store.set_place, self._meeting, None, True)
            case _:
                pass


async def _warm(provider: Warm) -> None:
    """A provider that cannot be loaded says so again, and better, when it is needed."""
    try:
        await provider.warm()
    except ProviderFailed:
        return
