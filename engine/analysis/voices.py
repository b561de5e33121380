"""Who is speaking on one microphone: a guess from how two voices sound.

Prints are put into two clusters, with a price for every change of speaker. What the words do to a print is larger than
what the speaker does, so distances are measured in units of it: how much prints that follow on each other differ, which
are one speaker's nearly always, says how much words do (within-class covariance normalisation, Hatch, Kajarekar and
Stolcke 2006). It is a guess: where both speak at once it names one, and two who sound alike are not told apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.analysis.clusters import fitted
from engine.analysis.timbre import Print
from engine.analysis.values import FRAME, PARTNER, USER, Confidence, Span

FAINT = 20.0
"""dB below the loud tenth of all prints, below which one is not of anybody near the microphone."""
TWO, CLEAR = 2.3, 3.5
"""How far apart two voices have to be (see `Model.apart`) to be two at all, and not to be a mere hint."""
CHANCE = 48.0
"""Over the seconds of voice: how far apart the halves of one voice can lie by chance, where there is little of it. Of
eight to seventeen seconds of one recorded reader, two halves lie at most 0.99 of that apart."""
LOUDER = 3.0
"""dB by which the user's voice has to be louder to be told by that."""
FIRST, AGAIN, OFTEN = 8.0, 1.25, 60.0
"""Seconds of voice after which two are looked for first; by how much there has to be more of it until it is done
again; and seconds after which it is at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Who speaks in each of `prints`. `confidence`: NONE where there seems to be one voice only, or too little of it:
    all of it is then the user's; LOW where the voices are hard to tell apart, or nothing told which is the user's."""

    prints: tuple[Print, ...] = ()
    speakers: tuple[str, ...] = ()
    confidence: Confidence = Confidence.NONE

    def speaker(self, start: float, end: float) -> str:
        """Whose voice is heard for longest from `start` to `end`; the nearest where there is no print within."""
        time = dict.fromkeys((USER, PARTNER), 0)
        first = bisect_left(self.prints, start, key=lambda made: made.end)
        for i in range(first, len(self.prints)):
            if self.prints[i].start >= end:
                break
            time[self.speakers[i]] += self.prints[i].frames
        if not any(time.values()) and self.prints:
            near = (i for i in (first - 1, first) if 0 <= i < len(self.prints))
            return self.speakers[min(near, key=lambda i: abs(self.prints[i].start - start))]
        return PARTNER if time[PARTNER] > time[USER] else USER


def guess(prints: Iterable[Print], known: Mapping[str, Iterable[Span]] | None = None) -> Guess:
    """Who speaks in `prints`, which are in order of time. `known`: what is certain, by speaker, from the partner key or
    a correction; without any, the louder voice is taken for the user's, who is nearer to the microphone."""
    used = _near(tuple(prints))
    certain = {speaker: tuple(spans) for speaker, spans in (known or {}).items()}
    told = _told(used, certain)
    model = fitted(used, told)
    seconds = sum(made.frames for made in used) * FRAME
    if model is None or (model.apart < max(TWO, CHANCE / seconds) and not certain.get(PARTNER)):
        speakers = tuple(PARTNER if label else USER for label in told)
        return Guess(prints=used, speakers=speakers)
    labels = model.labels(used, told)
    swapped, sure = (False, True) if set(told) - {None} else _swapped(used, labels)
    return Guess(
        prints=used,
        speakers=tuple(PARTNER if label != swapped else USER for label in labels),
        confidence=Confidence.OK if sure and model.apart >= CLEAR else Confidence.LOW,
    )


def _near(prints: tuple[Print, ...]) -> tuple[Print, ...]:
    import numpy as np

    if not prints:
        return ()
    least = float(np.percentile([made.level for made in prints], 90)) - FAINT
    return tuple(made for made in prints if made.level >= least)


def _told(prints: Sequence[Print], known: Mapping[str, Iterable[Span]]) -> list[int | None]:
    """0 for the user, 1 for the partner, None where nothing is certain."""
    told: list[int | None] = [None] * len(prints)
    middles = [(made.start + made.end) / 2 for made in prints]
    for label, speaker in enumerate((USER, PARTNER)):
        for span in known.get(speaker, ()):
            for i in range(bisect_left(middles, span.start), bisect_left(middles, span.end)):
                told[i] = label
    return told


def _swapped(prints: Sequence[Print], labels: Sequence[int]) -> tuple[bool, bool]:
    """Whether cluster 1 is the user's voice, and whether that is more than a hint."""
    import numpy as np

    levels = [np.median([made.level for made, label in zip(prints, labels, strict=True) if label == i]) for i in (0, 1)]
    return bool(levels[1] > levels[0]), bool(abs(levels[1] - levels[0]) >= LOUDER)


def attributed(spans: Iterable[Span], found: Guess) -> dict[str, tuple[Span, ...]]:
    """`spans` of speech on the one microphone, cut where the voice changes: each speaker's."""
    parts: dict[str, list[Span]] = {USER: [], PARTNER: []}
    middles = [(made.start + made.end) / 2 for made in found.prints]
    for span in spans:
        first, last = bisect_left(middles, span.start), bisect_left(middles, span.end)
        names = found.speakers[first:last] or (found.speaker(span.start, span.end),)
        since = span.start
        for i in range(1, len(names)):
            if names[i] != names[i - 1]:
                border = (found.prints[first + i - 1].end + found.prints[first + i].start) / 2
                parts[names[i - 1]].append(Span(start=since, end=border))
                since = border
        parts[names[-1]].append(Span(start=since, end=span.end))
    return {name: tuple(found) for name, found in parts.items()}


class Voices:
    """The same as it comes, for captions. Most of it costs nothing; now and then, more rarely the longer it goes on,
    `add` takes up to 50 ms: for a worker thread, one at a time."""

    def __init__(self) -> None:
        self._prints: list[Print] = []
        self._known: dict[str, list[Span]] = {USER: [], PARTNER: []}
        self._heard = 0.0
        self._due = FIRST

    def known(self, speaker: str, start: float, end: float) -> None:
        """It is certain who spoke from `start` to `end`, whatever was certain before. What was guessed is reconsidered
        with the next prints."""
        for name, spans in self._known.items():
            self._known[name] = [span for span in spans if span.end <= start or span.start >= end]
        self._known[speaker].append(Span(start=start, end=end))
        self._due = min(self._due, max(FIRST, self._heard))

    def add(self, prints: Iterable[Print]) -> Guess | None:
        """Take the prints that follow on the others. A new guess about all of them, where it is time for one."""
        made = tuple(prints)
        self._prints += made
        self._heard += sum(each.frames for each in made) * FRAME
        if self._heard < self._due:
            return None
        self._due = min(self._heard * AGAIN, self._heard + OFTEN)
        return self.guess()

    def guess(self) -> Guess:
        """About all prints so far."""
        return guess(self._prints, self._known)
