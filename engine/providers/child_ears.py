"""Ears whose recogniser runs in child processes: what the offline and the local recognisers have in common.

A turn takes a free child from its first audio to its final transcript. Where there are more turns than children, those
that were spoken to their end are heard first, each as fast as it can be: whoever still speaks makes way for them, since
a child that listens along idles most of the time. Their audio is kept, and heard from its beginning once there is room,
or once they have finished. What goes wrong with a child costs that turn its words (an empty final), never the
conversation.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import About, Expectation, Listening, Transcript, Word
from engine.providers.child_pool import Child, ChildFailed, Limits, Pool
from engine.providers.child_worker import RATE, Kind

log = logging.getLogger(__name__)

PIECE = 0.1
"""Seconds of audio that are worth a request: less waits for more."""

LARGEST_PIECE = 1.0
"""Seconds of audio in one request, so that an abandoned turn frees its child soon."""

INTERIM = 0.3
"""Seconds of audio between interim transcripts."""


class ChildEars:
    """`SpeechToText` by the process that `arguments` run. Needs no event loop until somebody listens; wants a `close`.

    `children`: how many turns are heard at once, each in a process of its own.
    """

    def __init__(self, *, about: About, arguments: Sequence[str], children: int, limits: Limits) -> None:
        self.about = about
        self._limits = limits
        self._pool = Pool(about=about, arguments=arguments, size=children, limits=limits)

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return _ChildListening(self._pool, self._limits, expect)

    async def warm(self) -> None:
        """Start one child and load its models. Raises ProviderFailed where that cannot be done."""
        await self._pool.warm()

    async def close(self) -> None:
        """End all children within a second; turns in flight end with empty finals."""
        await self._pool.close()


class _Turn:
    """One user turn's audio on its way to a child."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seconds = 0.0
        self.finished = False
        self.task: asyncio.Task[None] | None = None
        self._waiting: deque[Pcm] = deque()
        self._seconds_waiting = 0.0
        self._taken: list[Pcm] = []
        self._enough = asyncio.Event()
        self.nudged = asyncio.Event()
        """It has finished, or a child may have come free."""

    def push(self, pcm: Pcm) -> None:
        self._waiting.append(pcm)
        self.seconds += pcm.seconds
        self._seconds_waiting += pcm.seconds
        if self._seconds_waiting >= PIECE:
            self._enough.set()

    def finish(self) -> None:
        self.finished = True
        self._enough.set()
        self.nudged.set()

    def rewind(self) -> None:
        """What was taken is to be taken again."""
        self._waiting.extendleft(reversed(self._taken))
        self._seconds_waiting += sum(pcm.seconds for pcm in self._taken)
        self._taken.clear()
        self._enough.set()

    async def piece(self, patience: float) -> Pcm | None:
        """The next audio, as it was pushed, together up to `LARGEST_PIECE` and what goes beyond; None once all is
        taken. Whoever pushes nothing for `patience` seconds has finished."""
        try:
            async with asyncio.timeout(patience):
                await self._enough.wait()
        except TimeoutError:
            self.finish()
        if not self._waiting:
            return None
        taken = [self._waiting.popleft()]
        seconds = taken[0].seconds
        while self._waiting and self._waiting[0].rate == taken[0].rate and seconds < LARGEST_PIECE:
            taken.append(self._waiting.popleft())
            seconds += taken[-1].seconds
        self._taken += taken
        self._seconds_waiting -= seconds
        if self._seconds_waiting < PIECE and not self.finished:
            self._enough.clear()
        return Pcm(b"".join(pcm.data for pcm in taken), taken[0].rate)


class _ChildListening:
    """One conversation's ear: turns in order, each in a task of the conversation's own group."""

    def __init__(self, pool: Pool, limits: Limits, expect: Expectation) -> None:
        self._pool, self._limits, self._expect = pool, limits, expect
        self._group = asyncio.TaskGroup()
        self._turn: _Turn | None = None
        self._in_order = asyncio.Lock()
        self._heard: asyncio.Queue[Transcript | ProviderFailed | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._channel = ""

    def push(self, pcm: Pcm, turn: int) -> None:
        current = self._at(turn)
        if current is None or current.finished:
            return
        if current.seconds + pcm.seconds > self._limits.audio:
            raise TooLarge(f"One turn of speech may last {self._limits.audio:g} seconds")
        current.push(pcm)

    def finish(self, turn: int) -> None:
        if (current := self._at(turn)) is not None:
            current.finish()

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return self

    async def __anext__(self) -> Transcript:
        heard = await self._heard.get()
        if heard is None:
            self._heard.put_nowait(None)
            raise StopAsyncIteration
        if isinstance(heard, ProviderFailed):
            raise heard
        return heard

    async def __aenter__(self) -> Listening:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)
        self._heard.put_nowait(None)

    def _at(self, number: int) -> _Turn | None:
        """The turn of that number, begun now if it is new; None for one that is past."""
        if self._turn is None or number > self._turn.number:
            if self._turn is not None and not self._turn.finished and self._turn.task is not None:
                self._turn.task.cancel()
            self._turn = _Turn(number)
            self._turn.task = self._group.create_task(self._hear(self._turn))
            self._tasks.add(self._turn.task)
            self._turn.task.add_done_callback(self._tasks.discard)
        return self._turn if number == self._turn.number else None

    async def _hear(self, turn: _Turn) -> None:
        async with self._in_order:
            try:
                final = await self._transcribe(turn)
            except ProviderFailed as error:
                self._heard.put_nowait(error)
            except (ChildFailed, TimeoutError) as error:
                log.warning("Turn %d was not understood: the recogniser %s", turn.number, error or "was busy")
                self._heard.put_nowait(Transcript(turn=turn.number, text="", final=True, confidence=0.0))
            else:
                self._heard.put_nowait(final)

    async def _transcribe(self, turn: _Turn) -> Transcript:
        while (piece := await turn.piece(self._limits.quiet)) is not None:
            await self._due(turn)
            async with self._pool.child() as child:
                heard = await self._heard_by(child, turn, piece)
            if heard:
                self._pool.well()
                if heard["text"]:  # silence says nothing about a voice
                    self._channel = heard["channel"]
                return _final(turn.number, heard)
            turn.rewind()
        return Transcript(turn=turn.number, text="", final=True)

    async def _due(self, turn: _Turn) -> None:
        """Wait until `turn` may have a child: it has finished, or nobody is kept waiting by it."""
        with self._pool.watched(turn.nudged):
            while not (turn.finished or self._pool.has_room):
                turn.nudged.clear()
                await turn.nudged.wait()

    async def _heard_by(self, child: Child, turn: _Turn, first: Pcm) -> dict[str, Any] | None:
        """Give the child all of the turn's audio, pass on what it understands meanwhile. None: it made way."""
        expect = self._expect
        told = {
            "sentences": expect.sentences,
            "verbatim": expect.verbatim,
            "channel": self._channel,
            "language": expect.language,
        }
        await child.ask(Kind.BEGIN, json.dumps(told).encode())
        piece: Pcm | None = first
        shown, since = "", 0.0
        while piece is not None:
            if self._pool.waiting and not turn.finished:
                return None
            heard = await child.ask(Kind.AUDIO, RATE.pack(piece.rate) + piece.data, seconds=piece.seconds)
            since += piece.seconds
            if heard["text"] != shown and since >= INTERIM:
                shown, since = heard["text"], 0.0
                self._heard.put_nowait(Transcript(turn=turn.number, text=shown, final=False))
            piece = await turn.piece(self._limits.quiet)
        return await child.ask(Kind.FINISH, seconds=turn.seconds)


def _final(turn: int, heard: dict[str, Any]) -> Transcript:
    words = tuple(Word(text=text, start=start, end=end, confidence=sure) for text, start, end, sure in heard["words"])
    sure = sum(word.confidence for word in words) / len(words) if words else 1.0
    return Transcript(turn=turn, text=heard["text"], final=True, words=words, confidence=sure)
