"""What the analysis of a session costs: `python -m bench.analysis`.

Sessions of 10, 30 and 60 minutes, two channels each: a made-up conversation with turns, pauses, fillers, questions and
"mm-hm" at the rates that people have, and measured sound of both sides. Each is analysed in a process of its own.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from engine.analysis.analyse import analyse
from engine.analysis.values import FRAME, PARTNER, USER, Frames, Line, Material, Span
from engine.providers.base import Word

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MINUTES = (10, 30, 60)
SEED = 20
COMMON = (
    "the of to and a in it is that you we they was for on with as this have be at or but not so what all were when can "
    "there an which their if do will each about how up out them then she many some would other into has her two more"
)
MATTER = (
    "market customer team product pilot hospital nurse battery sensor contract office garden weekend budget engineer "
    "school river winter market price story record teacher holiday package meeting question answer system report"
)
OPENINGS = ("what do you", "how did the", "have you ever", "why is the", "could you", "so tell me about the")
HEDGES = ("i think", "maybe", "kind of", "probably")
FILLERS = ("um", "uh", "you know", "I mean", "like")
ASIDES = ("mm-hm", "yeah", "right", "okay", "uh-huh")


def session(minutes: float, seed: int = SEED, *, sound: bool = True) -> Material:
    """A made-up conversation; about 150 words a minute are said."""
    chance = random.Random(seed)
    lines: list[Line] = []
    spans: dict[str, list[Span]] = {USER: [], PARTNER: []}
    at, speaker, seconds = 0.5, USER, 60 * minutes
    while at < seconds - 5:
        begun = at
        for _ in range(chance.choice((1, 1, 2, 3))):
            line = _sentence(chance, len(lines), speaker, at)
            lines.append(line)
            spans[speaker] += _heard(line.words)
            at = line.end + chance.lognormvariate(-0.7, 0.5)
        other = PARTNER if speaker == USER else USER
        if at - begun > 4 and chance.random() < 0.5:
            middle = begun + chance.uniform(1, at - begun - 1)
            lines.append(_line(len(lines), other, [chance.choice(ASIDES)], middle, chance))
            spans[other] += _heard(lines[-1].words)
        if chance.random() < 0.8:
            speaker = other
            at += chance.uniform(-0.3, 0.9)
    both = {side: tuple(sorted(found, key=lambda span: span.start)) for side, found in spans.items()}
    frames = {side: _frames(both[side], seconds, seed + number) for number, side in enumerate(both)} if sound else {}
    lines.sort(key=lambda line: line.start)
    return Material(seconds=seconds, lines=tuple(lines), speech=both, frames=frames, goal="ask about the pilot")


def _sentence(chance: random.Random, id: int, speaker: str, at: float) -> Line:
    words: list[str] = []
    asks = chance.random() < 0.15
    if asks:
        words += chance.choice(OPENINGS).split()
    for _ in range(max(2, round(chance.lognormvariate(2.1, 0.6)))):
        pick = chance.random()
        kind = FILLERS if pick < 0.04 else HEDGES if pick < 0.06 else MATTER.split() if pick < 0.35 else COMMON.split()
        words += chance.choice(kind).split()
        if chance.random() < 0.02:
            words.append(words[-1])
    words[0] = words[0].capitalize()
    words[-1] += "?" if asks else "."
    return _line(id, speaker, words, at, chance)


def _line(id: int, speaker: str, words: list[str], at: float, chance: random.Random) -> Line:
    timed: list[Word] = []
    for word in words:
        end = at + 0.12 + 0.035 * len(word) * chance.uniform(0.7, 1.4)
        timed.append(Word(text=word, start=round(at, 3), end=round(end, 3)))
        at = end + (chance.lognormvariate(-0.6, 0.6) if chance.random() < 0.08 else 0.02)
    return Line(
        id=id, speaker=speaker, text=" ".join(words), start=timed[0].start, end=timed[-1].end, words=tuple(timed)
    )


def _heard(words: tuple[Word, ...]) -> list[Span]:
    """What voice activity makes of `words`."""
    found: list[Span] = []
    for word in words:
        if found and word.start - found[-1].end < 0.25:
            found[-1] = Span(start=found[-1].start, end=word.end)
        else:
            found.append(Span(start=word.start, end=word.end))
    return found


def _frames(spans: tuple[Span, ...], seconds: float, seed: int) -> Frames:
    import numpy as np

    made = np.random.default_rng(seed)
    count = int(seconds / FRAME)
    speaking = np.zeros(count, bool)
    for span in spans:
        speaking[int(span.start / FRAME) : int(span.end / FRAME)] = True
    voiced = speaking & (made.random(count) < 0.7)
    melody = 120 * 2 ** (np.cumsum(made.normal(0, 0.05, count)) % 8 / 12)
    level = np.where(speaking, made.normal(-24, 4, count), made.normal(-62, 2, count))

    def column(values: NDArray[np.float64]) -> NDArray[float32]:
        return values.astype(np.float32)

    return Frames(
        f0=column(np.where(voiced, melody, 0)),
        confidence=column(np.where(voiced, 0.9, 0.1)),
        level=column(level),
        loudness=column(level - 0.7),
    )


def measure(minutes: float) -> None:
    """One row of the table."""
    material = session(minutes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    found = analyse(material)
    took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = sum(len(line.words) for line in material.lines)
    frames = sum(len(each.level) for each in material.frames.values())
    print(
        f"{minutes:7.0f} {words:7,} {frames:9,} {took:9.2f} {1000 * took / minutes:14.1f} {before / 1024:10.0f}"
        f" {peak / 1024:8.0f} {len(found.measures):9} {len(found.marks):6,}",
        flush=True,
    )


def main() -> None:
    if len(sys.argv) > 1:
        measure(float(sys.argv[1]))
        return
    print("minutes   words    frames   seconds  ms per minute  MB before  MB peak  measures  marks", flush=True)
    for minutes in MINUTES:
        subprocess.run([sys.executable, "-m", "bench.analysis", str(minutes)], check=True)


if __name__ == "__main__":
    main()
