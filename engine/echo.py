"""Whether the microphone hears nothing but the agent's own voice, from a loudspeaker: told by its loudness over time.

What the speaker plays comes back later, quieter and coloured, but it rises and falls as it was played. Measured over
1.5 s with a synthesized voice and recorded readers, in noise, with and without a room's reverberation: every onset of
an echo is known as one (252 of 252, at 0 to -20 dB), and 96 % of looks at one that goes on; of 6,000 looks at somebody
else 55 err, all of them within 0.3 s of their first sound, which the next looks mend. Over an echo at -20 dB a voice
is known at once in 96 %; over one as loud as the voice itself often only after half a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.audio import SAMPLE_BYTES, Pcm

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Loudness = npt.NDArray[np.float64]

FRAME = 0.01
"""Seconds over which a loudness is taken; three of them are averaged."""
COMPARED = 1.5
"""Seconds of microphone audio that are compared."""
EARLIER, LATER = 0.6, 0.2
"""Seconds by which the echo may be behind what we think is sounding, or ahead of it."""
LEAST = 0.2
"""… and at least: less tells nothing. There is less where the microphone was off before, or somebody spoke."""
ALIKE = 0.85
"""The least correlation of an echo."""
LOUDEST = 1.5
"""An echo has at most this share of what was played: a room makes it quieter, and a microphone's gain hardly louder."""
LATELY, LOUDER = 0.15, 2.0
"""Over its last so many seconds an echo is at most so many times as loud as the speaker was, given its share before."""
NOISE = 100.0
"""Of 32768, added on both sides: what is below it is no sound worth comparing."""


class Sounding:
    """What the loudspeaker plays about now. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[float, Pcm]] = deque()

    def add(self, at: float, pcm: Pcm) -> None:
        """`pcm` will begin to sound `at`."""
        self._pieces.append((at, pcm))
        while at - self._pieces[0][0] > COMPARED + 2 * EARLIER:
            self._pieces.popleft()

    def clear(self, now: float) -> None:
        """What would have sounded after `now` will not."""
        while self._pieces and self._pieces[-1][0] >= now:
            self._pieces.pop()

    def around(self, now: float) -> Pcm | None:
        """What an echo that is heard `now` may be of; None where nothing has sounded for longer than an echo takes."""
        if not self._pieces or self._pieces[-1][0] + self._pieces[-1][1].seconds < now - EARLIER:
            return None
        rate = self._pieces[-1][1].rate
        began = now - COMPARED - EARLIER
        played = bytearray(round((COMPARED + EARLIER + LATER) * rate) * SAMPLE_BYTES)
        for at, pcm in self._pieces:
            part = pcm.cut(began - at) if at < began else pcm
            first = round(max(0.0, at - began) * rate) * SAMPLE_BYTES
            if part.rate == rate and first < len(played):
                played[first : first + len(part.data)] = part.data[: len(played) - first]
        return Pcm(bytes(played), rate)


def is_echo(heard: Sequence[Pcm], played: Pcm) -> bool:
    """Whether `heard`, the last pieces of microphone audio, is `played`: what sounds from `EARLIER` before the last
    `COMPARED` seconds to `LATER` after them. Costs about 0.2 ms."""
    import numpy as np

    count = round(COMPARED / FRAME)
    mic = _loudness(Pcm(b"".join(piece.data for piece in heard), heard[-1].rate))[-count:] if heard else np.empty(0)
    speaker = _loudness(played)
    if len(mic) < LEAST / FRAME or len(speaker) < count:
        return False
    windows = np.lib.stride_tricks.sliding_window_view(speaker[count - len(mic) :], len(mic))
    varying = windows - windows.mean(axis=1, keepdims=True)
    mine = mic - mic.mean()
    likeness = varying @ mine / (np.sqrt((varying**2).sum(axis=1) * (mine**2).sum()) + 1e-9)
    best = int(likeness.argmax())
    if likeness[best] < ALIKE:
        return False
    sounding, last = windows[best], round(LATELY / FRAME)
    loud = sounding >= sounding.max() / 4
    before = loud.copy()
    before[-last:] = False
    if not before.any():  # it has just begun to sound; the next look tells
        return _share(mic, sounding, loud) < LOUDEST
    share = _share(mic, sounding, before)
    expected = share * sounding[-last:].mean()
    return share < LOUDEST and bool(mic[-last:].mean() + NOISE < LOUDER * (expected + NOISE))


def _share(heard: Loudness, played: Loudness, where: npt.NDArray[np.bool_]) -> float:
    import numpy as np

    return float(np.median(heard[where] / played[where]))


def _loudness(pcm: Pcm) -> Loudness:
    """The effective value of each `FRAME`, smoothed."""
    import numpy as np

    size = round(FRAME * pcm.rate)
    samples = np.frombuffer(pcm.data, "<i2").astype(np.float64)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    loudness: Loudness = np.convolve(np.sqrt((frames**2).mean(axis=1)), np.ones(3) / 3, "same")
    return loudness
