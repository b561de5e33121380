"""Recorded voices cut into pieces and put together again, so that it is known where the pauses are and who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bench.recordings import AUDIO, pcm, readings
from bench.synthetic_voice import Samples, pink
from engine.analysis.loudness import HOP, level, weighted
from engine.analysis.packing import joined
from engine.analysis.sensor import Sensor
from engine.analysis.timbre import Print
from engine.analysis.values import Frames, Span
from engine.audio import HEARING_RATE, Pcm
from engine.providers.offline_vad import SileroDetector, VadTuning

PIECE = 2.2
"""Seconds of a piece, at most."""
EDGE = 22.0
"""dB below its recording's loud parts at which a piece begins and ends."""
PAUSES = (0.3, 0.35, 0.4, 0.5, 0.7, 1.0, 1.5, 2.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the live pipeline made of a sound, fed as it is live."""

    frames: Frames
    spans: tuple[Span, ...]
    prints: tuple[Print, ...]


def samples(path: Path) -> Samples:
    return np.frombuffer(pcm(path).data, "<i2").astype(float) / 32768


@cache
def pieces(name: str) -> list[Samples]:
    """The recordings whose names begin with `name`, cut where they are faintest, without the silence at their ends."""
    found = []
    for reading in readings():
        if not reading.path.name.startswith(name):
            continue
        sound = samples(reading.path)
        loud = np.convolve(level(weighted(sound)), np.ones(3) / 3, "same")
        least, most = (round(PIECE * part * HEARING_RATE / HOP) for part in (0.55, 1))
        cuts = [0]
        while cuts[-1] + most < len(loud):
            cuts.append(cuts[-1] + least + int(np.argmin(loud[cuts[-1] + least : cuts[-1] + most])))
        edge = float(np.percentile(loud, 95)) - EDGE
        parts = [sound[a * HOP : b * HOP] for a, b in zip(cuts, [*cuts[1:], len(loud)], strict=True)]
        trimmed = (_trimmed(part, edge) for part in parts if len(part) > 0.4 * HEARING_RATE)
        found += [part for part in trimmed if len(part) > 0.3 * HEARING_RATE]
    return found


def _trimmed(sound: Samples, edge: float) -> Samples:
    """Between its first and last 30 ms above `edge` dB, softly cut."""
    step = HEARING_RATE // 200
    heard = weighted(sound)[: len(sound) // step * step].reshape(-1, step)
    above = 10 * np.log10(np.square(heard).mean(axis=1) + 1e-12) > edge
    there = np.flatnonzero(np.convolve(above, np.ones(6), "valid") >= 5)
    part: Samples = sound[there[0] * step : (there[-1] + 6) * step].copy()
    ramp = np.linspace(0, 1, 48)
    part[:48] *= ramp
    part[-48:] *= ramp[::-1]
    return part


def paused(parts: list[Samples], seed: int = 1) -> tuple[Samples, list[Span]]:
    """All of `parts` with pauses between them, and those."""
    random = np.random.default_rng(seed)
    sound, pauses, at = [np.zeros(HEARING_RATE)], [], 1.0
    for part in parts:
        length = float(random.choice(PAUSES))
        sound += [part, np.zeros(round(length * HEARING_RATE))]
        at += len(part) / HEARING_RATE
        pauses.append(Span(start=at, end=at + length))
        at += length
    return np.concatenate([*sound, np.zeros(HEARING_RATE)]), pauses[:-1]


def dialogue(one: list[Samples], other: list[Samples], seed: int = 1) -> tuple[Samples, tuple[list[Span], list[Span]]]:
    """Two voices, as loud as each other, who say one to three pieces in turn; and when each speaks."""
    random = np.random.default_rng(seed)
    sound, at = [np.zeros(HEARING_RATE // 2)], 0.5
    left: tuple[list[Samples], list[Samples]] = [*one], [*other]
    spans: tuple[list[Span], list[Span]] = [], []
    who = 0
    while left[who]:
        for _ in range(random.integers(1, 4)):
            if left[who]:
                part = left[who].pop(0)
                gap = float(random.uniform(0.15, 0.6))
                sound += [part / part.std() * 0.05, np.zeros(round(gap * HEARING_RATE))]
                spans[who].append(Span(start=at, end=at + len(part) / HEARING_RATE))
                at = sum(map(len, sound)) / HEARING_RATE
        who = 1 - who
    return np.concatenate(sound), spans


def noisy(sound: Samples, decibels: float, noise: Samples | None = None) -> Samples:
    """With noise (pink unless given) so far below what is not silence."""
    noise = pink(len(sound)) if noise is None else noise
    power = sound[np.abs(sound) > 0].std() * 10 ** (-decibels / 20)
    mixed: Samples = sound + noise[: len(sound)] / noise.std() * power
    return mixed


def heard(sound: Samples, batch: float = 5.0) -> Heard:
    """`sound` through voice activity and the sensor, in pieces of 0.1 s, measured every `batch` seconds."""
    pcm16 = Pcm(np.clip(sound * 32767, -32768, 32767).astype("<i2").tobytes(), HEARING_RATE)
    detector, sensor = SileroDetector(VadTuning()), Sensor(voices=True)
    frames: list[Frames] = []
    spans: list[Span] = []
    due = batch
    for i in range(round(pcm16.seconds * 10) + 1):
        piece = pcm16.cut(i / 10, (i + 1) / 10)
        sensor.push(piece, i / 10)
        for edge in detector.feed(piece):
            sensor.voiced(edge.onset, edge.at)
        if i / 10 >= due or not piece.data:
            made, spoken = sensor.take(last=not piece.data)
            frames.append(made)
            spans += spoken
            due += batch
    return Heard(frames=joined(frames, pcm16.seconds), spans=tuple(spans), prints=sensor.take_prints())


def meeting() -> tuple[Samples, dict[str, list[Span]]]:
    """Half a minute of a real meeting, and when each of the two spoke, by its transcriber."""
    speakers: dict[str, list[Span]] = {}
    for line in (AUDIO / "ami-conversation.rttm").read_text().splitlines():
        start, length, name = (line.split()[i] for i in (3, 4, 7))
        speakers.setdefault(name, []).append(Span(start=float(start), end=float(start) + float(length)))
    return samples(AUDIO / "ami-conversation.wav"), speakers
