"""The live coach's arbiter over simulated conversations: 10 hours in virtual time, with turns, overlaps, backchannels,
interruptions, lulls, fast talkers, silent ones and a help key that is pressed.

    python -m bench.cues [hours]

Everything that it lets pass is held against what was true at that moment: `simulate` is what the tests run, too.
"""

from __future__ import annotations

import random
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.client import table
from engine.analysis.values import PARTNER, USER
from engine.coach.arbiter import Arbiter
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
    TECHNICAL,
    UNANSWERED,
    Condition,
    Density,
    Earcon,
    Fact,
    Heard,
    Hush,
    Output,
    Proposed,
    Rules,
    Suggested,
    Tip,
    Used,
    Voiced,
    Whisper,
)
from engine.coach.form import for_ear, for_screen, words_of

SESSION = 1800.0
"""Seconds of one session; ten hours are twenty."""
KINDS = (MONOLOGUE, INTERRUPTIONS, PACE, FILLERS, PITCH, UNANSWERED, CLIPPING, INAUDIBLE)
RULES = Rules()
EXACT = 1e-6
"""Seconds by which two times may differ that are the same."""


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


@dataclass(slots=True)
class Result:
    """`wrong`: what should never have happened, in words."""

    hours: float = 0.0
    shown: Counter[str] = field(default_factory=Counter)
    whispers: int = 0
    earcons: int = 0
    hushed: int = 0
    used: int = 0
    over: int = 0
    """Sounds that began while the user spoke."""
    closest: float = 1e9
    """Seconds between a cue and the unasked one after it."""
    steps: int = 0
    wrong: list[str] = field(default_factory=list)


def simulate(
    people: People, *, seconds: float = SESSION, seed: int = 0, density: Density = Density.NORMAL, rules: Rules = RULES
) -> Result:
    """One session of `people`, whatever `rules` the arbiter has held against `RULES`: nothing is looked at but what
    came out, and what was true then."""
    rng = random.Random(seed)
    spans = _talk(people, seconds, rng)
    facts = sorted(_facts(people, spans, seconds, rng), key=lambda each: each[0])
    arbiter = Arbiter(0.0, density=density, ear=True, rules=rules)
    judge = _Judge(spans, density)
    for at, fact in facts:
        while (due := arbiter.due) is not None and due < at:
            judge.saw(due, None, arbiter.step(None, due))
        judge.saw(at, fact, arbiter.step(fact, at))
        if judge.to_use and rng.random() < 0.5:
            tip = judge.to_use.pop()
            if rng.random() < people.uses:
                heard = Heard(said=tuple((at + 1.0, lemma) for lemma in tip.matter))
                judge.saw(at, heard, arbiter.step(heard, at))
    judge.result.hours = seconds / 3600
    return judge.end()


# ---- what is said ---------------------------------------------------------------------------------------------------


def _talk(people: People, seconds: float, rng: random.Random) -> Spans:
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


def _facts(people: People, spans: Spans, seconds: float, rng: random.Random) -> Iterator[tuple[float, Fact]]:
    for speaker, turns in spans.items():
        for number, (start, end) in enumerate(turns):
            yield start, Voiced(speaker=speaker, speaking=True)
            yield end, Voiced(speaker=speaker, speaking=False)
            if speaker == PARTNER and end - start > 1 and end < seconds - 10:
                tip = _tip(CONTENT, f"thing{rng.randrange(number + 3)}")
                known = end + rng.uniform(0.6, 1.6)
                waits = rng.random() < 0.8 or not people.faults
                yield (
                    known,
                    Proposed(
                        tip=Tip(
                            kind=tip.kind,
                            text=tip.text,
                            ear=tip.ear,
                            subject=tip.subject,
                            matter=tip.matter,
                            known=known,
                            waits=waits,
                        )
                    ),
                )
    for at in _often(people.helps, seconds, rng):
        for press in (at, at + rng.choice([0.2, 2.0, 5.0, 100.0])):
            tip = _tip(HELP, f"way{press:.0f}")
            yield (
                press,
                Proposed(
                    tip=Tip(
                        kind=tip.kind,
                        text=tip.text,
                        ear=tip.ear,
                        subject=tip.subject,
                        matter=tip.matter,
                        asked=True,
                        waits=False,
                    )
                ),
            )
    for kind in KINDS:
        for at in _often(people.faults / len(KINDS) * 2, seconds, rng):
            yield (
                at,
                Condition(kind=kind, holds=True, text="Slow down a little", ear="Slower", extreme=rng.random() < 0.1),
            )
            lasts = rng.choice([0.5, 2.0, 4.0, 20.0, 200.0])
            yield at + lasts, Condition(kind=kind, holds=rng.choice([False, False, None]))


def _often(a_minute: float, seconds: float, rng: random.Random) -> Iterator[float]:
    at = 0.0
    while a_minute and (at := at + rng.expovariate(a_minute / 60)) < seconds:
        yield at


def _tip(kind: str, thing: str) -> Tip:
    return Tip(kind=kind, text=f"Ask about {thing}", ear=f"Ask: {thing}", subject=thing, matter=frozenset({thing}))


# ---- what came out --------------------------------------------------------------------------------------------------


class _Judge:
    """Holds every output against the truth, by what the rules say and not by how the arbiter keeps them."""

    def __init__(self, spans: Spans, density: Density) -> None:
        self.result = Result()
        self.to_use: list[Tip] = []
        self._spacing = RULES.spacing(density)
        self._turns = spans
        self._starts = {speaker: [start for start, _ in turns] for speaker, turns in spans.items()}
        self._shown: list[tuple[float, Suggested]] = []
        self._sounding_until = -1.0
        self._texts: Counter[str] = Counter()

    def saw(self, at: float, fact: Fact | None, outputs: Sequence[Output]) -> None:
        self.result.steps += 1
        begins = isinstance(fact, Voiced) and fact.speaking
        if begins and at < self._sounding_until and not any(isinstance(each, Hush) for each in outputs):
            self._wrong(at, "somebody began to speak and the whisper was not stopped in the same step")
        for output in outputs:
            match output:
                case Suggested():
                    self._suggested(at, output)
                case Whisper(text=text):
                    self.result.whispers += 1
                    self._sounds(at)
                    if not for_ear(text):
                        self._wrong(at, f"{text!r} is too long for the ear")
                case Earcon():
                    self.result.earcons += 1
                    self._sounds(at)
                case Hush():
                    self.result.hushed += 1
                    self._sounding_until = at
                case Used():
                    self.result.used += 1

    def end(self) -> Result:
        for kind in {cue.kind for _, cue in self._shown} - {CONTENT, HELP}:
            if self.result.shown[kind] > RULES.of_a_kind:
                self._wrong(0, f"{kind} was shown {self.result.shown[kind]} times")
        if any(count > 1 for count in self._texts.values()):
            self._wrong(0, "the same words to say were offered twice")
        return self.result

    def _suggested(self, at: float, cue: Suggested) -> None:
        last_at, last = self._shown[-1] if self._shown else (-1e9, None)
        gap = at - last_at
        if not for_screen(cue.text):
            self._wrong(at, f"{cue.text!r} has {len(words_of(cue.text))} words")
        if cue.asked:
            if last and (last.asked or last.kind in TECHNICAL) and gap < RULES.screen - EXACT:
                self._wrong(at, "an answer was rewritten before it could be read")
        else:
            self.result.closest = min(self.result.closest, gap)
            if gap < (RULES.normal if cue.kind in TECHNICAL else self._spacing) - EXACT:
                self._wrong(at, f"{cue.kind} came {gap:.1f} s after the last cue")
            if at < RULES.start and cue.kind not in TECHNICAL:
                self._wrong(at, f"{cue.kind} came in the first {RULES.start:.0f} s")
            same = [when for when, each in self._shown if each.kind == cue.kind]
            if same and cue.kind != CONTENT and at - same[-1] < RULES.same_kind - EXACT:
                self._wrong(at, f"{cue.kind} came again after {at - same[-1]:.1f} s")
            self._texts[cue.text] += cue.kind == CONTENT
        if cue.kind in (CONTENT, HELP):
            self.to_use.append(_tip(cue.kind, cue.text.split()[-1]))
        self.result.shown[cue.kind] += 1
        self._shown.append((at, cue))

    def _sounds(self, at: float) -> None:
        self._sounding_until = at + RULES.sounding
        for speaker, least in ((USER, RULES.quiet), (PARTNER, 0.0)):
            silent = self._silent_for(speaker, at)
            if silent < least - EXACT:
                self._wrong(at, f"sound {silent:.2f} s after the {speaker} spoke")
                self.result.over += speaker == USER and silent < 0

    def _silent_for(self, speaker: str, at: float) -> float:
        """Seconds since `speaker` fell silent; negative while they speak."""
        place = bisect_right(self._starts[speaker], at) - 1
        if place < 0:
            return at
        end = self._turns[speaker][place][1]
        return at - end if at >= end else at - end - 1

    def _wrong(self, at: float, what: str) -> None:
        self.result.wrong.append(f"{at:.1f} s: {what}")


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    rows: list[list[object]] = [
        ["people", "hours", "cues", "asked", "whispers", "soft sounds", "stopped", "taken up", "over the user", "wrong"]
    ]
    began, steps = time.perf_counter(), 0
    share = hours / len(PEOPLE)
    for name, people in PEOPLE.items():
        sessions = max(1, round(share * 3600 / SESSION))
        found = [simulate(people, seconds=share * 3600 / sessions, seed=seed) for seed in range(sessions)]
        steps += sum(each.steps for each in found)
        counts = [sum(getattr(each, part) for each in found) for part in ("whispers", "earcons", "hushed", "used")]
        cues = sum(sum(each.shown.values()) for each in found)
        asked = sum(each.shown[HELP] for each in found)
        over = sum(each.over for each in found)
        wrong = [text for each in found for text in each.wrong]
        rows.append([name, f"{share:.1f}", cues, asked, *counts, over, len(wrong)])
        for text in wrong[:5]:
            print(f"  {name}: {text}")
    table("The arbiter over simulated conversations", rows)
    took = time.perf_counter() - began
    print(
        f"\n  {hours:.0f} hours, {steps} steps in {took:.1f} s: {1e6 * took / steps:.0f} µs a step, simulation included"
    )


if __name__ == "__main__":
    main()
