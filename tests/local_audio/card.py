"""A sound card in virtual time: what is played is kept with the time at which it sounds, and a test speaks into it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy

from engine import clock
from engine.audio import Pcm
from engine.local_audio.devices import BLOCK, Device, NoSound
from engine.local_audio.hardware import Choice, Hardware, Situation
from engine.local_audio.playback import Heard
from engine.local_audio.sound import Level, LocalSound

RATE = 48_000
LATENCY = 0.03
"""Seconds from a callback until what it gave sounds."""
LOUD = 8000


def device(name: str, index: int = 0, *, default: bool = False, rate: int = RATE) -> Device:
    return Device(index=index, name=name, rate=rate, channels=1, default=default)


@dataclass
class FakeStream:
    device: Device
    callback: Callable[..., object]
    alive: bool = True
    closed: bool = False

    @property
    def now(self) -> float:
        return clock.now()

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeCard:
    speakers: list[Device] = field(default_factory=lambda: [device("Speakers", default=True), device("Headset", 1)])
    microphones: list[Device] = field(default_factory=lambda: [device("Built-in", default=True)])
    busy: set[str] = field(default_factory=set)
    playing: list[FakeStream] = field(default_factory=list)
    recording: list[FakeStream] = field(default_factory=list)
    sounded: list[tuple[float, int]] = field(default_factory=list)
    """When each block sounds, and its loudest sample."""
    room: int = 0
    """How loud it is at the microphone."""
    rescans: int = 0

    def inputs(self):
        return self.microphones

    def outputs(self):
        return self.speakers

    def rescan(self):
        assert all(stream.closed for stream in (*self.playing, *self.recording)), "no stream may be open"
        self.rescans += 1

    def play(self, device, render):
        return self._opened(device, render, self.playing)

    def record(self, device, take):
        return self._opened(device, take, self.recording)

    def _opened(self, device, callback, streams):
        if device.name in self.busy:
            raise NoSound(f"“{device.name}” could not be opened.")
        streams.append(FakeStream(device, callback))
        return streams[-1]

    def unplug(self, name):
        self.speakers = [one for one in self.speakers if one.name != name]
        self.microphones = [one for one in self.microphones if one.name != name]
        for stream in (*self.playing, *self.recording):
            stream.alive = stream.alive and stream.device.name != name

    async def run(self):
        """Call the callbacks, as PortAudio does, for ever."""
        while True:
            for stream in self.playing:
                if stream.alive and not stream.closed:
                    at = clock.now() + LATENCY
                    samples = stream.callback(round(BLOCK * stream.device.rate), at)
                    self.sounded.append((at, int(numpy.abs(samples).max())))
            for stream in self.recording:
                if stream.alive and not stream.closed:
                    stream.callback(numpy.full(round(BLOCK * stream.device.rate), self.room, "<i2").tobytes())
            await asyncio.sleep(BLOCK)

    def loud(self, start, end=float("inf")):
        return any(peak > LOUD / 10 for at, peak in self.sounded if start <= at < end)


@dataclass
class Page:
    """A page whose sound is on this machine: what it was told, and what the conversation was."""

    card: FakeCard | None
    sound: LocalSound
    told: list[object]
    posted: list[object]

    @property
    def situation(self) -> Situation:
        return [one for one in self.told if isinstance(one, Situation)][-1]

    def of(self, kind):
        return [one for one in self.posted if isinstance(one, kind)]

    @property
    def positions(self):
        return [one for one in self.told if isinstance(one, Heard)]

    @property
    def levels(self):
        return [one.peak for one in self.told if isinstance(one, Level)]


@asynccontextmanager
async def page(card: FakeCard | None, choice: Choice | None = None, problem: str = ""):
    told: list[object] = []
    posted: list[object] = []
    hardware = Hardware(card, choice or Choice(), problem)
    sound = LocalSound(hardware, None, post=posted.append, tell=told.append)  # virtual time has no threads
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(sound.run())]
        if card:
            tasks.append(group.create_task(card.run()))
        await asyncio.sleep(0)
        yield Page(card, sound, told, posted)
        for task in tasks:
            task.cancel()
    if card:
        assert all(stream.closed for stream in (*card.playing, *card.recording)), "leaving closes the devices"


def tone(seconds: float, rate: int = RATE) -> Pcm:
    return Pcm(numpy.full(round(seconds * rate), LOUD, "<i2").tobytes(), rate)
