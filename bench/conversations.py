"""Conversations that never took place: who speaks when, what would be told of it to the live coach's arbiter.

Seeded, so that each can be looked at again. `bench.cues` holds the arbiter against them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.analysis.values import PARTNER, USER
from engine.coach.cues import (
    CLIPPING,
    CONTENT,
    FILLERS,
    HELP,
    INAUDIBLE,
    INTERRUPTIONS,
    MONOLOGUE,
    PACE,
    PITCH,
    UNANSWERED,
    Condition,
    Fact,
    Proposed,
    Tip,
    Voiced,
)

KINDS = (MONOLOGUE, INTERRUPTIONS, PACE, FILLERS, PITCH, UNANSWERED, CLIPPING, INAUDIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How two people talk. `share`: of the turns that are the user's; `turn`: seconds of one in the median; `overlaps`,
    `lulls`, `cuts`: shares of the changes; `faults`: how often a condition comes true, a minute; `helps`: presses a
    minute; `uses`: the share of cues that the user takes up."""

    share: float = 0.5
    turn: float = 6.0
    overlaps: float = 0.2
    lulls: float = 0.15
    cuts: float = 0.05
    faults: float = 1.0
    helps: float = 0.3
    uses: float = 0.4


PEOPLE = {
    "ordinary": People(),
    "fast and long": People(share=0.8, turn=15, overlaps=0.3, faults=4.0, helps=0.1),
    "silent": People(share=0.2, turn=2.0, lulls=0.5, helps=1.0),
    "interrupting": People(overlaps=0.6, cuts=0.3, faults=2.0),
    "never uses a cue": People(uses=0.0, lulls=0.4, helps=0.1),
    "well": People(lulls=0.0, faults=0.0, helps=0.0, overlaps=0.3),
}
"""Those for whom all is well are never silent for long, and nothing is wrong with how they speak."""

Spans = dict[str, list[tuple[float, float]]]


def talk(people: People, seconds: float, rng: random.Random) -> Spans:
    """When each of them speaks; their turns overlap here and there, and listeners say "mm-hm"."""
    spans: Spans = {USER: [], PARTNER: []}
    at = rng.uniform(0.2, 2.0)
    while at < seconds:
        speaker = USER if rng.random() < people.share else PARTNER
        length = min(120.0, rng.lognormvariate(0, 0.8) * people.turn)
        end = at + max(0.4, length)
        other = PARTNER if speaker == USER else USER
        spans[speaker].append((at, end))
        if length > 4 and rng.random() < 0.5:
            spans[other].append((middle := at + length * rng.uniform(0.2, 0.8), middle + rng.uniform(0.2, 0.6)))
        chance = rng.random()
        if chance < people.cuts:
            at = at + (end - at) * rng.uniform(0.3, 0.9)
        elif chance < people.cuts + people.overlaps:
            at = end - rng.uniform(0.05, 0.4)
        elif chance < people.cuts + people.overlaps + people.lulls:
            at = end + rng.uniform(1.2, 9.0)
        else:
            at = end + min(1.0, rng.expovariate(1 / 0.3))
    return {speaker: _joined(sorted(turns)) for speaker, turns in spans.items()}


def _joined(turns: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for start, end in turns:
        if found and start <= found[-1][1] + 0.1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def facts(people: People, spans: Spans, seconds: float, rng: random.Random) -> Iterator[tuple[float, Fact]]:
    """What is told of such a talk, each with its time, in no order."""
    for speaker, turns in spans.items():
        for start, end in turns:
            yield start, Voiced(speaker=speaker, speaking=True)
            yield end, Voiced(speaker=speaker, speaking=False)
    ends = [end for start, end in spans[PARTNER] if end - start > 1 and end < seconds - 10]
    for number, end in enumerate(ends):
        known = end + rng.uniform(0.6, 1.6)
        waits = rng.random() < 0.8 or not people.faults
        yield (
            known,
            Proposed(tip=replace(tip_about(CONTENT, f"thing{rng.randrange(number + 3)}"), known=known, waits=waits)),
        )
    for at in _often(people.helps, seconds, rng):
        for press in (at, at + rng.choice([0.2, 2.0, 5.0, 100.0])):
            yield press, Proposed(tip=replace(tip_about(HELP, f"way{press:.0f}"), asked=True, waits=False))
    for kind in KINDS:
        for at in _often(people.faults / len(KINDS) * 2, seconds, rng):
            extreme = rng.random() < 0.1
            yield at, Condition(kind=kind, holds=True, text="Slow down a little", ear="Slower", extreme=extreme)
            lasts = rng.choice([0.5, 2.0, 4.0, 20.0, 200.0])
            yield at + lasts, Condition(kind=kind, holds=rng.choice([False, False, None]))


def _often(a_minute: float, seconds: float, rng: random.Random) -> Iterator[float]:
    at = 0.0
    while a_minute and (at := at + rng.expovariate(a_minute / 60)) < seconds:
        yield at


def tip_about(kind: str, thing: str) -> Tip:
    """Words to say, or help, on `thing`."""
    return Tip(kind=kind, text=f"Ask about {thing}", ear=f"Ask: {thing}", subject=thing, matter=frozenset({thing}))
