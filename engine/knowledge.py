"""What the speaker's own material says about a question: passages of the pitch and its notes, or nothing.

SQLite's full-text index finds where words stand, whatever their ending; what they are worth is decided here. A question
is a few *concepts*, each a word or phrase with the words that ask about the same thing. A concept weighs the more, the
fewer passages hold it. A passage's coverage is the share of the question's weight that it holds; below `COVERAGE` it
does not answer. A word that neither the material nor the synonyms hold is taken for a recogniser's error if they hold
one that looks like it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from threading import Lock

from engine import notes as speaker_notes
from engine import words as vocabulary
from engine.fulltext import FullText
from engine.providers.base import Passage
from engine.words import Phrase, normal

COVERAGE = 0.5
"""Share of a question's weight that a passage must hold to answer it; tests/knowledge says what it was measured at."""
_ASKED, _TOLD, _TOPIC = "question", "text", "topic"
_WORTH = {_ASKED: 1.0, _TOLD: 0.85, _TOPIC: 0.5}
"""By where a concept stands: what a note says that it answers counts most."""
_SYNONYM = 0.75
_LOOKALIKE = 0.8
_VAGUE = 0.4
_ALIKE = 0.78
"""Of 1, how like a word must be to be taken for another: "coast" for "cost" (0.89), not "weather" for "other" (0.67)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concept:
    own: frozenset[Phrase]
    """The words that were said."""
    groups: frozenset[int]
    """The groups of synonyms that they belong to."""
    worth: float = 1.0

    def __or__(self, other: _Concept) -> _Concept:
        return _Concept(
            own=self.own | other.own, groups=self.groups | other.groups, worth=max(self.worth, other.worth)
        )


class Knowledge:
    """The material of one talk, indexed. May be searched from any thread."""

    def __init__(self, sentences: Iterable[str], notes: str = "") -> None:
        told = [speaker_notes.Note(text=text) for text in sentences]
        noted = speaker_notes.read(notes)
        self._passages = [Passage(text=note.text, source="pitch") for note in told]
        self._passages += [Passage(text=note.text, source="notes") for note in noted]
        self._questions = [note.question for note in told + noted]
        self._words = vocabulary.load()
        self._groups_of_phrase = _groups_by_phrase(self._words)
        self._lock = Lock()
        self._places = FullText(
            ((number, place), text)
            for number, note in enumerate(told + noted)
            for place, text in ((_ASKED, note.question), (_TOLD, _with_number(note.text)), (_TOPIC, note.topic))
        )
        singles = [{phrase[0] for phrase in group if len(phrase) == 1} for group in self._words.synonyms]
        self._groups = FullText((number, " ".join(group)) for number, group in enumerate(singles))
        material = {word for note in told + noted for word in normal(f"{note.question} {note.text}")}
        self._known = sorted(word for word in material.union(*singles) - self._words.stop_words if len(word) > 3)
        self._asks_in = [self._matter(question) for question in self._questions]

    def expected_questions(self) -> list[str]:
        """The questions that the notes answer: what a recogniser may expect to hear."""
        return [question for question in self._questions if question]

    def search(self, question: str, limit: int = 3) -> list[Passage]:
        """Passages that answer `question`, best first; none where the material does not answer it."""
        with self._lock:
            concepts = self._concepts(normal(question))
            held = [self._held(concept) for concept in concepts]
        weights = [
            concept.worth * math.log(1 + len(self._passages) / (len(found) or 0.5))
            for concept, found in zip(concepts, held, strict=True)
        ]
        coverage: dict[int, float] = defaultdict(float)
        for weight, found in zip(weights, held, strict=True):
            for number, share in found.items():
                coverage[number] += share * weight / sum(weights)
        scores = {
            number: share + 0.1 * self._nearness(number, held) for number, share in coverage.items() if share >= COVERAGE
        }
        best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        return [replace(self._passages[number], score=round(scores[number], 3)) for number in best]

    def _nearness(self, number: int, held: list[dict[int, float]]) -> float:
        """How much of what a note's question asks was asked, 0 to 1: of two notes about the price, the plainer wins."""
        asks = self._asks_in[number]
        return min(1.0, sum(number in found for found in held) / asks) if asks else 0.0

    def _matter(self, question: str) -> int:
        return len([word for word in normal(question) if word not in self._words.stop_words]) or bool(question)

    def _concepts(self, words: Phrase) -> list[_Concept]:
        """What `words` ask about; those that ask about the same thing are one."""
        found: list[_Concept] = []
        for concept in self._named(words):
            same = [other for other in found if other.groups & concept.groups or other.own & concept.own]
            found = [other for other in found if other not in same]
            for other in same:
                concept |= other
            found.append(concept)
        return found

    def _named(self, words: Phrase) -> Iterator[_Concept]:
        start = 0
        while start < len(words):
            phrase = self._phrase_at(words, start)
            if groups := self._groups_of_phrase.get(phrase):
                worth = _VAGUE if phrase in self._words.vague else 1.0
                yield _Concept(own=frozenset({phrase}), groups=groups, worth=worth)
            elif phrase[0] not in self._words.stop_words:
                yield self._of_word(words, start)
            start += len(phrase)

    def _phrase_at(self, words: Phrase, start: int) -> Phrase:
        """The longest phrase of the synonyms at `start` that is more than a plain word, else the word there."""
        for length in range(6, 0, -1):
            phrase = words[start : start + length]
            if phrase in self._groups_of_phrase and (length > 1 or phrase in self._words.vague):
                return phrase
        return words[start : start + 1]

    def _of_word(self, words: Phrase, at: int) -> _Concept:
        word = words[at]
        groups = self._groups.find([(word,)])
        if groups or self._places.find([(word,)]) or not (alike := self._lookalike(words, at)):
            return _Concept(own=frozenset({(word,)}), groups=frozenset(groups))
        return _Concept(
            own=frozenset({(alike,)}), groups=frozenset(self._groups.find([(alike,)])), worth=_LOOKALIKE
        )

    def _lookalike(self, words: Phrase, at: int) -> str:
        """The known word that was most likely said where an unknown one was heard, perhaps as two ("pat tent")."""
        heard = [words[at], "".join(words[at : at + 2]), "".join(words[max(0, at - 1) : at + 1])]
        close = (get_close_matches(word, self._known, 1, _ALIKE) for word in heard if len(word) > 3)
        return next((match[0] for match in close if match), "")

    def _held(self, concept: _Concept) -> dict[int, float]:
        """The passages that hold `concept`, and how well, 0 to 1."""
        others = {phrase for group in concept.groups for phrase in self._words.synonyms[group]} - self._words.vague
        found: dict[int, float] = defaultdict(float)
        for number, place in self._places.find(others):
            found[number] = max(found[number], _WORTH[place] * _SYNONYM)
        for number, place in self._places.find(concept.own):
            if place == _ASKED or not concept.own <= self._words.vague:
                found[number] = max(found[number], _WORTH[place])
        return found


def _groups_by_phrase(words: vocabulary.Words) -> dict[Phrase, frozenset[int]]:
    found: dict[Phrase, set[int]] = defaultdict(set)
    for number, group in enumerate(words.synonyms):
        for phrase in group:
            found[phrase].add(number)
    return {phrase: frozenset(groups) for phrase, groups in found.items()}


def _with_number(text: str) -> str:
    """`text` as it is indexed: figures are found by the word "number", for those who ask how many."""
    return f"{text} number" if any(map(str.isdigit, text)) else text
