"""One page's use of the machine's microphone and speaker: the twin of what a browser does at the other end of a link.

`put` takes what the conversation says; `post` is given what is heard and has been played, `tell` what the page shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Literal

from engine import clock
from engine.audio import HEARING_RATE, Pcm
from engine.inputs import Input, Left, MicAudio, Played, Returned
from engine.local_audio.capture import Capture, peak
from engine.local_audio.devices import Card, Device, NoSound, Stream, pick
from engine.local_audio.playback import Heard, Playback
from engine.messages import Clear, Output, Speech, SpeechSent, State, StateChanged

TICK = 0.016
"""Seconds between two looks at the devices: half a window of the voice detector, as in the browser."""
SHOWN_EVERY = 0.048
"""Seconds between two positions and levels that the page is told."""
ECHO = 0.3
"""Seconds after its own speech has sounded during which the microphone still hears it: a room's echo, and what the
system's buffers add to either way."""
UNHEARD_RATE = 48_000
"""Hz of a speaker that is not there: time goes on, so that what would be said can be read as it would be heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Names of devices, or parts of them; "" is the system's default. `headset`: the speaker cannot be heard by the
    microphone, which may listen all the time."""

    input: str = ""
    output: str = ""
    headset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the page shows of it: names of devices to choose from and of those in use, "" for none; `listening`:
    whether the microphone is "open", or "failed" to be; and what is wrong, in a sentence."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    input: str = ""
    output: str = ""
    listening: Literal["", "open", "failed"] = ""
    headset: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The loudest of what was heard since the last one, of full scale: 0 while nothing is listened to."""

    peak: float


Told = Situation | Heard | Level


class LocalSound:
    """Belongs to the event loop; all that touches a device runs in `worker`, which has one thread. `card` None, with
    the reason in `problem`: nothing sounds and nothing is heard, but the conversation goes on."""

    def __init__(
        self,
        card: Card | None,
        worker: Executor,
        choice: Choice,
        *,
        post: Callable[[Input], None],
        tell: Callable[[Told], None],
        problem: str = "",
    ) -> None:
        self._card, self._worker, self._choice = card, worker, choice
        self._post, self._tell = post, tell
        self._problem = problem
        self._playback = Playback(UNHEARD_RATE)
        self._capture: Capture | None = None
        self._speaker: Stream | None = None
        self._microphone: Stream | None = None
        self._devices: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._open = self._live = self._pressed = self._speaking = False
        self._anew = self._wanted = self._failed = False
        """Devices have to be opened anew; the microphone has to be opened; it could not be."""
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
                self._playback.play(generation, pcm)
            case Clear(generation=generation):
                self._generation = generation
                self._playback.clear(generation)
            case SpeechSent():
                self._playback.done()
            case StateChanged(state=state):
                self._speaking = state is State.SPEAKING

    def listen(self, *, open: bool, live: bool) -> None:
        """Whether the microphone is to be open, and whether what it hears counts: not while it is muted."""
        self._wanted = self._wanted or (open and not self._open)
        self._failed = self._failed and open
        self._open, self._live = open, live

    def press(self, pressed: bool) -> None:
        """Push to talk: heard whatever sounds."""
        self._pressed = pressed

    def choose(self, choice: Choice) -> None:
        """Other devices, at once."""
        moved = (choice.input, choice.output) != (self._choice.input, self._choice.output)
        self._choice = choice
        self._anew = self._anew or moved or bool(self._problem)
        if not self._anew:
            self._tell_situation()

    @property
    def choice(self) -> Choice:
        return self._choice

    # ---- the task

    async def run(self) -> None:
        """Hear and sound for ever; cancel to end, which closes the devices."""
        try:
            await self._do(self._open_speaker)
            self._rendered_at = clock.now()
            self._tell_situation()
            while True:
                await self._mend()
                self._hear()
                self._report()
                await asyncio.sleep(TICK)
        finally:
            await self._do(self._close)

    async def _do(self, what: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._worker, what)

    async def _mend(self) -> None:
        """Open and close what is asked for, and make do where a device has gone."""
        gone = [one.device.name for one in (self._speaker, self._microphone) if one and not one.alive]
        if gone or self._anew:
            self._anew = self._wanted = False
            self._post(Left())
            await self._do(self._open_anew)
            if gone and self._speaker:
                self._problem = f"“{gone[0]}” is not there any more. Sound goes on with the system's default."
            self._rendered_at = clock.now()
            self._post(Returned())
        elif self._wanted:
            self._wanted = False
            await self._do(self._open_microphone)
        elif self._microphone and not self._open:
            await self._do(self._close_microphone)
        else:
            return
        self._tell_situation()

    # ---- devices, on the worker's thread

    def _open_anew(self) -> None:
        self._close()
        if self._card:
            self._problem = ""
            self._card.rescan()
        self._open_speaker()
        if self._open:
            self._open_microphone()

    def _open_speaker(self) -> None:
        """The one that was picked, else the default one, else one that nobody hears."""
        self._playback = Playback(UNHEARD_RATE)
        if not self._card:
            return
        outputs = self._card.outputs()
        self._devices = _names(self._card.inputs()), _names(outputs)
        if not outputs:
            self._problem = "No speaker was found on this machine. Plug one in and pick it."
        for device in dict.fromkeys(pick(outputs, wanted) for wanted in (self._choice.output, "")):
            if device and not self._speaker:
                self._attempt(self._play, device)

    def _open_microphone(self) -> None:
        """The one that was picked, else the default one."""
        inputs = self._card.inputs() if self._card and not self._microphone else ()
        if self._card and not inputs:
            self._problem = "No microphone was found on this machine. Plug one in and pick it; you can type."
        for device in dict.fromkeys(pick(inputs, wanted) for wanted in (self._choice.input, "")):
            if device and not self._microphone:
                self._attempt(self._record, device)
        self._failed = self._microphone is None

    def _attempt(self, open_on: Callable[[Card, Device], None], device: Device) -> None:
        assert self._card
        try:
            open_on(self._card, device)
        except NoSound as problem:
            self._problem = str(problem)

    def _play(self, card: Card, device: Device) -> None:
        playback = Playback(device.rate)
        self._speaker = card.play(device, playback.render)
        self._playback = playback

    def _record(self, card: Card, device: Device) -> None:
        capture = Capture(device.rate, device.channels)
        self._microphone = card.record(device, capture.take)
        self._capture = capture

    def _close_microphone(self) -> None:
        if self._microphone:
            self._microphone.close()
        self._microphone = self._capture = None

    def _close(self) -> None:
        self._close_microphone()
        if self._speaker:
            self._speaker.close()
        self._speaker = None

    # ---- every tick

    def _hear(self) -> None:
        """What the microphone heard; silence while it would hear the agent, so that time goes on."""
        if self._capture is None:
            return
        pcm = self._capture.read()
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
        return speaks and not (self._choice.headset or self._pressed)

    def _report(self) -> None:
        """What has been played, to the conversation and to the page: at once where it ends, else every little while."""
        now = clock.now()
        heard = self._playback.heard(self._speaker.now if self._speaker else self._unheard(now))
        if heard.sounding:
            self._sounded_at = now
        for cut in self._playback.cut():
            self._say(cut)
        self._level = max(self._level, heard.level)
        last, self._last = self._last, heard
        ended = last.sounding and not heard.sounding
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
        """A speaker that is not there, up to now; its clock is the loop's."""
        frames = round((now - self._rendered_at) * self._playback.rate)
        if frames > 0:
            self._playback.render(frames, self._rendered_at)
            self._rendered_at += frames / self._playback.rate
        return now

    def _tell_situation(self) -> None:
        inputs, outputs = self._devices
        self._tell(
            Situation(
                inputs=inputs,
                outputs=outputs,
                input=self._microphone.device.name if self._microphone else self._choice.input,
                output=self._speaker.device.name if self._speaker else "",
                listening="open" if self._microphone else "failed" if self._failed else "",
                headset=self._choice.headset,
                problem=self._problem,
            )
        )


def _names(devices: Sequence[Device]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in devices))
