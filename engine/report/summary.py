"""What was said, in the words in which it was said: the few sentences that tell most, each side's under its name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.analysis.lemmas import content
from engine.analysis.values import PARTNER, USER
from engine.report.numerals import numerals
from engine.report.said import Sentence
from engine.report.session import Session, excerpt
from engine.transcript import clock
from engine.words import normal

LEAST, MOST = 3, 5
_LONG, _ANSWER, _QUESTION = 30, 14, 12
"""Words of a statement, of an answer, of the question before it."""
_HESITATION = re.compile(r"(?:,\s*)?\b(?:u+h+m*|u+m+|e+r+m*|h+m+)\b,?(?=\s|\Z|[.?!])", re.IGNORECASE)
_ASIDE = re.compile(r",\s*(?:you know|I mean),(?=\s)|(?<=[,.]\s)(?:You know|I mean),\s", re.IGNORECASE)
_TWICE = re.compile(r"\b(\w+(?:'\w+)?(?: \w+(?:'\w+)?){0,2}),? \1\b(?! (?:is|was)\b)", re.IGNORECASE)
_MEANT_TWICE = {"had", "that", "very", "no", "yes", "bye", "really", "so", "never", "far", "many", "much"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    text: str
    at: float
    matter: frozenset[str]
    worth: float


def summary(session: Session) -> tuple[str, ...]:
    """Three to five sentences; where little was said, how much that was fills them up."""
    points = _points(session)
    chosen: list[_Point] = []
    for point in sorted(points, key=lambda point: -point.worth):
        repeated = any(len(point.matter & other.matter) > 0.5 * len(point.matter) for other in chosen)
        if len(chosen) < MOST and not repeated:
            chosen.append(point)
    found = [point.text for point in sorted(chosen, key=lambda point: point.at)]
    return (*found, *_counts(session)[: max(0, LEAST - len(found))])


def cleaned(text: str) -> str:
    """`text` without what was said while looking for words: um, a word twice in a row. Nothing else is changed."""
    text = _HESITATION.sub(lambda match: "," if match[0][0] == match[0][-1] == "," else "", text)
    text = " ".join(_ASIDE.sub("", text).split())
    for _ in range(2):
        text = _TWICE.sub(lambda match: match[0] if match[1].lower() in _MEANT_TWICE else match[1], text)
    text = " ".join(text.split()).lstrip(",;:. ")
    return text[:1].upper() + text[1:]


def _points(session: Session) -> list[_Point]:
    sentences = session.everything
    often = Counter(stem for s in sentences for stem in content(normal(s.text)))
    goal = content(normal(session.goal))
    exchanges = _exchanges(session, sentences)
    answers = [answer for _, (_, answer) in exchanges]
    found = []
    for sentence in sentences:
        if not sentence.asks and sentence not in answers:
            text = f"{_who(session, sentence)}: {_short(sentence.text, _LONG)}"
            found.append(_point(text, [sentence], often, goal))
    found += [_point(text, both, often, goal) for text, both in exchanges]
    return [point for point in found if len(point.matter) >= 2 or len(sentences) <= LEAST]


def _point(text: str, sentences: Sequence[Sentence], often: Counter[str], goal: frozenset[str]) -> _Point:
    matter = content(normal(text.partition(": ")[2]))
    worth = sum(1 + 0.3 * math.log(often[stem] or 1) for stem in matter) / math.sqrt(8 + len(matter))
    worth += 0.4 * min(2, len(numerals(text))) + 0.3 * len(matter & goal)
    worth += 0.25 * any(sentence.speaker == USER for sentence in sentences)
    return _Point(text=text, at=sentences[0].start, matter=matter, worth=worth)


def _exchanges(session: Session, sentences: Sequence[Sentence]) -> list[tuple[str, list[Sentence]]]:
    """Questions with what was answered."""
    found = []
    for asked, answer in pairwise(sentences):
        if asked.speaker == answer.speaker or not asked.asks or answer.words < 3:
            continue
        if answer.asks or asked.words < 3:
            continue
        question = _short(asked.text, _QUESTION).rstrip(".?")
        told = _short(answer.text, _ANSWER)
        text = f"{_who(session, asked)} asked: {question}? {_who(session, answer)}: {told}"
        found.append((text, [asked, answer]))
    return found


def _who(session: Session, sentence: Sentence) -> str:
    return "You" if sentence.speaker == USER else session.partner or "The other side"


def _short(text: str, most: int) -> str:
    """A sentence, or as much of it as is worth reading, closed by a full stop."""
    clean = cleaned(text)
    clean = excerpt(clean, most) or clean
    return f"{clean[:1].upper()}{clean[1:]}" + ("" if clean.endswith((".", "?", "!")) else ".")


def _counts(session: Session) -> list[str]:
    """How much was said: what there is to tell where next to nothing was."""
    others = session.said.words(PARTNER)
    length = clock(session.said.seconds)
    told = f"{session.words} word{'s' * (session.words != 1)}"
    other = f"{others} word{'s' * (others != 1)}" if others else "nothing"
    return [
        f"You said {told} in a session of {length}.",
        f"{session.partner or 'The other side'} said {other}." if others else "Nobody else was heard.",
        f"The last words were heard at {clock(max(line.end for line in session.said.lines))}.",
    ]
