"""One coached conversation of three minutes, written into a store as a session leaves it behind.

What is said in it (`a_session.txt`) is made up for these tests. Words are spread over their line by their length; its
sound is computed: levels and frequencies that voices could have.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy

from engine.analysis.packing import packed
from engine.analysis.values import FRAME, Frames
from engine.clock import wall
from engine.messages import Said
from engine.providers.base import Word
from engine.recording import Track
from engine.records import Aim
from engine.store import Store
from tests.store.sound import tone

AIM = Aim(
    context="A meetup on city bikes. Sam Okafor runs a repair collective.",
    goal="Ask at least three questions and keep my answers under a minute",
    user_name="Asha",
    participants="Sam Okafor",
    tone="warm",
    mode="conversation",
)
SCRIPT = Path(__file__).with_suffix(".txt")
CUES = (
    (44.0, "pace", "A little slower", "screen", False, True),
    (83.0, "content", "Ask what a call costs them", "screen", False, False),
    (104.0, "help", "Offer to count the calls", "ear", True, True),
    (128.0, "longest_monologue", "Hand it back to Sam", "screen", False, False),
)
_PAUSE = re.compile(r"<([\d.]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    speaker: str
    text: str
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    def said(self) -> Said:
        return Said(speaker=self.speaker, text=self.text, start=self.start, end=self.end, words=self.words)


def conversation(times: int = 1) -> Iterator[Spoken]:
    """All lines; with `times`, again and again."""
    at = 0.0
    for row in times * SCRIPT.read_text().splitlines()[1:]:
        head, _, text = row.partition(": ")
        speaker, gap, rate = head.split()
        words = tuple(_timed(text, at + float(gap), float(rate)))
        at = words[-1].end
        yield Spoken(speaker=speaker, text=" ".join(word.text for word in words), words=words)


def _timed(text: str, at: float, rate: float) -> Iterator[Word]:
    """A word is as long as its letters make it, at `rate` words of average length a minute."""
    for piece in text.split():
        if pause := _PAUSE.fullmatch(piece):
            at += float(pause[1])
            continue
        seconds = 60 / rate * (0.4 + 0.6 * len(piece) / 4.4)
        yield Word(text=piece, start=round(at, 3), end=round(at + seconds, 3))
        at += seconds


def spans(lines: list[Spoken], speaker: str) -> list[tuple[float, float]]:
    """Stretches of speech, cut where a pause of 0.25 s or more stands."""
    found: list[list[float]] = []
    for word in (word for line in lines if line.speaker == speaker for word in line.words):
        if found and word.start - found[-1][1] < 0.25:
            found[-1][1] = word.end
        else:
            found.append([word.start, word.end])
    return [(start, end) for start, end in found]


def frames(stretches: list[tuple[float, float]], seconds: float, hertz: float, still: tuple[float, float]) -> Frames:
    """What a lively voice around `hertz` measures like; from `still[0]` to `still[1]` it stays on one note."""
    chance = numpy.random.default_rng(round(hertz))
    time = numpy.arange(round(seconds / FRAME)) * FRAME
    voiced = numpy.zeros(len(time), bool)
    for start, end in stretches:
        voiced |= (time >= start) & (time < end)
    wobble = numpy.convolve(chance.normal(0.0, 1.0, len(time)), numpy.ones(8) / 8, "same")
    semitones = 3.2 * numpy.sin(time / 1.7) + 1.8 * numpy.sin(time / 0.43) + 0.5 * wobble
    semitones *= numpy.where((time > still[0]) & (time < still[1]), 0.2, 1.0)
    level = numpy.where(voiced, -25 + 9 * wobble + 5 * numpy.sin(9 * time + wobble), -64 + wobble).astype(numpy.float32)
    f0 = numpy.where(voiced, hertz * 2 ** (semitones / 12), 0).astype(numpy.float32)
    sure = numpy.where(voiced, 0.9, 0.1).astype(numpy.float32)
    return Frames(f0=f0, confidence=sure, level=level, loudness=level - 1)


def write(store: Store, *, recorded: bool = False, times: int = 1) -> str:
    """Its id. Where it was `recorded`, a tone can be heard for each line; it is held so many `times` in a row."""
    id, sessions, lines = uuid.uuid4().hex, store.sessions, list(conversation(times))
    sessions.begin(id, AIM, wall(), "Sam Okafor at the bike meetup")
    sessions.set_heard(id, capability="verbatim", separate=True)
    for line in lines:
        store.add_line(id, line.said(), wall())
    seconds = lines[-1].end
    for side, hertz, still in (("user", 190.0, (94.0, 120.0)), ("partner", 120.0, (0.0, 0.0))):
        stretches = spans(lines, side)
        measured = frames(stretches, seconds, hertz, still)
        sessions.add_sound(id, side, 0.0, seconds, packed(measured), stretches)
    for at, kind, text, how, asked, used in CUES:
        cue = sessions.add_cue(id, at=at, kind=kind, text=text, how=how, asked=asked)
        if used:
            sessions.use_cue(cue)
    if recorded:
        record(store.archive.recordings.folder, id, lines)
    return id


def record(folder: Path, id: str, lines: list[Spoken]) -> None:
    """A tone for each line, as long as the line."""
    folder.mkdir(exist_ok=True)
    for speaker, side, hertz in (("user", "user", 220.0), ("partner", "agent", 150.0)):
        track = Track(folder / f"{id}.{side}.ogg", 16_000)
        for line in lines:
            if line.speaker == speaker:
                track.push(tone(line.end - line.start, hertz=hertz), line.end)
        track.close()
