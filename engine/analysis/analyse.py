"""Everything that is measured of one session, at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.analysis import exchange, filler_measures, language, pace, pauses, questions, repetition
from engine.analysis.bands import bands_of
from engine.analysis.catalogue import KINDS
from engine.analysis.filler_measures import Event
from engine.analysis.fillers import Bucket
from engine.analysis.prosody import prosody
from engine.analysis.spoken import Spoken, put_in_order
from engine.analysis.turns import Floor, floor_of
from engine.analysis.values import Analysis, Band, Capability, Mark, Material, Measure, Series

_UNHEARD = "Nothing was heard from you."
_TYPED = "What you typed tells nothing of how you speak."
_OF_WORDS = {
    "questions", "open_questions", "follow_ups", "hedges", "repetition", "conciseness", "vocabulary", "sentence_length",
}  # fmt: skip
"""Measures of what was said, which may have been typed."""


def analyse(material: Material) -> Analysis:
    """All measures in the order in which they are shown, what is found at moments, and what could not be measured.

    A pure function of `material`, whose time grows with the session's length. It never raises for what it is given:
    empty, without words, with times that cannot be.
    """
    spoken = put_in_order(material)
    floor = floor_of(spoken)
    bands = {**bands_of(material.mode, spoken.seconds), **material.own}
    measures: list[Measure] = []
    marks: list[Mark] = []
    series: list[Series] = []
    events = filler_measures.find_events(material, spoken, floor)
    for found in (
        _timing(spoken, floor, bands),
        (*filler_measures.fillers(material, spoken, floor, events), ()),
        _sound(material, spoken),
        _wording(spoken, floor, events),
    ):
        measures += found[0]
        marks += found[1]
        series += found[2]
    ordered = _ordered([_explained(one, spoken) for one in measures], bands)
    return Analysis(
        measures=ordered,
        series={one.id: one for one in series},
        marks=tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.layer))),
        capability=material.capability,
        missing=_missing(material, spoken, ordered),
    )


Found = tuple[Sequence[Measure], Sequence[Mark], Sequence[Series]]


def _timing(spoken: Spoken, floor: Floor, bands: Mapping[str, Band]) -> Found:
    """When each spoke, and how fast."""
    line = pace.pace_series(spoken, floor, bands.get("wpm"))
    silences = pauses.find_pauses(spoken, floor)
    monologue, long = exchange.longest_monologue(spoken, floor, bands.get("longest_monologue"))
    interruptions, cut = exchange.interruptions(spoken, floor)
    measures = [
        *pace.pace(spoken, floor),
        pace.pace_variation(line, spoken),
        *pauses.pauses(spoken, floor, silences),
        exchange.talk_share(spoken),
        monologue,
        exchange.interactivity(spoken, floor),
        exchange.patience(spoken, floor),
        interruptions,
        exchange.active_listening(spoken, floor),
    ]
    marks = [*pace.pace_marks(line, spoken), *pauses.pause_marks(silences), *long, *cut]
    return measures, marks, [line] if line.times else []


def _sound(material: Material, spoken: Spoken) -> Found:
    """Melody and loudness, of who spoke when as it was put in order."""
    speech = {name: side.spans for name, side in spoken.sides.items()}
    measures, series, marks = prosody(replace(material, speech=speech, seconds=spoken.seconds))
    return measures, marks, series


def _wording(spoken: Spoken, floor: Floor, events: Iterable[Event]) -> Found:
    """What was asked, and how it was put."""
    asked, questions_at = questions.questions(spoken, floor)
    hedged = language.user_hedges(floor)
    hedges, hedges_at = language.hedges(spoken, hedged)
    repeated, repeats_at = repetition.repetition(spoken, floor)
    sure = [event.tokens for event in events if event.bucket is Bucket.SURE]
    measures = [
        *asked,
        questions.answer_length(spoken, floor),
        hedges,
        repeated,
        language.conciseness(spoken, floor, hedged, sure),
        language.vocabulary(spoken),
        language.sentence_length(floor),
    ]
    return measures, [*questions_at, *hedges_at, *repeats_at], []


def _explained(measure: Measure, spoken: Spoken) -> Measure:
    """`measure`, without a value for the plainest reason: nothing was heard, or all was typed."""
    if measure.value is not None or spoken.user.spans:
        return measure
    if not spoken.user.tokens:
        return replace(measure, why=_UNHEARD)
    return measure if measure.id in _OF_WORDS else replace(measure, why=_TYPED)


def _ordered(measures: Iterable[Measure], bands: Mapping[str, Band]) -> dict[str, Measure]:
    found = {measure.id: measure for measure in measures}
    return {id: replace(found[id], band=found[id].band or bands.get(id)) for id in KINDS if id in found}


def _missing(material: Material, spoken: Spoken, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Sentences on what could not be measured, those with one reason together."""
    if not spoken.user.tokens and not spoken.user.spans:
        return (f"{_UNHEARD.removesuffix('.')}, so nothing could be measured.",)
    reasons: dict[str, list[str]] = defaultdict(list)
    for id, measure in measures.items():
        if measure.value is None:
            reasons[measure.why].append(KINDS[id].label.lower())
    found = [f"{_listed(labels).capitalize()}: {why}" for why, labels in reasons.items()]
    if material.capability is Capability.STRIPPED and measures["filler_percentage"].value is not None:
        found.append("Fillers: whoever wrote this down leaves out um and uh, so that they could not be counted.")
    return tuple(found)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
