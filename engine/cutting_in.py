"""Cutting in on purpose, to practise being interrupted: when the agent does, in which gap between two words, how often
and how hard. What is said is the scenario's; whose floor it is, the turn machine's."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

import numpy as np

from engine.audio import Pcm
from engine.errors import BadInput

PREPARED = 2.0
"""Seconds before the earliest moment at which it may cut in: to find the words, and to have them spoken."""
ON_TOPIC = 0.8
"""Seconds for which an ear that has understood nothing yet is waited for: it is their words that are cut into."""


class Hardness(StrEnum):
    """How hard the agent cuts in."""

    OFF = "off"
    GENTLE = "gentle"
    FIRM = "firm"
    RELENTLESS = "relentless"


def named(part: str, value: object) -> Hardness:
    """Raises BadInput, naming the `part`: it is none."""
    if value not in tuple(Hardness):
        raise BadInput(f"{part}: expected one of {', '.join(Hardness)}")
    return Hardness(str(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Seconds. `after`: of a turn that are heard out, and up to half as much again, which differs from turn to turn;
    `every`: from one time to the next at least; `yields`: of speaking on until it gives the floor back; `times` in one
    turn.

    Design rules. Speakers who overlap settle within two beats or so who goes on (Schegloff 2000): a gentle one leaves
    at about that, a firm one has said half of its line by then.
    """

    after: float
    every: float
    yields: float
    times: int


MANNERS = {
    Hardness.GENTLE: Manner(after=10.0, every=40.0, yields=0.6, times=1),
    Hardness.FIRM: Manner(after=6.0, every=15.0, yields=1.4, times=2),
    Hardness.RELENTLESS: Manner(after=3.5, every=6.0, yields=math.inf, times=4),
}


class Gaps:
    """Finds the gaps between words in live sound: where it falls far below what it just was. 20 us a frame."""

    FRAME = 0.02
    QUIET = 0.12
    """Of the loudest of the last second or so: 18 dB less."""
    LASTS = 0.08
    """A closed consonant within a word is mostly shorter. Five read and one free recording have such a gap 0.3 to 1.0
    times a second: nobody is waited for long."""
    HALVED_IN = 1.0

    def __init__(self) -> None:
        self._peak = 0.0
        self._quiet = 0.0

    def push(self, pcm: Pcm) -> bool:
        """Take 16-bit audio; whether it ends in a gap that has lasted long enough."""
        samples = np.frombuffer(pcm.data, "<i2").astype(np.float32)
        step = max(1, round(self.FRAME * pcm.rate))
        for first in range(0, len(samples), step):
            frame = samples[first : first + step]
            self._frame(float(np.sqrt(np.mean(frame * frame))), len(frame) / pcm.rate)
        return self._quiet >= self.LASTS - 1e-6

    def _frame(self, level: float, seconds: float) -> None:
        self._peak = max(level, self._peak * 0.5 ** (seconds / self.HALVED_IN))
        self._quiet = self._quiet + seconds if level < self.QUIET * self._peak else 0.0


@dataclass(slots=True)
class _OfTurn:
    number: int = 0
    spoken: float = 0.0
    times: int = 0


class CuttingIn:
    """Told of every piece of the listener's live sound, in which `speaks` says whether they may be cut into, and in
    which turn. Calls `prepare` when something should be found to say, and `cut_in` when it may begin; `ready`: its
    sound is there; `understood`: some of the listener's words are."""

    def __init__(
        self,
        *,
        prepare: Callable[[], None],
        cut_in: Callable[[], None],
        ready: Callable[[], bool],
        understood: Callable[[], bool],
    ) -> None:
        self._manner: Manner | None = None
        self._prepare = prepare
        self._cut_in = cut_in
        self._ready = ready
        self._understood = understood
        self._gaps = Gaps()
        self._turn = _OfTurn()
        self._since = math.inf
        """Seconds of the listener's sound since it last cut in."""
        self.pending = False
        """Something was prepared, and has not begun to sound."""

    def be(self, hardness: Hardness) -> Manner | None:
        """From now on."""
        self._manner = MANNERS.get(hardness)
        return self._manner

    def hear(self, pcm: Pcm, *, speaks: bool, turn: int, free: bool) -> None:
        """`free`: the agent has nothing else to say."""
        if self._manner is None:
            return
        gap = self._gaps.push(pcm)
        self._since += pcm.seconds
        if turn != self._turn.number:
            self._turn = _OfTurn(turn)
        if not speaks:
            return
        self._turn.spoken += pcm.seconds
        due = self._due(self._manner)
        waits_for_words = not self._understood() and self._turn.spoken < due - PREPARED + ON_TOPIC
        if not self.pending:
            if free and self._turn.spoken >= due - PREPARED and not waits_for_words:
                self.pending = True
                self._prepare()
        elif gap and self._turn.spoken >= due and self._ready():
            self.pending = False
            self._turn.times += 1
            self._turn.spoken, self._since = 0.0, 0.0
            self._cut_in()

    def _due(self, manner: Manner) -> float:
        """Seconds of speech in this turn, or since the last time in it."""
        if self._turn.times >= manner.times:
            return math.inf
        later = crc32(f"{self._turn.number} {self._turn.times}".encode()) % 100 / 200
        return max(manner.after * (1 + later), self._turn.spoken + manner.every - self._since)
