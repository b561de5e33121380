"""Whether the numbers of a sentence were measured.

A number belongs to the measure that is named right after it ("5 questions"), else to those named in its sentence or to
the one that the remark rests on; it has to be that measure's value, its sample, or how many moments it has. A time is
that of a moment of these, or of what is quoted. Else it has to have been said there by the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.analysis.values import USER, Analysis, Band, Line, Material, Measure, Span
from engine.report.facts import count, known, moments
from engine.report.language import named
from engine.report.numerals import Numeral, Sort, numerals
from engine.report.said import Place, Said

SLACK = 1.0
"""Seconds that a time may be off: it is written in whole ones."""
_NEAR = 26
"""Characters within which what follows a number says what it counts."""
_BETWEEN = {"to", "and", "-", "–"}
_UP_TO = re.compile(r"\b(?:below|under|at most|up to|within|no more than|less than)\s*\Z", re.IGNORECASE)
_FROM = re.compile(r"\b(?:above|over|at least|from|more than)\s*\Z", re.IGNORECASE)
_NONE = re.compile(
    r"(?:\bno|\bnot|n't|\bnever|\bwithout|\bfree of|\bzero|\bnone of|\bhardly any)\s+(?:[\w-]+\s+){0,2}\Z",
    re.IGNORECASE,
)
_FREE = re.compile(r"[\s-]free\b", re.IGNORECASE)
_SESSION = re.compile(r"\b(?:session|conversation|talk|pitch|meeting|recording|in all|altogether)\b", re.IGNORECASE)
_IDIOM = re.compile(r"\bat once\b|\bonce\s+(?:you|they|it|he|she|the|a|your|more|again|that|this)\b", re.IGNORECASE)
_GOAL = re.compile(r"\b(?:goal|aim|aimed|wanted|set out|target)\b", re.IGNORECASE)
_PARTS = ("open_questions", "follow_ups")
"""What may be said of some of the questions only."""
_OF_THEM = re.compile(r"\s+of\s+(?:your|the|these|those|all)\b", re.IGNORECASE)
_PER_HUNDRED = re.compile(r"\b(?:in|in a|in every|per)\s*\Z", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:at|from|to|until|by|around|near|after|before|since|and)\s*\(?\Z", re.IGNORECASE)
_RATES = {"per min": re.compile(r"\bminute", re.IGNORECASE), "per 100 words": re.compile(r"\bhundred\b|\b100\b")}
"""How a rate is told from a count: "3 hedges" are not 3 in a hundred words."""
_TURNS = re.compile(r"\s+(?:answer|turn|line|reply|sentence)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a text may rely on: the moment and the measure of its remark. `advice`: it says what to do next, `summary`:
    what was said (its numbers are looked at elsewhere), `goal`: it may repeat the goal."""

    place: Span | None = None
    metric: str | None = None
    advice: bool = False
    summary: bool = False
    goal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noun:
    """A measure named at `first` to `last` of a sentence."""

    id: str
    first: int
    last: int


class Amounts:
    def __init__(self, material: Material, analysis: Analysis, said: Said) -> None:
        self._material, self._analysis, self._said = material, analysis, said
        self._goal = numerals(material.goal)

    def faults(self, sentence: str, scope: Scope, quotes: Sequence[Sequence[Place]]) -> Iterator[str]:
        """The numbers of `sentence` that nothing gives. `quotes`: where each of its quotes was said."""
        found = numerals(sentence)
        nouns = _nouns(sentence)
        if not scope.summary:
            yield from self._denied(sentence, nouns, scope)
        bands = {n for pair in pairwise(found) if self._is_band(pair, sentence, nouns, scope) for n in pair}
        for numeral in found:
            named_so = any(noun.first <= numeral.first and numeral.last <= noun.last for noun in nouns)
            if not named_so and numeral not in bands and not self._fits(numeral, sentence, nouns, scope, quotes):
                yield f'"{numeral.text}" is no number that was measured of this'

    def _fits(
        self, numeral: Numeral, sentence: str, nouns: Sequence[_Noun], scope: Scope, quotes: Sequence[Sequence[Place]]
    ) -> bool:
        close = _following(numeral, sentence, nouns)
        ids = close or {noun.id for noun in nouns} or ({scope.metric} if scope.metric else set())
        if numeral.sort is Sort.CLOCK:
            length = not _PLACE.search(sentence[: numeral.first]) and self._lasted(numeral, ids, sentence)
            return self._at(numeral.value, ids, scope, quotes) or length
        if self._idiom(numeral, sentence, scope, counts=bool(close)) or self._of_goal(numeral, sentence):
            return True
        if numeral.sort is Sort.ORDINAL:
            return self._nth(numeral, ids, sentence, scope, quotes)
        if numeral.sort is Sort.TIMES and any(len(places) == numeral.value for places in quotes):
            return True
        if numeral.sort is Sort.SECONDS and not scope.advice and self._lasted(numeral, ids, sentence):
            return True
        if any(self._measured(numeral, id, sentence) or self._bound(numeral, id, sentence, scope) for id in ids):
            return True
        return self._sample(numeral, sentence) or (not close and self._was_said(numeral, scope))

    def _measured(self, numeral: Numeral, id: str, sentence: str) -> bool:
        measure = known(self._analysis, id)
        if measure is None or measure.value is None:
            return False
        counted = count(self._analysis, id)
        if numeral.sort in (Sort.PLAIN, Sort.TIMES) and counted is not None and numeral.equals(counted):
            return True
        rate = _RATES.get(measure.unit)
        if rate and not rate.search(sentence):
            return False
        return _fits_unit(numeral, measure) and numeral.equals(measure.value)

    def _sample(self, numeral: Numeral, sentence: str) -> bool:
        """Whether it is the size of a sample: "of 212 words"."""
        rest = sentence[numeral.last :].lower()
        for measure in self._analysis.measures.values():
            head, _, of = measure.of.partition("seconds")
            kind = Sort.SECONDS if of or not head else Sort.PLAIN
            if (
                numeral.sort is kind
                and numeral.equals(measure.n)
                and rest.lstrip().startswith((of or head).strip().rstrip("s"))
            ):
                return True
        return False

    def _lasted(self, numeral: Numeral, ids: set[str], sentence: str) -> bool:
        """Whether it is a length: of the session, or of a moment of these measures."""
        if _SESSION.search(sentence) and numeral.equals(self._said.seconds):
            return True
        lengths = [moment.seconds for id in ids for moment in moments(self._analysis, id)]
        whole = [m.value for id in ids if (m := known(self._analysis, id)) and m.unit == "s" and m.value is not None]
        return any(numeral.equals(seconds) for seconds in [*lengths, *whole])

    def _at(self, at: float, ids: set[str], scope: Scope, quotes: Sequence[Sequence[Place]]) -> bool:
        if any(quotes):
            spans = [self._said.sentence_of(place) for places in quotes for place in places]
            return any(_within(at, span.start, span.end) for span in spans)
        if scope.place:
            return _within(at, scope.place.start, scope.place.end)
        return any(_within(at, moment.start, moment.end) for id in ids for moment in moments(self._analysis, id))

    def _nth(
        self, numeral: Numeral, ids: set[str], sentence: str, scope: Scope, quotes: Sequence[Sequence[Place]]
    ) -> bool:
        """Whether the remark's moment is that one of a row: "your second question"."""
        if _TURNS.match(sentence, numeral.last):
            rows: list[Sequence[Span]] = [[Span(start=s.start, end=s.end) for s in self._said.said_by(USER)]]
        else:
            rows = [sorted(set(moments(self._analysis, id)), key=lambda m: m.start) for id in ids]
        places = [Span(start=place.start, end=place.end) for some in quotes for place in some]
        places = places or ([scope.place] if scope.place else [])
        nth = int(numeral.value) - 1
        return any(
            nth < len(row) and place.start < row[nth].end and row[nth].start < place.end
            for row in rows
            for place in places
        )

    def _was_said(self, numeral: Numeral, scope: Scope) -> bool:
        """Whether the user named this number at the remark's moment."""
        if scope.place is None or numeral.sort in (Sort.ORDINAL, Sort.TIMES):
            return False
        lines = [line for line in self._said.said_by(USER) if _meet(line, scope.place)]
        return any(n.sort is numeral.sort and n.value == numeral.value for line in lines for n in numerals(line.text))

    def _of_goal(self, numeral: Numeral, sentence: str) -> bool:
        """Whether it is said to be of the goal, and is."""
        return bool(_GOAL.search(sentence[: numeral.first])) and any(
            n.sort is numeral.sort and n.value == numeral.value for n in self._goal
        )

    def _idiom(self, numeral: Numeral, sentence: str, scope: Scope, *, counts: bool) -> bool:
        """A number that counts nothing: "one thing at a time", "say it first", "a 60-second drill"."""
        small = numeral.spelled and numeral.value == 1
        if small and (scope.advice or numeral.sort is Sort.PLAIN):
            return scope.advice or not counts
        if small and numeral.sort is Sort.ORDINAL:
            return not counts and not _TURNS.match(sentence, numeral.last)
        if numeral.sort is Sort.TIMES and any(m.start() <= numeral.first < m.end() for m in _IDIOM.finditer(sentence)):
            return True
        if scope.advice and re.match(r"an?\s", numeral.text):
            return True  # "for a whole minute"
        if numeral.value == 100 and _PER_HUNDRED.search(sentence[: numeral.first]) and "words" in sentence:
            return True
        drill = re.match(r"[\s-]+drill", sentence[numeral.last :])
        return bool(drill) and numeral.sort is Sort.SECONDS and numeral.value == 60

    def _is_band(self, pair: tuple[Numeral, Numeral], sentence: str, nouns: Sequence[_Noun], scope: Scope) -> bool:
        """Whether the two are the bounds of a measure's band: "within 110 to 165"."""
        low, high = pair
        if sentence[low.last : high.first].strip() not in _BETWEEN:
            return False
        bands = [band for id in {*(n.id for n in nouns), scope.metric} if id and (band := self._band(id))]
        return any(
            band.low is not None and band.high is not None and low.equals(band.low) and high.equals(band.high)
            for band in bands
        )

    def _bound(self, numeral: Numeral, id: str, sentence: str, scope: Scope) -> bool:
        """Whether it is one bound of the band, and the value on the side of it that the sentence says."""
        measure, band = known(self._analysis, id), self._band(id)
        if measure is None or band is None or measure.value is None or not _fits_unit(numeral, measure):
            return False
        before = sentence[: numeral.first]
        under = bool(_UP_TO.search(before)) and (scope.advice or measure.value <= numeral.value)
        over = bool(_FROM.search(before)) and (scope.advice or measure.value >= numeral.value)
        return (under and band.high is not None and numeral.equals(band.high)) or (
            over and band.low is not None and numeral.equals(band.low)
        )

    def _band(self, id: str) -> Band | None:
        measure = known(self._analysis, id)
        return measure.band if measure else None

    def _denied(self, sentence: str, nouns: Sequence[_Noun], scope: Scope) -> Iterator[str]:
        """ "No fillers", "you never interrupted": then there were none."""
        if scope.advice:
            return
        for noun in nouns:
            part = {other.id for other in nouns if other.id in _PARTS} if noun.id == "questions" else ()
            denied = _NONE.search(sentence[: noun.first]) or _FREE.match(sentence, noun.last)
            measures = [known(self._analysis, id) for id in part or (noun.id,)]
            some = any(measure is None or measure.value != 0 for measure in measures)
            if denied and some and (named()[noun.id].counted or noun.id == "fillers_per_min"):
                yield f'"{sentence[max(0, noun.first - 20) : noun.last].strip()}": there were some'


def _within(at: float, start: float, end: float) -> bool:
    return start - SLACK <= at <= end + SLACK


def _meet(line: Line, place: Span) -> bool:
    return line.start < place.end and place.start < line.end


def _fits_unit(numeral: Numeral, measure: Measure) -> bool:
    return numeral.sort is {"%": Sort.PERCENT, "s": Sort.SECONDS}.get(measure.unit, Sort.PLAIN)


def _nouns(sentence: str) -> list[_Noun]:
    """The measures named in `sentence`; where one name holds another ("open questions"), the longer one."""
    found = [
        _Noun(id=id, first=match.start(), last=match.end())
        for id, name in named().items()
        for match in name.nouns.finditer(sentence.lower())
    ]
    return [
        noun
        for noun in found
        if not any(
            other.first <= noun.first and noun.last <= other.last and other.last - other.first > noun.last - noun.first
            for other in found
        )
    ]


def _following(numeral: Numeral, sentence: str, nouns: Sequence[_Noun]) -> set[str]:
    """What the number counts: the measures named soonest after it, with no other number or comma between."""
    after = [noun for noun in nouns if numeral.last <= noun.first <= numeral.last + _NEAR]
    after = [noun for noun in after if not re.search(r"[\d,:;()]", sentence[numeral.last : noun.first])]
    if after and _OF_THEM.match(sentence, numeral.last):  # "2 of your questions were open" are not all questions
        after = [noun for noun in nouns if noun.first > after[0].first and noun.id != after[0].id] or after
    nearest = min((noun.first for noun in after), default=0)
    return {noun.id for noun in after if noun.first == nearest}
