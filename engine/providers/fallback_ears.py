"""Ears that go on when their own fail: the next ones hear again what of a turn has not been understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from engine.audio import Pcm
from engine.errors import ProviderFailed, TooLarge
from engine.floor import LONGEST
from engine.providers.base import About, Expectation, Listening, SpeechToText, Transcript
from engine.providers.circuit import Chain, Link
from engine.providers.tab import Tab

MOST = 2 * LONGEST
"""Seconds of audio that one turn may have: as much as any ears take."""


class FallbackEars:
    """`SpeechToText` by the first of a chain that understands. Who is asked may change with every turn: the best come
    back when they are well again, but never in the middle of a turn that others hear."""

    def __init__(self, chain: Chain[SpeechToText]) -> None:
        self._chain = chain

    def of(self, tab: Tab) -> FallbackEars:
        return FallbackEars(self._chain.of(tab))

    @property
    def about(self) -> About:
        return self._chain.about

    async def warm(self) -> None:
        await self._chain.warm()

    async def close(self) -> None:
        await self._chain.close()

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return _Listening(self._chain, expect)


@dataclass(slots=True)
class _Turn:
    """Audio of a turn that is not understood yet."""

    audio: list[Pcm] = field(default_factory=list)
    seconds: float = 0.0
    finished: bool = False


class _Listening:
    """One ear at a time, each in a task of its own. What it is given is kept until its words are final."""

    def __init__(self, chain: Chain[SpeechToText], expect: Expectation) -> None:
        self._chain, self._expect = chain, expect
        self._group = asyncio.TaskGroup()
        self._turns: dict[int, _Turn] = {}
        self._last = 0
        self._link: Link[SpeechToText] | None = None
        self._ear: Listening | None = None
        self._task: asyncio.Task[None] | None = None
        self._left = False
        self._heard: asyncio.Queue[Transcript | ProviderFailed | None] = asyncio.Queue()

    async def __aenter__(self) -> Listening:
        await self._group.__aenter__()
        try:
            self._open(self._chain.asked())
        except ProviderFailed:
            await self._group.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left = True
        self._heard.put_nowait(None)
        self._leave()
        await self._group.__aexit__(None, None, None)

    def push(self, pcm: Pcm, turn: int) -> None:
        if turn > self._last:
            self._begin(turn)
        known = self._turns.get(turn)
        if known is None or known.finished:
            return
        if known.seconds + pcm.seconds > MOST:
            raise TooLarge(f"One turn of speech may last {MOST:g} seconds")
        known.audio.append(pcm)
        known.seconds += pcm.seconds
        if self._ear:
            self._ear.push(pcm, turn)

    def finish(self, turn: int) -> None:
        if turn > self._last:
            self._begin(turn)
        known = self._turns.get(turn)
        if known is None or known.finished:
            return
        known.finished = True
        if self._ear:
            self._ear.finish(turn)
        elif self._link is None:
            self._forget(turn)

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while (heard := await self._heard.get()) is not None:
            if isinstance(heard, ProviderFailed):
                raise heard
            yield heard
        self._heard.put_nowait(None)

    def _begin(self, turn: int) -> None:
        """A turn that was not finished is abandoned. With a new one the best ears that are well are asked again."""
        self._last = turn
        for number in [number for number, known in self._turns.items() if not known.finished]:
            del self._turns[number]
        if not self._turns:
            try:
                link = self._chain.asked()
            except ProviderFailed as error:
                self._heard.put_nowait(error)
                return
            if link is not self._link:
                self._open(link)
        self._turns[turn] = _Turn()

    def _open(self, link: Link[SpeechToText]) -> None:
        self._leave()
        self._link = link
        self._task = self._group.create_task(self._hear(link), name=f"ear {link.provider.about.name}")

    def _leave(self) -> None:
        self._ear = None
        if self._task:
            self._task.cancel()

    async def _hear(self, link: Link[SpeechToText]) -> None:
        """Hand on what `link` understands, until it fails."""
        try:
            async with link.provider.listen(self._expect) as ear:
                self._again(ear)
                self._ear = ear
                async for transcript in ear:
                    self._take(link, transcript)
        except ProviderFailed as error:
            if link is self._link and not self._left:
                self._next(link, error)

    def _again(self, ear: Listening) -> None:
        """Give it what has not been understood yet."""
        for number, turn in sorted(self._turns.items()):
            for pcm in turn.audio:
                ear.push(pcm, number)
            if turn.finished:
                ear.finish(number)

    def _take(self, link: Link[SpeechToText], transcript: Transcript) -> None:
        if link is not self._link or transcript.turn not in self._turns:
            return
        if transcript.final:
            del self._turns[transcript.turn]
            link.circuit.worked()
        self._heard.put_nowait(transcript)

    def _next(self, link: Link[SpeechToText], error: ProviderFailed) -> None:
        link.circuit.failed(error)
        self._ear = None
        try:
            self._open(self._chain.asked(after=link))
        except ProviderFailed:
            self._lose(error)

    def _lose(self, error: ProviderFailed) -> None:
        """Nobody is left: what is waited for is lost. With the next turn all are asked again, if there are several."""
        self._link, self._task = None, None
        several = len(self._chain.links) > 1
        self._heard.put_nowait(ProviderFailed(error.provider, str(error), retryable=True) if several else error)
        for number in [number for number, turn in sorted(self._turns.items()) if turn.finished]:
            self._forget(number)

    def _forget(self, turn: int) -> None:
        del self._turns[turn]
        self._heard.put_nowait(Transcript(turn=turn, text="", final=True))
