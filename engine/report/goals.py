"""What somebody's goal, in their own words, asks of the measures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.analysis.values import Analysis
from engine.report.facts import count, known
from engine.report.language import goals, named
from engine.report.numerals import Sort, numerals

_AT_MOST = re.compile(
    r"\b(?:under|below|at most|no more than|not more than|less than|fewer than|within|up to|max(?:imum)?|only)\s*\Z",
    re.IGNORECASE,
)
_NEAR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A number that the goal names: at least (`more`) or at most so much of the measure `id`; `text` as it is written
    in the goal."""

    id: str
    value: float
    more: bool
    text: str


def measures_of(goal: str) -> dict[str, str]:
    """The ids of what `goal` is about, the most telling first: what a target names, then of each of its words in turn;
    with the side on which it would be missed, "high", "low" or "" for both. "next_step", "example", "figure" are among
    them: things said, which are looked for in the words."""
    found = sorted((match.start(), n, goal_) for n, goal_ in enumerate(goals()) if (match := goal_.words.search(goal)))
    told = [(target.id, "low" if target.more else "high") for target in targets(goal)]
    lists = [[(id, side) for id, _, side in (one.partition(":") for one in goal_.measures)] for *_, goal_ in found]
    mixed = [ids[rank] for rank in range(max(map(len, lists), default=0)) for ids in lists if rank < len(ids)]
    wanted: dict[str, str] = {}
    for id, side in told + mixed:
        wanted.setdefault(id, side)
    return wanted


def targets(goal: str) -> list[Target]:
    """What can be counted of `goal`: "ask at least three questions", "answers under a minute"."""
    found = []
    for numeral in numerals(goal):
        after = goal[numeral.last : numeral.last + _NEAR]
        before = goal[: numeral.first][-_NEAR:]
        at_most = bool(_AT_MOST.search(goal[: numeral.first]))
        if numeral.sort is Sort.SECONDS and re.search(r"\banswers?\b|\bturns?\b|\brepl", before + after, re.IGNORECASE):
            found.append(Target(id="longest_monologue", value=numeral.value, more=False, text=numeral.text))
        elif numeral.sort in (Sort.PLAIN, Sort.PERCENT):
            ids = [
                (match.start(), -len(match[0]), id)
                for id, name in named().items()
                if (match := name.nouns.search(after.lower()))
            ]
            if ids:
                id = min(ids)[2]
                found.append(Target(id=id, value=numeral.value, more=not at_most, text=numeral.text))
    return found


def reached(target: Target, analysis: Analysis) -> bool | None:
    """Whether the session came up to `target`; None where that was not measured."""
    measure = known(analysis, target.id)
    if measure is None or measure.value is None:
        return None
    counted = count(analysis, target.id)
    value = measure.value if counted is None or measure.unit == "%" else counted
    return value >= target.value if target.more else value <= target.value
