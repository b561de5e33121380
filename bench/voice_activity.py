"""How well and how cheaply voice activity is detected: `python -m bench.voice_activity`.

Human recordings from `../shared/audio`. Truth for the readings is the energy of the clean recording (within 20 dB of
its loud tenth, gaps up to 200 ms filled), the same when pink noise is added; for the meeting it is its transcriber's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.recordings import AUDIO, pcm, readings
from engine.audio import HEARING_RATE, Pcm
from engine.providers.offline_vad import WINDOW, Gated, SileroDetector, VadTuning

Samples = npt.NDArray[np.int16]
Truth = npt.NDArray[np.bool_]
SECONDS = WINDOW / HEARING_RATE
QUIET = 31  # windows of silence round each reading


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    audio: Samples
    truth: Truth


def samples(path: Path) -> Samples:
    return np.frombuffer(pcm(path).data, "<i2")


def loud(audio: Samples, within: float = 20.0, gap: int = 6) -> Truth:
    """Which windows lie within `within` dB of the loud tenth; gaps up to `gap` windows count as speech."""
    level = 10 * np.log10((audio.reshape(-1, WINDOW).astype(float) ** 2).mean(1) + 1)
    truth: Truth = level > np.percentile(level, 90) - within
    places = np.flatnonzero(truth)
    for first, second in pairwise(places):
        if second - first <= gap + 1:
            truth[first:second] = True
    return truth


def read_aloud() -> Case:
    """All readings with a second of faint hiss between them."""
    audio: list[Samples] = [np.zeros(QUIET * WINDOW, np.int16)]
    truth: list[Truth] = [np.zeros(QUIET, bool)]
    for reading in readings():
        heard = samples(reading.path)
        heard = heard[: len(heard) // WINDOW * WINDOW]
        audio += [heard, audio[0]]
        truth += [loud(heard), truth[0]]
    clean = np.concatenate(audio)
    hiss = np.random.default_rng(1).standard_normal(len(clean)) * 3
    return Case("readings, clean", clean + hiss.astype(np.int16), np.concatenate(truth))


def in_noise(case: Case, decibels: int) -> Case:
    """The same with pink noise, `decibels` below the speech."""
    spectrum = np.fft.rfft(np.random.default_rng(2).standard_normal(len(case.audio)))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), len(case.audio))
    speech = case.audio.reshape(-1, WINDOW)[case.truth].astype(float).std()
    mixed = case.audio + noise / noise.std() * speech * 10 ** (-decibels / 20)
    return Case(f"readings, pink noise {decibels} dB", np.clip(mixed, -32768, 32767).astype(np.int16), case.truth)


def meeting() -> Case:
    audio = samples(AUDIO / "ami-conversation.wav")
    truth = np.zeros(len(audio) // WINDOW, bool)
    for line in (AUDIO / "ami-conversation.rttm").read_text().splitlines():
        start, length = map(float, line.split()[3:5])
        truth[int(start / SECONDS) : int((start + length) / SECONDS) + 1] = True
    return Case("meeting", audio[: len(truth) * WINDOW], truth)


def area_under_curve(scores: npt.NDArray[np.float64], truth: Truth) -> float:
    """The chance that a window of speech scores above one without (ties count half)."""
    _, which, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[which]
    yes, no = int(truth.sum()), int((~truth).sum())
    return float((ranks[truth].sum() - yes * (yes + 1) / 2) / (yes * no))


def scores(case: Case) -> npt.NDArray[np.float64]:
    gated = Gated(VadTuning())
    return np.array([gated.probability(window.tobytes(), awake=False) for window in case.audio.reshape(-1, WINDOW)])


def cost(audio: Samples) -> float:
    """The share of a core that a listener costs, fed 20 ms at a time."""
    detector = SileroDetector(VadTuning())
    frames = [Pcm(audio[at : at + 320].tobytes(), HEARING_RATE) for at in range(0, len(audio), 320)]
    begun = time.process_time()
    for frame in frames:
        detector.feed(frame)
    return (time.process_time() - begun) / (len(audio) / HEARING_RATE)


def onset_delays(case: Case) -> list[float]:
    """Milliseconds from each true onset after at least 320 ms of silence to the end of the frame that told it."""
    detector = SileroDetector(VadTuning())
    told = []
    for at in range(0, len(case.audio), 320):
        piece = Pcm(case.audio[at : at + 320].tobytes(), HEARING_RATE)
        told += [(at + 320) / HEARING_RATE for edge in detector.feed(piece) if edge.onset]
    truth = case.truth
    onsets = [i * SECONDS for i in range(10, len(truth)) if truth[i] and not truth[i - 10 : i].any()]
    near = ([t - onset for t in told if -0.2 < t - onset < 0.6] for onset in onsets)
    return [1000 * min(delays, key=abs) for delays in near if delays]


def main() -> None:
    if not AUDIO.is_dir():
        print(f"no recordings of human voices beside the repository ({AUDIO.name}): nothing to measure")
        return
    clean = read_aloud()
    silence = Case("digital silence", np.zeros(60 * HEARING_RATE // WINDOW * WINDOW, np.int16), np.zeros(0, bool))
    cost(clean.audio)
    print(f"{'':26} {'AUC':>6} {'missed':>7} {'false':>6} {'% of a core':>12} {'onset ms, median and p90':>26}")
    for case in (clean, *(in_noise(clean, d) for d in (20, 10, 5)), meeting()):
        found = scores(case)
        delays = onset_delays(case)
        print(
            f"{case.name:26} {area_under_curve(found, case.truth):6.3f} {100 * (found[case.truth] < 0.5).mean():6.1f}%"
            f" {100 * (found[~case.truth] >= 0.5).mean():5.1f}% {100 * cost(case.audio):12.2f}"
            f" {np.median(delays):18.0f} {np.percentile(delays, 90):7.0f}"
        )
    print(f"{silence.name:26} {'':6} {'':7} {'':6} {100 * cost(silence.audio):12.2f}")


if __name__ == "__main__":
    main()
