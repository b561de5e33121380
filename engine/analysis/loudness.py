"""Loudness as people hear it: K-weighting and momentary loudness by ITU-R BS.1770-5, on 16 kHz mono sound."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from engine.analysis.values import FRAME
from engine.audio import HEARING_RATE

if TYPE_CHECKING:
    from numpy import complex64, float32
    from numpy.typing import NDArray

HOP = round(FRAME * HEARING_RATE)
OFFSET = -0.691
"""LUFS of power 1 after the weighting: so that a 997 Hz sine at full scale is -3.01."""
MOMENTARY = 25
"""Frames of momentary loudness: 0.4 s."""
SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
"""The two filters of the standard, b0 b1 b2 a1 a2, given there for 48 kHz. Their response at each frequency is taken
from there, so that nothing is bent by another rate."""
MEMORY = 2048
"""Samples after which the filters have forgotten: 128 ms, six times what the high-pass takes to fall to 1/e."""
FLOOR, SILENT = 1e-12, -120.0
"""Power, and dB of full scale, that stand for none."""


def weighted(samples: NDArray[float32]) -> NDArray[float32]:
    """`samples` through both filters. The first `MEMORY` are settling, unless silence stood before."""
    import numpy as np

    size = 1 << (len(samples) + MEMORY).bit_length()
    spectrum = np.fft.rfft(samples.astype(np.float32, copy=False), size)
    return np.fft.irfft(spectrum * _response(size), size)[: len(samples)].astype(np.float32, copy=False)


def level(samples: NDArray[float32]) -> NDArray[float32]:
    """Power of each whole frame, in dB: of full scale, or LUFS of the frame once `OFFSET` is added to weighted
    samples."""
    import numpy as np

    rows = len(samples) // HOP
    frames = samples[: rows * HOP].reshape(rows, HOP)
    power = np.einsum("ij,ij->i", frames, frames) / HOP
    made: NDArray[float32] = np.maximum(10 * np.log10(np.maximum(power, FLOOR)), SILENT)
    return made


def momentary(loudness: NDArray[float32]) -> NDArray[float32]:
    """LUFS of the 0.4 s around each frame, of frames' LUFS. At the edges, of as much as there is."""
    import numpy as np

    if not len(loudness):
        return loudness
    power = np.concatenate([[0.0], np.cumsum(10 ** (loudness.astype(np.float64) / 10))])
    rows = np.arange(len(loudness))
    first = np.maximum(rows - MOMENTARY // 2, 0)
    last = np.minimum(rows + MOMENTARY // 2 + 1, len(loudness))
    made: NDArray[float32] = 10 * np.log10(np.maximum((power[last] - power[first]) / (last - first), FLOOR))
    return made.astype(np.float32)


@lru_cache(maxsize=8)
def _response(size: int) -> NDArray[complex64]:
    import numpy as np

    back = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / HEARING_RATE) / 48_000)
    both = np.ones_like(back)
    for b0, b1, b2, a1, a2 in (SHELF, HIGH_PASS):
        both *= (b0 + b1 * back + b2 * back**2) / (1 + a1 * back + a2 * back**2)
    made: NDArray[complex64] = both.astype(np.complex64)
    return made
