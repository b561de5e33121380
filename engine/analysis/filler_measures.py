"""How often the user says fillers, and where they crowd."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.analysis.catalogue import measured
from engine.analysis.fillers import Bucket, find_fillers
from engine.analysis.hesitations import recovered
from engine.analysis.pace import impossible
from engine.analysis.spoken import Spoken
from engine.analysis.tokens import Token, evidence_of, mark_of
from engine.analysis.turns import Floor
from engine.analysis.values import PARTNER, USER, Capability, Confidence, Evidence, Mark, Material, Measure
from engine.providers.base import Word

FILLER, POSSIBLE_FILLER = "filler", "possible_filler"
CROWD = 3
"""Fillers within `CROWDED` seconds are a cluster: what is worth practising is a moment, not a rate (PitchMirror warns
from three in 30 s on; ten seconds are ours)."""
CROWDED = 10.0
LEVELS = ((2.0, "low"), (4.5, "typical"), (6.5, "noticeable"), (math.inf, "heavy"))
"""Upper bounds of the percentage: of 100 words of ordinary speakers on the telephone 1.7, 2.9, 3.8, 4.6 and 6.3 were
sure fillers (10th, 25th, 50th, 75th and 90th percentile, measured on 36 annotated conversations)."""
STRIPPED = "Whoever wrote the words down leaves out um and uh, and there was no sound to look for them in."


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A filler that was said; `tokens` are empty where it was only heard."""

    start: float
    end: float
    bucket: Bucket
    tokens: tuple[Token, ...] = ()

    @property
    def evidence(self) -> Evidence:
        if self.tokens:
            return evidence_of(self.tokens)
        return Evidence(start=self.start, end=self.end, text="[hesitation]", speaker=USER)

    @property
    def mark(self) -> Mark:
        layer = FILLER if self.bucket is Bucket.SURE else POSSIBLE_FILLER
        if self.tokens:
            return Mark(layer=layer, **mark_of(self.tokens))
        return Mark(layer=layer, start=self.start, end=self.end, text="[hesitation]", note="heard, not written down")


def level_of(percentage: float) -> str:
    """What a filler percentage is called: "low", "typical", "noticeable" or "heavy"."""
    return next(name for bound, name in LEVELS if percentage < bound or bound == math.inf)


def fillers(
    material: Material, spoken: Spoken, floor: Floor, events: Sequence[Event]
) -> tuple[tuple[Measure, ...], tuple[Mark, ...]]:
    """filler_percentage, fillers_per_min, filler_clusters and possible_fillers of the user, of whose fillers `events`
    are, and where they are.

    The percentage: 100 × sure fillers / (words, fillers among them; a hesitation that was only heard is a word). A
    minute is one of the user's turns. Where hesitations were left out and cannot be heard, the numbers are hints at
    least as high as the other fillers make them, and there are none without any.
    """
    sure = [event for event in events if event.bucket is Bucket.SURE]
    possible = [event for event in events if event.bucket is Bucket.POSSIBLE]
    words = sum(not token.typed for token in spoken.user.tokens) + sum(not event.tokens for event in sure)
    seconds = floor.turn_time(USER)
    crowds = clusters(sure)
    level, why = _trust(material, sure)
    moments = [event.evidence for event in sure]
    share = 100 * len(sure) / words if words else None
    untold = impossible(words, seconds)
    rate = None if untold or not seconds else 60 * len(sure) / seconds
    timing = min(level, spoken.user.amount, key=_ORDER.index)
    edges = Confidence.LOW if level is Confidence.NONE else timing
    return (
        measured("filler_percentage", share, words, evidence=moments, at_best=level, why=why),
        measured("fillers_per_min", rate, words, evidence=moments, at_best=timing, why=why or untold),
        measured("filler_clusters", len(crowds), words, evidence=[_of(crowd) for crowd in crowds], at_best=edges),
        measured("possible_fillers", len(possible), words, evidence=[event.evidence for event in possible]),
    ), tuple(event.mark for event in events)


_ORDER = (Confidence.NONE, Confidence.LOW, Confidence.OK)


def _trust(material: Material, sure: Sequence[Event]) -> tuple[Confidence, str]:
    """How far what was counted can be trusted, and why not at all."""
    if material.capability is Capability.VERBATIM:
        return Confidence.OK, ""
    if material.capability is Capability.STRIPPED and not sure:
        return Confidence.NONE, STRIPPED
    return Confidence.LOW, ""


def find_events(material: Material, spoken: Spoken, floor: Floor) -> tuple[Event, ...]:
    """Every filler of the user's, in order of time: those among their words, and of hesitations that were left out
    those that can be heard."""
    found = [event for words in _rows(spoken, floor) for event in _among(words, material)]
    if material.capability is Capability.RECOVERED:
        found += [
            Event(start=sound.start, end=sound.end, bucket=Bucket.SURE)
            for sound in recovered(material, spoken, floor)
            if sound.hesitation
        ]
    return tuple(sorted(found, key=lambda event: (event.start, event.end)))


def _rows(spoken: Spoken, floor: Floor) -> list[list[Token]]:
    """The user's words, turn by turn. Where nobody else speaks they are one: an "um" between two long silences is then
    nobody's answer."""
    turns = [[token for token in words if not token.typed] for words in floor.words_of(USER)]
    if spoken.sides[PARTNER].tokens or spoken.sides[PARTNER].spans:
        return turns
    return [[token for turn in turns for token in turn]]


def _among(words: Sequence[Token], material: Material) -> list[Event]:
    timed = [
        Word(text=token.text, start=token.start, end=token.end)
        if token.timed
        else Word(text=token.text, start=0.0, end=0.0)
        for token in words
    ]
    found: list[Event] = []
    for filler in find_fillers(timed, watch=material.watch, ignore=material.ignore, turn_gap=math.inf):
        said = tuple(words[filler.first : filler.last + 1])
        end = max(token.end for token in said)
        found.append(Event(start=said[0].start, end=end, bucket=filler.bucket, tokens=said))
    return found


def clusters(sure: Sequence[Event]) -> list[list[Event]]:
    """Stretches in which `CROWD` fillers or more follow each other within `CROWDED` seconds, of `sure` in order."""
    found: list[list[Event]] = []
    for last, event in enumerate(sure):
        first = last - CROWD + 1
        if first < 0 or event.start - sure[first].start > CROWDED:
            continue
        if found and found[-1][-1] is sure[last - 1]:
            found[-1].append(event)
        else:
            found.append(list(sure[first : last + 1]))
    return found


def _of(crowd: Sequence[Event]) -> Evidence:
    first = crowd[0].evidence
    text = ", ".join(event.evidence.text for event in crowd)
    return Evidence(start=first.start, end=max(event.end for event in crowd), text=text, speaker=USER, line=first.line)
