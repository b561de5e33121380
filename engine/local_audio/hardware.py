"""The devices that one page uses: which are open, what goes through them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.local_audio.capture import Capture
from engine.local_audio.devices import Card, Device, NoSound, Stream, pick
from engine.local_audio.playback import Playback

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
    """What the page shows: names of devices to choose from and of those in use, "" for none; `listening`: whether the
    microphone is "open", or "failed" to be; and what is wrong, in a sentence."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    input: str = ""
    output: str = ""
    listening: Literal["", "open", "failed"] = ""
    headset: bool = False
    problem: str = ""


class Hardware:
    """`card` None, with the reason in `problem`: there is nothing to open. Its methods block: for a thread, one
    at a time. What they replace is read on the event loop between them."""

    def __init__(self, card: Card | None, choice: Choice, problem: str = "") -> None:
        self.choice = choice
        self.problem = problem
        self.playback = Playback(UNHEARD_RATE)
        self.capture: Capture | None = None
        self.speaker: Stream | None = None
        self.microphone: Stream | None = None
        self._card = card
        self._failed = False
        self._names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def gone(self) -> str:
        """The name of a device that was taken away; "" while all that are open run."""
        return next((one.device.name for one in (self.speaker, self.microphone) if one and not one.alive), "")

    @property
    def situation(self) -> Situation:
        inputs, outputs = self._names
        return Situation(
            inputs=inputs,
            outputs=outputs,
            input=self.microphone.device.name if self.microphone else self.choice.input,
            output=self.speaker.device.name if self.speaker else "",
            listening="open" if self.microphone else "failed" if self._failed else "",
            headset=self.choice.headset,
            problem=self.problem,
        )

    def open_speaker(self) -> None:
        """The one that was picked, else the default one, else one that nobody hears."""
        self.playback = Playback(UNHEARD_RATE)
        if not self._card:
            return
        outputs = self._card.outputs()
        self._names = _names(self._card.inputs()), _names(outputs)
        if not outputs:
            self.problem = "No speaker was found on this machine. Plug one in and pick it."
        for device in dict.fromkeys(pick(outputs, wanted) for wanted in (self.choice.output, "")):
            if device and not self.speaker:
                self._attempt(self._play, self._card, device)

    def open_microphone(self) -> None:
        """The one that was picked, else the default one."""
        if self.microphone:
            return
        inputs = self._card.inputs() if self._card else ()
        if self._card and not inputs:
            self.problem = "No microphone was found on this machine. Plug one in and pick it; you can type."
        for device in dict.fromkeys(pick(inputs, wanted) for wanted in (self.choice.input, "")):
            if device and self._card and not self.microphone:
                self._attempt(self._record, self._card, device)
        self._failed = self.microphone is None

    def open_anew(self, *, listening: bool) -> None:
        """All of it, after a look at which devices there are now."""
        lost = self.gone
        self.close()
        if self._card:
            self.problem = ""
            self._card.rescan()
        self.open_speaker()
        if listening:
            self.open_microphone()
        if lost and self.speaker:
            self.problem = f"“{lost}” is not there any more. Sound goes on with the system's default."

    def close_microphone(self) -> None:
        if self.microphone:
            self.microphone.close()
        self.microphone = self.capture = None
        self._failed = False

    def close(self) -> None:
        self.close_microphone()
        if self.speaker:
            self.speaker.close()
        self.speaker = None

    def _attempt(self, open_on: Callable[[Card, Device], None], card: Card, device: Device) -> None:
        try:
            open_on(card, device)
        except NoSound as problem:
            self.problem = str(problem)

    def _play(self, card: Card, device: Device) -> None:
        playback = Playback(device.rate)
        self.speaker = card.play(device, playback.render)
        self.playback = playback

    def _record(self, card: Card, device: Device) -> None:
        capture = Capture(device.rate, device.channels)
        self.microphone = card.record(device, capture.take)
        self.capture = capture


def _names(devices: Sequence[Device]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in devices))
