"""Audio as values: whole 16-bit mono samples and their rate. Containers and codecs are in `media`."""

from __future__ import annotations

from dataclasses import dataclass

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
