"""One language's words for the offline partner: what it says, what it listens for, and how a sentence is taken apart.

They are data, `data/interview/<language>.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import NotFound
from engine.words import Phrase, normal

FOLDER = Path(__file__).parents[2] / "data" / "interview"

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The small words, verbs and adjectives between which things are found."""

    mine: frozenset[str]
    """What begins a thing of the speaker's: "my"."""
    articles: frozenset[str]
    """What begins a thing, and is "the" once it is known."""
    kept: frozenset[str]
    """What begins a thing and stays: "their"."""
    of: frozenset[str]
    before: frozenset[str]
    """After these a thing may stand without an article."""
    apart: frozenset[str]
    """Never within a thing."""
    verbs: frozenset[str]
    """Verbs in all their forms: a thing only right after an article."""
    adjectives: frozenset[str]
    not_adjectives: frozenset[str]
    announce: frozenset[str]
    """What follows these is what it is about."""
    subjects: frozenset[str]
    """After these comes a verb, known or not."""
    openers: frozenset[str]
    selves: frozenset[str]
    """What a clause begins with that can stand by itself."""
    empty: frozenset[str]
    """Things not worth speaking of."""
    persons: frozenset[str]
    ly_nouns: frozenset[str]
    ed_nouns: frozenset[str]
    numbers: frozenset[str]
    large: frozenset[str]
    measures: frozenset[str]
    small: frozenset[str]
    before_times: frozenset[str]
    spans: frozenset[str]
    """What makes a number one that nobody has to prove: "years"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """`reactions`, `taken`, `touched`, `probes`, `says`, `sum_up`: lines to say, see the data. `whole`: phrases that
    an utterance is made of, together with `around`; `anywhere`: phrases that may stand anywhere in it, but not within
    those of `not_meant`; `asked`: how questions to the partner look; `turned`: "my" becomes "your"."""

    reactions: Lines
    taken: Lines
    touched: Lines
    probes: Mapping[str, Lines]
    says: Mapping[str, Lines]
    sum_up: Mapping[str, Any]
    around: frozenset[Phrase]
    whole: Mapping[str, frozenset[Phrase]]
    anywhere: Mapping[str, frozenset[Phrase]]
    not_meant: Mapping[str, frozenset[Phrase]]
    asked: Mapping[str, frozenset[Phrase]]
    grammar: Grammar
    turned: Mapping[str, str]


@cache
def languages() -> frozenset[str]:
    """Those that the offline partner speaks."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load(language: str = "en") -> Lexicon:
    """Read the words of `language`, once a process.

    Raises:
        NotFound: there are none for that language.
    """
    path = FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(f"the offline partner does not speak the language {language[:20]!r}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {name: frozenset(words) for name, words in data["grammar"].items() if name != "irregular"}
    lists["verbs"] = frozenset(_forms(data["grammar"]["verbs"])) | frozenset(data["grammar"]["irregular"])
    whole = _phrases(data["whole"])
    return Lexicon(
        reactions=tuple(data["reactions"]),
        taken=tuple(data["taken"]),
        touched=tuple(data["touched"]),
        probes=_lines(data["probes"]),
        says=_lines(data["says"]),
        sum_up=data["sum_up"],
        around=whole["around"],
        whole={name: phrases for name, phrases in whole.items() if name != "around"},
        anywhere=_phrases(data["anywhere"]),
        not_meant=_phrases(data["not_meant"]),
        asked=_phrases(data["asked"]),
        grammar=Grammar(**lists),
        turned=data["turned"],
    )


def _lines(data: Mapping[str, list[str]]) -> dict[str, Lines]:
    return {name: tuple(lines) for name, lines in data.items()}


def _phrases(data: Mapping[str, list[str]]) -> dict[str, frozenset[Phrase]]:
    return {name: frozenset(normal(text) for text in texts) for name, texts in data.items()}


def _forms(verbs: Iterable[str]) -> Iterator[str]:
    """Verbs with their endings; a few too many ("stoping") do no harm."""
    for verb in verbs:
        stem = verb[:-1] if verb.endswith(("e", "y")) else verb
        yield from (verb, f"{verb}s", f"{verb}es", f"{verb}ed", f"{verb}ing", f"{stem}ed", f"{stem}ing")
        yield from (f"{stem}ies", f"{stem}ied", f"{stem}{stem[-1]}ed", f"{stem}{stem[-1]}ing")
