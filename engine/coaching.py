"""The sessions that are going on and listened to, coached ones and rehearsals: opened when somebody comes to one, also
for the second time, and finished."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from functools import partial
from typing import Protocol

from engine.coach.coach import Coach
from engine.coach.cues import Density
from engine.coach.record import Record
from engine.coach.session import Session
from engine.desk import Desk, Dossier
from engine.meetings import Face, Held, Meeting, Meetings
from engine.messages import Output
from engine.providers.base import LanguageModel, Senses
from engine.recording import Tape
from engine.records import Aim
from engine.rehearsal.session import Rehearsal
from engine.rehearsal.values import Take
from engine.store import Store
from engine.takes import REHEARSAL

SORT = "coach"
SETTLED, SETTLES_WITHIN = 0.25, 1.0
"""Seconds without anything new after which all that a client sent has arrived; seconds that a client may go on sending.
Real clients ask for the report within 5 ms of closing their socket: what they sent before is still on its way then."""
ARRIVES_WITHIN = 20.0
"""Seconds for a large file to be decoded."""


class Client(Face, Protocol):
    """Whoever is with a session; `busy`: something that they sent is still being decoded."""

    busy: bool


class Tapes(Protocol):
    """Records the sound of a meeting."""

    def __call__(self, meeting: str, emit: Callable[[Output], None]) -> AbstractAsyncContextManager[Tape]: ...


class Working(Protocol):
    """Who hears and whispers in session `id`, and drafts its cues, where there is a language model."""

    def __call__(
        self, id: str, emit: Callable[[Output], None], /
    ) -> AbstractContextManager[tuple[Senses, LanguageModel | None]]: ...


class Coaching:
    """`working`: who hears, drafts cues and whispers in a session; `faces`: whoever is to be told when something cannot
    be kept."""

    def __init__(
        self,
        store: Store,
        meetings: Meetings,
        desk: Desk,
        *,
        working: Working,
        tapes: Tapes,
        faces: set[Callable[[Output], None]],
    ) -> None:
        self._store = store
        self._working = working
        self._faces = faces
        self._meetings = meetings
        self._desk = desk
        self._tapes = tapes
        self._sessions: dict[str, Session | Rehearsal] = {}
        self._connected: Counter[str] = Counter()
        self._with: dict[str, Client] = {}
        """Who is with a session."""

    @contextmanager
    def coming(self, id: str) -> Iterator[None]:
        """Somebody is connected for session `id`, whether they have been let in yet or not."""
        self._connected[id] += 1
        try:
            yield
        finally:
            self._connected[id] -= 1
            if not self._connected[id]:
                del self._connected[id]

    @asynccontextmanager
    async def join(self, face: Client, id: str) -> AsyncIterator[tuple[Meeting, bool]]:
        """Be with session `id`, which goes on where it was; see `Meetings.join`.

        Raises:
            NotFound: no such session was created.
        """
        await asyncio.to_thread(self._store.sessions.coached, id)

        @asynccontextmanager
        async def hold(meeting: str, emit: Callable[[Output], None]) -> AsyncIterator[Held]:
            async with self._session(meeting, emit) as session:
                yield Held(talk=session)

        async with self._meetings.join(SORT, id, face, hold, again=True) as (meeting, returned):
            self._with[id] = face
            try:
                yield meeting, returned
            finally:
                if self._with.get(id) is face:
                    del self._with[id]

    async def finish(self, id: str) -> Dossier:
        """The report on session `id`, with everything that was said by now; whether anybody is with it or not.

        Raises:
            NotFound: no such session was created.
        """
        await asyncio.to_thread(self._store.sessions.coached, id)
        await self._settled(id)
        if session := self._sessions.get(id):
            await (session.over() if session.closing else session.flush())
        return await self._desk.finish(id)

    @asynccontextmanager
    async def _session(self, id: str, emit: Callable[[Output], None]) -> AsyncIterator[Session | Rehearsal]:
        aim, base = await asyncio.to_thread(self._kept, id)
        async with AsyncExitStack() as exits:
            tape = await exits.enter_async_context(self._tapes(id, emit)) if aim.record else None
            senses, writer = exits.enter_context(self._working(id, emit))
            record = Record(self._store, self._desk, id, tape=tape)
            take = await asyncio.to_thread(self._take, id)
            if take:
                session: Session | Rehearsal = Rehearsal(take=take, senses=senses, record=record, emit=emit, base=base)
            else:
                coach = await self._coach(id, aim, writer, base)
                session = Session(aim=aim, senses=senses, coach=coach, record=record, emit=emit, base=base)
            self._sessions[id] = session
            exits.callback(self._sessions.pop, id)
            self._faces.add(emit)
            exits.callback(self._faces.discard, emit)
            yield await exits.enter_async_context(session)

    async def _coach(self, id: str, aim: Aim, writer: LanguageModel | None, base: float) -> Callable[..., Coach]:
        watch, ignore = await asyncio.to_thread(self._desk.own_fillers)
        bands = await asyncio.to_thread(lambda: self._desk.own_bands(self._store.archive.meeting(id)))
        return partial(
            Coach,
            aim=aim,
            writer=writer,
            density=Density.NORMAL,
            ear=True,
            bands=bands,
            watch=watch,
            ignore=ignore,
            began=base,
        )

    def _take(self, id: str) -> Take | None:
        """What is rehearsed, where that is what it is."""
        return self._store.takes.take(id) if self._store.meeting(id).scenario == REHEARSAL else None

    def _kept(self, id: str) -> tuple[Aim, float]:
        """What the session is for, and where its clock stands."""
        ends = [line.end for line in self._store.lines(id)] + [end for _, _, end, *_ in self._store.sessions.sounds(id)]
        return self._store.sessions.aim(id), max(ends, default=0.0)

    async def _settled(self, id: str) -> None:
        """Wait until what was sent before now has arrived; not for somebody who goes on talking."""
        now = asyncio.get_running_loop().time
        began = now()
        while id in self._connected:
            session, face = self._sessions.get(id), self._with.get(id)
            busy = session is None or face is None or face.busy
            told_at = session.told_at if session else began
            quiet = now() - max(told_at, began) >= SETTLED or now() - began >= SETTLES_WITHIN
            if (quiet and not busy) or now() - began >= ARRIVES_WITHIN:
                return
            await asyncio.sleep(SETTLED / 10)
