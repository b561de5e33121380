"""A rehearsal while it goes on: it hears the speaker, writes down what was said, and follows them through the script.
Sole owner of its state; use as `async with`, then `post`.

Its clock counts seconds since the take first heard something, and goes on where it was when it is taken up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType

from engine import clock
from engine.analysis.values import USER
from engine.audio import HEARING_RATE, Pcm, silence
from engine.coach import messages as say
from engine.coach.channel import Channel, Voiced
from engine.coach.record import Record
from engine.coach.session import AT_LAST, CLOSED_WITHIN, FLUSHED_WITHIN, PER_WAITING
from engine.coach.understanding import Caught
from engine.errors import BadInput, NotFound, RostrumError
from engine.inputs import Input, Left, MicAudio, Returned
from engine.messages import Ended, Fault, Output
from engine.providers.base import Expectation, Senses
from engine.rehearsal.follow import Follower
from engine.rehearsal.messages import GoAgain, Placed
from engine.rehearsal.values import Again, Take

WARMING = 0.1
"""Seconds of silence that are heard ahead, so that whoever hears has read the script when the first word comes."""


class Rehearsal:
    """`record` keeps it; `emit` hears every Output, in order, and must not block; `base`: where its clock stands."""

    def __init__(
        self, *, take: Take, senses: Senses, record: Record, emit: Callable[[Output], None], base: float = 0.0
    ) -> None:
        self._take = take
        self._senses = senses
        self._record = record
        self._emit = emit
        self._base = base
        self._began: float | None = None
        self._follower = Follower(take.script, take.agains[-1].sentence if take.agains else 1)
        self._place = self._follower.place
        self._since = base
        """What was said before is not followed any more."""
        self._tasks = asyncio.TaskGroup()
        self._exits = AsyncExitStack()
        self._hearing: asyncio.Task[None] | None = None
        self._stopping = False
        record.gone = self._gone
        record.measure()
        self.told_at = clock.now()
        """When it was told something last, on the event loop's clock."""
        self.closing = False
        """Nobody is coming back to it: the last words are being written down …"""
        self.closed = asyncio.Event()
        """… and now everything that was said is on disk."""

    async def __aenter__(self) -> Rehearsal:
        """Raises ProviderFailed: the user cannot be heard."""
        expect = Expectation(sentences=self._take.script, verbatim=True)
        async with AsyncExitStack() as exits:
            listening = await exits.enter_async_context(self._senses.ears.listen(expect))
            listening.push(silence(WARMING, HEARING_RATE), 0)
            listening.finish(0)
            self._channel = Channel(
                activity=self._senses.activity,
                listening=listening,
                elapsed=lambda: self.elapsed,
                tell=self._heard,
                sound=partial(self._record.sound, USER),
                on_fault=self._fault,
                keep_up=self._record.keep_up,
                began=self._base,
            )
            await exits.enter_async_context(self._tasks)
            self._exits = exits.pop_all()
        self._hearing = self._tasks.create_task(self._channel.run(), name="hearing the speaker")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Left by a cancellation, as when the server ends, it waits for the last words no longer than that allows."""
        self.closing = True
        cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        try:
            await self.flush(AT_LAST if cancelled else None)
        finally:
            if self._hearing:
                self._hearing.cancel()
            try:
                await self._exits.__aexit__(kind, error, trace)
            finally:
                self.closed.set()

    async def over(self) -> None:
        """Wait, within bounds, until it has closed."""
        try:
            async with asyncio.timeout(self._within() + CLOSED_WITHIN):
                await self.closed.wait()
        except TimeoutError:
            return

    async def flush(self, within: float | None = None) -> None:
        """Wait, within bounds, until everything that was said so far is written down, and on disk."""
        await self._channel.flush(self._within() if within is None else within, last=self.closing)
        await self._record.flush(last=self.closing)

    def _within(self) -> float:
        return FLUSHED_WITHIN + PER_WAITING * self._channel.waiting

    @property
    def elapsed(self) -> float:
        """Seconds on the take's clock."""
        return self._base + (clock.now() - self._began if self._began is not None else 0.0)

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def post(self, message: Input) -> None:
        """Raises BadInput or TooLarge: it cannot be taken; nothing has changed."""
        self.told_at = clock.now()
        match message:
            case MicAudio(pcm=pcm):
                self._hear(pcm)
            case GoAgain(sentence=sentence):
                if not 1 <= sentence <= len(self._take.script):
                    raise BadInput(f"sentence: expected 1 to {len(self._take.script)}")
                self._channel.then(partial(self._go, sentence))
            case say.Stop():
                if not self._stopping:
                    self._stopping = True
                    self._tasks.create_task(self._stop(), name="the last words")
            case say.Tune():  # what a client that comes, or comes back, says first
                self._emit(Placed(sentence=self._place.sentence, words=self._place.words))
            case Left() | Returned():
                return
            case _:
                raise BadInput("a rehearsal cannot be told that")

    def _hear(self, pcm: Pcm) -> None:
        if self._began is None:
            self._began = clock.now() - pcm.seconds
            self._record.heard_by(self._senses.ears.about.name)
            if not self._base:
                self._record.began()
        self._channel.hear(pcm)

    def _go(self, sentence: int) -> None:
        self._channel.cut()
        self._since = self._channel.position or self._base
        self._record.went(Again(at=self._since, sentence=sentence))
        self._follower.again(sentence)
        self._tell()

    async def _stop(self) -> None:
        await self.flush()
        self._stopping = False
        self._emit(Ended())

    def _gone(self) -> None:
        """Somebody has deleted it: nobody is heard any more."""
        self._fault(NotFound("This take was deleted."))
        self._emit(Ended())

    # ---- what it hears -----------------------------------------------------------------------------------------------

    def _heard(self, fact: Voiced | Caught) -> None:
        match fact:
            case Voiced(on=on, at=at):
                self._record.voiced(USER, on, at)
                self._emit(say.Told(speaker=USER if on else None))
            case Caught(text=text, final=final, start=start):
                if start >= self._since:
                    self._follower.heard(text, final=final)
                    self._tell()
                if final and text:
                    self._record.write(USER, fact, lambda line: None, self._emit)
                else:
                    self._emit(say.Captioned(speaker=USER, text=text))

    def _tell(self) -> None:
        if self._follower.place != self._place:
            self._place = self._follower.place
            self._emit(Placed(sentence=self._place.sentence, words=self._place.words))

    def _fault(self, error: RostrumError) -> None:
        self._emit(Fault(code=error.code, message=str(error), retryable=error.retryable))
