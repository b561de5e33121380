"""What went well in a session, each with the moment at which it can be heard: what the stars are chosen from.

A star is something that was done, never what would fit anybody: it quotes the user's own words or it is not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine import words
from engine.analysis.lemmas import content
from engine.analysis.tokens import is_hesitation
from engine.analysis.values import Span
from engine.report.facts import number
from engine.report.language import any_of, read
from engine.report.numerals import Sort, numerals
from engine.report.said import Sentence
from engine.report.session import LEAST, LONG, SHORT, Session, ending, excerpt, filled, holds, pattern, shared_word
from engine.report.values import Remark
from engine.transcript import clock
from engine.words import normal

MOST_WORDS = 30
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


def strengths(session: Session) -> list[Candidate]:
    """All there are, the best first, each kind once but what was simply said."""
    found = [candidate for finder in _FINDERS for candidate in finder(session)]
    found.sort(key=lambda one: -one.weight)
    kinds: dict[str, Candidate] = {}
    for one in found:
        kinds.setdefault(f"{one.kind} {one.remark.start}" if one.kind == "said" else one.kind, one)
    return list(kinds.values())


def star(
    session: Session,
    kind: str,
    weight: float,
    sentence: Sentence,
    *,
    metric: str | None = None,
    **values: Any,  # noqa: ANN401, what a text is filled with
) -> Candidate:
    """A star of `kind` on `sentence`, in the words of the data. `tail`: it is about the sentence's end."""
    ways = read("phrases")["stars"][kind]
    around, tail = values.pop("around", None), values.pop("tail", False)
    told: dict[str, Any] = {"word": "", **values}
    claim = why = quote = ""
    place: Span | None = None
    for most in (LONG, 11, 8, 6):
        quote = ending(sentence.text, most) if tail else excerpt(sentence.text, most, around=around)
        place = session.place(quote, sentence.start)
        told |= {"quote": quote, "at": clock(place.start if place else sentence.start)}
        claim = filled(session.one_of(ways["claims"], kind), told)
        why = session.one_of([w for w in ways["whys"] if _words(claim, w) <= MOST_WORDS], f"why {kind}")
        if why:
            break
    told["short"] = quote if len(quote.split()) <= SHORT else excerpt(quote, SHORT, around=around)
    return Candidate(
        kind=kind,
        weight=weight * (1 + session.wish_for(metric or kind)) * (_CLUTTERED if _cluttered(quote) else 1),
        remark=Remark(
            text=f"{claim} {why}".strip(),
            claim=claim,
            quote=quote,
            start=place.start if place else sentence.start,
            end=place.end if place else sentence.end,
            metric=metric,
            why=why,
            try_next=session.one_of(ways["tries"], kind),
        ),
        does=filled(session.one_of(ways["keeps"], kind), told),
    )


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def _asked(session: Session) -> Iterator[Candidate]:
    """Questions: the one that takes up what was heard, an open one, any."""
    follow = [s for span in session.moments("follow_ups") if (s := session.sentence_at(span))]
    for sentence in follow:
        word = shared_word(excerpt(sentence.text), session.before(sentence))
        if word and sentence.words >= 4:
            yield star(
                session,
                "follow_up",
                3.0 + _meaty(sentence) / 10,
                sentence,
                metric=_id(session, "follow_ups"),
                word=word,
            )
    opens = [s for span in session.moments("open_questions") if (s := session.sentence_at(span))]
    for sentence in opens:
        if sentence.words >= 4:
            yield star(
                session, "question", 2.0 + _meaty(sentence) / 10, sentence, metric=_id(session, "open_questions")
            )
    asked = [s for s in session.sentences if s.asks and s.words >= 4]
    for sentence in asked if not session.alone else ():
        yield star(session, "plain_question", 1.2 + _meaty(sentence) / 10, sentence, metric=_id(session, "questions"))


def _told(session: Session) -> Iterator[Candidate]:
    """What makes a statement strong: a figure, a case, a reason, a step."""
    weights = {"example": 2.2, "reason": 1.2, "next_step": 2.0, "reflect": 1.6}
    for sentence in session.sentences:
        asks = sentence.asks
        if sentence.words < 5:
            continue
        for kind, weight in weights.items():
            if holds(sentence, kind) and not (asks and kind in ("example", "reason", "reflect")):
                if kind == "reflect" and session.alone:
                    continue
                yield star(session, kind, weight + _meaty(sentence) / 10, sentence, around=pattern(kind))
        if not asks and (figures := _figures(sentence)):
            yield star(
                session, "figure", 2.2 + _meaty(sentence) / 10 + 0.2 * len(figures), sentence, around=any_of(figures)
            )


def _opened(session: Session) -> Iterator[Candidate]:
    for sentence in session.sentences[:2]:
        if holds(sentence, "opening") and 4 <= sentence.words <= 25 and not _cluttered(sentence.text):
            yield star(session, "opening", 1.6, sentence, around=pattern("opening"))


def _listened(session: Session) -> Iterator[Candidate]:
    """Words that told the other side to go on: more than a bare yes."""
    for sentence in session.sentences if not session.alone else ():
        if sentence.words >= 2 and words.load().is_backchannel(sentence.text):
            yield star(
                session, "listened", 0.9 + 0.1 * sentence.words, sentence, who=session.partner or "the other side"
            )


def _named(session: Session) -> Iterator[Candidate]:
    name = session.partner
    for sentence in session.sentences if name else ():
        if name in sentence.text and sentence.words >= 4:
            yield star(session, "name", 1.1, sentence, around=any_of([name]))


def _paused(session: Session) -> Iterator[Candidate]:
    """Pauses after a full sentence."""
    for mark in session.analysis.marks:
        if mark.layer != "long_pause" or "purpose" not in mark.note or mark.end - mark.start > 3:
            continue
        before = [s for s in session.sentences if s.end <= mark.start + 0.3]
        if before and mark.start - before[-1].end < 0.5 and before[-1].words >= 4:
            seconds = f"{mark.end - mark.start:.1f}".removesuffix(".0")
            yield star(session, "pause", 1.8, before[-1], metric="long_pauses", seconds=seconds, tail=True)


def _on_goal(session: Session) -> Iterator[Candidate]:
    """Sentences that speak of what the goal and the context are about."""
    about = content(normal(session.goal))
    for sentence in session.sentences:
        word = shared_word(sentence.text, session.goal) if sentence.words >= 6 else ""
        if word and len(content(normal(sentence.text)) & about) >= 2:
            yield star(session, "goal_line", 2.0, sentence, word=word, around=any_of([word]))


def _answered(session: Session) -> Iterator[Candidate]:
    """A question of the partner's, and the answer that came at once."""
    lines = session.said.lines
    for asked, answer in pairwise(lines):
        if asked.speaker == answer.speaker or not asked.text.rstrip().endswith("?") or asked.speaker == "user":
            continue
        question = [s for s in session.said.sentences("partner") if s.line == asked.id][-1]
        first = next((s for s in session.sentences if s.line == answer.id and s.words >= 4), None)
        told, who = excerpt(question.text, 9), session.partner or "the other side"
        if first and not first.asks and question.words <= 12:
            yield star(session, "answered", 1.0 + _meaty(first) / 10, first, asked=told, who=who)


def _measured(session: Session) -> Iterator[Candidate]:
    """Measures that are well, each with a sentence in which one can hear it."""
    for id, show in _SHOWN.items():
        measure = session.known(id)
        if measure is None or measure.value is None or measure.confidence != "ok" or measure.n < 1:
            continue
        if id == "longest_monologue" and measure.value < _LONG_ENOUGH:
            continue
        none = id == "interruptions" and measure.value == 0 and not session.alone
        sentence = show(session) if measure.within or none else None
        if sentence is None or (session.alone and id in _TOGETHER):
            continue
        band = measure.band
        yield star(
            session,
            id,
            1.3,
            sentence,
            metric=id,
            value=number(id, measure.value),
            n=measure.n,
            low=number(id, band.low) if band and band.low is not None else "",
            high=number(id, band.high) if band and band.high is not None else "",
        )


def _begun(session: Session) -> Iterator[Candidate]:
    """What there always is where something was said."""
    first, last = session.sentences[0], session.sentences[-1]
    if session.words < 8:
        yield star(session, "first_words", 0.2, first)
    if session.words < LEAST:
        heard = "1 word of yours was" if session.words == 1 else f"{session.words} words of yours were"
        yield star(session, "few_words", 0.1, last, n=heard, tail=True)
    for sentence in session.sentences if len(session.sentences) > 1 else ():
        if sentence.words >= 4 and not sentence.asks:
            yield star(session, "said", 0.5 + _meaty(sentence) / 20, sentence)


def _clean(session: Session) -> Sentence | None:
    """The longest sentence that a quote holds whole and that has no um in it."""
    fillers = [span for id in ("filler_percentage", "possible_fillers") for span in session.moments(id)]
    fitting = [
        s
        for s in session.sentences
        if 6 <= s.words <= 16
        and not _cluttered(s.text)
        and not any(span.start < s.end and s.start < span.end for span in fillers)
    ]
    return max(fitting, key=_meaty, default=None)


def _question(session: Session) -> Sentence | None:
    asked = [s for s in session.sentences if s.asks and s.words >= 4]
    return max(asked, key=_meaty, default=None)


def _of(id: str) -> Callable[[Session], Sentence | None]:
    """A sentence at a moment of the measure, else a clean one."""

    def find(session: Session) -> Sentence | None:
        spans: Sequence[Span] = session.moments(id)
        return (session.sentence_at(spans[0]) if spans else None) or _clean(session)

    return find


def _id(session: Session, id: str) -> str | None:
    measure = session.known(id)
    return id if measure and measure.within is not False else None


def _meaty(sentence: Sentence) -> float:
    """How much it says: different words with a matter, up to a dozen."""
    return min(12, len(content(normal(sentence.text)))) - 0.2 * max(0, sentence.words - 20)


def _telling(sentence: Sentence) -> float:
    """Of its figures: shares, lengths and large numbers say more than "two of them"."""
    found = numerals(sentence.text)
    return 1.0 if any(n.value >= 10 or n.sort in (Sort.PERCENT, Sort.SECONDS) for n in found) else 0.0


def _cluttered(quote: str) -> bool:
    return any(is_hesitation(word) for word in normal(quote))


def _figures(sentence: Sentence) -> list[str]:
    counted = (Sort.PLAIN, Sort.PERCENT, Sort.SECONDS)
    return [n.text for n in numerals(sentence.text) if n.sort in counted and not (n.spelled and n.value <= 1)]


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
