"""What live sound costs and how true it is: `python -m bench.live_sound`.

Pitch and pauses on sound whose truth is known: computed voices, recorded ones with pauses put between their pieces.
Who speaks on one microphone on two recorded voices in turn and on a recorded meeting. Pitch by the small network
`swift-f0` is beside ours where that package is installed.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from bench.recordings import AUDIO
from bench.spliced import Heard, dialogue, heard, meeting, noisy, paused, pieces
from bench.synthetic_voice import Samples, as_pcm, babble, pink, voice
from engine.analysis import f0
from engine.analysis.melody import spread, voiced
from engine.analysis.packing import joined, packed
from engine.analysis.prosody import prosody
from engine.analysis.segments import merged, refined
from engine.analysis.sensor import Sensor
from engine.analysis.values import FRAME, USER, Frames, Material, Span
from engine.analysis.voices import attributed, guess
from engine.audio import HEARING_RATE
from engine.providers.offline_vad import SileroDetector, VadTuning

Tracker = Callable[[Samples], tuple[Samples, Samples]]
MINUTE = 60


def swift() -> Tracker | None:
    """The network, where it is installed."""
    if importlib.util.find_spec("swift_f0") is None:
        return None
    network = importlib.import_module("swift_f0").SwiftF0(threads=1)

    def track(sound: Samples) -> tuple[Samples, Samples]:
        found = network.detect(sound.astype(np.float32), HEARING_RATE, 60, 500)
        return found.pitch_hz, found.confidence

    return track


def cost(job: Callable[[], object], seconds: float, times: int = 3) -> float:
    """The share of a core, in percent, that `job` on `seconds` of sound costs; the least of some runs."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        job()
        spent.append(time.process_time() - begun)
    return 100 * min(spent) / seconds


def live_cost() -> None:
    sound = noisy(np.tile(voice(20, 120, 2.5).sound, 3), 30)
    pcm = as_pcm(sound)
    parts = [pcm.cut(i / 10, (i + 1) / 10) for i in range(MINUTE * 10)]

    def sense(*, voices: bool, batch: float) -> list[Frames]:
        sensor, made = Sensor(voices=voices), []
        for i, part in enumerate(parts):
            sensor.push(part, i / 10)
            if (i + 1) % round(batch * 10) == 0:
                made.append(sensor.take()[0])
                sensor.take_prints()
        return made

    def detect() -> None:
        detector = SileroDetector(VadTuning())
        for part in parts:
            detector.feed(part)

    print("\none side of a session that speaks without a break, % of a core")
    print(f"  voice activity                      {cost(detect, MINUTE):5.2f}")
    for batch in (0.5, 1.0, 2.0, 5.0):
        spent = cost(partial(sense, voices=False, batch=batch), MINUTE)
        print(f"  sensor, measured every {batch:3.1f} s        {spent:5.2f}")
    print(f"  and prints of voices, every 5.0 s   {cost(partial(sense, voices=True, batch=5.0), MINUTE):5.2f}")
    samples = sound.astype(np.float32)
    for name, track in trackers().items():
        print(f"  pitch alone, {name:10}             {cost(partial(track, samples), MINUTE):5.2f}")
    print(f"  kept of a minute: {len(packed(joined(sense(voices=False, batch=5.0), MINUTE))) / 1000:.1f} kB")


def trackers() -> dict[str, Tracker]:
    network = swift()
    return {"ours": f0.pitch} | ({"swift-f0": network} if network else {})


def melody() -> None:
    """Errors of the spread in semitones: mean of their size, and the largest."""
    cases = [(base, wide) for base in (105, 130, 180, 220) for wide in (0.5, 1.2, 2.0, 3.5)]
    noises = {"clean": None, "pink 20 dB": (pink, 20), "pink 10 dB": (pink, 10)}
    noises |= {"babble 20 dB": (babble, 20), "babble 10 dB": (babble, 10)}
    found: dict[tuple[str, str], list[float]] = {}
    for base, wide in cases:
        one = voice(10, base, wide, seed=base, formants=1.15 if base > 150 else 1.0)
        for noise, how in noises.items():
            sound = one.sound if how is None else one.in_noise(how[0](len(one.sound)), how[1])
            level = heard_level(sound)
            for name, track in trackers().items():
                hertz, sure = (each[: len(level.level)].astype(np.float32) for each in track(sound.astype(np.float32)))
                frames = Frames(f0=hertz, confidence=sure, level=level.level, loudness=level.loudness)
                found.setdefault((name, noise), []).append(spread(hertz[voiced(frames, one.speech)]) - one.spread)
    print("\npitch: error of the spread in semitones, mean and largest, 16 voices of 0.5 to 3.5")
    for name in trackers():
        row = (found[name, noise] for noise in noises)
        print(
            f"  {name:9}",
            *(f"{n} {np.abs(e).mean():.2f} {np.abs(e).max():.2f} |" for n, e in zip(noises, row, strict=True)),
        )


def heard_level(sound: Samples) -> Frames:
    sensor = Sensor()
    sensor.push(as_pcm(sound), 0.0)
    return sensor.take(last=True)[0]


def pauses() -> None:
    print("\npauses of recorded voices: error in ms, mean and 9 of 10 below, by voice activity alone and refined")
    sound, truth = paused(pieces("austen") + pieces("jfk"))
    white = np.random.default_rng(1).standard_normal(len(sound))
    for name, decibels, noise in (
        ("pink 40 dB", 40, None),
        ("pink 30 dB", 30, None),
        ("pink 15 dB", 15, None),
        ("white 15 dB", 15, white),
        ("babble 15 dB", 15, babble(len(sound))),
    ):
        made = heard(noisy(sound, decibels, noise))
        rows = (pause_errors(spans, truth) for spans in (merged(made.spans), refined(made.spans, made.frames)))
        told = (f"{1000 * e.mean():4.0f} {1000 * np.percentile(e, 90):4.0f}, {lost} missed" for e, lost in rows)
        print(f"  {name:12} {len(truth)} pauses: {' -> '.join(told)}")


def pause_errors(spans: Sequence[Span], truth: Sequence[Span]) -> tuple[Samples, int]:
    """By how much the length of each true pause is wrong, in seconds, and how many were not found: wrong by all."""
    gaps = [Span(start=a.end, end=b.start) for a, b in pairwise(spans)]
    errors, missed = [], 0
    for pause in truth:
        near = [gap for gap in gaps if gap.end > pause.start and gap.start < pause.end]
        best = max(near, key=lambda gap: min(gap.end, pause.end) - max(gap.start, pause.start), default=None)
        missed += best is None
        errors.append(abs((best.seconds if best else 0.0) - pause.seconds))
    return np.array(errors), missed


def speakers() -> None:
    print("\nwho speaks on one microphone: % right where one speaks, error of the talk share in points, blind and told")
    print("  (told: which voice the first second of each is)")
    for name, (sound, truth) in {
        "a reader and a president": dialogue(pieces("austen"), pieces("jfk")),
        "meeting, far microphone": (meeting()[0], tuple(meeting()[1].values())),
    }.items():
        for decibels in (None, 15):
            made = heard(sound if decibels is None else noisy(sound, decibels))
            known = {who: first_second(truth[i], truth[1 - i]) for i, who in enumerate(("user", "partner"))}
            told = []
            for certain in ({}, known):
                found = guess(made.prints, certain)
                right, share = judged(attributed(refined(made.spans, made.frames), found), truth, made)
                told.append(f"{right:5.1f} {share:+5.1f} ({found.confidence.value})")
            noise = "as it is" if decibels is None else f"{decibels} dB"
            print(f"  {name:26} {noise:9} {' | '.join(told)}")


def first_second(own: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Of speech of one of two, alone."""
    steps = (span.start + i / 50 for span in own for i in range(round(span.seconds * 50)))
    alone = [at for at in steps if not any(span.start < at + 0.02 and span.end > at for span in other)]
    return list(merged((Span(start=at, end=at + 0.02) for at in alone[:50]), gap=0.01))


def judged(parts: dict[str, tuple[Span, ...]], truth: Sequence[Sequence[Span]], made: Heard) -> tuple[float, float]:
    """% of the time in which one speaks that is given to the right one, and points that the share of talk is off; the
    names of a blind guess are swapped where that is better."""
    time = (np.arange(len(made.frames.level)) + 0.5) * FRAME
    first, second = (np.array([any(s.start <= t < s.end for s in spans) for t in time]) for spans in truth)
    share = first.sum() / (first.sum() + second.sum())
    best = (-1.0, 0.0)
    for order in (("user", "partner"), ("partner", "user")):
        a, b = (np.array([any(s.start <= t < s.end for s in parts[who]) for t in time]) for who in order)
        one = (a | b) & (first ^ second)
        right = 100 * ((a & first & ~second).sum() + (b & second & ~first).sum()) / one.sum()
        best = max(best, (float(right), float(100 * (a.sum() / (a.sum() + b.sum()) - share))))
    return best


def an_hour() -> None:
    one = heard_level(voice(40, 120, 2.5).sound)
    columns = {"f0": one.f0, "confidence": one.confidence, "level": one.level, "loudness": one.loudness}
    hour = joined([Frames(**columns, start=40.0 * i) for i in range(90)], 3600)
    spans = tuple(Span(start=3.0 * i, end=3.0 * i + 2.5) for i in range(1200))
    material = Material(seconds=3600, lines=(), speech={USER: spans}, frames={USER: hour})
    print("\nan hour of frames, seconds")
    for name, job in (("prosody", lambda: prosody(material)), ("edges of speech", lambda: refined(spans, hour))):
        print(f"  {name:16} {cost(job, 100):.2f}")


def main() -> None:
    live_cost()
    melody()
    if AUDIO.is_dir():
        pauses()
        speakers()
    else:
        print("\nno recordings of human voices beside the repository: pauses and speakers were not measured")
    an_hour()


if __name__ == "__main__":
    main()
