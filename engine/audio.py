"""Audio as values: whole 16-bit mono samples, their rate, and a change of it. Containers and codecs are in `media`."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av

SAMPLE_BYTES = 2
HEARING_RATE = 16_000
"""Hz. What voice activity detection and speech to text are fed: the rate that all their models are trained at."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Signed 16-bit little-endian mono samples. `data` holds whole samples: an odd length is refused.

    Raises:
        ValueError: `data` splits a sample, or `rate` (Hz) is not positive.
    """

    data: bytes
    rate: int

    def __post_init__(self) -> None:
        if len(self.data) % SAMPLE_BYTES:
            raise ValueError(f"{len(self.data)} bytes are not whole 16-bit samples")
        if self.rate <= 0:
            raise ValueError(f"a sampling rate of {self.rate} Hz is not positive")

    @property
    def samples(self) -> int:
        return len(self.data) // SAMPLE_BYTES

    @property
    def seconds(self) -> float:
        return self.samples / self.rate

    def cut(self, start: float = 0.0, end: float | None = None) -> Pcm:
        """The part from `start` to `end` (seconds, rounded to samples, clamped to what is there)."""
        first = max(0, round(start * self.rate)) * SAMPLE_BYTES
        last = None if end is None else max(0, round(end * self.rate)) * SAMPLE_BYTES
        return Pcm(self.data[first:last], self.rate)


def silence(seconds: float, rate: int) -> Pcm:
    """`seconds` of digital silence at `rate` Hz."""
    return Pcm(bytes(round(seconds * rate) * SAMPLE_BYTES), rate)


class Resampler:
    """One direction of a stream from `from_rate` to `to_rate` (Hz): piece borders leave no trace in what comes out.

    After every `push` the output lags the input by a constant 1 to 2 ms, the length of the filter; `flush` returns
    that tail. 20 ms cost about 0.03 ms. Equal rates pass unchanged. Not for several threads at once.
    """

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self.from_rate = from_rate
        self.to_rate = to_rate
        self._filter: av.AudioResampler | None = None
        self._taken = 0
        self._given = 0

    def push(self, pcm: Pcm) -> Pcm:
        """The next piece of the stream, of any length, 0 included.

        Raises:
            ValueError: `pcm` has another rate than `from_rate`.
        """
        if pcm.rate != self.from_rate:
            raise ValueError(f"a resampler from {self.from_rate} Hz was given {pcm.rate} Hz")
        if self.from_rate == self.to_rate or not pcm.data:
            return Pcm(pcm.data, self.to_rate)
        import av

        if self._filter is None:
            self._filter = av.AudioResampler(format="s16", layout="mono", rate=self.to_rate)
        made = b"".join(map(frame_bytes, self._filter.resample(frame(pcm))))
        self._taken += pcm.samples
        self._given += len(made) // SAMPLE_BYTES
        return Pcm(made, self.to_rate)

    def flush(self) -> Pcm:
        """What the filter still held: all output together is as long as the input, to the nearest sample.

        The next `push` begins a new stream.
        """
        due = round(self._taken * self.to_rate / self.from_rate) - self._given
        tail = self.push(silence(0.01, self.from_rate)).data if due > 0 else b""
        self._filter, self._taken, self._given = None, 0, 0
        return Pcm(tail[: max(due, 0) * SAMPLE_BYTES], self.to_rate)


def resample(pcm: Pcm, rate: int) -> Pcm:
    """All of `pcm` at `rate` Hz: as long as before, to the nearest sample. 1 s of audio costs about 1 ms."""
    if pcm.rate == rate:
        return pcm
    resampler = Resampler(pcm.rate, rate)
    return Pcm(resampler.push(pcm).data + resampler.flush().data, rate)


def frame(pcm: Pcm) -> av.AudioFrame:
    """`pcm` (not empty) as PyAV wants it."""
    import av

    made = av.AudioFrame(format="s16", layout="mono", samples=pcm.samples)
    made.sample_rate = pcm.rate
    plane = made.planes[0]
    plane.update(pcm.data + bytes(plane.buffer_size - len(pcm.data)))
    return made


def frame_bytes(made: av.AudioFrame) -> bytes:
    """The samples of a 16-bit mono frame; its buffer is padded to more than they need."""
    return bytes(made.planes[0])[: made.samples * SAMPLE_BYTES]


def fade_in(pcm: Pcm, seconds: float) -> Pcm:
    """`pcm` rising from silence over its first `seconds`."""
    samples = array("h", pcm.data)
    ramp = min(len(samples), round(seconds * pcm.rate))
    for i in range(ramp):
        samples[i] = samples[i] * i // ramp
    return Pcm(samples.tobytes(), pcm.rate)
