"""The words by which questions, hedges and repetitions are known: `data/words/coaching.<language>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from engine.errors import NotFound
from engine.words import FOLDER, Phrase


class Phrases:
    """Phrases to be found in a row of words, the longest first."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_head: dict[str, list[Phrase]] = {}
        for phrase in sorted({tuple(text.split()) for text in texts}, key=lambda phrase: (-len(phrase), phrase)):
            self._by_head.setdefault(phrase[0], []).append(phrase)

    def at(self, words: Sequence[str], index: int) -> Phrase | None:
        """The longest phrase that `words` have from `index` on."""
        if not 0 <= index < len(words):
            return None
        for phrase in self._by_head.get(words[index], ()):
            if tuple(words[index : index + len(phrase)]) == phrase:
                return phrase
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    connectives: frozenset[str]
    greetings: Phrases
    wh: frozenset[str]
    wh_is: frozenset[str]
    auxiliaries: frozenset[str]
    subjects: frozenset[str]
    pronouns: frozenset[str]
    starts: Phrases
    requests: Phrases
    elliptic: Phrases
    open: Phrases
    never: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's. `unless_after`, `unless_before`: words beside which a hedge is none, by hedge."""

    hanging: frozenset[str]
    questions: QuestionWords
    hedges: Phrases
    unless_after: Mapping[Phrase, Collection[str]]
    unless_before: Mapping[Phrase, Collection[str]]
    meant: frozenset[str]
    meant_phrases: frozenset[Phrase]
    subjects: frozenset[str]
    verbs: frozenset[str]


@cache
def load(language: str = "en") -> Lexicon:
    """Read the words of `language`, once a process.

    Raises:
        NotFound: there is no list for that language.
    """
    path = FOLDER / f"coaching.{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(f"there is no list of coaching words for the language {language!r}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    hedges, repeated = data["hedges"], data["repetition"]
    return Lexicon(
        hanging=frozenset(data["clauses"]["hanging"]),
        questions=_question_words(data["questions"]),
        hedges=Phrases(hedges["phrases"]),
        unless_after=_by_phrase(hedges["unless_after"]),
        unless_before=_by_phrase(hedges["unless_before"]),
        meant=frozenset(repeated["meant"]),
        meant_phrases=frozenset(tuple(text.split()) for text in repeated["meant_phrases"]),
        subjects=frozenset(repeated["subjects"]),
        verbs=frozenset(repeated["verbs"]),
    )


def _question_words(lists: Mapping[str, Sequence[str]]) -> QuestionWords:
    return QuestionWords(
        connectives=frozenset(lists["connectives"]),
        greetings=Phrases((*lists["greetings"], *lists["connectives"])),
        wh=frozenset(lists["wh"]),
        wh_is=frozenset(lists["wh_is"]),
        auxiliaries=frozenset(lists["auxiliaries"]),
        subjects=frozenset(lists["subjects"]),
        pronouns=frozenset(lists["pronouns"]),
        starts=Phrases(lists["starts"]),
        requests=Phrases(lists["requests"]),
        elliptic=Phrases(lists["elliptic"]),
        open=Phrases(lists["open"]),
        never=Phrases(lists["never"]),
    )


def _by_phrase(lists: Mapping[str, Sequence[str]]) -> dict[Phrase, frozenset[str]]:
    return {tuple(text.split()): frozenset(words) for text, words in lists.items()}
