"""Voices whose pitch and pauses are known, because they are computed: harmonics of a moving pitch under formants, with
fricatives, stops and pauses; and noise to mix them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.analysis.loudness import HOP
from engine.audio import HEARING_RATE, Pcm

Samples = npt.NDArray[Any]
VOWELS = np.array(
    [[730, 1090, 2440], [270, 2290, 3010], [300, 870, 2240], [530, 1840, 2480], [570, 840, 2410], [660, 1720, 2410]]
)
"""Hz of the first three formants (Peterson and Barney 1952, men)."""
WIDTHS, WEIGHTS = (80.0, 110.0, 160.0), (1.0, 0.5, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """`sound` at 16 kHz, full scale 1. Each frame's true `f0` (Hz), whether it is `voiced`, whether it is `speech`."""

    sound: Samples
    f0: Samples
    voiced: Samples
    speech: Samples

    @property
    def spread(self) -> float:
        """Semitones: the true standard deviation of the pitch where it is voiced."""
        return float(np.std(12 * np.log2(self.f0[self.voiced])))

    def in_noise(self, noise: Samples, decibels: float) -> Samples:
        """The sound with `noise` so far below its speech."""
        speech = np.repeat(self.speech, HOP)
        power = self.sound[: len(speech)][speech].std() * 10 ** (-decibels / 20)
        mixed: Samples = self.sound + noise[: len(self.sound)] / noise.std() * power
        return mixed


def voice(seconds: float, base: float, spread: float, seed: int = 1, formants: float = 1.0) -> Voice:
    """A voice round `base` Hz, whose pitch moves by `spread` semitones (standard deviation) and whose vocal tract is
    shorter than a man's by the factor `formants`."""
    random = np.random.default_rng(seed)
    count = round(seconds * HEARING_RATE)
    f0 = base * 2 ** (_contour(count, random) * spread / 12)
    voiced, speech, sound = _phrases(_vowels(f0, formants, random), random)
    middles = np.arange(count // HOP) * HOP + HOP // 2
    sound = sound / np.abs(sound).max() / 2
    return Voice(sound=sound, f0=f0[middles], voiced=voiced[middles], speech=speech[middles])


def _contour(count: int, random: np.random.Generator) -> Samples:
    """A smooth line with mean 0 and deviation 1, a movement every 0.2 s or so."""
    knots = np.arange(0, count, HEARING_RATE * 9 // 50)
    line = np.interp(
        np.arange(count), knots, np.convolve(random.standard_normal(len(knots)), [0.25, 0.5, 0.25], "same")
    )
    window = np.hanning(HEARING_RATE // 20)
    line = np.convolve(line, window / window.sum(), "same")
    return np.asarray((line - line.mean()) / line.std())


def _vowels(f0: Samples, formants: float, random: np.random.Generator) -> Samples:
    """One vowel after the other on that pitch, with breath, each syllable as loud as it likes."""
    count = len(f0)
    at = np.arange(count)
    phase = 2 * np.pi * np.cumsum(f0 * (1 + 0.003 * random.standard_normal(count))) / HEARING_RATE
    knots = np.arange(0, count + HEARING_RATE // 5, HEARING_RATE // 5)
    heard = VOWELS[random.integers(0, len(VOWELS), len(knots))] * formants
    tracks = [np.interp(at, knots, heard[:, i]) for i in range(3)]
    sound = np.zeros(count)
    for number in range(1, int(4500 / f0.min()) + 1):
        hertz = number * f0
        gain = 0.02 + sum(
            weight / (1 + ((hertz - track) / width) ** 2)
            for track, width, weight in zip(tracks, WIDTHS, WEIGHTS, strict=True)
        )
        sound += np.where(hertz < 4500, gain / (1 + hertz / 500) * np.sin(number * phase + number), 0)
    syllables = np.arange(0, count + HEARING_RATE // 10, HEARING_RATE // 10)
    loud = np.interp(at, syllables, random.uniform(0.25, 1, len(syllables)))
    return np.asarray(sound / sound.std() * loud + random.standard_normal(count) * 0.03)


def _phrases(sound: Samples, random: np.random.Generator) -> tuple[Samples, Samples, Samples]:
    """(voiced, speech, sound) with consonants and pauses cut in."""
    count = len(sound)
    voiced, speech = np.ones(count, bool), np.ones(count, bool)
    hiss = np.diff(random.standard_normal(count + 1)) / 4
    other = np.zeros(count)
    at = 0.3
    while at < count / HEARING_RATE - 0.3:
        kind = random.choice(["pause", "stop", "fricative"], p=[0.25, 0.2, 0.55])
        length = random.uniform(0.3, 0.8) if kind == "pause" else random.uniform(0.06, 0.14)
        part = slice(int(at * HEARING_RATE), int((at + length) * HEARING_RATE))
        voiced[part] = False
        if kind == "pause":
            speech[part] = False
        if kind == "fricative":
            other[part] = hiss[part]
        at += length + random.uniform(0.12, 0.6)
    edges = np.convolve(voiced.astype(float), np.ones(160) / 160, "same")
    return voiced, speech, np.where(voiced, sound * edges, other)


def pink(count: int, seed: int = 2) -> Samples:
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    return np.asarray(np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count))


def babble(count: int, seed: int = 3, voices: int = 8) -> Samples:
    """Many voices at once, all of them as loud."""
    bases = np.linspace(95, 240, voices)
    made = (voice(count / HEARING_RATE + 0.1, base, 2.5, seed * 100 + i) for i, base in enumerate(bases))
    return np.asarray(sum(np.roll(one.sound[:count], 7919 * i) for i, one in enumerate(made)))


def as_pcm(sound: Samples) -> Pcm:
    return Pcm(np.clip(sound * 32767, -32768, 32767).astype("<i2").tobytes(), HEARING_RATE)
