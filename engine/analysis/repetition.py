"""Words that are said again: at once, by accident, and over the session, by habit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from engine import words as vocabulary
from engine.analysis import lexicon, thresholds
from engine.analysis.catalogue import measured
from engine.analysis.lemmas import content
from engine.analysis.spoken import Spoken
from engine.analysis.tokens import Token, evidence_of, mark_of
from engine.analysis.turns import Floor
from engine.analysis.values import PARTNER, USER, Evidence, Mark, Measure
from engine.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """`again` is what was said a second time, right after `once`; hesitations between them belong to neither."""

    once: tuple[Token, ...]
    again: tuple[Token, ...]


def repeats(said: Sequence[Token]) -> list[Repeat]:
    """Immediate repeats of one to four words in what somebody says in one go, the longest first where several fit.
    Those that are meant ("very very", "no no") are none."""
    words = [token for token in said if not token.hesitation]
    found: list[Repeat] = []
    at = 0
    while at < len(words):
        size = next((size for size in range(thresholds.REPEATED_WORDS, 0, -1) if _repeats(words, at, size)), 0)
        if size:
            found.append(Repeat(once=tuple(words[at : at + size]), again=tuple(words[at + size : at + 2 * size])))
        at += size or 1
    return found


def _repeats(words: Sequence[Token], at: int, size: int) -> bool:
    if at + 2 * size > len(words):
        return False
    once, again = (tuple(token.word for token in words[i : i + size]) for i in (at, at + size))
    meant = once[0] in lexicon.load().meant if size == 1 else once in lexicon.load().meant_phrases
    finished = words[at + size - 1].ends_sentence
    return once == again and not meant and not finished and not any(char.isdigit() for char in once[0])


def restarts(said: Sequence[Token]) -> list[Token]:
    """Words of beginnings that were given up: broken off ("wou-"), or a subject and its verb before the same subject
    with another ("we was we were")."""
    lists = lexicon.load()
    words = [token for token in said if not token.hesitation]
    found = [token for token in words if token.text.endswith("-") and token.text[-2:] not in {"-", "--"}]
    for index in range(len(words) - 2):
        subject, verb, again = words[index : index + 3]
        if subject.word in lists.subjects and verb.word in lists.verbs and again.word == subject.word:
            after = words[index + 3].word if index + 3 < len(words) else ""
            asked = subject.text[-1:] in ",.?!" or verb.text[-1:] in ",.?!"
            if after != verb.word and not asked:
                found += [subject, verb]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A phrase and where it was said."""

    phrase: Phrase
    places: tuple[tuple[Token, ...], ...]


def habits(said: Iterable[Sequence[Token]], topic: frozenset[str]) -> list[Habit]:
    """The phrases of two to four words that come back most. What is talked about is no habit: a phrase counts only with
    a word of matter, and none whose stem is one of `topic`. A word belongs to one phrase only."""
    rows = [[token for token in words if not token.hesitation] for words in said]
    places: dict[Phrase, list[Sequence[Token]]] = defaultdict(list)
    for row in rows:
        words = [token.word for token in row]
        for size in (2, 3, 4):
            for at in range(len(words) - size + 1):
                places[tuple(words[at : at + size])].append(row[at : at + size])
    least = max(thresholds.PHRASE_TIMES, sum(map(len, rows)) * thresholds.PHRASE_PER_WORD)
    telling = [phrase for phrase, found in places.items() if len(found) >= least and _telling(phrase, topic)]
    telling.sort(key=lambda phrase: (-len(places[phrase]) * (len(phrase) - 1), not content(phrase[-1:]), phrase))
    taken: set[int] = set()
    kept: list[Habit] = []
    for phrase in telling:
        free = [place for place in places[phrase] if taken.isdisjoint(map(id, place))]
        if len(free) >= least and len(kept) < thresholds.PHRASES:
            kept.append(Habit(phrase=phrase, places=tuple(tuple(place) for place in free)))
            taken.update(id(token) for place in free for token in place)
    return kept


def _telling(phrase: Phrase, topic: frozenset[str]) -> bool:
    matter = content(phrase)
    return bool(matter) and not matter & topic and len(set(phrase)) > 1 and not any(map(str.isdigit, phrase))


def topic_of(spoken: Spoken, floor: Floor) -> frozenset[str]:
    """The stems of what is talked about: of the goal, of the context, of what the other says, and names."""
    told = vocabulary.normal(f"{spoken.goal} {spoken.context}")
    theirs = (token.word for words in floor.words_of(PARTNER) for token in words)
    return content((*told, *theirs)) | content(_names(floor))


def _names(floor: Floor) -> set[str]:
    """Words written with a capital letter within a sentence."""
    found: set[str] = set()
    for words in floor.words_of(USER):
        for _, line in groupby(words, key=lambda token: token.line):
            row = list(line)
            found |= {b.word for a, b in pairwise(row) if b.text[:1].isupper() and not a.ends_sentence}
    return found


def repetition(spoken: Spoken, floor: Floor) -> tuple[Measure, tuple[Mark, ...]]:
    """Of 100 words, how many repeat the one before; with the phrases that come back as evidence and marks."""
    said = floor.words_of(USER)
    words = len(spoken.user.lexical)
    found = [repeat for row in said for repeat in repeats(row)]
    known = habits(said, topic_of(spoken, floor))
    twice = sum(len(repeat.again) for repeat in found)
    evidence: list[Evidence] = [evidence_of(repeat.once + repeat.again) for repeat in found]
    evidence += [evidence_of(place) for habit in known for place in habit.places]
    marks = [Mark(layer="repetition", note="said twice", **mark_of(repeat.again)) for repeat in found]
    marks += [
        Mark(layer="repetition", note=f"“{' '.join(habit.phrase)}”, {len(habit.places)} times", **mark_of(place))
        for habit in known
        for place in habit.places
    ]
    value = 100 * twice / words if words else None
    return measured("repetition", value, words, evidence=evidence), tuple(marks)
