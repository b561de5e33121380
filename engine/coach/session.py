"""A coached session while it goes on: it hears one or both sides, writes down who said what, and lets the coach speak
up. Sole owner of its state; use as `async with`, then `post`.

Its clock counts seconds since the session first heard something, and goes on where it was when the session is taken up
again later: the time between does not count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType

from engine import clock
from engine.analysis.values import PARTNER, USER, Frames, Line
from engine.analysis.voices import Guess
from engine.audio import Pcm
from engine.coach import cues
from engine.coach import messages as say
from engine.coach.attribution import Attribution
from engine.coach.channel import Channel, Voiced
from engine.coach.coach import Coach
from engine.coach.record import Record
from engine.coach.understanding import Caught
from engine.coach.whisper import Whisperer
from engine.errors import BadInput, ProviderFailed, RostrumError
from engine.inputs import Input, Left, MicAudio, Returned
from engine.messages import Ended, Fault, Output
from engine.providers.base import Expectation, Senses
from engine.records import Aim

FLUSHED_WITHIN, PER_WAITING = 8.0, 0.5
"""Seconds for the last words when a session ends; and for each second of audio that is still to be heard."""
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
        self._channels: dict[str, Channel] = {}
        self._attribution = Attribution()
        self._coach = coach(emit=self._coached)
        self._whisperer = Whisperer(senses.speech, emit=emit)
        record.measure(self._attribution.voices, measured=self._measured, guessed=self._guessed)
        self._tasks = asyncio.TaskGroup()
        self._exits = AsyncExitStack()
        self._running: list[asyncio.Task[None]] = []
        self.told_at = clock.now()
        """When it was told something last, on the event loop's clock."""
        self.closing = False
        """Nobody is coming back to it: the last words are being written down …"""
        self.closed = asyncio.Event()
        """… and now everything that was said is on disk."""

    # ---- life --------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Session:
        await self._exits.__aenter__()
        await self._tasks.__aenter__()
        await self._exits.enter_async_context(self._coach)
        await self._exits.enter_async_context(self._whisperer)
        for side in (USER, PARTNER):
            await self._open(side)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing = True
        try:
            await self.flush()
        finally:
            for task in self._running:
                task.cancel()
            await self._tasks.__aexit__(None, None, None)
            await self._exits.__aexit__(kind, error, trace)
            self.closed.set()

    async def over(self) -> None:
        """Wait, within bounds, until it has closed."""
        try:
            async with asyncio.timeout(self._within() + CLOSED_WITHIN):
                await self.closed.wait()
        except TimeoutError:
            return

    async def flush(self) -> None:
        """Wait, within bounds, until everything that was said so far is written down, and on disk."""
        within = self._within()
        await asyncio.gather(*(channel.flush(within, last=self.closing) for channel in self._channels.values()))
        await self.record.flush(last=self.closing)

    def _within(self) -> float:
        return FLUSHED_WITHIN + PER_WAITING * sum(channel.waiting for channel in self._channels.values())

    async def _stop(self) -> None:
        await self.flush()
        self._emit(Ended())

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
                self._attribution.told(speaker)
                self._channels[USER].cut()
                if self._speaking:
                    self._tell_speaking(self._attribution.now(USER))
            case say.Help():
                self._coach.help()
            case say.Tune(density=density, ear=ear, fluency=fluency, tell_apart=tell_apart):
                self._coach.tune(density=density, ear=ear, fluency=fluency, labelled=tell_apart)
                if tell_apart is not None:
                    self._attribution.guesses = tell_apart
            case say.Stop():
                self._running.append(self._tasks.create_task(self._stop(), name="the last words"))
            case say.Restate(line=line, speaker=speaker, text=text):
                if speaker:
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
            self._attribution.separate = True
            self._coach.tune(labelled=True)
            self.record.separate()
        channel = self._channels.get(speaker)
        if channel is None:
            raise BadInput("nothing can be heard just now")
        channel.hear(pcm)

    def _restate(self, line: int, speaker: str | None, text: str | None) -> None:
        def done(error: RostrumError | None) -> None:
            if error:
                self._fault(error)
            elif speaker:
                self._emit(say.Relabelled(line=line, speaker=speaker))

        self.record.restate(line, speaker, text, done)

    # ---- what it hears -----------------------------------------------------------------------------------------------

    async def _open(self, speaker: str) -> None:
        try:  # what may be said is anything: to expect words of the goal makes a recogniser hear them everywhere
            listening = await self._exits.enter_async_context(self._senses.ears.listen(Expectation()))
        except ProviderFailed as error:
            self._fault(error)
            return
        channel = Channel(
            activity=self._senses.activity,
            listening=listening,
            elapsed=lambda: self.elapsed,
            tell=partial(self._heard, speaker),
            sound=partial(self.record.sound, speaker),
            on_fault=self._fault,
            keep_up=self.record.keep_up,
            began=self._base,
        )
        self._channels[speaker] = channel
        self._running.append(self._tasks.create_task(channel.run(), name=f"hearing the {speaker}"))

    def _heard(self, channel: str, fact: Voiced | Caught) -> None:
        match fact:
            case Voiced(on=on, at=at):
                self.record.voiced(channel, on, at)
                speaker = self._attribution.now(channel)
                self._coach.voice(speaker, on, at)
                self._tell_speaking(speaker if on else None)
            case Caught(final=False, text=text):
                speaker = self._attribution.now(channel)
                self._coach.interim(speaker, text)
                self._emit(say.Captioned(speaker=speaker, text=text))
            case Caught(text=text) if text:
                self._write(channel, fact)
            case Caught():
                self._emit(say.Captioned(speaker=self._attribution.now(channel), text=""))

    def _write(self, channel: str, caught: Caught) -> None:
        def written(line: Line) -> None:
            self._attribution.written(line)
            self._coach.line(line)

        for speaker, part in self._attribution.of(channel, caught):
            self.record.write(speaker, part, written, self._emit)

    def _guessed(self, guess: Guess) -> None:
        """A line whose voice changes in its midst is cut: its beginning keeps its number."""
        for line, ((speaker, first), *others) in self._attribution.guessed(guess).items():
            if others:
                self.record.shorten(line, first)
                self._emit(say.Shortened(line=line, text=first.text, end=first.end))
            self._restate(line, speaker, None)
            for other, part in others:
                self.record.write(other, part, self._attribution.written, self._emit)

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
