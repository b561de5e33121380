"""Questions, open ones, and those that follow up on what the other just said; and how long answers are.

A question mark is believed, but behind a bare "really?". Where nobody wrote punctuation, a question is known by how it
begins: "do you …", "how did the …", after a silence or a word such as "and". What is said as a statement in a rising
voice is then missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from engine import words as vocabulary
from engine.analysis import lexicon, thresholds
from engine.analysis.catalogue import measured
from engine.analysis.lemmas import content
from engine.analysis.spoken import Spoken
from engine.analysis.tokens import Token, evidence_of, mark_of
from engine.analysis.turns import Floor, Turn, last_before
from engine.analysis.values import PARTNER, USER, Confidence, Evidence, Mark, Measure
from engine.providers.base import Word

_CLAUSE_PAUSE = 0.3
"""Seconds of silence behind which a clause may begin."""
_BETWEEN = 3
"""Words, at least, from the beginning of one question to that of the next."""
_NAMED = 4
"""Words, at most, between a question word and its verb: "what kind of people do you"."""
_SHORT = 6
"""Words of the longest question without a verb."""
_MIND = frozenset({"do", "does", "did", "don't", "doesn't", "didn't", "have", "has", "had"})
_BE = frozenset({"is", "are", "was", "were"})
_CLEFTS = frozenset({"made", "makes", "happened", "happens"})
_ASKS_YOU = frozenset({"do", "did", "have", "are", "can", "could", "would", "will"})
_SAID_TO_YOU = frozenset({"know", "see", "mean", "a", "the"})
_PERSONS = frozenset({"i", "you", "he", "she", "we", "they", "y'all", "ya"})
_GOING = frozenset({"going", "up", "next", "new", "happening", "wrong", "better", "it", "on", "been", "so", "with"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`words` of one line. `open`: it begins with how, what, why, "tell me" or "walk me"."""

    words: tuple[Token, ...]
    open: bool

    @property
    def first(self) -> int:
        """The index of its first word among those of its line, as `last` of its last."""
        return self.words[0].place or 0

    @property
    def last(self) -> int:
        return self.words[-1].place or 0


def find_questions(words: Sequence[Word]) -> list[Question]:
    """The questions among `words`, which one speaker says in one go, in order."""
    return questions_in(
        [
            Token(word=bare, text=word.text, start=word.start, end=word.end, speaker=USER, line=0, place=place)
            for place, word in enumerate(words)
            if (bare := "".join(vocabulary.normal(word.text)))
        ]
    )


def asks(text: str) -> bool:
    """Whether there is a question in `text`, as written or as heard."""
    return bool(find_questions([Word(text=word, start=0.0, end=0.0) for word in text.split()]))


def questions_in(said: Sequence[Token]) -> list[Question]:
    """The questions in what somebody says in one go, in order."""
    return [question for unit in _units(said) for question in _in_unit(unit)]


def _units(said: Sequence[Token]) -> Iterator[list[Token]]:
    """Stretches that a question lies in: up to the end of a sentence or line, or a silence."""
    unit: list[Token] = []
    for token in said:
        if unit and (
            unit[-1].ends_sentence
            or unit[-1].line != token.line
            or token.start - unit[-1].end >= thresholds.QUESTION_PAUSE
        ):
            yield unit
            unit = []
        unit.append(token)
    if unit:
        yield unit


def _in_unit(unit: Sequence[Token]) -> list[Question]:
    words = [token.word for token in unit]
    begins = _begins(unit, words)
    if unit[-1].asks:
        if vocabulary.load().is_backchannel(" ".join(words)) or words[-2:] == ["you", "know"]:
            return []
        begins = begins[:1] or [_first(words)]
    elif unit[-1].ends_sentence:
        first = _first(words)  # a full stop is believed, unless its sentence can be nothing but a question
        begins = [first] if first in begins and _sure(words, first) else []
    ends = [*begins[1:], len(unit)][: len(begins)]
    return [
        Question(words=tuple(unit[begin:end]), open=_open(words, begin))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _sure(words: Sequence[str], begin: int) -> bool:
    return _open(words, begin) or lexicon.load().questions.requests.at(words, begin) is not None


def _first(words: Sequence[str]) -> int:
    """Where what is said begins, after "well", "and" and the like."""
    index = 0
    while phrase := lexicon.load().questions.greetings.at(words, index):
        index += len(phrase)
    return index if index < len(words) else 0


def _open(words: Sequence[str], begin: int) -> bool:
    return lexicon.load().questions.open.at(words, begin) is not None


def _begins(unit: Sequence[Token], words: Sequence[str]) -> list[int]:
    """Where questions begin, by their form."""
    found: list[int] = []
    first = _first(words)
    for index in range(len(words)):
        if found and (index - found[-1] < _BETWEEN or words[index - 1] == "or"):
            continue
        anywhere = _asks_you(words, index) and (not found or index - found[-1] > _NAMED)
        clause = index <= first or anywhere or _clause_begins(unit, index)
        if clause and _asking(words, index, first=index <= first):
            found.append(index)
    if not found and _tag(words):
        found.append(first)
    return found


def _clause_begins(unit: Sequence[Token], index: int) -> bool:
    before = unit[index - 1]
    connected = before.word in lexicon.load().questions.connectives or before.text[-1:] in ",;:—–"
    return connected or unit[index].start - before.end >= _CLAUSE_PAUSE


def _asks_you(words: Sequence[str], index: int) -> bool:
    """Whether it is "do you think" and the like: a question wherever it stands, but not "what we do, you know"."""
    if index < 2 or words[index] not in _ASKS_YOU or words[index + 1 : index + 2] != ["you"]:
        return False
    lists = lexicon.load().questions
    bound = words[index - 1] in lists.wh or words[index - 1] in {"nor", "as", "than", "neither", "to", "i", "we"}
    return not bound and index + 2 < len(words) and words[index + 2] not in _SAID_TO_YOU


def _asking(words: Sequence[str], index: int, *, first: bool) -> bool:
    """Whether `words` from `index` on ask. `first`: nothing of weight was said before."""
    lists = lexicon.load().questions
    after = words[index + 1] if index + 1 < len(words) else ""
    if lists.never.at(words, index):
        return False
    if lists.requests.at(words, index):
        return True
    if start := lists.starts.at(words, index):
        told = start[1] in _CLEFTS and not _BE.isdisjoint(words[index + len(start) :])  # "what happened was that"
        return not told
    if first and lists.elliptic.at(words, index):
        return len(words) - index <= _SHORT
    if words[index] in lists.wh:
        return _asks_what(words, index, first=first)
    if words[index] in lists.wh_is:
        return first or after in lists.subjects or after in _GOING
    return words[index] in lists.auxiliaries and _asks_whether(words, index, first=first)


def _asks_what(words: Sequence[str], index: int, *, first: bool) -> bool:
    """Whether a question word is followed by a verb before its subject: "how did the", but not "how I did"."""
    lists = lexicon.load().questions
    for at in range(index + 1, min(index + 2 + _NAMED, len(words))):
        word = words[at]
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in lists.auxiliaries:
            near = at == index + 1
            place = first and word in _BE and words[index] in {"where", "why", "how"}
            subject = first and words[index] == "who"
            named = near and (word in _MIND or place or subject)
            return bool(after) and (after in lists.subjects or named)
        if word in lists.pronouns or word in lists.connectives:
            return False
    return False


def _asks_whether(words: Sequence[str], index: int, *, first: bool) -> bool:
    """Whether a verb and the word after it are the beginning of a yes-or-no question."""
    lists = lexicon.load().questions
    verb, after = words[index], words[index + 1] if index + 1 < len(words) else ""
    if verb in _MIND:
        named = first and after and verb not in {"do", "have", "had", "don't"}  # "did Maya"
        return after in _PERSONS or bool(named)
    if verb in _BE and after not in lists.pronouns:
        joined = index > 0 and words[index - 1] in {"and", "or", "but"}  # "it broke and was a problem"
        return first and not joined and after in lists.subjects
    return after in lists.subjects


def _tag(words: Sequence[str]) -> bool:
    """Whether it ends like "isn't it"."""
    lists = lexicon.load().questions
    return (
        len(words) > 3 and words[-1] in lists.pronouns and words[-2] in lists.auxiliaries and words[-2].endswith("n't")
    )


# ---- what is measured ------------------------------------------------------------------------------------------------


def questions(spoken: Spoken, floor: Floor) -> tuple[tuple[Measure, ...], tuple[Mark, ...]]:
    """questions, open_questions and follow_ups of the user, and a mark for each."""
    said = floor.words_of(USER)
    asked = [question for words in said for question in questions_in(words)]
    theirs = floor.turns_of(PARTNER)
    following = [question for question in asked if follows_up(question, last_before(theirs, question.words[0].start))]
    open_ = [question for question in asked if question.open]
    marks = [
        Mark(layer="question", note="open" if question.open else "", **mark_of(question.words)) for question in asked
    ]
    marks += [Mark(layer="follow_up", **mark_of(question.words)) for question in following]
    why = "You asked no question." if said else "Nothing was heard from you."
    alone = "" if theirs else "Nobody else was heard to follow up on."
    best = Confidence.OK if any(token.ends_sentence for words in said for token in words) else Confidence.LOW
    return (
        measured("questions", len(asked), len(said), evidence=_moments(asked), at_best=best, why=why),
        measured("open_questions", len(open_), len(asked), evidence=_moments(open_), at_best=best, why=why),
        measured(
            "follow_ups",
            None if alone else len(following),
            len(asked),
            evidence=_moments(following),
            at_best=best,
            why=alone or why,
        ),
    ), tuple(marks)


def follows_up(question: Question, turn: Turn | None) -> bool:
    """Whether it shares a word of matter with the other's turn before it."""
    if turn is None:
        return False
    return bool(content(token.word for token in question.words) & content(token.word for token in turn.tokens))


def _moments(found: Sequence[Question]) -> list[Evidence]:
    return [evidence_of(question.words) for question in found]


def answer_length(spoken: Spoken, floor: Floor) -> Measure:
    """The median of how long the user spoke after a question of the other's, until the other took over."""
    theirs = floor.turns_of(PARTNER)
    answers: list[Turn] = []
    for run in floor.runs(USER, thresholds.LONGEST_PAUSE):
        before = last_before(theirs, run.start)
        if run.spans and before and questions_in(before.tokens):
            answers.append(run)
    value = median(run.seconds for run in answers) if answers else None
    why = "" if answers else "Nobody was heard to ask you anything."
    evidence = [evidence_of(run.tokens[: thresholds.OPENING], run.start, run.end) for run in answers if run.tokens]
    return measured("answer_length", value, len(answers), evidence=evidence, at_best=spoken.user.amount, why=why)
