"""What somebody's goal, in their own words, asks of the measures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.analysis.values import Analysis
from engine.report.facts import count, known
from engine.report.language import goals, named
from engine.report.numerals import Numeral, Sort, numerals

_AT_MOST = re.compile(
    r"\b(?:under|below|at most|no more than|not more than|less than|fewer than|within|up to|max(?:imum)?|only)\s*\Z",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\b(?:at least|more than|over|above|minimum)\s*\Z", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:to|and|or|until|-|–)\s*")
_ANSWERS = re.compile(r"\banswers?\b|\bturns?\b|\brepl", re.IGNORECASE)
_TALK = re.compile(r"\b(?:talk|speak)(?:ing)?\b(?!\s+(?:to|with|about)\b)", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r"[;,\n]")
_PACE = re.compile(r"\b(?:pace|speed|wpm)\b", re.IGNORECASE)
_PARTS = re.compile(r"[;\n]|,\s|(?<=\w)\.\s|\s(?:and|but)\s(?!\d)")
_FEWER = frozenset(
    {"fillers_per_min", "filler_percentage", "filler_clusters", "possible_fillers", "interruptions", "hedges"}
)
"""Nobody sets out to have more of these."""
_NEAR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A number that the goal names: at least (`more`) or at most so much of the measure `id`; `text` as it is written
    in the goal."""

    id: str
    value: float
    more: bool
    text: str
    until: float | None = None
    """… and at most this much: "120 to 150"."""
    share: bool = False
    """Its value is per cent."""

    @property
    def at_least(self) -> float | None:
        return self.value if self.more else None

    @property
    def at_most(self) -> float | None:
        return self.until if self.more else self.value


def measures_of(goal: str) -> dict[str, str]:
    """The ids of what `goal` is about, the most telling first: what a target names, then of each of its words in turn;
    with the side on which it would be missed, "high", "low" or "" for both. "next_step", "example", "figure" are among
    them: things said, which are looked for in the words."""
    found = sorted((match.start(), n, goal_) for n, goal_ in enumerate(goals()) if (match := goal_.words.search(goal)))
    sides = {(True, False): "low", (False, False): "high", (True, True): ""}
    told = [(target.id, sides[target.more, target.until is not None]) for target in targets(goal)]
    lists = [[(id, side) for id, _, side in (one.partition(":") for one in goal_.measures)] for *_, goal_ in found]
    mixed = [ids[rank] for rank in range(max(map(len, lists), default=0)) for ids in lists if rank < len(ids)]
    wanted: dict[str, str] = {}
    for id, side in told + mixed:
        wanted.setdefault(id, side)
    return wanted


def targets(goal: str) -> list[Target]:
    """What can be counted of `goal`: "ask at least three questions", "answers under a minute", "pace 120 to 150"."""
    found: list[Target] = []
    numbers = numerals(goal)
    for number, numeral in enumerate(numbers):
        begin = numbers[number - 1].last if number else 0
        end = numbers[number + 1].first if number + 1 < len(numbers) else len(goal)
        before, after = goal[begin : numeral.first][-_NEAR:], goal[numeral.last : end][:_NEAR]
        if found and number and _RANGE.fullmatch(goal[begin : numeral.first]):
            found[-1] = _until(found[-1], numeral, goal[numbers[number - 1].first : numeral.last])
            continue
        after = goal[numeral.last :][:_NEAR] if _RANGE.fullmatch(after) else after
        id = _named(numeral, before, _CLAUSE_ENDS.split(after)[0])
        if id and id not in (target.id for target in found):
            found.append(_target(id, numeral, before))
    return found


def _named(numeral: Numeral, before: str, after: str) -> str:
    """The measure that `numeral` is a number of; "" for none."""
    if numeral.sort is Sort.SECONDS:
        return "longest_monologue" if _ANSWERS.search(before + after) else ""
    if numeral.sort not in (Sort.PLAIN, Sort.PERCENT):
        return ""
    if numeral.sort is Sort.PERCENT and _TALK.search(before):
        return "talk_share"
    nouns = [(id, name.nouns.search(after.lower())) for id, name in named().items()]
    ids = [(match.start(), -len(match[0]), id) for id, match in nouns if match]
    if ids:
        return min(ids)[2]
    if _PACE.search(before):
        return "wpm" if numeral.sort is Sort.PLAIN else ""
    bounded = _AT_MOST.search(before) or _AT_LEAST.search(before)  # "fillers below 2 %"
    told = [(match.end(), id) for id, name in named().items() if (match := name.nouns.search(before.lower()))]
    return max(told)[1] if bounded and told else ""


def _target(id: str, numeral: Numeral, before: str) -> Target:
    """At most so much where that is said, or where nobody wants more of it."""
    fewer = bool(_AT_MOST.search(before)) or (id in _FEWER and not _AT_LEAST.search(before))
    share = numeral.sort is Sort.PERCENT
    return Target(id=id, value=numeral.value, more=not fewer, text=numeral.text, share=share)


def _until(target: Target, numeral: Numeral, text: str) -> Target:
    low, high = sorted((target.value, numeral.value))
    return replace(target, value=low, until=high, more=True, text=text)


def uncounted(goal: str) -> list[str]:
    """The parts of `goal` that name no number that could be counted: they are kept as they are written."""
    parts = [part.strip(" .") for part in _PARTS.split(goal)]
    return [part for part in parts if any(map(str.isalpha, part)) and not targets(part)]


def reached(target: Target, analysis: Analysis) -> bool | None:
    """Whether the session came up to `target`; None where that was not measured."""
    measure = known(analysis, target.id)
    if measure is None or measure.value is None:
        return None
    counted = count(analysis, target.id)
    value = measure.value if counted is None or target.share else counted
    least, most = target.at_least, target.at_most
    return (least is None or value >= least) and (most is None or value <= most)
