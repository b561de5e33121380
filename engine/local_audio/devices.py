"""The border to PortAudio: which devices there are, and streams whose callbacks do nothing that could wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy

from engine.errors import RostrumError
from engine.local_audio.playback import Samples

if TYPE_CHECKING:
    from types import ModuleType

BLOCK = 0.01
"""Seconds a callback is asked for."""
DEAD_AFTER, DEAD_LOOKS = 3.0, 100
"""Seconds without a callback, and looks at it meanwhile, after which a device is taken for gone: longer than any hiccup
of a sound server; and where the whole machine is too busy for callbacks, it is too busy for looks as well."""
MOST_CHANNELS = 2

Render = Callable[[int, float], Samples]
Take = Callable[[bytes], None]


class NoSound(RostrumError):
    """A device cannot be used, or none can. The message says which, and what helps."""

    code = "no_sound"
    retryable = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """`index` is its number, which holds until the next `rescan`; `rate` in Hz is the one it runs at by itself."""

    index: int
    name: str
    rate: int
    channels: int
    default: bool = False


class Stream(Protocol):
    """An open device."""

    @property
    def device(self) -> Device: ...
    @property
    def now(self) -> float:
        """Its clock, seconds: the one that `render` is given times on."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        ...

    def close(self) -> None: ...


class Card(Protocol):
    """What is needed of a machine's sound. All of it may block, and is called from one thread at a time."""

    def inputs(self) -> Sequence[Device]: ...
    def outputs(self) -> Sequence[Device]: ...
    def rescan(self) -> None:
        """Look anew for devices. No stream may be open."""
        ...

    def play(self, device: Device, render: Render) -> Stream:
        """Raises NoSound: it cannot be opened."""
        ...

    def record(self, device: Device, take: Take) -> Stream:
        """Raises NoSound: it cannot be opened."""
        ...


def pick(devices: Sequence[Device], wanted: str) -> Device | None:
    """The one of that name, or else whose name has `wanted` in it, or else the default. None where there is none."""
    exact = next((one for one in devices if one.name == wanted), None)
    like = next((one for one in devices if wanted and wanted.lower() in one.name.lower()), None)
    return exact or like or next((one for one in devices if one.default), devices[0] if devices else None)


class PortAudio:
    """The machine's sound through the library `sounddevice`.

    Raises:
        NoSound: it is not installed, or PortAudio, which it stands on, is not.
    """

    def __init__(self) -> None:
        try:
            import sounddevice
        except ImportError:
            raise NoSound("Sound on this machine needs sounddevice: pip install -r requirements.txt.") from None
        except OSError:
            mend = "Debian, Ubuntu: apt-get install libportaudio2; macOS: brew install portaudio."
            raise NoSound(f"Sound on this machine needs PortAudio. {mend}") from None
        self._library: ModuleType = sounddevice

    def inputs(self) -> Sequence[Device]:
        return self._devices("max_input_channels", 0)

    def outputs(self) -> Sequence[Device]:
        return self._devices("max_output_channels", 1)

    def rescan(self) -> None:
        # PortAudio looks for devices when it begins, and the library has no public name for that.
        self._library._terminate()
        self._library._initialize()

    def play(self, device: Device, render: Render) -> Stream:
        return self._open(self._library.RawOutputStream, device, lambda stream: _playing(stream, render))

    def record(self, device: Device, take: Take) -> Stream:
        return self._open(self._library.RawInputStream, device, lambda stream: _recording(stream, take))

    def _devices(self, channels: str, side: int) -> Sequence[Device]:
        library = self._library
        # Windows shows the same devices once for each of its sound systems.
        system = library.default.hostapi
        found = [
            Device(
                index=number,
                name=str(one["name"]),
                rate=int(one["default_samplerate"]) or 48_000,
                channels=min(MOST_CHANNELS, int(one[channels])),
                default=number == library.default.device[side] or number == _default(library, system, side),
            )
            for number, one in enumerate(library.query_devices())
            if one[channels] > 0 and one["hostapi"] == system
        ]
        return tuple(found)

    def _open(self, kind: Any, device: Device, callback: Callable[[_Stream], Any]) -> Stream:  # noqa: ANN401
        stream = _Stream(device)
        try:
            opened = kind(
                samplerate=device.rate,
                blocksize=round(BLOCK * device.rate),
                device=device.index,
                channels=device.channels,
                dtype="int16",
                latency="low",
                callback=callback(stream),
            )
        except (self._library.PortAudioError, ValueError):
            raise NoSound(f"“{device.name}” could not be opened. Another program may be using it.") from None
        stream.opened = opened
        try:
            opened.start()
        except self._library.PortAudioError:
            opened.close()
            raise NoSound(f"“{device.name}” could not be started. Another program may be using it.") from None
        return stream


def _default(library: ModuleType, system: int, side: int) -> int:
    """The number of the default device of a sound system."""
    return int(library.query_hostapis(system)[("default_input_device", "default_output_device")[side]])


class _Stream:
    """A stream of `sounddevice`, and when its callback was last called."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.opened: Any = None
        self.called: float | None = None
        self._looked: float | None = None
        self._looks = 0

    @property
    def now(self) -> float:
        return float(self.opened.time)

    @property
    def alive(self) -> bool:
        if self.called is None:
            self.called = self.now
        self._looks = self._looks + 1 if self._looked == self.called else 0
        self._looked = self.called
        silent = self._looks > DEAD_LOOKS and self.now - self.called > DEAD_AFTER
        return bool(self.opened.active) and not silent

    def close(self) -> None:
        self.opened.abort(ignore_errors=True)
        self.opened.close(ignore_errors=True)


def _playing(stream: _Stream, render: Render) -> Callable[..., None]:
    channels = stream.device.channels

    def callback(out: Any, frames: int, time: Any, _: object) -> None:  # noqa: ANN401
        stream.called = time.currentTime
        # Some sound servers do not tell when it will sound.
        at = time.outputBufferDacTime if time.outputBufferDacTime > time.currentTime else time.currentTime
        samples = render(frames, at)
        out[:] = (samples if channels == 1 else numpy.repeat(samples, channels)).tobytes()

    return callback


def _recording(stream: _Stream, take: Take) -> Callable[..., None]:
    def callback(data: Any, _frames: int, time: Any, _: object) -> None:  # noqa: ANN401
        stream.called = time.currentTime
        take(bytes(data))

    return callback
