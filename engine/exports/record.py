"""A session as one JSON document: what `finish` answers, under the same names, and everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.analysis.values import Line, Mark, Measure, Series
from engine.exports.figures import missing
from engine.report.kept import protocol_fields

if TYPE_CHECKING:
    from engine.desk import Dossier

SCHEMA = "rostrum.session"
VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields may come at any time."""


def as_json(dossier: Dossier) -> dict[str, Any]:
    """Times are seconds since the session began, dates ISO 8601. Without a report, its fields are absent."""
    return (report_of(dossier) if dossier.report else {}) | {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "session": about(dossier),
        "capability": str(dossier.analysis.capability),
        "missing": missing(dossier),
        "lines": [line_of(line) for line in dossier.lines],
        "metrics": metrics(dossier),
        "series": {series.id: series_of(series) for series in dossier.analysis.series.values()},
        "marks": [mark_of(mark) for mark in dossier.analysis.marks],
        "cues": [asdict(cue) for cue in dossier.cues],
        "cut_ins": [asdict(cut) for cut in dossier.cut_ins],
    }


def report_of(dossier: Dossier) -> dict[str, Any]:
    """What `finish` answers, with the partner's lines as the partner's. There has to be a report."""
    assert dossier.report
    return protocol_fields(
        dossier.report,
        dossier.lines,
        begun=dossier.meeting.begun,
        cues=dossier.cues,
        analysis=dossier.analysis,
        partners=True,
    )


def about(dossier: Dossier) -> dict[str, Any]:
    """What the session was, and what it was for."""
    meeting, aim = dossier.meeting, dossier.aim
    names = ("id", "scenario", "title", "pitch", "persona", "seconds", "turns", "finished", "recorded")
    kept = {name: getattr(meeting, name) for name in names}
    return (
        kept
        | {"begun": meeting.begun.isoformat(), "ended": dossier.ended.isoformat() if dossier.ended else None}
        | {"revision": dossier.revision}
        | {name: getattr(aim, name) for name in ("context", "goal", "user_name", "participants", "tone")}
        | {"mode": dossier.material.mode, "separate": dossier.material.separate}
    )


def metrics(dossier: Dossier) -> dict[str, Any]:
    """Every measure by its id; those that could not be measured say why."""
    return {measure.id: measure_of(measure) for measure in dossier.analysis.measures.values()}


def line_of(line: Line) -> dict[str, Any]:
    kept = {name: getattr(line, name) for name in ("id", "speaker", "text", "start", "end")}
    return kept | {"words": [asdict(word) for word in line.words]}


def measure_of(measure: Measure) -> dict[str, Any]:
    """`value` is null exactly where `confidence` is "none"."""
    kept = asdict(measure) | {"confidence": str(measure.confidence), "within": measure.within}
    del kept["id"]
    return kept


def series_of(series: Series) -> dict[str, Any]:
    band = asdict(series.band) if series.band else None
    return {"unit": series.unit, "times": list(series.times), "values": list(series.values), "band": band}


def mark_of(mark: Mark) -> Mapping[str, Any]:
    return asdict(mark)
