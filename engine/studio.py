"""The studio: what lives as long as the process does: settings, store, providers, and the meetings held in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from engine import asking, clock, media, words
from engine.coaching import Coaching
from engine.conversation import Conversation
from engine.desk import Desk
from engine.dialogue import Dialogue
from engine.engines import PITCH, TALK, Engines
from engine.errors import NotFound, StorageFailed
from engine.floor import Floor
from engine.followups import writer as follow_ups
from engine.limits import Limits
from engine.meetings import Face, Held, Meeting, Meetings
from engine.messages import Fault, Output
from engine.minutes import Minutes
from engine.personas import PARTNER
from engine.pitch import PitchScenario
from engine.playout import Delivery
from engine.providers.base import About, LanguageModel, Voice
from engine.providers.registry import Providers
from engine.recording import Recording
from engine.records import Persona, Pitch, Question
from engine.rehearsal.reviews import Reviews
from engine.scenario import Scenario
from engine.settings import Settings
from engine.soundings import Soundings
from engine.speculation import speculating
from engine.store import Store
from engine.talk import TalkScenario

LOOKS_FOR_OLD = 3600.0
"""Seconds between two looks for recordings that are older than they may be."""
CLOSED_WITHIN = 1.0
"""Seconds for providers to let go; the store takes at most 1.5 more, and a stop should not take long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a new meeting begins; of no effect on one that is going on. `mark`: the sentence a pitch stands at;
    `limits` and `voice` None: those of the persona, or the default ones; `record`: keep the sound of both sides too."""

    voice: Voice | None = None
    mark: int = 1
    limits: Limits | None = None
    record: bool = False


class Studio:
    """Open it before use and close it after: it keeps warm what is slow to load."""

    def __init__(self, settings: Settings, *, providers: Providers | None = None, floor: Floor | None = None) -> None:
        """`providers` and `floor` are chosen by the settings and the scenario, unless a test or a benchmark does."""
        self.settings = settings
        self.store = Store(settings.database_path, lost=self._lost)
        self._faces: set[Callable[[Output], None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.engines = Engines(settings, self.store, providers)
        self._floor = floor
        self._warming: list[asyncio.Task[None]] = []
        self.meetings = Meetings(known=self.store.archive.has)
        self.desk = Desk(self.store, self.engines.writing)
        self.reviews = Reviews(self.store, self.desk)
        self.coaching = Coaching(
            self.store,
            self.meetings,
            self.desk,
            working=self.engines.coaching,
            tapes=self._tape,
            faces=self._faces,
        )

    @property
    def providers(self) -> Providers:
        """Who works in whatever is of no mode."""
        return self.engines.default

    async def open(self) -> None:
        """Begin to load, in the background, what the first conversation needs. `close` belongs to the same task."""
        self._loop = asyncio.get_running_loop()
        await self.meetings.__aenter__()
        loading = [self.engines.warm(), asyncio.to_thread(media.warm)]
        loading.append(self._forget_old_recordings())
        self._warming = [asyncio.create_task(each, name="warming") for each in loading]

    async def close(self) -> None:
        await self.meetings.__aexit__()
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSED_WITHIN):
                    await self.engines.close()
        finally:
            await asyncio.to_thread(self.store.close)

    def about(self, mode: str = "") -> Mapping[str, About]:
        """Who `hears`, `thinks` and `speaks`, in one of `engines.MODES` or as the settings have it."""
        return self.engines.about(mode) if mode else self.providers.about()

    def voices(self) -> Sequence[str]:
        """Names of voices to choose from, the default first."""
        return self.providers.speech.voices()

    def persona(self, id: str | None = None) -> Persona:
        """Somebody to talk with, by default the one for clients of the API. May block: not for the event loop.

        Raises:
            NotFound: there is nobody of that id.
        """
        try:
            return asking.somebody(self.store, id or PARTNER)
        except NotFound:
            raise NotFound(f"there is nobody called {id!r:.40} to talk with") from None

    async def find_follow_ups(self, pitch: str) -> list[Question]:
        """Find anew what the pitch gives reason to ask, and keep it; all questions about it. Raises NotFound."""
        found = await asyncio.to_thread(self.store.pitch, pitch)
        written = await follow_ups.write([each.text for each in found.sentences], found.notes, self.providers.writer)
        return await asyncio.to_thread(self.store.asked.add_follow_ups, pitch, written)

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
            with self.engines.working(PITCH, meeting, emit) as providers:
                minutes = Minutes(self.store, "pitch", meeting, ears=providers.ears.about.name, pitch=found)
                async with speculating(providers.mind, on=self.settings.speculate) as mind:
                    scenario = await asyncio.to_thread(self._pitch_scenario, found, opts.mark, mind)
                    async with self._conversation(
                        scenario, minutes, opts, delivery=delivery, emit=emit, on=providers
                    ) as talk:
                        yield Held(talk=talk, pitch=found, mark=min(opts.mark, len(found.sentences)))

        return self.meetings.join(sort, id, face, hold)

    def talk(
        self, face: Face, *, sort: str, delivery: Delivery, persona: Persona, id: str | None = None, opts: Options
    ) -> AbstractAsyncContextManager[tuple[Meeting, bool]]:
        """Be in a talk with `persona`; its minutes are kept. See `Meetings.join`."""

        @asynccontextmanager
        async def hold(meeting: str, emit: Callable[[Output], None]) -> AsyncIterator[Held]:
            with self.engines.working(TALK, meeting, emit) as providers:
                voiced = replace(opts, voice=opts.voice or Voice(name=persona.voice, speed=persona.pace))
                dialogue = _dialogue(providers, voiced.voice)
                ears = (dialogue or providers.ears).about.name
                minutes = Minutes(self.store, "talk", meeting, ears=ears, persona=persona)
                async with speculating(providers.partner, on=self.settings.speculate and not dialogue) as mind:
                    scenario = await asyncio.to_thread(
                        TalkScenario,
                        persona=persona,
                        mind=mind,
                        dialogue=dialogue,
                        words=words.load(),
                        floor=self._floor and replace(self._floor, directed=False),
                        limits=opts.limits,
                    )
                    async with self._conversation(
                        scenario, minutes, voiced, delivery=delivery, emit=emit, on=providers, dialogue=dialogue
                    ) as talk:
                        yield Held(talk=talk, persona=persona)

        return self.meetings.join(sort, id, face, hold)

    @asynccontextmanager
    async def _conversation(
        self,
        scenario: Scenario,
        minutes: Minutes,
        opts: Options,
        *,
        on: Providers,
        delivery: Delivery,
        emit: Callable[[Output], None],
        dialogue: Dialogue | None = None,
    ) -> AsyncIterator[Conversation]:
        senses = replace(on.senses, ears=dialogue, speech=dialogue) if dialogue else on.senses

        def kept(output: Output) -> None:
            minutes.keep(output)
            emit(output)

        self._faces.add(emit)
        try:
            async with AsyncExitStack() as exits:
                tape = await exits.enter_async_context(self._tape(minutes.meeting, emit)) if opts.record else None
                talk = await exits.enter_async_context(
                    Conversation(scenario=scenario, senses=senses, delivery=delivery, emit=kept, voice=opts.voice)
                )
                if dialogue:
                    dialogue.voice = lambda: talk.voice
                if tape:
                    talk.record(tape)
                    # Nothing is kept of a meeting in which nothing was said.
                    exits.callback(lambda: None if minutes.begun else tape.stop())
                soundings = Soundings(self.store, minutes.meeting, begun=lambda: minutes.begun)
                talk.taps.measure(soundings)
                exits.push_async_callback(soundings.flush, last=True)
                yield talk
        finally:
            self._faces.discard(emit)
            minutes.hand_over()

    def _tape(self, meeting: str, emit: Callable[[Output], None]) -> AbstractAsyncContextManager[Recording]:
        """Records; what failed is told to the face."""

        def failed(error: StorageFailed) -> None:
            emit(Fault(code=error.code, message=str(error)))

        return self.store.archive.recordings.record(meeting, failed)

    async def _forget_old_recordings(self) -> None:
        """Now and once in a while, where recordings are not kept for ever."""
        days = self.settings.keep_recordings_days
        while days:
            with suppress(StorageFailed):  # it is tried again
                await asyncio.to_thread(self.store.archive.remove_old_recordings, clock.wall() - timedelta(days=days))
            await asyncio.sleep(LOOKS_FOR_OLD)

    def _lost(self, message: str) -> None:
        """A write failed, on the store's thread: say so to everybody who is talking."""

        def tell() -> None:
            for emit in tuple(self._faces):
                emit(Fault(code=StorageFailed.code, message=message, retryable=True))

        if self._loop:
            self._loop.call_soon_threadsafe(tell)

    def _pitch_scenario(self, pitch: Pitch, mark: int, mind: LanguageModel) -> PitchScenario:
        return PitchScenario(pitch=pitch, mind=mind, words=words.load(), place=mark, floor=self._floor)

    def _find(self, pitch_id: str | None) -> Pitch:
        if pitch_id:
            return self.store.pitch(pitch_id)
        pitches = self.store.pitches()
        if not pitches:
            raise NotFound("there is no pitch yet: create one first")
        return max(pitches, key=lambda pitch: pitch.updated)


def _dialogue(providers: Providers, voice: Voice | None) -> Dialogue | None:
    """A talk's ears, mind and voice in one, where there is a model for that."""
    if providers.dialogue is None:
        return None
    return Dialogue(providers.dialogue, senses=providers.senses, mind=providers.partner, voice=voice or Voice())
