"""What a microphone's callback fills and the event loop empties. They share one deque and never wait for each other."""

from __future__ import annotations

from collections import deque

import numpy

from engine.audio import HEARING_RATE, Pcm, Resampler

KEPT = 200
"""Blocks that wait for a loop that stalls: 2 s of 10 ms. Then the oldest is dropped rather than heard late."""


class Capture:
    """A microphone at `rate` Hz with `channels`, as one channel at 16 kHz."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._channels = rate, channels
        self._resampler = Resampler(rate, HEARING_RATE)
        self._blocks: deque[bytes] = deque(maxlen=KEPT)

    def take(self, data: bytes) -> None:
        """16-bit samples, channels interleaved. On the device's thread."""
        self._blocks.append(data)

    def read(self) -> Pcm:
        """All that has come since the last look; may be nothing."""
        data = b"".join(self._blocks.popleft() for _ in range(len(self._blocks)))
        if self._channels > 1 and data:
            both = numpy.frombuffer(data, dtype="<i2").reshape(-1, self._channels)
            data = both.mean(axis=1).astype("<i2").tobytes()
        return self._resampler.push(Pcm(data, self._rate))


def peak(pcm: Pcm) -> float:
    """Of full scale."""
    if not pcm.data:
        return 0.0
    return float(numpy.abs(numpy.frombuffer(pcm.data, dtype="<i2").astype(numpy.int32)).max()) / 32768
