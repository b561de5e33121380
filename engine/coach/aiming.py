"""Whether a goal that names a number is being missed just now: what was set out for the whole session, judged while
there is still time. Pure; all times are seconds of the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.analysis.fillers import Bucket, find_fillers
from engine.analysis.questions import find_questions
from engine.analysis.values import PARTNER, USER, Line
from engine.coach.cues import ASKED, MONOLOGUE, PACE, RATE, SHARE, TOTAL, Condition
from engine.coach.phrases import Phrases
from engine.report.goals import Target

WITHIN, LEAST_SPOKEN = 90.0, 20.0
"""Seconds over which a rate is taken, and of speech in them without which it is none."""
SHARED = 60.0
"""Seconds of talk in all before a share of it is told."""
UNASKED = 75.0
"""Seconds without a question, while some are still to be asked."""
FRESH = 12.0
"""Seconds for which a filler beyond the last that was allowed is worth a word."""


@dataclass(frozen=True, slots=True)
class _Said:
    start: float
    end: float
    words: int
    fillers: int


class Aiming:
    """`targets` of the goal; those that cannot be told live are left to the report. `watch` and `ignore` as in
    `find_fillers`."""

    def __init__(
        self, targets: Iterable[Target], phrases: Phrases, *, watch: Sequence[str] = (), ignore: Sequence[str] = ()
    ) -> None:
        self._targets = {target.id: target for target in targets}
        self._phrases = phrases
        self._watch, self._ignore = tuple(watch), tuple(ignore)
        self._said: list[_Said] = []
        self._fillers = 0
        self._filler_at = 0.0
        self._questions = 0
        self._asked_at = 0.0
        self._spoken = {USER: 0.0, PARTNER: 0.0}

    def highest(self, bands: Mapping[str, float]) -> dict[str, float]:
        """Upper bounds by measure: the goal's, where it names one, before the usual `bands`."""
        own = {id: target.at_most for id in (PACE, MONOLOGUE) if (target := self._targets.get(id))}
        return {**bands, **{id: most for id, most in own.items() if most is not None}}

    @property
    def slowest(self) -> float | None:
        """Words a minute that the goal asks for at least."""
        target = self._targets.get(PACE)
        return target.at_least if target else None

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def spoke(self, speaker: str, start: float, end: float) -> None:
        self._spoken[speaker] = self._spoken.get(speaker, 0.0) + end - start

    def line(self, line: Line) -> None:
        """A finished line of the user's, with the times of its words."""
        fillers = find_fillers(line.words, watch=self._watch, ignore=self._ignore)
        found = [filler for filler in fillers if filler.bucket is Bucket.SURE]
        recent = [said for said in self._said if said.end > line.end - WITHIN]
        self._said = [*recent, _Said(line.start, line.end, len(line.words), len(found))]
        self._fillers += len(found)
        if found:
            self._filler_at = line.end
        if asked := len(find_questions(line.words)):
            self._questions += asked
            self._asked_at = line.end

    # ---- what is true ------------------------------------------------------------------------------------------------

    def conditions(self, at: float) -> Iterator[Condition]:
        """Of each measure that the goal names: whether it is being missed; None where that cannot be told yet."""
        if target := self._targets.get(RATE):
            yield self._condition(RATE, self._above(target, self._per_minute(at)))
        if target := self._targets.get(TOTAL):
            yield self._condition(TOTAL, self._too_many(target, at))
        if target := self._targets.get(SHARE):
            share = self._share()
            low = share is not None and target.at_least is not None and share < target.at_least
            yield self._condition(SHARE, low or self._above(target, share), "talk_share_low" if low else SHARE)
        if (target := self._targets.get(ASKED)) and target.at_least is not None:
            yield self._condition(ASKED, self._questions < target.at_least and at - self._asked_at > UNASKED)

    def _condition(self, kind: str, holds: bool | None, manner: str = "") -> Condition:
        told = self._phrases.manner[manner or kind]
        return Condition(kind=kind, holds=holds, text=told.screen, ear=told.ear)

    @staticmethod
    def _above(target: Target, value: float | None) -> bool | None:
        return None if value is None else target.at_most is not None and value > target.at_most

    def _per_minute(self, at: float) -> float | None:
        said = [one for one in self._said if one.end > at - WITHIN]
        spoken = sum(one.end - one.start for one in said)
        return 60 * sum(one.fillers for one in said) / spoken if spoken >= LEAST_SPOKEN else None

    def _too_many(self, target: Target, at: float) -> bool | None:
        """A share of the words lately, or a number in all that is used up."""
        if target.share:
            words = sum(one.words for one in self._said)
            spoken = sum(one.end - one.start for one in self._said)
            lately = 100 * sum(one.fillers for one in self._said) / words if words else 0.0
            return self._above(target, lately if spoken >= LEAST_SPOKEN else None)
        beyond = target.at_most is not None and self._fillers > target.at_most
        return beyond and at - self._filler_at <= FRESH

    def _share(self) -> float | None:
        everybody = sum(self._spoken.values())
        return 100 * self._spoken[USER] / everybody if everybody >= SHARED and self._spoken[PARTNER] else None
