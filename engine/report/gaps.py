"""What would help most next time: what the wish and the takeaways are chosen from.

By the goal first, then by the size of the gap and how far a speaker can close it until the next session.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.analysis.lemmas import content
from engine.analysis.values import PARTNER, USER, Capability, Confidence, Measure, Span
from engine.interview.lexicon import load
from engine.interview.phrases import topics
from engine.report.drills import drill_for
from engine.report.facts import count, number
from engine.report.goals import Target, reached, targets
from engine.report.language import any_of, named, read
from engine.report.numerals import numerals
from engine.report.said import Sentence
from engine.report.session import (
    LEAST,
    LONG,
    SHORT,
    Session,
    ending,
    excerpt,
    filled,
    holds,
    pattern,
    sayings,
    shared_word,
)
from engine.report.strengths import MOST_WORDS, Candidate
from engine.report.values import Remark
from engine.transcript import clock
from engine.words import normal

_FILLERS = {"filler_percentage", "fillers_per_min", "filler_clusters", "possible_fillers"}
_NEXT = 0.02
"""What may come next weighs less than any gap."""
_GOAL = 4.0
_TARGET = 3.0
"""What a goal names by number, and was not reached, comes before what it names by a word."""
_HINT = 0.5
_WORTH_ASKING = 1.5
_TURN = 40
"""Words from which on a turn has room for a case."""
_PRACTISED = {
    "vague": "figure",
    "no_example": "example",
    "no_next_step": "next_step",
    "later": "opening",
    "stress": "pace_variation",
    "shorter": "sentence_length",
    "brief": "speech",
}
"""What a drill is looked up by."""


def gaps(session: Session) -> list[Candidate]:
    """All there are, the most worthwhile first, and after them what could come next."""
    found = [*_measured(session), *_next(session)]
    found.sort(key=lambda one: -one.weight)
    kinds: dict[str, Candidate] = {}
    for one in found:
        kinds.setdefault(one.kind, one)
    return list(kinds.values())


def _measured(session: Session) -> Iterator[Candidate]:
    missed = {target.id: target for target in targets(session.goal) if reached(target, session.analysis) is False}
    for key, entry in read("gaps").items():
        id, _, side = key.rpartition("_")
        measure = session.known(id)
        if side not in ("high", "low") or measure is None or measure.value is None:
            continue
        if (session.alone and entry.get("alone") is False) or _unfair(session, id):
            continue
        if session.wanted.get(id, side) not in ("", side):
            continue
        size = _size(measure, side, entry, missed.get(id))
        if size > 0:
            weight = size * entry["fix"] * (_HINT if measure.confidence is Confidence.LOW else 1)
            weight *= 1 + _GOAL * session.wish_for(id) + _TARGET * (id in missed)
            yield _gap(session, key, weight, measure)


def _unfair(session: Session, id: str) -> bool:
    """Whether it cannot be asked of the session: fillers that nobody could hear, follow-ups where nothing was asked."""
    if id in _FILLERS:
        return session.analysis.capability is Capability.STRIPPED
    asked = session.known("questions")
    many = asked.value if asked and asked.value is not None else 0
    if id == "questions":
        others, answering = session.said.words(PARTNER), session.material.mode in ("pitch", "interview")
        return id not in session.wanted and (answering or others < LEAST)
    if id == "follow_ups" and any(shared_word(s.text, session.before(s)) for s in session.sentences if s.asks):
        return True  # a word was taken up, whatever the measure makes of it
    return id in ("open_questions", "follow_ups") and many < 2


def _size(measure: Measure, side: str, entry: Mapping[str, Any], target: Target | None) -> float:
    """How far it is beyond what is well, as a part of that; 0 where it is not."""
    assert measure.value is not None
    if target and (bound := target.at_least if side == "low" else target.at_most) is not None:
        missed = bound - measure.value if side == "low" else measure.value - bound
        return min(1.5, 0.5 + missed / max(1.0, abs(bound))) if missed > 0 else 0.0
    band, value = measure.band, measure.value
    low: float | None = band.low if band else entry.get("under")
    high: float | None = band.high if band else entry.get("over")
    if side == "low" and low is not None and value < low:
        return min(1.5, 0.2 + (low - value) / max(1.0, abs(low)))
    if side == "high" and high is not None and value > high:
        return min(1.5, 0.2 + (value - high) / max(1.0, abs(high)))
    return 0.0


def _gap(session: Session, key: str, weight: float, measure: Measure) -> Candidate:
    """The wish on `measure`, at the moment at which it shows best."""
    id = measure.id
    spans = session.moments(id)
    place, sentence = _moment(session, key, spans)
    assert measure.value is not None
    asked = count(session.analysis, "questions") or 0
    values: dict[str, Any] = {
        "value": number(id, measure.value),
        "n": measure.n,
        "of": measure.of,
        "questions": "no question" if asked == 0 else f"{asked} question{'s' * (asked > 1)}",
        "times": f"{measure.value:.0f} time{'s' * (measure.value != 1)}",
    }
    if key == "follow_ups_low":
        values["theirs"], place = _unanswered(session)
        values["heard"] = clock(place.start) if place else ""
        sentence = None
    if sentence and (shown := _shown(session, id, sentence)):
        values["around"] = any_of(shown)
    return wish(session, key, sentence, values, weight=weight, place=place, metric=id)


def _shown(session: Session, id: str, sentence: Sentence) -> list[str]:
    """What of the measure is heard in the sentence: its fillers, its hedges."""
    layer = "filler" if id in _FILLERS else named()[id].layer
    inside = [mark for mark in session.analysis.marks if mark.layer == layer and mark.text]
    return [mark.text for mark in inside if mark.start < sentence.end and sentence.start < mark.end]


def _moment(session: Session, key: str, spans: list[Span]) -> tuple[Span | None, Sentence | None]:
    """Where the gap of `key` shows, and the user's sentence there."""
    marked = {"wpm_high": "fast", "wpm_low": "slow", "monotone_share_high": "monotone", "volume_low": "quiet"}
    layer = marked.get(key)
    marks = [Span(start=m.start, end=m.end) for m in session.analysis.marks if m.layer == layer]
    spans = sorted(marks, key=lambda span: span.start - span.end) or spans
    for span in spans:
        if sentence := session.sentence_at(span):
            return span, sentence
    if key == "sentence_length_high":
        sentence = max(session.sentences, key=lambda s: s.words, default=None)
    elif key in ("questions_low", "talk_share_high"):
        longest = max(session.said.said_by(USER), key=lambda line: line.end - line.start)
        sentence = next((s for s in reversed(session.sentences) if s.line == longest.id and not s.asks), None)
    elif key in ("talk_share_low", "answer_length_low"):
        sentence = min(
            (s for s in session.sentences if s.words >= 5 and not s.asks), key=lambda s: s.words, default=None
        )
    else:
        sentence = None
    return None, sentence


def wish(
    session: Session,
    key: str,
    sentence: Sentence | None,
    values: Mapping[str, Any],
    *,
    weight: float,
    place: Span | None = None,
    metric: str | None = None,
) -> Candidate:
    """The wish of the data's entry `key`: on `sentence`, or on the whole of the session where there is none."""
    entry = read("gaps")[key]
    claim, try_next, told, place = _told(session, key, sentence, values, place)
    text = f"{claim} {try_next}"
    drill = drill_for(metric or _PRACTISED.get(key, key))
    return Candidate(
        kind=key,
        weight=weight,
        remark=Remark(
            text=text if len(text.split()) <= MOST_WORDS else claim,
            claim=claim,
            quote=str(told.get("quote", "")),
            start=place.start if place else None,
            end=place.end if place else None,
            metric=metric,
            why=entry["why"],
            try_next=try_next,
            drill=drill.id if drill else None,
        ),
        does=filled(session.one_of(entry["does"], key), told),
    )


def _told(
    session: Session, key: str, sentence: Sentence | None, values: Mapping[str, Any], place: Span | None
) -> tuple[str, str, dict[str, Any], Span | None]:
    """A claim and what to try, what they are filled with, and the place of the quote: with as long a quote as leaves
    room for both."""
    entry, around, told = read("gaps")[key], values.get("around"), dict(values)
    ways = (entry["claims"] if sentence else ()) or entry.get("plain") or entry["claims"]
    claim, tries, fitting = "", [""], [""]
    for most in (LONG, 11, 8, 6):
        if sentence:
            quote = ending(sentence.text, most) if entry.get("tail") else excerpt(sentence.text, most, around=around)
            place = session.place(quote, (place or sentence).start) or place
            short = quote if len(quote.split()) <= SHORT else excerpt(quote, SHORT, around=around)
            told |= {"quote": quote, "short": short, "at": clock((place or sentence).start)}
        claim = filled(session.one_of(ways, key), told)
        tries = [filled(way, told) for way in entry["tries"]]
        fitting = [way for way in tries if len(f"{claim} {way}".split()) <= MOST_WORDS]
        if fitting:
            break
    return claim, session.one_of(fitting or tries, f"try {key}"), told, place


def _unanswered(session: Session) -> tuple[str, Span | None]:
    """A thing that the partner spoke of and that the user never came back to, and where."""
    mine = session.said.stems(USER)
    for line in session.said.said_by(PARTNER):
        for topic in sorted(topics(line.text, load()), key=lambda topic: -topic.score):
            if (
                topic.score >= _WORTH_ASKING
                and not content(normal(topic.head)) & mine
                and topic.head in normal(line.text)
            ):
                return topic.head, Span(start=line.start, end=line.end)
    return "", None


def _next(session: Session) -> Iterator[Candidate]:
    """What could come next, found in the words."""
    entries = read("gaps")
    told = [s for s in session.sentences if not s.asks]

    def one(key: str, sentence: Sentence, **values: Any) -> Candidate:  # noqa: ANN401, what a text is filled with
        about = session.wish_for(_PRACTISED.get(key, key))
        weight = _NEXT * entries[key]["fix"] * (1 + _GOAL * about)
        if session.words < LEAST:
            weight = weight if key == "brief" else weight / 100
        return wish(session, key, sentence, values, weight=weight)

    if session.words < LEAST:
        said = f"{session.words} word{'s' * (session.words != 1)}"
        yield one("brief", session.sentences[-1], words=said)
    for sentence in told:
        if (match := pattern("vague").search(sentence.text)) and sentence.words >= 5:
            yield one("vague", sentence, word=match[0], around=any_of([match[0]]))
            break
    if not session.alone and told and not any(holds(s, "next_step") for s in session.sentences):
        yield one("no_next_step", session.sentences[-1])
    longest = max(told, key=lambda s: s.words, default=None)
    if longest and longest.words >= 18:
        yield one("shorter", longest)
    if general := _general(session):
        yield one("no_example", general)
    late = [s for s in told if s.start > session.said.seconds / 3 and s.words >= 4]
    if telling := max(late or told or session.sentences, key=lambda s: len(content(normal(s.text))), default=None):
        yield one("stress" if session.alone else "later", telling)


def _general(session: Session) -> Sentence | None:
    """The longest sentence of the longest turn, where that turn names nothing: no figure, no name, nothing that
    happened."""
    turn = max(session.said.said_by(USER), key=lambda line: len(line.text))
    inside = [s for s in session.sentences if s.line == turn.id]
    names = re.search(r"(?<=[\w,;] )(?!I\b)[A-Z]", turn.text)
    happened = set(normal(turn.text)) & sayings()["past"]
    if len(turn.text.split()) < _TURN or names or happened or any(numerals(s.text) for s in inside):
        return None
    return max(inside, key=lambda s: s.words)
