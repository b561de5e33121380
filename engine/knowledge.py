"""What the speaker's own material says about a question: passages of the pitch and its notes, or nothing.

SQLite's full-text index finds where words stand, whatever their ending; what they are worth is decided here. A question
is a few *concepts*, each a word or phrase with the words that ask about the same thing. A concept weighs the more, the
fewer passages hold it, and a passage scores the share of the question's weight that it holds; too small a share is no
answer. A word that neither the material nor the synonyms know is taken for a recogniser's error if they know one that
sounds like it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from threading import Lock

from engine import notes as speaker_notes
from engine import words as vocabulary
from engine.fulltext import FullText
from engine.providers.base import Passage
from engine.soundalikes import Soundalikes
from engine.words import Phrase, normal

ENOUGH = 0.5
"""Score from which a passage answers; tests/knowledge says what it was measured at."""
LONGEST = 40
"""Words of a question that are looked at: nobody asks more aloud, and every word costs a search."""
_WORTH = {"asked": 1.0, "told": 1.0, "aside": 0.7, "topic": 0.5}
"""By where a concept stands: in a note's question, in a plain statement, in a note's answer (which is to another matter
if its question does not hold the concept), in the heading above."""
_SYNONYM = 0.8
_SOUNDALIKE = 0.8
_VAGUE = 0.4
_PLAIN = 0.15
"""What it adds that a note's whole question was asked: of two notes about the price, the plainer one wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concept:
    own: frozenset[Phrase]
    """The words that were said."""
    groups: frozenset[int]
    """The groups of synonyms that they belong to."""
    worth: float = 1.0

    def __or__(self, other: _Concept) -> _Concept:
        return _Concept(own=self.own | other.own, groups=self.groups | other.groups, worth=max(self.worth, other.worth))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Which passages hold a concept: how well, 0 to 1, and which of them in the question that they answer."""

    shares: Mapping[int, float]
    asked: frozenset[int]


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
            for place, text in (
                ("asked", note.question),
                ("aside" if note.question else "told", _with_number(note.text)),
                ("topic", note.topic),
            )
        )
        singles = [{phrase[0] for phrase in group if len(phrase) == 1} for group in self._words.synonyms]
        self._groups = FullText((number, " ".join(group)) for number, group in enumerate(singles))
        material = {word for note in told + noted for word in normal(f"{note.question} {note.text}")}
        self._soundalikes = Soundalikes(material.union(*singles) - self._words.stop_words)
        self._asks_in = [self._matter(question) for question in self._questions]

    def expected_questions(self) -> list[str]:
        """The questions that the notes answer: what a recogniser may expect to hear."""
        return [question for question in self._questions if question]

    def search(self, question: str, limit: int = 3) -> list[Passage]:
        """Passages that answer `question`, best first; none where the material does not answer it."""
        with self._lock:
            concepts = self._concepts(normal(question)[:LONGEST])
            held = [self._held(concept) for concept in concepts]
        weights = [
            concept.worth * math.log(1 + len(self._passages) / (len(found.shares) or 0.5))
            for concept, found in zip(concepts, held, strict=True)
        ]
        total = sum(weights)
        scores: dict[int, float] = defaultdict(float)
        for weight, found in zip(weights, held, strict=True):
            for number, share in found.shares.items():
                scores[number] += share * weight / total
        for number, asked in Counter(number for found in held for number in found.asked).items():
            scores[number] += _PLAIN * min(1.0, asked / self._asks_in[number])
        good = [number for number, score in scores.items() if score >= ENOUGH]
        best = sorted(good, key=lambda number: (-scores[number], number))[:limit]
        return [replace(self._passages[number], score=round(scores[number], 3)) for number in best]

    def _matter(self, question: str) -> int:
        """How many words of `question` say what is asked about; at least 1."""
        return len([word for word in normal(question) if word not in self._words.stop_words]) or 1

    def _concepts(self, words: Phrase) -> list[_Concept]:
        """What `words` ask about; those that ask about the same thing are one."""
        found: list[_Concept] = []
        for concept in self._named(words):
            same = [other for other in found if other.groups & concept.groups or other.own & concept.own]
            found = [*(other for other in found if other not in same), reduce(or_, same, concept)]
        return found

    def _named(self, words: Phrase) -> Iterator[_Concept]:
        start = 0
        while start < len(words):
            phrase = self._phrase_at(words, start)
            if len(phrase) > 1 or phrase in self._words.vague:
                worth = _VAGUE if phrase in self._words.vague else 1.0
                groups = self._groups_of_phrase.get(phrase, frozenset())
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
        if groups or self._places.find([(word,)]) or not (alike := self._soundalike(words, at)):
            return _Concept(own=frozenset({(word,)}), groups=frozenset(groups))
        return _Concept(own=frozenset({(alike,)}), groups=frozenset(self._groups.find([(alike,)])), worth=_SOUNDALIKE)

    def _soundalike(self, words: Phrase, at: int) -> str:
        """The known word that was most likely said where an unknown one was heard, perhaps as two ("pat tent")."""
        before = words[at - 1 : at] if words[at - 1] not in self._words.stop_words else ()
        return self._soundalikes.of((words[at], "".join(words[at : at + 2]), "".join((*before, words[at]))))

    def _held(self, concept: _Concept) -> _Held:
        """The passages that hold `concept`."""
        others = {phrase for group in concept.groups for phrase in self._words.synonyms[group]} - self._words.vague
        places = [(*place, _SYNONYM) for place in self._places.find(others)]
        vague = concept.own <= self._words.vague
        own = self._places.find(concept.own)
        places += [(number, place, 1.0) for number, place in own if place == "asked" or not vague]
        shares: dict[int, float] = defaultdict(float)
        for number, place, likeness in places:
            shares[number] = max(shares[number], _WORTH[place] * likeness)
        return _Held(shares=shares, asked=frozenset(number for number, place, _ in places if place == "asked"))


def _groups_by_phrase(words: vocabulary.Words) -> dict[Phrase, frozenset[int]]:
    found: dict[Phrase, set[int]] = defaultdict(set)
    for number, group in enumerate(words.synonyms):
        for phrase in group:
            found[phrase].add(number)
    return {phrase: frozenset(groups) for phrase, groups in found.items()}


def _with_number(text: str) -> str:
    """`text` as it is indexed: figures are found by the word "number", for those who ask how many."""
    return f"{text} number" if any(map(str.isdigit, text)) else text
