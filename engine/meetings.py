"""Conversations that are going on, and who is with them: a face comes, drops, and comes back to the same one."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from engine.errors import RostrumError, StillGoingOn, TooMany
from engine.messages import Input, Left, Output
from engine.records import Persona, Pitch
from engine.store import new_id

log = logging.getLogger(__name__)

BROKEN = "something went wrong inside Rostrum"

MOST = 400
"""Conversations of one sort at a time, each of up to a megabyte: more is a client gone wrong."""
GRACE = 30.0
"""Seconds for which a conversation waits for a client that dropped."""
ENDS_WITHIN = 30.0
"""Seconds for which whoever comes to a meeting again waits for it to end."""
AN_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What a client may call a conversation of its own; shorter names could be somebody else's too."""


class Face(Protocol):
    """Whoever is with a conversation: a socket's outbox."""

    def put(self, output: Output) -> None:
        """Hear an Output; must not block."""
        ...

    def part(self, reason: str, *, broken: bool = False) -> None:
        """The conversation is over for this face: it has ended, has `broken`, or another face has come for it."""
        ...


class Talk(Protocol):
    """What goes on in a meeting: a conversation, or a session that is coached."""

    def post(self, message: Input) -> None:
        """Raises BadInput, TooLarge: it cannot be taken; nothing has changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a meeting is about: the pitch, standing at sentence `mark`, or the persona."""

    talk: Talk
    pitch: Pitch | None = None
    mark: int = 1
    persona: Persona | None = None


Hold = Callable[[str, Callable[[Output], None]], AbstractAsyncContextManager[Held]]
"""Opens the conversation of a meeting, given its id and who hears it."""


class Meeting:
    """A conversation with an id. `post` goes to the conversation; a meeting that was left for good ends."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.grace = GRACE
        """Seconds for which it waits; a wire whose clients come and go with every turn makes it longer."""
        self.face: Face | None = None
        self._early: list[Output] = []
        """What was told before the first face had come."""
        self.opened: asyncio.Future[Held] = asyncio.get_running_loop().create_future()
        self._left = asyncio.Event()
        self._changed = asyncio.Event()
        self.ended = asyncio.Event()
        """Nothing is left of it: its id may be used again."""

    @property
    def left(self) -> bool:
        """It was left for good: nobody comes to it any more."""
        return self._left.is_set()

    @property
    def held(self) -> Held:
        return self.opened.result()

    def post(self, message: Input) -> None:
        """Raises BadInput, TooLarge: see `Talk.post`."""
        early, self._early = self._early, []
        for output in early if self.face else ():
            self.emit(output)
        self.held.talk.post(message)

    def take(self, message: Input, face: Face) -> None:
        """`post` what `face` says, unless another one has come for it meanwhile. Raises what `post` raises."""
        if self.face is face:
            self.post(message)

    def emit(self, output: Output) -> None:
        if self.face:
            self.face.put(output)
        elif not self.opened.done():
            self._early.append(output)

    def come(self, face: Face) -> None:
        """`face` is with it from now on; one that was there before is not any more."""
        if self.face:
            self.post(Left())
            self.face.part("this conversation goes on in another connection")
        self.face = face
        self._changed.set()

    def go(self, face: Face, *, for_good: bool) -> None:
        """`face` has gone. Nothing where another one has come for it."""
        if self.face is not face:
            return
        self.face = None
        if for_good:
            self._left.set()
        elif self.opened.done() and not self.opened.cancelled() and self.opened.exception() is None:
            self.post(Left())
        self._changed.set()

    async def over(self) -> None:
        """Wait until it was left for good, or by a face that does not come back within `grace`."""
        while not self._left.is_set():
            self._changed.clear()
            try:
                async with asyncio.timeout(None if self.face else self.grace):
                    await self._changed.wait()
            except TimeoutError:
                if self.face is None:  # else one has come at the last moment
                    return


class Meetings:
    """All that are going on. Use as `async with Meetings() as meetings`: leaving ends every one of them. `known` says,
    in a thread, whether there has been a meeting of that id: its record is not written over. A sort is the name of a
    wire, and, after a blank, whose conversations they are: nobody else can come back to them."""

    def __init__(self, *, known: Callable[[str], bool] = lambda _: False) -> None:
        self._known = known
        self._going: dict[tuple[str, str], Meeting] = {}
        self._taken: dict[str, Meeting] = {}
        """All that are going on or being ended, whatever their sort: records and recordings go by their ids."""
        self._tasks = asyncio.TaskGroup()
        self._hosts: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Meetings:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for host in tuple(self._hosts):
            host.cancel()
        await self._tasks.__aexit__(None, None, None)

    def count(self, sort: str) -> int:
        """How many of that sort are going on, whosesoever."""
        return sum(1 for kind, _ in self._going if kind.partition(" ")[0] == sort.partition(" ")[0])

    @asynccontextmanager
    async def join(
        self, sort: str, id: str | None, face: Face, hold: Hold, *, again: bool = False
    ) -> AsyncIterator[tuple[Meeting, bool]]:
        """Be with meeting `id` of that sort, or with a new one that `hold` opens; and whether it was going on: then
        post `Returned` as soon as its outputs may come. Call `go` with `for_good` before leaving, where that is so;
        otherwise it waits for its `grace`. `again`: a meeting that there has been may be taken up again by its id, as
        soon as it has ended.

        Raises:
            StillGoingOn: it is still being ended.
            TooMany: there are `MOST` of that wire already.
            RostrumError: whatever `hold` raises.
        """
        if again:
            await self._ended(sort, id or "")
        elif (sort, id or "") not in self._going and not await self._usable(id):
            id = None
        meeting = self._going.get((sort, id or ""))
        returned = meeting is not None
        meeting = meeting or self._begin(sort, id, hold)
        try:
            await asyncio.shield(meeting.opened)
            meeting.come(face)
            yield meeting, returned
        finally:
            meeting.go(face, for_good=False)

    async def _ended(self, sort: str, id: str) -> None:
        """Wait until a meeting of that id that is being ended has ended."""
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                while (meeting := self._taken.get(id)) and (meeting.left or (sort, id) not in self._going):
                    await meeting.ended.wait()
        except TimeoutError:
            raise StillGoingOn("what was said here is still being written down: try again in a moment") from None

    async def _usable(self, id: str | None) -> bool:
        """Whether a new meeting may be called so."""
        return bool(id and AN_ID.fullmatch(id)) and not await asyncio.to_thread(self._known, str(id))

    def _begin(self, sort: str, id: str | None, hold: Hold) -> Meeting:
        if self.count(sort) >= MOST:
            raise TooMany(f"{MOST} conversations are going on here: try again when one has ended")
        meeting = Meeting(new_id() if id is None or id in self._taken else id)
        self._going[sort, meeting.id] = meeting
        self._taken[meeting.id] = meeting
        host = self._tasks.create_task(self._host(sort, meeting, hold), name=f"meeting {meeting.id}")
        self._hosts.add(host)
        host.add_done_callback(self._hosts.discard)
        return meeting

    async def _host(self, sort: str, meeting: Meeting, hold: Hold) -> None:
        """The task that a conversation lives in. The boundary of a conversation: a bug ends this one only."""
        try:
            async with hold(meeting.id, meeting.emit) as held:
                meeting.opened.set_result(held)
                await meeting.over()
                self._forget(sort, meeting)
        except RostrumError as error:
            self._fail(meeting, error)
        except Exception:
            log.exception("a conversation failed in an unexpected way")
            self._fail(meeting, RostrumError(BROKEN))
            if meeting.face:
                meeting.face.part(BROKEN, broken=True)
                meeting.face = None
        finally:
            self._forget(sort, meeting)
            self._taken.pop(meeting.id, None)
            meeting.ended.set()
            meeting.opened.cancel()
            if meeting.face:
                meeting.face.part("the conversation has ended")

    def _forget(self, sort: str, meeting: Meeting) -> None:
        if self._going.get((sort, meeting.id)) is meeting:
            del self._going[sort, meeting.id]

    @staticmethod
    def _fail(meeting: Meeting, error: RostrumError) -> None:
        if not meeting.opened.done():
            meeting.opened.set_exception(error)
