"""A coached session while it goes on: it hears one or both sides, writes down who said what, and lets the coach speak
up. Sole owner of its state; use as `async with`, then `post`.

Its clock counts seconds since the session first heard something, and goes on where it was when the session is taken up
again later: the time between does not count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from types import TracebackType
from typing import Any

from engine import clock
from engine.analysis.values import PARTNER, USER, Frames, Line
from engine.audio import Pcm
from engine.coach import cues
from engine.coach import messages as say
from engine.coach.attribution import Attribution
from engine.coach.channel import Channel, Voiced
from engine.coach.coach import Coach
from engine.coach.reconsidering import Reconsidering
from engine.coach.record import Record
from engine.coach.understanding import Caught
from engine.coach.whisper import Whisperer
from engine.errors import BadInput, NotFound, ProviderFailed, RostrumError
from engine.inputs import Input, Left, MicAudio, Returned
from engine.messages import Ended, Fault, Output
from engine.providers.base import Expectation, Senses
from engine.records import Aim

FLUSHED_WITHIN, PER_WAITING = 12.0, 0.5
"""Seconds for the last words when a session ends; and for each second of audio that is still to be heard."""
AT_LAST = 0.7
"""Seconds for the last words when the server ends, which should not take longer than two."""
CLOSED_WITHIN = 10.0
"""Seconds for everything else when it closes."""


class Session:
    """`record` keeps it, `coach` makes the coach, given who hears what it emits; `emit` hears every Output, in order,
    and must not block; `base`: where its clock stands."""

    def __init__(
        self,
        *,
        aim: Aim,
        senses: Senses,
        coach: Callable[..., Coach],
        record: Record,
        emit: Callable[[Output], None],
        base: float = 0.0,
    ) -> None:
        self.aim = aim
        self.record = record
        self._senses = senses
        self._emit = emit
        self._base = base
        self._began: float | None = None
        self._speaking: str | None = None
        self._voicing: list[str] = []
        """Channels with a voice on them, the one that began last at the end."""
        self._channels: dict[str, Channel] = {}
        self._attribution = Attribution()
        self._coach = coach(emit=self._coached)
        self._whisperer = Whisperer(senses.speech, emit=emit)
        self._reconsidering = Reconsidering(self._attribution, record, emit)
        record.gone = self._gone
        record.measure(self._attribution.voices, measured=self._measured, guessed=self._reconsidering.guessed)
        self._tasks = asyncio.TaskGroup()
        self._exits = AsyncExitStack()
        self._running: list[asyncio.Task[None]] = []
        self._stopping = False
        self.told_at = clock.now()
        """When it was told something last, on the event loop's clock."""
        self.closing = False
        """Nobody is coming back to it: the last words are being written down …"""
        self.closed = asyncio.Event()
        """… and now everything that was said is on disk."""

    # ---- life --------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Session:
        """Raises ProviderFailed: the user cannot be heard."""
        async with AsyncExitStack() as exits:
            await exits.enter_async_context(self._coach)
            await exits.enter_async_context(self._whisperer)
            for side in (USER, PARTNER):
                await self._open(side, exits)
            await exits.enter_async_context(self._tasks)
            self._exits = exits.pop_all()
        for side, channel in self._channels.items():
            self._run(channel.run(), f"hearing the {side}")
        self._run(self._reconsidering.run(), "second thoughts about who spoke")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Left by a cancellation, as when the server ends, it hears out nobody for long."""
        self.closing = True
        cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        try:
            await self.flush(AT_LAST if cancelled else None)
        finally:
            for task in self._running:
                task.cancel()
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
        within = self._within() if within is None else within
        await asyncio.gather(*(channel.flush(within, last=self.closing) for channel in self._channels.values()))
        await self.record.flush(last=self.closing)
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._reconsidering.settled()

    def _within(self) -> float:
        return FLUSHED_WITHIN + PER_WAITING * sum(channel.waiting for channel in self._channels.values())

    async def _stop(self) -> None:
        await self.flush()
        self._stopping = False
        self._emit(Ended())

    def _run(self, task: Coroutine[Any, Any, None], name: str) -> None:
        self._running.append(self._tasks.create_task(task, name=name))

    @property
    def elapsed(self) -> float:
        """Seconds on the session's clock."""
        return self._base + (clock.now() - self._began if self._began is not None else 0.0)

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def post(self, message: Input) -> None:
        """Raises BadInput or TooLarge: it cannot be taken; nothing has changed."""
        self.told_at = clock.now()
        match message:
            case MicAudio(pcm=pcm):
                self._hear(USER, pcm)
            case say.PartnerAudio(pcm=pcm):
                self._hear(PARTNER, pcm)
            case say.Speaking(speaker=speaker):
                self._channels[USER].then(partial(self._told, speaker))
            case say.Help():
                self._coach.help()
            case say.Tune(density=density, ear=ear, fluency=fluency, tell_apart=tell_apart, apart=apart):
                self._coach.tune(density=density, ear=ear, fluency=fluency, labelled=tell_apart)
                if tell_apart is not None:
                    self._attribution.guesses = tell_apart
                if apart is not None:
                    self._channels[USER].then(partial(self._separate, apart))
            case say.Stop():
                if not self._stopping:
                    self._stopping = True
                    self._run(self._stop(), "the last words")
            case say.Restate(line=line, speaker=speaker, text=text):
                self._attribution.corrected(line, speaker)
                self._restate(line, speaker, text)
            case Left() | Returned():
                self._whisperer.hush()
            case _:
                raise BadInput("a coached session cannot be told that")

    def _hear(self, speaker: str, pcm: Pcm) -> None:
        if self._began is None:
            self._began = clock.now() - pcm.seconds
            self.record.heard_by(self._senses.ears.about.name)
            if not self._base:
                self.record.began()
        if speaker == PARTNER and not self._attribution.separate:
            self._separate(True)
        if channel := self._channels.get(speaker):
            channel.hear(pcm)

    def _separate(self, separate: bool) -> None:
        channel = self._channels[USER]
        channel.cut()
        self._attribution.channels(channel.position or 0.0, separate=separate)
        if separate:
            self._coach.tune(labelled=True)
            self.record.separate()

    def _told(self, speaker: str | None) -> None:
        """Who speaks from now on, of what is heard."""
        channel = self._channels[USER]
        channel.cut()
        self._attribution.told(speaker, channel.position or 0.0)
        if self._speaking:
            self._tell_speaking(self._attribution.now(USER))

    def _gone(self) -> None:
        """Somebody has deleted it: nobody is heard any more."""
        self._fault(NotFound("This session was deleted."))
        self._emit(Ended())

    def _restate(self, line: int, speaker: str | None, text: str | None) -> None:
        def done(error: RostrumError | None) -> None:
            if error:
                self._fault(error)
            elif speaker:
                self._emit(say.Relabelled(line=line, speaker=speaker))

        self.record.restate(line, speaker, text, done)

    # ---- what it hears -----------------------------------------------------------------------------------------------

    async def _open(self, speaker: str, exits: AsyncExitStack) -> None:
        try:  # what may be said is anything: to expect words of the goal makes a recogniser hear them everywhere
            listening = await exits.enter_async_context(self._senses.ears.listen(Expectation()))
        except ProviderFailed as error:
            if speaker == USER:
                raise
            return self._fault(error)
        self._channels[speaker] = Channel(
            activity=self._senses.activity,
            listening=listening,
            elapsed=lambda: self.elapsed,
            tell=partial(self._heard, speaker),
            sound=partial(self.record.sound, speaker),
            on_fault=self._fault,
            keep_up=self.record.keep_up,
            began=self._base,
        )
        return None

    def _heard(self, channel: str, fact: Voiced | Caught) -> None:
        match fact:
            case Voiced(on=on, at=at):
                self.record.voiced(channel, on, at)
                self._coach.voice(self._attribution.now(channel), on, at)
                self._voicing = [each for each in self._voicing if each != channel] + [channel] * on
                self._tell_speaking(self._attribution.now(self._voicing[-1]) if self._voicing else None)
            case Caught(final=False, text=text):
                speaker = self._attribution.now(channel)
                self._coach.interim(speaker, text)
                self._emit(say.Captioned(speaker=speaker, text=text))
            case Caught(text=text) if text:
                self._write(channel, fact)
            case Caught():
                self._emit(say.Captioned(speaker=self._attribution.now(channel), text=""))

    def _write(self, channel: str, caught: Caught) -> None:
        certain = self._attribution.certain(channel, caught)

        def written(line: Line) -> None:
            if line.id:
                self._attribution.written(line, certain=certain)
            self._coach.line(line)

        for speaker, part in self._attribution.of(channel, caught):
            self.record.write(speaker, part, written, self._emit)

    # ---- what it says ------------------------------------------------------------------------------------------------

    def _coached(self, output: cues.Output) -> None:
        match output:
            case cues.Suggested():
                self.record.cue(output, self.elapsed)
                self._emit(output)
            case cues.Whisper(id=id, text=text):
                self.record.whispered(id)
                self._whisperer.say(id, text)
            case cues.Used(id=id):
                self.record.used(id)
            case cues.Hush():
                self._whisperer.hush()
                self._emit(output)
            case cues.Earcon() | cues.Fixed():
                self._emit(output)

    def _measured(self, side: str, frames: Frames) -> None:
        if side == USER:
            self._coach.frames(frames)

    def _tell_speaking(self, speaker: str | None) -> None:
        if speaker != self._speaking:
            self._speaking = speaker
            self._emit(say.Told(speaker=speaker))

    def _fault(self, error: RostrumError) -> None:
        self._emit(Fault(code=error.code, message=str(error), retryable=error.retryable))
