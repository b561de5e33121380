"""The words of one side of a coached session: one utterance after another, each understood within a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from engine.audio import Pcm
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Listening, Word, shifted

WORDS_WITHIN = 30.0
"""Seconds for the words of an utterance that has ended: ears that hear one voice at a time may be busy with a long one
on the other side."""
AWAITED = 2
"""Utterances whose words may be awaited while more is heard: of a whole file the rest waits."""
AGAIN = 1.0
"""Seconds after a failure until it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What was understood of an utterance so far, or finally; all times are of the session, `start` and `end` those of
    its speech."""

    text: str
    final: bool
    start: float
    end: float
    words: tuple[Word, ...] = ()


@dataclass(slots=True, kw_only=True)
class Utterance:
    """`since`: where its audio begins; `start` and `end`: where its speech does. `due`: when its words are given up,
    on the event loop's clock, once it has ended."""

    since: float
    start: float
    end: float
    interim: str = ""
    due: float | None = None


class Understanding:
    """Gives utterances to speech to text and tells what comes back. One is open at a time."""

    def __init__(
        self, listening: Listening, *, tell: Callable[[Caught], None], on_fault: Callable[[ProviderFailed], None]
    ) -> None:
        self._listening = listening
        self._tell = tell
        self._fault = on_fault
        self._number = 0
        self.open: Utterance | None = None
        self._awaited: dict[int, Utterance] = {}
        self._failing = self._deaf = False
        """No words come just now; none come any more."""
        self._changed: set[asyncio.Event] = set()

    def begin(self, since: float, start: float) -> None:
        self._number += 1
        self.open = Utterance(since=since, start=start, end=start)

    def push(self, pcm: Pcm) -> None:
        """Audio of the utterance that is open."""
        try:
            self._listening.push(pcm, self._number)
        except TooLarge:  # an utterance is cut long before that
            return

    def finish(self, end: float) -> None:
        """The open utterance, if any, has ended: its words follow."""
        if self.open is None:
            return
        utterance, self.open = self.open, None
        utterance.end, utterance.due = end, _now() + WORDS_WITHIN
        self._awaited[self._number] = utterance
        self._tell_waiters()
        self._listening.finish(self._number)
        if self._deaf:
            self.give_up()

    async def until_fewer(self, than: int = AWAITED) -> None:
        """Wait until the words of fewer utterances are awaited; at most as long as they may take."""
        while len(self._awaited) >= than:
            await self._change()

    async def until_done(self) -> None:
        """Wait for the words of whatever has ended by now; at most as long as they may take."""
        awaited = set(self._awaited)
        while awaited & self._awaited.keys():
            await self._change()

    def give_up(self) -> None:
        """Whatever is not there by now does not come: what was seen so far is all there is."""
        for number in tuple(self._awaited):
            self._give_up(number)

    async def run(self) -> None:
        """Understand, for ever. A failure that may pass costs an utterance its words, and the first of a row is told;
        after another one nothing more is understood."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(), name="words that do not come")
            while not self._deaf:
                try:
                    await self._take()
                except ProviderFailed as error:
                    if not self._failing:
                        self._fault(error)
                    self._failing, self._deaf = True, not error.retryable
                    await asyncio.sleep(0.0 if self._deaf else AGAIN)
            self.give_up()

    async def _take(self) -> None:
        async for heard in self._listening:
            self._failing = False
            utterance = self._awaited.get(heard.turn) or (self.open if heard.turn == self._number else None)
            if utterance is None:
                continue
            utterance.interim = heard.text
            self._say(utterance, heard.text, final=heard.final, words=shifted(heard.words, utterance.since))
            if heard.final:
                self._done(heard.turn)
        self._deaf = True

    async def _watch(self) -> None:
        while True:
            due = min((each.due for each in self._awaited.values() if each.due is not None), default=None)
            try:
                async with asyncio.timeout_at(due):
                    await self._change()
            except TimeoutError:
                for number, utterance in tuple(self._awaited.items()):
                    if utterance.due is not None and utterance.due <= _now():
                        self._give_up(number)

    def _say(self, utterance: Utterance, text: str, *, final: bool, words: tuple[Word, ...] = ()) -> None:
        end = max(utterance.start, utterance.end)
        self._tell(Caught(text=text.strip(), final=final, start=utterance.start, end=end, words=words))

    def _give_up(self, number: int) -> None:
        utterance = self._awaited[number]
        self._say(utterance, utterance.interim, final=True)
        self._done(number)

    def _done(self, number: int) -> None:
        self._awaited.pop(number, None)
        self._tell_waiters()

    async def _change(self) -> None:
        """Wait until another utterance is awaited, or one less."""
        change = asyncio.Event()
        self._changed.add(change)
        try:
            await change.wait()
        finally:
            self._changed.discard(change)

    def _tell_waiters(self) -> None:
        for change in self._changed:
            change.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
