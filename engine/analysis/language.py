"""What the words themselves tell: hedges, words that could go, variety, length of sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import fmean

from engine.analysis import lexicon, thresholds
from engine.analysis.catalogue import measured
from engine.analysis.repetition import repeats, restarts
from engine.analysis.spoken import Spoken
from engine.analysis.tokens import Token, evidence_of, mark_of
from engine.analysis.turns import Floor, Turn
from engine.analysis.values import PARTNER, USER, Mark, Measure

_OPINION = ("i", "think")
_OPENS = 5
"""Words into a turn within which "I think" answers what was asked."""
_CHOICE = frozenset({"think", "which", "or", "prefer", "favourite", "favorite", "choose", "pick", "rather", "opinion"})
"""A question with one of these asks for an opinion or a choice: "I think" then answers it."""


def find_hedges(said: Sequence[Token], *, asked: bool = False) -> list[tuple[Token, ...]]:
    """The hedges in what somebody says in one go. `asked`: it answers a question for an opinion."""
    lists = lexicon.load()
    words = [token.word for token in said]
    found: list[tuple[Token, ...]] = []
    at = 0
    while at < len(words):
        phrase = lists.hedges.at(words, at)
        end = at + len(phrase or ())
        if phrase and not (
            (at and words[at - 1] in lists.unless_after.get(phrase, ()))
            or (end < len(words) and words[end] in lists.unless_before.get(phrase, ()))
            or (asked and phrase == _OPINION and at < _OPENS)
        ):
            found.append(tuple(said[at:end]))
            at = end
        else:
            at += 1
    return found


def user_hedges(floor: Floor) -> list[tuple[Token, ...]]:
    """The user's hedges in all their turns."""
    found: list[tuple[Token, ...]] = []
    before: Turn | None = None
    for turn in sorted((*floor.turns, *floor.asides_of(USER)), key=lambda turn: turn.start):
        if turn.speaker == PARTNER:
            before = turn
        else:
            asked = before is not None and not _CHOICE.isdisjoint(token.word for token in before.tokens)
            found += find_hedges(turn.tokens, asked=asked)
    return found


def hedges(spoken: Spoken, found: Sequence[tuple[Token, ...]]) -> tuple[Measure, tuple[Mark, ...]]:
    """Hedges in 100 words."""
    words = len(spoken.user.lexical)
    value = 100 * len(found) / words if words else None
    marks = tuple(Mark(layer="hedge", **mark_of(hedge)) for hedge in found)
    return measured("hedges", value, words, evidence=[evidence_of(hedge) for hedge in found]), marks


def conciseness(
    spoken: Spoken, floor: Floor, found: Sequence[tuple[Token, ...]], fillers: Sequence[tuple[Token, ...]]
) -> Measure:
    """Of all words, the percentage that could go: `fillers` (the sure ones), hedges, repeats, restarts. A word that is
    two of these goes once."""
    away = {id(token) for words in (*found, *fillers) for token in words}
    for row in floor.words_of(USER):
        away |= {id(token) for repeat in repeats(row) for token in repeat.once}
        away |= {id(token) for token in restarts(row)}
    every = spoken.user.tokens
    value = 100 * sum(id(token) in away for token in every) / len(every) if every else None
    rows = [groupby(row, key=lambda token: (id(token) in away, token.line)) for row in floor.words_of(USER)]
    moments = [evidence_of(list(words)) for row in rows for (goes, _), words in row if goes]
    return measured("conciseness", value, len(every), evidence=moments)


def vocabulary(spoken: Spoken) -> Measure:
    """The mean share of different words in every stretch of 50."""
    words = [token.word for token in spoken.user.lexical]
    size = thresholds.VOCABULARY_WINDOW
    if len(words) < size:
        return measured("vocabulary", None, len(words))
    counts = Counter(words[:size])
    total = kinds = len(counts)
    for gone, come in zip(words, words[size:], strict=False):
        counts[gone] -= 1
        kinds -= counts[gone] == 0
        kinds += counts[come] == 0
        counts[come] += 1
        total += kinds
    return measured("vocabulary", total / (len(words) - size + 1) / size, len(words))


def sentence_length(floor: Floor) -> Measure:
    """Words in a sentence, on average; sentences of one word are answers and not counted."""
    lengths = [length for words in floor.words_of(USER) for length in _sentences(words) if length > 1]
    punctuated = any(token.ends_sentence for words in floor.words_of(USER) for token in words)
    if not punctuated:
        why = "Nobody wrote punctuation, so it is not known where sentences end."
        return measured("sentence_length", None, 0, why=why)
    return measured("sentence_length", fmean(lengths) if lengths else None, len(lengths))


def _sentences(words: Sequence[Token]) -> Iterator[int]:
    """The words of each sentence that was finished; um and uh are none."""
    count = 0
    for token in words:
        count += not token.hesitation
        if token.ends_sentence:
            yield count
            count = 0
