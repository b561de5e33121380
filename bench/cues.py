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
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import table
from bench.conversations import PEOPLE, People, Spans, facts, talk, tip_about
from engine.analysis.values import PARTNER, USER
from engine.coach.arbiter import Arbiter
from engine.coach.cues import (
    CONTENT,
    HELP,
    TECHNICAL,
    Density,
    Earcon,
    Fact,
    Heard,
    Hush,
    Output,
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
RULES = Rules()
EXACT = 1e-6
"""Seconds by which two times may differ that are the same."""


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
    spans = talk(people, seconds, rng)
    told = sorted(facts(people, spans, seconds, rng), key=lambda each: each[0])
    arbiter = Arbiter(0.0, density=density, ear=True, rules=rules)
    judge = _Judge(spans, density)
    for at, fact in told:
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
        self._asked: dict[int, bool] = {}

    def saw(self, at: float, fact: Fact | None, outputs: Sequence[Output]) -> None:
        self.result.steps += 1
        begins = isinstance(fact, Voiced) and fact.speaking
        if begins and at < self._sounding_until and not any(isinstance(each, Hush) for each in outputs):
            self._wrong(at, "somebody began to speak and the whisper was not stopped in the same step")
        for output in outputs:
            match output:
                case Suggested():
                    self._suggested(at, output)
                case Whisper(id=id, text=text):
                    self.result.whispers += 1
                    self._sounds(at, asked=self._asked[id])
                    if not for_ear(text):
                        self._wrong(at, f"{text!r} is too long for the ear")
                case Earcon():
                    self.result.earcons += 1
                    self._sounds(at, asked=False)
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
        self._asked[cue.id] = cue.asked
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
            self.to_use.append(tip_about(cue.kind, cue.text.split()[-1]))
        self.result.shown[cue.kind] += 1
        self._shown.append((at, cue))

    def _sounds(self, at: float, *, asked: bool) -> None:
        self._sounding_until = at + RULES.sounding
        needed = {USER: RULES.quiet, PARTNER: 0.0} if asked else {USER: RULES.lull, PARTNER: RULES.lull}
        for speaker, least in needed.items():
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
