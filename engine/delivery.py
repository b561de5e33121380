"""How a wire takes audio: in pieces of which length, how far ahead, and what it says of what was played."""

from __future__ import annotations

from dataclasses import dataclass

from engine.audio import Pcm
from engine.ledger import EPSILON, SpokenLine

WINDOW = 0.01
"""Seconds over which the loudness of a cutting point is measured: two or three periods of a voice."""
CUT_FROM, WHOLE_TO = 0.6, 1.4
"""A full piece is cut at its quietest point after this share of its length; a line's rest up to so much more than one
piece goes with it whole: a very short last piece would leave a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a wire takes audio. Seconds.

    `chunk`: longest piece; None sends whole lines, each when it is complete (self-contained files).
    `first`: the longest piece where nothing is playing, so that speech begins sooner; None: as the others.
    `full`: never a shorter piece but at the end of a line, cut where it is quiet: for clients that decode and play each
    message by itself, with a gap after each.
    `lead`: how far ahead of what is heard audio is sent: what an interruption throws away, and what hides a stall.
    `allowance`: how much later than sent we take audio to sound, where the client does not say.
    `reports`: the client reports what it has rendered (`Played`): exact, and pacing follows it.
    `always_clear`: an interruption clears even when all that was sent should have been heard: clients may be behind.
    `keeps`: the client cannot be told to drop what it holds: what was sent will be heard, whatever comes between.
    """

    chunk: float | None = 0.04
    first: float | None = None
    full: bool = False
    lead: float = 0.3
    allowance: float = 0.25
    reports: bool = False
    always_clear: bool = False
    keeps: bool = False

    def piece(self, line: SpokenLine, *, idle: bool) -> float | None:
        """How many seconds of `line` to send next, None while there is too little. `idle`: nothing is playing."""
        ready = line.seconds - line.sent
        if self.chunk is None:
            return ready if line.complete else None
        if ready <= EPSILON:
            return None
        longest = self.first if self.first and idle else self.chunk
        if not self.full:
            return min(ready, longest)
        if ready < WHOLE_TO * longest:
            return ready if line.complete else None
        return _quietest(line.cut(line.sent, line.sent + longest), CUT_FROM * longest)


def _quietest(pcm: Pcm, start: float) -> float:
    """Where to cut `pcm`: the end of its least loud `WINDOW` after `start`, or its own end if that is no louder."""
    import numpy

    samples = numpy.frombuffer(pcm.data, dtype="<i2").astype(numpy.float32)
    window = max(1, round(WINDOW * pcm.rate))
    first = round(start * pcm.rate) // window
    count = len(samples) // window
    if count <= first:
        return pcm.seconds
    loudness = numpy.square(samples[: count * window].reshape(count, window)[first:]).mean(axis=1)
    least = len(loudness) - 1 - int(loudness[::-1].argmin())  # of several as quiet, the last: fewer pieces
    return (first + least + 1) * window / pcm.rate
