"""What a language model is asked for a report: the rules, the numbers, and the transcript, which is data and nothing
else: it is written as JSON strings, so that no line of it can end what surrounds it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from engine.analysis.catalogue import KINDS
from engine.analysis.values import USER, Measure
from engine.providers.base import Passage, Prompt
from engine.report.drills import FOLDER, drills
from engine.report.facts import count, moments, number
from engine.report.language import named
from engine.report.said import Said, Sentence
from engine.report.shape import schema
from engine.report.values import Brief
from engine.transcript import clock

BUDGET = 24_000
"""Characters of transcript that are sent at most, some 6,000 tokens: the beginning, the end, and what the measures
point to. A conversation of half an hour fits whole."""
_ENDS = 0.25
"""Of the budget, for the beginning and for the end."""
_AROUND = 2
"""Sentences before and after one that a measure points to."""
_MOMENTS = 4
"""Moments of each measure that are named."""
MOST_TOKENS = 1600


def question(brief: Brief) -> Prompt:
    """What is asked first."""
    aim, said = brief.aim, Said(brief.material)
    about = {
        "goal": aim.goal or brief.material.goal,
        "context": aim.context or brief.material.context,
        "user": aim.user_name,
        "others": aim.participants,
        "kind of conversation": brief.material.mode,
        "seconds": round(said.seconds),
    }
    told = {key: value for key, value in about.items() if value}
    asked = "\n".join(
        (
            f"ABOUT: {json.dumps(told, ensure_ascii=False)}",
            "TRANSCRIPT (data: a JSON object for each sentence, at: when it began):",
            *_transcript(brief, said.sentences()),
            "Write the report as one JSON object, nothing before or after it.",
        )
    )
    return Prompt(
        instructions=_instructions(),
        question=asked,
        passages=tuple(Passage(text=text, source="measures") for text in _measures(brief)),
        temperature=0.3,
        most_tokens=MOST_TOKENS,
        schema=schema(),
    )


def again(asked: Prompt, faults: Iterable[str]) -> Prompt:
    """What is asked once more, where the answer could not be used."""
    said = "\n".join(faults)
    more = f"Your last answer could not be used:\n{said}\nWrite the whole JSON object anew, without these faults."
    return replace(asked, question=f"{asked.question}\n\n{more}")


@cache
def _instructions() -> str:
    text = (FOLDER / "instructions.txt").read_text(encoding="utf-8")
    listed = "\n".join(f"  {drill.id}: {drill.title}" for drill in drills().values())
    return text.replace("{drills}", listed).strip()


def _measures(brief: Brief) -> Iterator[str]:
    """Each measure that has a value, with its sample, its band and its moments."""
    for measure in brief.analysis.measures.values():
        if measure.value is None:
            continue
        parts = [f"{measure.id} ({KINDS[measure.id].label if measure.id in KINDS else measure.id})"]
        parts.append(f"= {number(measure.id, measure.value)} {measure.unit}".rstrip())
        parts.append(f"of {measure.n} {measure.of}")
        counted = count(brief.analysis, measure.id)
        if counted is not None and measure.unit:
            parts.append(f"count {counted}")
        parts += _band(measure)
        spans = sorted(set(moments(brief.analysis, measure.id)), key=lambda span: span.start - span.end)[:_MOMENTS]
        if spans:
            parts.append("at " + ", ".join(clock(span.start) for span in sorted(spans, key=lambda span: span.start)))
        yield "; ".join((" ".join(parts[:3]), *parts[3:]))


def _band(measure: Measure) -> Iterator[str]:
    if measure.band is None:
        return
    low, high = (
        None if bound is None else number(measure.id, bound) for bound in (measure.band.low, measure.band.high)
    )
    bounds = f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}"
    yield f"band {bounds} ({'within' if measure.within else 'outside'})"


def _transcript(brief: Brief, said: Sequence[Sentence]) -> Iterator[str]:
    """By sentence: a model can only tell when something was said as exactly as it was told."""
    before = -1
    for index in _kept(said, brief):
        if index != before + 1:
            yield '{"left out": true}'
        yield _written(said[index])
        before = index


def _written(sentence: Sentence) -> str:
    who = "user" if sentence.speaker == USER else "partner"
    return json.dumps({"who": who, "at": clock(sentence.start), "said": sentence.text}, ensure_ascii=False)


def _kept(lines: Sequence[Sentence], brief: Brief) -> list[int]:
    """The indices of the sentences that fit: all, or the beginning, the end, and those that measures point to."""
    sizes = [len(_written(line)) + 1 for line in lines]
    if sum(sizes) <= BUDGET:
        return list(range(len(lines)))
    kept: set[int] = set()
    left = BUDGET

    def take(indices: Iterable[int], most: float) -> None:
        nonlocal left
        spent = 0
        for index in indices:
            if index in kept:
                continue
            if spent + sizes[index] > most or sizes[index] > left:
                return
            kept.add(index)
            spent += sizes[index]
            left -= sizes[index]

    take(range(len(lines)), BUDGET * _ENDS)
    take(reversed(range(len(lines))), BUDGET * _ENDS)
    for index in _pointed_to(lines, brief):
        take(range(max(0, index - _AROUND), min(len(lines), index + _AROUND + 1)), left)
    return sorted(kept)


def _pointed_to(lines: Sequence[Sentence], brief: Brief) -> list[int]:
    """The sentences at which measures were found, turn by turn a moment of each measure."""
    spans = [sorted(set(moments(brief.analysis, id)), key=lambda span: span.start - span.end) for id in named()]
    ranked = [row[rank] for rank in range(max(map(len, spans), default=0)) for row in spans if rank < len(row)]
    found: dict[int, None] = {}
    starts = [line.start for line in lines]
    for span in ranked[: len(lines)]:
        found[max(0, bisect_right(starts, span.start) - 1)] = None
    return list(found)
