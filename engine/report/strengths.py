"""What went well in a session, each with the moment at which it can be heard: what the stars are chosen from.

A star is something that was done, never what would fit anybody: it quotes the user's own words or it is not given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from re import Pattern
from typing import Any

from engine import words
from engine.analysis.lemmas import content
from engine.analysis.values import PARTNER, USER, Band, Confidence, Span
from engine.report.facts import number
from engine.report.language import any_of, read
from engine.report.said import Sentence
from engine.report.session import (
    LEAST,
    LONG,
    SHORT,
    Session,
    cluttered,
    ending,
    excerpt,
    figures,
    filled,
    holds,
    meaty,
    pattern,
    shared_word,
    telling,
)
from engine.report.values import Remark
from engine.transcript import clock
from engine.words import normal

MOST_WORDS = 30
_TRIED = 4
"""Of each kind, the best by their sentence: their quotes decide."""
_EARLY = 60.0
"""Seconds within which something was said early enough."""
_LONGEST_PAUSE = 3.0
"""Seconds. A longer one is no pause for effect."""
_LONG_ENOUGH = 15.0
"""Seconds of a longest stretch that is worth a star for being short: below, nothing much was told."""
_CLUTTERED = 0.4
"""A quote with an um in it makes a poor star."""
_TOGETHER = ("talk_share", "patience", "answer_length", "longest_monologue")
"""Measures that say nothing of whoever speaks alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible star or wish. `weight`: how much is for it. `does`: the same as a next action."""

    kind: str
    weight: float
    remark: Remark
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What could be a star. `around`: what has to be in its quote; `tail`: it is about the sentence's end; `values`:
    what else its text is filled with."""

    kind: str
    weight: float
    sentence: Sentence
    metric: str | None = None
    around: Pattern[str] | None = None
    tail: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


def strengths(session: Session) -> list[Candidate]:
    """All there are, the best first, each kind once but what was simply said."""
    kinds: dict[str, list[_Found]] = defaultdict(list)
    for found in (found for finder in _FINDERS for found in finder(session)):
        kinds[found.kind].append(found)
    best = [sorted(found, key=lambda one: -one.weight)[:_TRIED] for found in kinds.values()]
    stars = sorted((_star(session, one) for found in best for one in found), key=lambda star: -star.weight)
    first: dict[object, Candidate] = {}
    for star in stars:
        first.setdefault((star.kind, star.remark.start if star.kind == "said" else None), star)
    return list(first.values())


def _star(session: Session, found: _Found) -> Candidate:
    """`found` in the words of the data."""
    kind, sentence, around = found.kind, found.sentence, found.around
    ways = read("phrases")["stars"][kind]
    told: dict[str, Any] = {"word": "", **found.values}
    claim = why = quote = ""
    place: Span | None = None
    for most in (LONG, 11, 8, 6):
        quote = ending(sentence.text, most) if found.tail else excerpt(sentence.text, most, around=around)
        place = session.place(quote, sentence.start)
        told |= {"quote": quote, "at": clock(place.start if place else sentence.start)}
        claim = filled(session.one_of(ways["claims"], kind), told)
        why = session.one_of([w for w in ways["whys"] if _words(claim, w) <= MOST_WORDS], f"why {kind}")
        if why:
            break
    told["short"] = quote if len(quote.split()) <= SHORT else excerpt(quote, SHORT, around=around)
    wanted = 1 + session.wish_for(found.metric or kind)
    return Candidate(
        kind=kind,
        weight=found.weight * wanted * (_CLUTTERED if cluttered(quote) else 1),
        remark=Remark(
            text=f"{claim} {why}".strip(),
            claim=claim,
            quote=quote,
            start=place.start if place else sentence.start,
            end=place.end if place else sentence.end,
            metric=found.metric,
            why=why,
            try_next=filled(session.one_of(ways["tries"], kind), told),
        ),
        does=filled(session.one_of(ways["keeps"], kind), told),
    )


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def _asked(session: Session) -> Iterator[_Found]:
    """Questions: the one that takes up what was heard, an open one, any."""
    rows = (("follow_up", "follow_ups", 3.0), ("question", "open_questions", 2.0))
    for kind, id, weight in rows:
        for sentence in filter(None, map(session.sentence_at, session.moments(id))):
            word = shared_word(excerpt(sentence.text), session.before(sentence)) if kind == "follow_up" else "?"
            if word and sentence.words >= 4:
                yield _found(kind, weight, sentence, metric=_id(session, id), values={"word": word})
    for sentence in session.sentences if not session.alone else ():
        if sentence.asks and sentence.words >= 4:
            yield _found("plain_question", 1.2, sentence, metric=_id(session, "questions"))


def _told(session: Session) -> Iterator[_Found]:
    """What makes a statement strong: a figure, a case, a reason, a step."""
    kinds = {"example": 2.2, "reason": 1.2, "next_step": 2.0} | ({} if session.alone else {"reflect": 1.6})
    for sentence in session.sentences:
        if sentence.words < 5:
            continue
        for kind, weight in kinds.items():
            if holds(sentence, kind) and (kind == "next_step" or not sentence.asks):
                yield _found(kind, weight, sentence, around=pattern(kind))
        if not sentence.asks and (numbers := figures(sentence)):
            weight = 1.2 + 0.2 * min(3, len(numbers)) + telling(sentence)
            where = "your first minute" if sentence.start > _EARLY else "your last words"
            yield _found("figure", weight, sentence, around=any_of(numbers), values={"where": where})


def _opened(session: Session) -> Iterator[_Found]:
    for sentence in session.sentences[:2]:
        if holds(sentence, "opening") and 4 <= sentence.words <= 25 and not cluttered(sentence.text):
            yield _found("opening", 1.2, sentence, around=pattern("opening"))


def _listened(session: Session) -> Iterator[_Found]:
    """Words that told the other side to go on: more than a bare yes."""
    for sentence in session.sentences if not session.alone else ():
        if sentence.words >= 2 and words.load().is_backchannel(sentence.text):
            yield _found("listened", 0.9 + 0.1 * sentence.words, sentence, values={"who": _other(session)})


def _named(session: Session) -> Iterator[_Found]:
    for sentence in session.sentences if session.partner else ():
        if session.partner in sentence.text and sentence.words >= 4:
            yield _found("name", 0.8, sentence, around=any_of([session.partner]))


def _paused(session: Session) -> Iterator[_Found]:
    """Pauses after a full sentence."""
    ends = [sentence.end for sentence in session.sentences]
    for mark in session.analysis.marks:
        if mark.layer != "long_pause" or "purpose" not in mark.note or mark.end - mark.start > _LONGEST_PAUSE:
            continue
        before = bisect_right(ends, mark.start + 0.3) - 1
        sentence = session.sentences[before]
        if before >= 0 and mark.start - sentence.end < 0.5 and sentence.words >= 4:
            seconds = f"{mark.end - mark.start:.1f}".removesuffix(".0")
            yield _found("pause", 1.4, sentence, metric="long_pauses", tail=True, values={"seconds": seconds})


def _on_goal(session: Session) -> Iterator[_Found]:
    """Sentences that speak of what the goal is about."""
    about = content(normal(session.goal))
    for sentence in session.sentences if about else ():
        if sentence.words >= 6 and len(content(normal(sentence.text)) & about) >= 2:
            word = shared_word(sentence.text, session.goal)
            yield _found("goal_line", 1.6, sentence, around=any_of([word]), values={"word": word})


def _answered(session: Session) -> Iterator[_Found]:
    """Questions of the partner's, and what the user said to them."""
    for asked, answer in pairwise(session.everything):
        answers = asked.speaker == PARTNER and asked.asks and answer.speaker == USER and not answer.asks
        if answers and asked.words <= 12 and answer.words >= 4:
            values = {"asked": excerpt(asked.text, 9), "who": _other(session)}
            yield _found("answered", 1.0, answer, values=values)


def _measured(session: Session) -> Iterator[_Found]:
    """Measures that are well, each with a sentence in which one can hear it."""
    for id, show in _SHOWN.items():
        measure = session.known(id)
        if measure is None or measure.value is None or measure.confidence is not Confidence.OK:
            continue
        if (id == "longest_monologue" and measure.value < _LONG_ENOUGH) or (session.alone and id in _TOGETHER):
            continue
        none = id == "interruptions" and measure.value == 0 and not session.alone
        sentence = show(session) if measure.within or none else None
        if sentence:
            band = measure.band or Band()
            low, high = ("" if bound is None else number(id, bound) for bound in (band.low, band.high))
            values = {"value": number(id, measure.value), "n": measure.n, "low": low, "high": high}
            yield _Found(kind=id, weight=1.3, sentence=sentence, metric=id, values=values)


def _begun(session: Session) -> Iterator[_Found]:
    """What there always is where something was said."""
    first, last = session.sentences[0], session.sentences[-1]
    little = 1.0 if session.words < LEAST else 0.1
    heard = "1 word of yours was" if session.words == 1 else f"{session.words} words of yours were"
    yield _Found(kind="first_words", weight=0.2 * little if session.words < 8 else 0.01, sentence=first)
    yield _Found(kind="few_words", weight=0.1 * little, sentence=last, tail=True, values={"n": heard})
    for sentence in session.sentences if len(session.sentences) > 1 else ():
        if sentence.words >= 4 and not sentence.asks:
            yield _Found(kind="said", weight=0.5 + meaty(sentence) / 20, sentence=sentence)


def _found(kind: str, weight: float, sentence: Sentence, **more: Any) -> _Found:  # noqa: ANN401, fields of `_Found`
    """… weighed by how much the sentence says, too."""
    return _Found(kind=kind, weight=weight + meaty(sentence) / 10, sentence=sentence, **more)


def _other(session: Session) -> str:
    return session.partner or "the other side"


def _clean(session: Session) -> Sentence | None:
    """The longest sentence that a quote holds whole and that has no um in it."""
    fillers = [span for id in ("filler_percentage", "possible_fillers") for span in session.moments(id)]
    fitting = [
        s
        for s in session.sentences
        if 6 <= s.words <= 16
        and not cluttered(s.text)
        and not any(span.start < s.end and s.start < span.end for span in fillers)
    ]
    return max(fitting, key=meaty, default=None)


def _question(session: Session) -> Sentence | None:
    asked = [s for s in session.sentences if s.asks and s.words >= 4]
    return max(asked, key=meaty, default=None)


def _of(id: str) -> Callable[[Session], Sentence | None]:
    """A sentence at a moment of the measure, else a clean one."""

    def find(session: Session) -> Sentence | None:
        spans: Sequence[Span] = session.moments(id)
        return (session.sentence_at(spans[0]) if spans else None) or _clean(session)

    return find


def _id(session: Session, id: str) -> str | None:
    measure = session.known(id)
    return id if measure and measure.within is not False else None


_SHOWN: dict[str, Callable[[Session], Sentence | None]] = {
    "filler_percentage": _clean,
    "wpm": _clean,
    "talk_share": _question,
    "patience": _of("patience"),
    "longest_monologue": _of("longest_monologue"),
    "pitch_variation": _clean,
    "hedges": _clean,
    "answer_length": _of("answer_length"),
    "interruptions": _question,
}
_FINDERS = (_asked, _told, _opened, _listened, _named, _paused, _on_goal, _answered, _measured, _begun)
