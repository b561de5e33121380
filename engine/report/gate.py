"""The gate between a language model and whoever reads the report: nothing gets through that is not so.

Pure. What a model wrote is taken apart, every text of it is checked against the transcript and the measures, and either
all of it becomes a `Report` or none: then there is a list of faults, fit to be sent back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.analysis.values import Analysis, Material, Span
from engine.report.amounts import Scope
from engine.report.claims import Claims
from engine.report.drills import drill_for, drills
from engine.report.facts import filler_percentage, known, moments
from engine.report.goals import measures_of
from engine.report.language import forbidden
from engine.report.numerals import Sort, numerals
from engine.report.plain import characters, straight, tidy, unfit
from engine.report.trace import Trace
from engine.report.values import Remark, Report
from engine.words import normal

LONGEST_DRAFT = 20_000
"""Characters. A report has some 2,000."""
MOST_WORDS = 30
"""Of a star or the wish."""
_WORDS = {"takeaway": (2, 18), "summary": (3, 32), "goal": (3, 50), "text": (5, MOST_WORDS), "more": (2, 40)}
_LETTERS = 9
"""Characters of a word on average, at most: no text hides in one long word."""
SLACK = 2.0
"""Seconds that a model may be off where it says when something was said."""

Faults = list[str]


def check(
    draft: Mapping[str, Any] | str, material: Material, analysis: Analysis, *, names: str = ""
) -> Report | Faults:
    """The report in `draft`, as a model wrote it or as JSON read it, or what is wrong with it. `names`: who took part.

    `filler_percentage` and `missing` are those of `analysis`, whatever the draft says of them.
    """
    return Gate(material, analysis, names).check(draft)


def _read(text: str) -> Mapping[str, Any] | Faults:
    """The JSON object in `text`, whatever stands around it."""
    if len(text) > LONGEST_DRAFT:
        return [f"the answer has {len(text)} characters; {LONGEST_DRAFT} are plenty"]
    decoder = json.JSONDecoder(parse_constant=_no_number)
    at = text.find("{")
    while at >= 0:
        try:
            found, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and "stars" in found:
            return found
        at = text.find("{", at + 1) if found is None and at < 200 else -1
    return ['the answer is no JSON object with "stars", "wish", "takeaways" and "summary_bullets"']


def _no_number(name: str) -> float:
    raise ValueError(name)


class Gate:
    """The gate to one report: see `check`. Not for two threads at once."""

    def __init__(self, material: Material, analysis: Analysis, names: str) -> None:
        self._material, self._analysis = material, analysis
        self._claims = Claims(material, analysis, names)
        self._known = characters(
            iter([line.text for line in material.lines] + [material.goal, material.context, names])
        )
        self._trace = Trace(self._claims.said, self._claims.names)
        self._faults: Faults = []

    def check(self, draft: Mapping[str, Any] | str) -> Report | Faults:
        read = _read(draft) if isinstance(draft, str) else draft
        if isinstance(read, list):
            return read
        self._faults = []
        return self._whole(read)

    def _whole(self, draft: Mapping[str, Any]) -> Report | Faults:
        stars = [self._remark(f"stars[{i}]", one) for i, one in enumerate(self._list(draft, "stars", 2, 2))]
        wish = self._remark("wish", draft.get("wish"))
        takeaways = [
            self._takeaway(f"takeaways[{i}]", one) for i, one in enumerate(self._list(draft, "takeaways", 3, 3))
        ]
        summary = [
            self._summary(f"summary_bullets[{i}]", one)
            for i, one in enumerate(self._list(draft, "summary_bullets", 3, 5))
        ]
        goal = draft.get("goal_answer") or ""
        answer = self._text("goal_answer", goal, "goal", Scope(goal=True)) if goal else ""
        self._distinct([remark.text for remark in (*stars, wish) if remark], takeaways, summary)
        if self._faults or wish is None or stars[0] is None or stars[1] is None:
            return self._faults
        return Report(
            stars=(stars[0], stars[1]),
            wish=wish,
            takeaways=tuple(takeaways),
            summary=tuple(summary),
            filler_percentage=filler_percentage(self._analysis),
            goal_answer=answer,
            missing=self._analysis.missing,
        )

    def _list(self, draft: Mapping[str, Any], name: str, least: int, most: int) -> Sequence[Any]:
        found = draft.get(name)
        if isinstance(found, list) and least <= len(found) <= most:
            return found
        count = f"{least}" if least == most else f"{least} to {most}"
        self._fault(name, f"a list of {count} is wanted")
        return [None] * least

    def _remark(self, path: str, draft: object) -> Remark | None:
        """A star, or the wish."""
        if not isinstance(draft, dict):
            self._fault(path, 'an object with "text", "quote", "metric", "why" and "try_next" is wanted')
            return None
        before = len(self._faults)
        metric = self._metric(path, draft.get("metric"))
        place, around = self._place(path, draft, metric) or (None, None)
        scope = Scope(place=around, metric=metric)
        text = self._text(f"{path}.text", draft.get("text"), "text", scope)
        if not numerals(text) and not any(mark in straight(text) for mark in "\"'"):
            self._fault(path, "its text names neither a moment nor a number nor the user's own words")
        claim = self._text(f"{path}.claim", draft.get("claim") or text, "more", scope)
        why = self._optional(f"{path}.why", draft.get("why"), scope)
        advice = Scope(place=around, metric=metric, advice=True)
        try_next = self._optional(f"{path}.try_next", draft.get("try_next"), advice)
        drill = self._drill(path, draft.get("drill"), metric) if path == "wish" else None
        if len(self._faults) > before:
            return None
        return Remark(
            text=text,
            claim=claim,
            quote=tidy(str(draft.get("quote") or "")).strip("\"“”' "),
            start=place.start if place else None,
            end=place.end if place else None,
            metric=metric,
            why=why,
            try_next=try_next,
            drill=drill,
        )

    def _metric(self, path: str, metric: object) -> str | None:
        """The id of a measure that bears a star, or a wish."""
        if metric in (None, ""):
            return None
        measure = known(self._analysis, metric) if isinstance(metric, str) else None
        if measure is None:
            self._fault(path, f"{str(metric)[:40]!r} was not measured")
            return None
        if measure.within is False and path != "wish":
            self._fault(path, f"{metric} is outside its band: no star")
        if measure.within and path == "wish" and metric not in measures_of(self._material.goal):
            self._fault(path, f"{metric} is within its band: nothing to wish for")
        return str(metric)

    def _places(self, path: str, quote: object, metric: str | None) -> list[tuple[Span, Span]]:
        """Where the quote was said, or where the measure was found; each with the time of the sentence around it."""
        if not isinstance(quote, str):
            self._fault(path, "the quote is no text")
            return []
        if not quote and metric:
            return [(moment, moment) for moment in moments(self._analysis, metric)]
        if not quote:
            self._fault(path, "it rests on neither a quote nor a measure")
            return []
        for fault in (*unfit(tidy(quote), self._known), *self._claims.orders(quote)):
            self._fault(f"{path}.quote", fault)
        said = self._claims.said
        places = [(Span(start=p.start, end=p.end), said.sentence_of(p)) for p in said.find(quote)]
        if not places:
            self._fault(path, f"the user never said {quote[:60]!r} in these words")
        return places

    def _place(self, path: str, draft: Mapping[str, Any], metric: str | None) -> tuple[Span, Span] | None:
        """Of these, the one that the draft means: by its times, by the times in its text, else the first."""
        quote = draft.get("quote") or ""
        places, times = self._places(path, quote, metric), self._times(path, draft)
        if times is None:
            told = [n.value for n in numerals(str(draft.get("text"))) if n.sort is Sort.CLOCK]
            near = [p for p in places if any(p[1].start - 1 <= at <= p[1].end + 1 for at in told)]
            return next(iter(near or (places if quote else ())), None)
        near = [p for p in places if p[1].start - SLACK <= times.end and times.start <= p[1].end + SLACK]
        if places and not near:
            self._fault(path, f"that was not at {times.start:g} to {times.end:g} s")
        return near[0] if near else None

    def _times(self, path: str, draft: Mapping[str, Any]) -> Span | None:
        """When the draft says that it was, if it does."""
        start, end = (draft.get(name, draft.get(other)) for name, other in (("t0", "start"), ("t1", "end")))
        if start is None and end is None:
            return None
        start, end = (end if start is None else start), (start if end is None else end)
        right = all(isinstance(at, int | float) and not isinstance(at, bool) for at in (start, end))
        if (
            not right
            or not all(map(math.isfinite, (start, end)))
            or not 0 <= start <= end <= self._claims.said.seconds + 1
        ):
            self._fault(path, "t0 and t1 are seconds within the session, in order")
            return None
        return Span(start=float(start), end=float(end))

    def _drill(self, path: str, drill: object, metric: str | None) -> str | None:
        if isinstance(drill, str) and drill in drills():
            return drill
        if drill:
            self._fault(path, f"there is no drill {str(drill)[:40]!r}")
        fitting = drill_for(metric) if metric else None
        return fitting.id if fitting else None

    def _takeaway(self, path: str, draft: object) -> str:
        text = self._text(path, draft, "takeaway", Scope(advice=True))
        first = normal(text)[:1]
        if text and first and first[0] not in forbidden().takeaway_verbs:
            self._fault(path, f'it does not begin with what to do ("{first[0][:20]}")')
        return text

    def _summary(self, path: str, draft: object) -> str:
        text = self._text(path, draft, "summary", Scope(summary=True))
        for fault in self._trace.faults(text) if text else ():
            self._fault(path, fault)
        return text

    def _optional(self, path: str, draft: object, scope: Scope) -> str:
        return self._text(path, draft, "more", scope) if draft not in (None, "") else ""

    def _text(self, path: str, draft: object, kind: str, scope: Scope) -> str:
        """The text of `draft`, once nothing is wrong with it."""
        if not isinstance(draft, str):
            self._fault(path, "a text is wanted")
            return ""
        text = tidy(draft)
        least, most = _WORDS[kind]
        words = len(text.split())
        if not least <= words <= most or len(text) > most * _LETTERS:
            self._fault(path, f"{least} to {most} words are wanted; it has {words}")
            return ""
        faults = list(unfit(text, self._known)) or list(self._claims.faults(text, scope))
        for fault in faults:
            self._fault(path, fault)
        return text

    def _distinct(self, *groups: Sequence[str]) -> None:
        for texts in groups:
            if len({normal(text) for text in texts if text}) < len([text for text in texts if text]):
                self._fault("all", "the same is said twice")

    def _fault(self, path: str, what: str) -> None:
        self._faults.append(f"{path}: {what}")


def lines_of(faults: Sequence[str]) -> Iterator[str]:
    """`faults` as they are sent back to the model: the first dozen."""
    yield from (f"- {fault}" for fault in faults[:12])
