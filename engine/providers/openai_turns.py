"""An ear whose turns are understood one by one when they are over: each in a task of the conversation's own group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from engine.audio import HEARING_RATE, Pcm, Resampler
from engine.errors import ProviderFailed, TooLarge
from engine.floor import LONGEST
from engine.providers.base import Listening, Transcript

MOST = 2 * LONGEST
"""Seconds of audio that one turn may have."""

Tell = Callable[[str], None]
Hear = Callable[[int, Pcm, Tell], Awaitable[Transcript]]
"""What understands a turn: its number, its audio at 16 kHz, and whom to tell the text so far. Raises ProviderFailed."""


class TurnAudio:
    """A turn that is being said: its audio at `rate` Hz, whatever rates it is pushed at."""

    def __init__(self, number: int, rate: int = HEARING_RATE) -> None:
        self.number = number
        self.rate = rate
        self.data = bytearray()
        self.finished = False
        self._resampler: Resampler | None = None

    @property
    def seconds(self) -> float:
        return len(self.data) / 2 / self.rate

    def push(self, pcm: Pcm) -> None:
        """Raises TooLarge."""
        if self.seconds + pcm.seconds > MOST:
            raise TooLarge(f"One turn of speech may last {MOST:g} seconds")
        if self._resampler is not None and self._resampler.from_rate != pcm.rate:
            self._flush()
        if self._resampler is None:
            self._resampler = Resampler(pcm.rate, self.rate)
        self.data += self._resampler.push(pcm).data

    def finish(self) -> None:
        self.finished = True
        self._flush()

    def _flush(self) -> None:
        if self._resampler is not None:
            self.data += self._resampler.flush().data
            self._resampler = None


class WholeTurns:
    """`Listening` by `hear`. Turns are understood at the same time, and told in order. One that fails is told as a
    failure, so that somebody else can be asked, and then with as much of a final as there is."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn: TurnAudio | None = None
        self._before: asyncio.Event | None = None
        """Set when the turn finished last has been told."""
        self._heard: asyncio.Queue[Transcript | ProviderFailed | None] = asyncio.Queue()

    def push(self, pcm: Pcm, turn: int) -> None:
        current = self._at(turn)
        if current is not None and not current.finished:
            current.push(pcm)

    def finish(self, turn: int) -> None:
        current = self._at(turn)
        if current is None or current.finished:
            return
        current.finish()
        before, self._before = self._before, asyncio.Event()
        task = self._group.create_task(self._understand(current, before, self._before), name=f"turn {turn}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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

    def _at(self, number: int) -> TurnAudio | None:
        """The turn of that number, begun now if it is new; None for one that is past."""
        if self._turn is None or number > self._turn.number:
            self._turn = TurnAudio(number)
        return self._turn if number == self._turn.number else None

    async def _understand(self, turn: TurnAudio, before: asyncio.Event | None, told: asyncio.Event) -> None:
        known = Transcript(turn=turn.number, text="", final=True)
        so_far = ""

        def tell(text: str) -> None:
            nonlocal so_far
            if text != so_far and (before is None or before.is_set()):
                self._heard.put_nowait(Transcript(turn=turn.number, text=text, final=False))
            so_far = text

        fault: ProviderFailed | None = None
        if turn.data:
            try:
                known = await self._hear(turn.number, Pcm(bytes(turn.data), turn.rate), tell)
            except ProviderFailed as error:
                fault, known = error, Transcript(turn=turn.number, text=so_far, final=True)
        if before is not None:
            await before.wait()
        if fault is not None:
            self._heard.put_nowait(fault)
        self._heard.put_nowait(known)
        told.set()
