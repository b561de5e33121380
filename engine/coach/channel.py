"""One side of a coached session, heard: its audio in its place on the session's clock, who makes a sound when, and the
utterances that are understood.

Nobody waits here for a turn: what is said is written down as it is said. An utterance ends with a pause, with a change
of who speaks, or, once it has grown long, with the least silence.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from engine.audio import HEARING_RATE, Pcm
from engine.coach.understanding import Caught, Understanding
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Listening, VoiceActivityDetector

PRE_ROLL = 0.3
"""Seconds before a detected onset that belong to the speech: see `ear`."""
PAUSE = 0.6
"""Seconds of silence that end an utterance: a caption should not wait longer, and nothing is answered here."""
LONG = 9.0
"""Seconds after which the least silence that is told ends an utterance: words are to come while they still matter."""
LONGEST, LATEST = 13.0, 14.5
"""Seconds after which an utterance is cut even in mid-speech, where the voice is low; and wherever it is."""
LOW, LOOKED_AT = 0.25, 0.03
"""A level, of that of the last half second, at which a word is not cut in two; and over how many seconds."""
PIECE = 0.1
"""Seconds of audio that are judged in one go: 0.6 ms of the event loop."""
QUEUED = 900.0
"""Seconds of audio that may wait: a whole file comes at once."""
BEHIND = 2.0
"""Seconds of audio that wait from which it is a file, and what comes of it sets the pace."""
GAP = 0.75
"""Seconds without audio that are silence: the microphone was muted, or the network was away."""
BURST = 0.05
"""Seconds in which all that the network held back arrives, once it lets go: then nothing was silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """Somebody began (`on`) or ceased to make a sound, `at`."""

    on: bool
    at: float


class Channel:
    """Hears one side until `run` is cancelled. `tell` is called on the event loop; `sound` is given all audio with the
    time of its beginning; `elapsed` is the session's clock, which runs on while nothing is heard, and stands at `began`
    now. `keep_up` waits, within bounds, while whoever gets the sound is behind."""

    def __init__(
        self,
        *,
        activity: VoiceActivityDetector,
        listening: Listening,
        elapsed: Callable[[], float],
        tell: Callable[[Voiced | Caught], None],
        sound: Callable[[Pcm, float], None],
        on_fault: Callable[[ProviderFailed], None],
        keep_up: Callable[[], Awaitable[None]],
        began: float = 0.0,
    ) -> None:
        self._activity = activity
        self._detector = activity.open()
        self._words = Understanding(listening, tell=tell, on_fault=on_fault)
        self._elapsed = elapsed
        self._keep_up = keep_up
        self._began = began
        self._tell = tell
        self._sound = sound
        self._queue: deque[Pcm | Callable[[], None]] = deque()
        self.waiting = 0.0
        """Seconds of audio that are still to be heard."""
        self._arrived = began
        """When the last audio came, on the session's clock."""
        self._wake, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self.position: float | None = None
        """Up to where the session was heard; None before the first audio."""
        self._detector_began = 0.0
        self._recent: deque[tuple[float, Pcm]] = deque()
        self._given = 0.0
        """Up to where sound belongs to utterances that have ended."""
        self._silent_since: float | None = None
        """Since when the open utterance has fallen silent."""

    def hear(self, pcm: Pcm) -> None:
        """Take 16 kHz audio, of any length, as fast as it comes.

        Raises:
            TooLarge: more than `QUEUED` seconds are waiting.
        """
        assert pcm.rate == HEARING_RATE
        if not pcm.data:
            return
        if self.waiting + pcm.seconds > QUEUED:
            raise TooLarge(f"more than {QUEUED / 60:.0f} minutes of audio are waiting to be heard")
        self.waiting += pcm.seconds
        self._arrived = self._elapsed()
        self._queue.append(pcm)
        self._idle.clear()
        self._wake.set()

    def then(self, act: Callable[[], None]) -> None:
        """`act` once all that has arrived by now was heard."""
        if self._idle.is_set():
            act()
        else:
            self._queue.append(act)

    async def run(self) -> None:
        """Hear what arrives and understand it, for ever."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._words.run(), name="understanding")
                while True:
                    while self._queue:
                        await self._take(self._queue.popleft())
                    self._idle.set()
                    self._wake.clear()
                    await self._wait()
        finally:
            self._idle.set()

    def cut(self) -> None:
        """What is said from now on is another utterance."""
        if self._words.open is None or self.position is None:
            return
        speaking = self._silent_since is None
        self._finish()
        if speaking:
            self._begin(self.position, self.position)

    async def flush(self, within: float, *, last: bool = False) -> None:
        """Hear what has arrived, end what is being said, and wait for its words, at most `within` seconds. `last`: of
        what is not understood by then, what was seen is all there is; else its words may still come."""
        end = self._finish if last else self.cut
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
                end()
                await self._words.until_done()
        except TimeoutError:
            if last:
                end()
                self._words.give_up()

    async def _take(self, what: Pcm | Callable[[], None]) -> None:
        if isinstance(what, Pcm):
            await self._hear(what)
        else:
            what()

    async def _wait(self) -> None:
        """For more audio; what does not come is silence."""
        try:
            async with asyncio.timeout(GAP if self._words.open or self._detector.speaking else None):
                await self._wake.wait()
        except TimeoutError:
            if self.position is not None:
                self._silent(self.position)
            self._finish()
            self._fresh()

    async def _hear(self, pcm: Pcm) -> None:
        await self._place()
        for number in range(-(-pcm.samples // round(PIECE * HEARING_RATE))):
            piece = pcm.cut(number * PIECE, (number + 1) * PIECE)
            self._judge(piece)
            self.waiting = max(0.0, self.waiting - piece.seconds)
            await asyncio.sleep(0)
            if self.waiting > BEHIND:
                await self._words.until_fewer()
                await self._keep_up()

    async def _place(self) -> None:
        """Where the next audio belongs: after the last, or, where none has come for a while, up to now."""
        if self.position is None:
            self.position = self._detector_began = self._begins
        elif self._begins - self.position > GAP:
            await asyncio.sleep(BURST)
            if self._begins - self.position > GAP:
                self._silent(self.position)
                self._finish()
                self.position = self._begins
                self._fresh()

    @property
    def _begins(self) -> float:
        """When all that waits began to sound, if it ended as it arrived."""
        return max(self._began, self._arrived - self.waiting)

    def _judge(self, pcm: Pcm) -> None:
        assert self.position is not None
        at, base = self.position, self._detector_began
        self.position += pcm.seconds
        self._sound(pcm, at)
        self._recent.append((at, pcm))
        while self._recent[0][0] < self.position - 2 * PRE_ROLL - PIECE:
            self._recent.popleft()
        if self._words.open:
            self._words.push(pcm)
        for edge in self._detector.feed(pcm):
            if edge.onset:
                self._sounds(base + edge.at)
            else:
                self._silent(base + edge.at)
        self._end_where_due(self.position)

    def _sounds(self, at: float) -> None:
        self._tell(Voiced(on=True, at=at))
        self._silent_since = None
        if self._words.open is None:
            self._begin(max(0.0, at - PRE_ROLL, self._given), at)

    def _silent(self, at: float) -> None:
        if self._words.open and self._silent_since is None:
            self._silent_since = at
            self._tell(Voiced(on=False, at=at))

    def _end_where_due(self, position: float) -> None:
        if self._words.open is None:
            return
        long = position - self._words.open.start
        if self._silent_since is not None:
            if position - self._silent_since >= PAUSE or long >= LONG:
                self._finish()
        elif long >= LATEST or (long >= LONGEST and self._is_low()):
            self.cut()

    def _is_low(self) -> bool:
        """Whether the voice is, at this very moment: between two words, or in one before a `t`."""
        import numpy as np

        heard = np.abs(np.frombuffer(b"".join(pcm.data for _, pcm in self._recent), "<i2").astype(np.float32))
        return bool(heard[-round(LOOKED_AT * HEARING_RATE) :].mean() <= LOW * heard.mean())

    def _begin(self, since: float, start: float) -> None:
        recent = [(at, pcm) for at, pcm in self._recent if at + pcm.seconds > since]
        since = max(since, recent[0][0]) if recent else start
        self._words.begin(since, start)
        for at, pcm in recent:
            self._words.push(pcm.cut(max(0.0, since - at)))

    def _finish(self) -> None:
        if self._words.open:
            self._given = self.position or 0.0 if self._silent_since is None else self._silent_since
            self._words.finish(self._given)
        self._silent_since = None

    def _fresh(self) -> None:
        self._detector = self._activity.open()
        self._detector_began = self.position or 0.0
        self._recent.clear()
