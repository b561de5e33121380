"""Speech that an emulator understands, and speech that it makes: each sample says which word or letter it is of.

So a test may say what it likes, an audio that was sent twice is understood twice, and any sample that was lost, split
or changed on the way changes what comes out.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import groupby

from engine.audio import HEARING_RATE, Pcm

WORD, GAP = 0.2, 0.05
"""Seconds of a word, and of silence after it."""
FIRST = 1000

_LOUDNESS = 20_000
_RAMP = array("h", [*range(-10_000, 10_000)] * 2)

_CODES: dict[str, int] = {}
_WORDS: dict[int, str] = {}


def uttered(text: str, *, after: float = 0.0, tail: float = 0.0, rate: int = HEARING_RATE) -> Pcm:
    """`text` as audio, with silence before and behind it. (Only at 16 kHz an emulator understands it.)"""
    samples = array("h", bytes(2 * round(after * rate)))
    for word in text.split():
        code = _CODES.setdefault(word, FIRST + len(_CODES))
        _WORDS[code] = word
        samples.extend([code] * round(WORD * rate))
        samples.extend([0] * round(GAP * rate))
    samples.extend([0] * round(tail * rate))
    return Pcm(samples.tobytes(), rate)


@dataclass
class Told:
    """A word, when it sounded in the stream, and whether it had ended."""

    text: str
    start: float
    end: float
    whole: bool = False


class Understanding:
    """Understands a stream of such audio at 16 kHz. `seconds` of it have come."""

    def __init__(self):
        self.words: list[Told] = []
        self._samples = 0

    @property
    def seconds(self) -> float:
        return self._samples / HEARING_RATE

    def take(self, data: bytes):
        for code, run in groupby(array("h", data)):
            length = sum(1 for _ in run)
            start, end = self.seconds, (self._samples + length) / HEARING_RATE
            self._samples += length
            going_on = self.words and not self.words[-1].whole
            if code == 0:
                if going_on:
                    self.words[-1].whole = True
                continue
            assert code in _WORDS, f"{length} samples of {code} were never uttered"
            if going_on and self.words[-1].text == _WORDS[code]:
                self.words[-1].end = end
            else:
                self.words.append(Told(_WORDS[code], start, end))


def sound(text: str, *, rate: int = 24_000, speed: float = 1.0) -> bytes:
    """What an emulator says for `text`: 60 ms a character, none like the one before."""
    length = round(0.06 * rate / speed)
    samples = array("h")
    for place, letter in enumerate(text):
        first = (ord(letter) * 37 + place * 1_001) % _LOUDNESS
        samples.extend(_RAMP[first : first + length])
    return samples.tobytes()
