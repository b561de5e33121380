"""The words of reports, which are data: `data/report/`. English; another language is another set of files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from re import Pattern
from typing import Any

from engine.report.drills import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a measure is spoken of. `says`: its value in a clause, with "{value}"; `nouns`: what names it in a
    lower-case text; `counted`: its moments can be counted, as marks of `layer` where there is one."""

    id: str
    name: str
    says: str
    digits: int
    nouns: Pattern[str]
    counted: bool
    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Words of a goal, and the measures that they are about, the most telling first, with a side (see the data)."""

    name: str
    words: Pattern[str]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """What no report says: see the data. `quotable`: by kind, but in the user's own words; for
    lower-case text."""

    quotable: Mapping[str, Pattern[str]]
    orders: Pattern[str]
    judged: Pattern[str]
    takeaway_verbs: frozenset[str]
    reporting: frozenset[str]
    partner: Pattern[str]


@cache
def named() -> Mapping[str, Named]:
    """Measures by id."""
    return {
        id: Named(
            id=id,
            name=row["name"],
            says=row["says"],
            digits=row.get("digits", 0),
            nouns=any_of(row["nouns"], lower=True),
            counted=row.get("counted", False),
            layer=row.get("layer", ""),
        )
        for id, row in read("measures").items()
    }


@cache
def goals() -> tuple[Goal, ...]:
    return tuple(
        Goal(name=row["name"], words=any_of(row["words"]), measures=tuple(row["measures"]))
        for row in read("goals")["goals"]
    )


@cache
def forbidden() -> Forbidden:
    data = read("forbidden")
    quotable = ("persons", "feelings", "origins", "praise", "comparisons", "scores", "elsewhere")
    return Forbidden(
        quotable={name: any_of(data[name], lower=True) for name in quotable},
        orders=any_of(data["orders"]),
        judged=re.compile(
            r"\byou(?:'re|(?: are| were| was| seem\w*| sound\w*| look\w*| appear\w*| felt| feel| came? across(?: as)?))"
            rf"\s+(?:\w+ )?{_alternatives(data['judged'])}",
            re.IGNORECASE,
        ),
        takeaway_verbs=frozenset(data["takeaways"]["verbs"]),
        reporting=frozenset(data["reporting"]["verbs"]),
        partner=any_of(data["reporting"]["partner"]),
    )


@cache
def read(name: str) -> Mapping[str, Any]:
    """The data file of that name."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def any_of(phrases: Iterable[str], *, lower: bool = False) -> Pattern[str]:
    """Finds any of `phrases` as whole words, the longest; "*" at the end of one stands for any ending. `lower`: they
    are, and so has the text to be that is searched, which is four times faster."""
    return re.compile(_alternatives(phrases), 0 if lower else re.IGNORECASE)


def _alternatives(phrases: Iterable[str]) -> str:
    ordered = sorted(set(phrases), key=len, reverse=True)
    return rf"(?<![\w'])(?:{'|'.join(_phrase(phrase) for phrase in ordered)})"


def _phrase(phrase: str) -> str:
    spaced = r"\s+".join(map(re.escape, phrase.removesuffix("*").split()))
    return spaced + (r"\w*" if phrase.endswith("*") else r"(?!\w)")
