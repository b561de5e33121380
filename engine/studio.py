"""The studio: what lives as long as the process does: settings, store, providers, and the meetings held in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

from engine import clock, media, words
from engine.conversation import Conversation
from engine.errors import NotFound, ProviderFailed, StorageFailed
from engine.floor import Floor
from engine.messages import Ended, Fault, Output, QuestionAsked, Said
from engine.pitch import PitchScenario
from engine.playout import Delivery
from engine.providers.base import About, Senses, Voice
from engine.providers.registry import Providers, choose
from engine.records import Pitch
from engine.settings import Settings
from engine.store import Store, new_id

CLOSED_WITHIN = 1.0
"""Seconds for providers to let go; the store takes at most 1.5 more, and a stop should not take long."""


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

    def __init__(self, settings: Settings, *, providers: Providers | None = None, floor: Floor | None = None) -> None:
        """`providers` and `floor` are chosen by the settings and the scenario, unless a test or a benchmark does."""
        self.settings = settings
        self.store = Store(settings.database_path, lost=self._lost)
        self._faces: set[Callable[[Output], None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.providers = providers or choose(settings)
        self._floor = floor
        self._warming: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to load, in the background, what the first conversation needs."""
        self._loop = asyncio.get_running_loop()
        loading = [_warm(provider) for provider in self._all() if isinstance(provider, Warm)]
        loading.append(asyncio.to_thread(media.warm))
        self._warming = [asyncio.create_task(each, name="warming") for each in loading]

    async def close(self) -> None:
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        closing = [provider.close() for provider in self._all() if isinstance(provider, Closing)]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSED_WITHIN):
                    await asyncio.gather(*closing, return_exceptions=True)
        finally:
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
        scenario = await asyncio.to_thread(self._scenario, pitch, mark)
        minutes = Minutes(self.store, "pitch", pitch.id)
        senses = Senses(ears=self.providers.ears, activity=self.providers.activity, speech=self.providers.speech)

        def kept(output: Output) -> None:
            minutes.keep(output)
            emit(output)

        self._faces.add(emit)
        try:
            conversation = Conversation(scenario=scenario, senses=senses, delivery=delivery, emit=kept, voice=voice)
            async with conversation as talk:
                yield PitchMeeting(id=minutes.meeting, pitch=pitch, mark=min(mark, len(pitch.sentences)), talk=talk)
        finally:
            self._faces.discard(emit)
            minutes.hand_over()

    def _lost(self, message: str) -> None:
        """A write failed, on the store's thread: say so to everybody who is talking."""

        def tell() -> None:
            for emit in tuple(self._faces):
                emit(Fault(code=StorageFailed.code, message=message, retryable=True))

        if self._loop:
            self._loop.call_soon_threadsafe(tell)

    def _scenario(self, pitch: Pitch, mark: int) -> PitchScenario:
        return PitchScenario(pitch=pitch, mind=self.providers.mind, words=words.load(), place=mark, floor=self._floor)

    def _find(self, pitch_id: str | None) -> Pitch:
        if pitch_id:
            return self.store.pitch(pitch_id)
        pitches = self.store.pitches()
        if not pitches:
            raise NotFound("there is no pitch yet: create one first")
        return max(pitches, key=lambda pitch: pitch.updated)

    def _all(self) -> tuple[object, ...]:
        return (self.providers.ears, self.providers.activity, self.providers.mind, self.providers.speech)


HANDED_OVER_AFTER = 0.03
"""Seconds: the thread that writes would compete for the interpreter at the very moment when a reply is being made."""


class Minutes:
    """Keeps what lasts of a meeting, as it happens: each line as it becomes final, the place, the questions."""

    def __init__(self, store: Store, scenario: str, pitch: str) -> None:
        self.meeting = new_id()
        self._store = store
        self._scenario = scenario
        self._pitch = pitch
        self._met = clock.wall()
        self._begun = False
        self._writes: list[Callable[[], object]] = []

    def keep(self, output: Output) -> None:
        match output:
            case Said(mark=mark, interrupted=interrupted):
                self._write(self._store.add_line, self.meeting, output, clock.wall())
                if isinstance(mark, int):
                    self._write(self._store.set_place, self.meeting, mark if interrupted else mark + 1, False)
            case QuestionAsked():
                self._write(self._store.add_question, self._pitch, output)
            case Ended():
                self._write(self._store.set_place, self.meeting, None, True)
            case _:
                pass

    def hand_over(self) -> None:
        """Give what was kept to the thread that writes."""
        writes, self._writes = self._writes, []
        for write in writes:
            self._store.soon(write)

    def _begin(self) -> None:
        """On the writing thread. The pitch may have been deleted while it was held: its words are kept all the same."""
        try:
            self._store.begin_meeting(self._scenario, self._pitch, self.meeting, self._met)
        except NotFound:
            self._store.begin_meeting(self._scenario, None, self.meeting, self._met)

    def _write(self, function: Callable[..., object], *args: object) -> None:
        if not self._writes:
            asyncio.get_running_loop().call_later(HANDED_OVER_AFTER, self.hand_over)
        if not self._begun:  # a page that was opened and left is no meeting
            self._begun = True
            self._writes.append(self._begin)
        self._writes.append(partial(function, *args))


async def _warm(provider: Warm) -> None:
    """A provider that cannot be loaded says so again, and better, when it is needed."""
    try:
        await provider.warm()
    except ProviderFailed:
        return
