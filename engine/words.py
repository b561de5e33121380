"""The words that the engine knows by name: "mm-hm", "stop", "go on", and which words ask about the same thing.

They are data, `data/words/<language>.toml`, so that a language is added without touching code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.errors import NotFound

FOLDER = Path(__file__).parents[1] / "data" / "words"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def normal(text: str) -> tuple[str, ...]:
    """The words of `text` as these lists hold them: lower case, straight apostrophes, no punctuation."""
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """What tells where sentences end. Abbreviations are without their last full stop."""

    before_name: frozenset[str]
    """Never the end of a sentence: "Mr", "e.g"."""
    before_number: frozenset[str]
    """The end of a sentence unless a number or a small letter follows: "No"."""
    either: frozenset[str]
    """The end of a sentence if one of `starters` follows: "Inc"."""
    starters: frozenset[str]
    conjunctions: frozenset[str]
    """A long sentence may be cut before these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words. A phrase is the tuple of its words, as `normal` gives them."""

    language: str
    backchannels: frozenset[Phrase]
    """What a listener says to show that they follow: no reason to fall silent."""
    stops: frozenset[Phrase]
    """Asks for silence."""
    go_on: frozenset[Phrase]
    """Asks to continue."""
    politeness: frozenset[Phrase]
    """What may stand around a stop or go-on phrase without changing it: "wait a moment, please"."""
    greetings: frozenset[Phrase]
    farewells: frozenset[Phrase]
    stop_words: frozenset[str]
    """Words of a question that say nothing of what is asked about."""
    vague: frozenset[Phrase]
    """Question words that name the kind of an answer ("how much", "when") and not its matter."""
    synonyms: tuple[frozenset[Phrase], ...]
    """Groups of words and phrases that ask about the same thing; a phrase may be in several."""
    sentences: Borders

    def is_backchannel(self, text: str) -> bool:
        """Whether `text` is nothing but backchannels ("yeah, right"). Empty text is not."""
        return made_of(normal(text), self.backchannels)

    def is_stop(self, text: str) -> bool:
        """Whether `text` asks for silence and nothing else ("wait, wait, hold on a second")."""
        return made_of(normal(text), self.stops, self.politeness, self.backchannels)

    def is_go_on(self, text: str) -> bool:
        """Whether `text` asks to continue and nothing else ("okay, go on please")."""
        return made_of(normal(text), self.go_on, self.politeness, self.backchannels)

    def is_greeting(self, text: str) -> bool:
        """Whether `text` greets and does nothing else."""
        return made_of(normal(text), self.greetings, self.politeness)

    def is_farewell(self, text: str) -> bool:
        """Whether `text` says goodbye and does little else ("okay, thank you for your time, goodbye")."""
        return made_of(normal(text), self.farewells, self.politeness, self.backchannels, self.greetings)


@cache
def load(language: str = "en") -> Words:
    """Read the words of `language`, once a process.

    Raises:
        NotFound: there is no list for that language.
    """
    path = FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(f"there is no word list for the language {language!r}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Words(
        language=data["language"],
        backchannels=_phrases(data["backchannels"]),
        stops=_phrases(data["stops"]),
        go_on=_phrases(data["go_on"]),
        politeness=_phrases(data["politeness"]),
        greetings=_phrases(data["greetings"]),
        farewells=_phrases(data["farewells"]),
        stop_words=frozenset(data["stop_words"]),
        vague=_phrases(data["vague"]),
        synonyms=tuple(_phrases(group["words"]) for group in data["synonyms"]),
        sentences=Borders(**{name: frozenset(items) for name, items in data["sentences"].items()}),
    )


def _phrases(texts: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(normal(text) for text in texts)


def made_of(words: Phrase, wanted: frozenset[Phrase], *allowed: frozenset[Phrase]) -> bool:
    """Whether `words` is a row of `wanted` and `allowed` phrases with at least one `wanted` among them."""
    longest, heads = _bounds(wanted, *allowed)
    if not words or words[0] not in heads:  # so it is of most that is said
        return False
    # ways[i]: whether the first i words can be read so, without (0) and with (1) a wanted phrase among them
    ways = [{False}] + [set[bool]() for _ in words]
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - longest), end):
            phrase = words[start:end]
            if any(phrase in phrases for phrases in allowed):
                ways[end] |= ways[start]
            if phrase in wanted and ways[start]:
                ways[end].add(True)
    return True in ways[-1]


@cache
def _bounds(*phrases: frozenset[Phrase]) -> tuple[int, frozenset[str]]:
    """The number of words of the longest phrase, and the words with which any begins."""
    every = frozenset().union(*phrases)
    return max(map(len, every)), frozenset(phrase[0] for phrase in every if phrase)
