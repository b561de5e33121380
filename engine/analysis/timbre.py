"""What a voice sounds like, apart from what it says: cepstra of its voiced frames (Davis and Mermelstein 1980),
averaged over a fifth of a second, so that no sound has to be kept to tell two voices apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.analysis.values import FRAME, Frames
from engine.audio import HEARING_RATE

if TYPE_CHECKING:
    from typing import Any

    from numpy import float32
    from numpy.typing import NDArray

    Table = NDArray[Any]

HOP = round(FRAME * HEARING_RATE)
WINDOW, SIZE = 400, 512
"""Samples that are looked at from just before each frame, and of the transform: 25 and 32 ms."""
BANDS, LOW, HIGH = 26, 80.0, 7600.0
"""Mel bands, and Hz between which they lie."""
COEFFICIENTS = 15
"""Cepstral coefficients from the first on; the one before tells loudness only."""
CELL = 12
"""Frames of a print: 0.19 s, about a syllable."""
LEAST = 3
"""Voiced frames that make a print."""
EMPHASIS = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How a voice sounded from `start` to `end` (seconds of the session): the mean `timbre` and `level` (dB of full
    scale) of its `frames` voiced frames."""

    start: float
    end: float
    frames: int
    level: float
    timbre: tuple[float, ...]


def prints(samples: NDArray[float32], before: int, frames: Frames) -> tuple[Print, ...]:
    """Of 16 kHz `samples`, of which those from frame `before` on belong to `frames`. 1 s costs about 0.7 ms."""
    import numpy as np

    voiced = frames.f0 > 0
    if not voiced.any():
        return ()
    table = _cepstra(samples, before, len(voiced))
    cells = (round(frames.start / FRAME) + np.arange(len(voiced))) // CELL
    made = []
    for cell in np.unique(cells[voiced]):
        inside = np.flatnonzero(voiced & (cells == cell))
        if len(inside) >= LEAST:
            made.append(
                Print(
                    start=float(cell) * CELL * FRAME,
                    end=float(cell + 1) * CELL * FRAME,
                    frames=len(inside),
                    level=float(frames.level[inside].mean()),
                    timbre=tuple(table[inside].mean(axis=0).tolist()),
                )
            )
    return tuple(made)


def _cepstra(samples: NDArray[float32], before: int, rows: int) -> Table:
    import numpy as np

    lead = (WINDOW - HOP) // 2
    first = before * HOP - lead - 1
    sound = np.pad(samples[max(0, first) :], (max(0, -first), WINDOW + HOP))[: rows * HOP + WINDOW + 1]
    bright = sound[1:] - EMPHASIS * sound[:-1]
    windows = np.lib.stride_tricks.sliding_window_view(bright, WINDOW)[::HOP][:rows]
    spectrum = np.fft.rfft(windows * np.hamming(WINDOW).astype(np.float32), SIZE)
    power = spectrum.real**2 + spectrum.imag**2
    bands, turn = _tables()
    cepstra: Table = np.log(power @ bands + 1e-9) @ turn
    return cepstra


@lru_cache(maxsize=1)
def _tables() -> tuple[Table, Table]:
    """Power spectrum to mel bands, and their logarithms to cepstra."""
    import numpy as np

    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (LOW, HIGH))
    mel = np.linspace(low, high, BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    hertz = np.fft.rfftfreq(SIZE, 1 / HEARING_RATE)[:, None]
    up = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    bands = np.maximum(0, np.minimum(up, down)).astype(np.float32)
    order = np.arange(1, COEFFICIENTS + 1)
    turn = np.cos(np.pi * order * (np.arange(BANDS)[:, None] + 0.5) / BANDS) * np.sqrt(2 / BANDS)
    return bands, turn.astype(np.float32)
