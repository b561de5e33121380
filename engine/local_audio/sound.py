"""One page's use of the machine's microphone and speaker: the twin of what a browser does at the other end of a link.

`put` takes what the conversation says; `post` is given what is heard and has been played, `tell` what the page shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from engine import clock
from engine.audio import HEARING_RATE, Pcm
from engine.inputs import Input, Left, MicAudio, Played, Returned
from engine.local_audio.capture import peak
from engine.local_audio.hardware import Choice, Hardware, Situation
from engine.local_audio.playback import Heard
from engine.messages import Clear, Output, Speech, SpeechSent, State, StateChanged

TICK = 0.016
"""Seconds between two looks at the devices: half a window of the voice detector, as in the browser."""
SHOWN_EVERY = 0.048
"""Seconds between two positions and levels that the page is told."""
ECHO = 0.3
"""Seconds after its own speech has sounded during which the microphone still hears it: a room's echo, and what the
system's buffers add to either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The loudest of what was heard since the last one, of full scale: 0 while nothing is listened to."""

    peak: float


Told = Situation | Heard | Level


class LocalSound:
    """Belongs to the event loop; all that touches a device runs in `worker`, which has one thread. Where there is no
    speaker, or no microphone, the conversation goes on without."""

    def __init__(
        self,
        hardware: Hardware,
        worker: Executor,
        *,
        post: Callable[[Input], None],
        tell: Callable[[Told], None],
    ) -> None:
        self._hardware, self._worker = hardware, worker
        self._post, self._tell = post, tell
        self._open = self._live = self._pressed = self._speaking = False
        self._anew = self._wanted = False
        """Devices have to be opened anew; the microphone has to be opened."""
        self._generation = 0
        self._last = Heard()
        self._said = (0, 0.0)
        self._sounded_at = -ECHO
        self._rendered_at = 0.0
        self._shown_at = 0.0
        self._peak = self._level = 0.0

    # ---- what the conversation and the page say

    def put(self, output: Output) -> None:
        """Sound, and stop sounding. Anything else is not about sound."""
        match output:
            case Speech(generation=generation, pcm=pcm):
                self._generation = max(self._generation, generation)
                self._hardware.playback.play(generation, pcm)
            case Clear(generation=generation):
                self._generation = generation
                self._hardware.playback.clear(generation)
            case SpeechSent():
                self._hardware.playback.done()
            case StateChanged(state=state):
                self._speaking = state is State.SPEAKING

    def listen(self, *, open: bool, live: bool) -> None:
        """Whether the microphone is to be open, and whether what it hears counts: not while it is muted."""
        self._wanted = open and (self._wanted or not self._open)
        self._open, self._live = open, live

    def press(self, pressed: bool) -> None:
        """Push to talk: heard whatever sounds."""
        self._pressed = pressed

    def choose(self, choice: Choice) -> None:
        """Other devices, at once."""
        before = self._hardware.choice
        self._hardware.choice = choice
        self._anew = self._anew or (choice.input, choice.output) != (before.input, before.output)
        if not self._anew:
            self._tell(self._hardware.situation)

    @property
    def choice(self) -> Choice:
        return self._hardware.choice

    # ---- the task

    async def run(self) -> None:
        """Hear and sound for ever; cancel to end, which closes the devices."""
        try:
            await self._do(self._hardware.open_speaker)
            self._tell(self._hardware.situation)
            while True:
                await self._mend()
                self._hear()
                self._report()
                await asyncio.sleep(TICK)
        finally:
            await self._do(self._hardware.close)

    async def _do(self, what: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._worker, what)
        self._rendered_at = clock.now()

    async def _mend(self) -> None:
        """Open and close what is asked for, and make do where a device has gone."""
        hardware = self._hardware
        if hardware.gone or self._anew:
            self._anew = self._wanted = False
            self._post(Left())  # what was on its way to the old device is said again on the new one
            await self._do(lambda: hardware.open_anew(listening=self._open))
            self._post(Returned())
        elif self._wanted:
            self._wanted = False
            await self._do(hardware.open_microphone)
        elif hardware.microphone and not self._open:
            await self._do(hardware.close_microphone)
        else:
            return
        self._tell(hardware.situation)

    # ---- every tick

    def _hear(self) -> None:
        """What the microphone heard; silence while it would hear the agent, so that time goes on."""
        if self._hardware.capture is None:
            return
        pcm = self._hardware.capture.read()
        if not pcm.data or not self._live:
            return
        if self.deaf:
            pcm = Pcm(bytes(len(pcm.data)), HEARING_RATE)
        self._peak = max(self._peak, peak(pcm))
        self._post(MicAudio(pcm=pcm))

    @property
    def deaf(self) -> bool:
        """Whether the microphone is not heard, because it would hear the agent."""
        speaks = self._speaking or clock.now() < self._sounded_at + ECHO
        return speaks and not (self._hardware.choice.headset or self._pressed)

    def _report(self) -> None:
        """What has been played, to the conversation and to the page: at once where it ends, else every little while."""
        now = clock.now()
        playback, speaker = self._hardware.playback, self._hardware.speaker
        heard = playback.heard(speaker.now if speaker else self._unheard(now))
        if heard.sounding:
            self._sounded_at = now
        for cut in playback.cut():
            self._say(cut)
        self._level = max(self._level, heard.level)
        ended = self._last.sounding and not heard.sounding
        self._last = heard
        if not ended and now < self._shown_at + SHOWN_EVERY:
            return
        self._shown_at = now
        position = (heard.generation, heard.seconds)
        if heard.generation >= self._generation and (ended or position != self._said):
            self._said = position
            self._say(replace(heard, level=self._level))
        if self._live:
            self._tell(Level(peak=self._peak))
        self._peak = self._level = 0.0

    def _say(self, heard: Heard) -> None:
        self._post(Played(generation=heard.generation, seconds=heard.seconds))
        self._tell(heard)

    def _unheard(self, now: float) -> float:
        """A speaker that is not there renders up to now; its clock is the loop's."""
        playback = self._hardware.playback
        frames = round((now - self._rendered_at) * playback.rate)
        if frames > 0:
            playback.render(frames, self._rendered_at)
            self._rendered_at += frames / playback.rate
        return now
