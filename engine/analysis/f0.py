"""The pitch of a voice, frame by frame: autocorrelation normalised by that of the window (Boersma 1993, "Accurate
short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled sound"), with one change
and a path through the candidates.

The change: it is the autocorrelation of the square root of the power spectrum below 1.5 kHz ("generalised
autocorrelation", Tolonen and Karjalainen 2000), in which noise and other people's voices count for less. Small
networks hear pitch as well; this needs a fifth of their time, and in the babble of other voices it errs less.
`python -m bench.live_sound` compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.values import FRAME
from engine.audio import HEARING_RATE

if TYPE_CHECKING:
    from typing import Any

    from numpy import float32, intp
    from numpy.typing import NDArray

    Table = NDArray[Any]

HOP = round(FRAME * HEARING_RATE)
"""Samples of a frame."""
WINDOW = 768
"""Samples that are looked at around the middle of a frame: 48 ms, three periods of the lowest voice."""
REACH = (WINDOW - HOP) // 2
"""Samples before and behind a frame that its window needs."""
SIZE = 1024
"""Of the transform: room for a window and the longest period."""
LOW, HIGH = 62.5, 500.0
"""Hz. Speaking voices of adults, lively ones included."""
TREBLE, BASS = 1500.0, 60.0
"""Hz. What lies outside says more of noise than of pitch."""
CANDIDATES = 6
LEAST = 0.3
"""The least height of a peak, 1 being a perfect period. Ours, as all costs below: where the spread of recorded and
synthetic voices, clean and at 20 and 10 dB in pink noise and babble, came out best."""
UNVOICED = 0.36
"""The height that a peak has to beat for a frame to be voiced."""
OCTAVE = 0.04
"""What a period costs for each octave that it is longer: of equals the shorter period is the right one."""
JUMP = 0.22
"""What a change of pitch costs between two frames, for each octave."""
ONSET = 0.09
"""What a change between voiced and unvoiced costs."""


def pitch(samples: NDArray[float32]) -> tuple[NDArray[float32], NDArray[float32]]:
    """f0 in Hz (0: not voiced) and its confidence (above 0.5 exactly where voiced), a row every `HOP` samples of
    16 kHz sound, full scale 1. What stands before the first and behind the last sample counts as silence: give
    `REACH` and some frames more on either side and drop them. 1 s of sound costs about 1.6 ms."""
    import numpy as np

    rows = len(samples) // HOP
    if not rows:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    hertz, height, worth = _candidates(samples, rows)
    path = _path(hertz, worth)
    every = np.arange(rows)
    f0 = hertz[every, path].astype(np.float32)
    sure = np.clip(height[every, path], 0, 1) / 2
    return f0, np.where(f0 > 0, 0.5 + sure, 0).astype(np.float32)


def _candidates(samples: NDArray[float32], rows: int) -> tuple[Table, Table, Table]:
    """Hz, height and worth of each frame's candidates; the first is always "not voiced", at 0 Hz."""
    import numpy as np

    periods = _autocorrelation(samples, rows)
    first, last = int(HEARING_RATE / HIGH), periods.shape[1] - 1
    before, here, after = periods[:, first - 1 : last - 1], periods[:, first:last], periods[:, first + 1 :]
    peak = (here >= before) & (here > after) & (here > LEAST)
    cost = OCTAVE * np.log2(np.arange(first, last, dtype=np.float32) * LOW / HEARING_RATE)
    best = np.argpartition(np.where(peak, cost - here, 1), CANDIDATES, axis=1)[:, :CANDIDATES]
    y0, y1, y2 = (np.take_along_axis(each, best, 1) for each in (before, here, after))
    found = np.take_along_axis(peak, best, 1)
    bend = np.minimum(y0 - 2 * y1 + y2, -1e-6)
    shift = np.clip((y0 - y2) / 2 / bend, -0.5, 0.5)
    height = np.where(found, np.minimum(y1 - (y0 - y2) * shift / 4, 1), 0)
    hertz = np.where(found, HEARING_RATE / (best + first + shift), 0)
    worth = np.where(found, height - cost[best], -1)
    none = np.zeros((rows, 1), np.float32)
    return np.hstack([none, hertz]), np.hstack([none, height]), np.hstack([none + UNVOICED, worth])


def _autocorrelation(samples: NDArray[float32], rows: int) -> Table:
    """Of each frame's window, divided by that of the window itself, for periods up to that of `LOW`."""
    import numpy as np

    taper = np.hanning(WINDOW + 2)[1:-1].astype(np.float32)
    hertz = np.fft.rfftfreq(SIZE, 1 / HEARING_RATE)
    longest = int(HEARING_RATE / LOW) + 2
    padded = np.pad(samples.astype(np.float32, copy=False), (REACH, WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:rows]
    windows = (windows - windows.mean(axis=1, keepdims=True)) * taper
    spectrum = np.abs(np.fft.rfft(windows, SIZE)) * ((hertz >= BASS) & (hertz <= TREBLE))
    periods = np.fft.irfft(spectrum, SIZE)[:, : longest + 1]
    own = np.fft.irfft(np.abs(np.fft.rfft(taper, SIZE)) ** 2, SIZE)[: longest + 1]
    normal: Table = periods / np.maximum(periods[:, :1], 1e-9) / (own / own[0]).astype(np.float32)
    return normal


def _path(hertz: Table, worth: Table) -> NDArray[intp]:
    """Which candidate of each frame lies on the path that is worth most, by Viterbi's algorithm."""
    import numpy as np

    octaves = np.log2(np.maximum(hertz, 1))
    voiced = hertz > 0
    change = JUMP * np.abs(octaves[1:, :, None] - octaves[:-1, None, :])
    change = np.where(voiced[1:, :, None] & voiced[:-1, None, :], change, ONSET)
    change[~voiced[1:, :, None] & ~voiced[:-1, None, :]] = 0
    each = np.arange(hertz.shape[1])
    score, came = worth[0], []
    for step, gain in zip(change, worth[1:], strict=True):
        total = score - step
        best = total.argmax(axis=1)
        came.append(best)
        score = total[each, best] + gain
    path = np.zeros(len(hertz), np.intp)
    path[-1] = score.argmax()
    for row in range(len(came) - 1, -1, -1):
        path[row] = came[row][path[row + 1]]
    return path
