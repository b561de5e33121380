"""The studio: what lives as long as the process does: settings, store, providers, and the meetings held in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, runtime_checkable

from engine import clock, media, words
from engine.conversation import Conversation
from engine.errors import NotFound, ProviderFailed, StorageFailed
from engine.floor import Floor
from engine.limits import Limits
from engine.meetings import Face, Held, Meeting, Meetings
from engine.messages import Ended, Fault, Output, QuestionAsked, Said
from engine.personas import PARTNER
from engine.pitch import PitchScenario
from engine.playout import Delivery
from engine.providers.base import About, Senses, Voice
from engine.providers.registry import Providers, choose
from engine.records import Persona, Pitch
from engine.scenario import Scenario
from engine.settings import Settings
from engine.store import Store
from engine.talk import TalkScenario

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
class Options:
    """How a new meeting begins; of no effect on one that is going on. `mark`: the sentence a pitch stands at;
    `limits` and `voice` None: those of the persona, or the default ones."""

    voice: Voice | None = None
    mark: int = 1
    limits: Limits | None = None


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
        self.meetings = Meetings()

    async def open(self) -> None:
        """Begin to load, in the background, what the first conversation needs. `close` belongs to the same task."""
        self._loop = asyncio.get_running_loop()
        await self.meetings.__aenter__()
        loading = [_warm(provider) for provider in self._all() if isinstance(provider, Warm)]
        loading.append(asyncio.to_thread(media.warm))
        self._warming = [asyncio.create_task(each, name="warming") for each in loading]

    async def close(self) -> None:
        await self.meetings.__aexit__()
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

    def persona(self, id: str | None = None) -> Persona:
        """Somebody to talk with, by default the one for clients of the API. May block: not for the event loop.

        Raises:
            NotFound: there is nobody of that id.
        """
        try:
            return self.store.people.persona(id or PARTNER)
        except NotFound:
            raise NotFound(f"there is nobody called {id!r:.40} to talk with") from None

    def pitch(
        self, face: Face, *, sort: str, delivery: Delivery, pitch: str | None, id: str | None = None, opts: Options
    ) -> AbstractAsyncContextManager[tuple[Meeting, bool]]:
        """Be with a pitch, by default the one that was changed last; its minutes are kept. See `Meetings.join`.

        Raises:
            NotFound: there is no such pitch, or none at all.
        """

        @asynccontextmanager
        async def hold(meeting: str, emit: Callable[[Output], None]) -> AsyncIterator[Held]:
            found = await asyncio.to_thread(self._find, pitch)
            scenario = await asyncio.to_thread(self._pitch_scenario, found, opts.mark)
            minutes = Minutes(self.store, "pitch", meeting, pitch=found.id)
            async with self._conversation(scenario, minutes, delivery, emit, opts.voice) as talk:
                yield Held(talk=talk, pitch=found, mark=min(opts.mark, len(found.sentences)))

        return self.meetings.join(sort, id, face, hold)

    def talk(
        self, face: Face, *, sort: str, delivery: Delivery, persona: Persona, id: str | None = None, opts: Options
    ) -> AbstractAsyncContextManager[tuple[Meeting, bool]]:
        """Be in a talk with `persona`; its minutes are kept. See `Meetings.join`."""

        @asynccontextmanager
        async def hold(meeting: str, emit: Callable[[Output], None]) -> AsyncIterator[Held]:
            scenario = TalkScenario(
                persona=persona,
                mind=self.providers.partner,
                words=words.load(),
                floor=self._floor and replace(self._floor, directed=False),
                limits=opts.limits,
            )
            minutes = Minutes(self.store, "talk", meeting, persona=persona)
            voice = opts.voice or Voice(name=persona.voice, speed=persona.pace)
            async with self._conversation(scenario, minutes, delivery, emit, voice) as talk:
                yield Held(talk=talk, persona=persona)

        return self.meetings.join(sort, id, face, hold)

    @asynccontextmanager
    async def _conversation(
        self,
        scenario: Scenario,
        minutes: Minutes,
        delivery: Delivery,
        emit: Callable[[Output], None],
        voice: Voice | None,
    ) -> AsyncIterator[Conversation]:
        senses = Senses(ears=self.providers.ears, activity=self.providers.activity, speech=self.providers.speech)

        def kept(output: Output) -> None:
            minutes.keep(output)
            emit(output)

        self._faces.add(emit)
        try:
            conversation = Conversation(scenario=scenario, senses=senses, delivery=delivery, emit=kept, voice=voice)
            async with conversation as talk:
                yield talk
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

    def _pitch_scenario(self, pitch: Pitch, mark: int) -> PitchScenario:
        return PitchScenario(pitch=pitch, mind=self.providers.mind, words=words.load(), place=mark, floor=self._floor)

    def _find(self, pitch_id: str | None) -> Pitch:
        if pitch_id:
            return self.store.pitch(pitch_id)
        pitches = self.store.pitches()
        if not pitches:
            raise NotFound("there is no pitch yet: create one first")
        return max(pitches, key=lambda pitch: pitch.updated)

    def _all(self) -> tuple[object, ...]:
        chosen = self.providers
        return (chosen.ears, chosen.activity, chosen.mind, chosen.partner, chosen.speech)


HANDED_OVER_AFTER = 0.03
"""Seconds: the thread that writes would compete for the interpreter at the very moment when a reply is being made."""


class Minutes:
    """Keeps what lasts of a meeting, as it happens: each line as it becomes final, the place, the questions."""

    def __init__(
        self, store: Store, scenario: str, meeting: str, *, pitch: str | None = None, persona: Persona | None = None
    ) -> None:
        self.meeting = meeting
        self._store = store
        self._scenario = scenario
        self._pitch = pitch
        self._persona = persona
        self._met = clock.wall()
        self._begun = False
        self._writes: list[Callable[[], object]] = []

    def keep(self, output: Output) -> None:
        match output:
            case Said(mark=mark, interrupted=interrupted):
                self._write(self._store.add_line, self.meeting, output, clock.wall())
                if isinstance(mark, int):
                    self._write(self._store.set_place, self.meeting, mark if interrupted else mark + 1, False)
            case QuestionAsked() if self._pitch:
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
