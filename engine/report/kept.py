"""A report as it is kept, and as the coach protocol gives it to a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.analysis.values import COACH, PARTNER, USER, Analysis, Evidence, Line, Measure
from engine.records import Cue
from engine.report.values import Remark, Report

VERSION = 1
"""Of the form of a kept report; raised when a kept one could not be read any more."""


def as_dict(report: Report) -> dict[str, Any]:
    """`report` as JSON holds it."""
    plain = asdict(report)
    plain["stars"] = list(plain["stars"])
    return {"version": VERSION} | {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}


def from_dict(kept: Mapping[str, Any]) -> Report:
    """The report that `as_dict` gave.

    Raises:
        ValueError: it was kept by a release with another form of reports, or is none: write it anew.
    """
    if kept.get("version") != VERSION:
        raise ValueError(f"a report of version {kept.get('version')!r}; this release reads {VERSION}")
    try:
        first, second = (_remark(star) for star in kept["stars"])
        more = {field.name: kept[field.name] for field in fields(Report) if field.name not in ("stars", "wish")}
        lists = {name: tuple(value) for name, value in more.items() if isinstance(value, list)}
        return Report(stars=(first, second), wish=_remark(kept["wish"]), **(more | lists))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no report: {error}") from None


def _remark(kept: Mapping[str, Any]) -> Remark:
    return Remark(**kept)


def protocol_fields(
    report: Report,
    lines: Sequence[Line],
    *,
    begun: datetime,
    cues: Iterable[Cue] = (),
    analysis: Analysis | None = None,
    partners: bool = False,
) -> dict[str, Any]:
    """What `POST /session/{id}/finish` answers: the document's fields exactly, then ours beside them.

    `lines` may hold the coach's; `cues` are added as such. A transcript's speaker is "user" or "coach", as the
    document's clients expect: the partner's lines are "user" too, unless `partners` asks for "partner".
    """
    return {
        "stars": [star.text for star in report.stars],
        "wish": report.wish.text,
        "filler_percentage": round(report.filler_percentage, 1),
        "takeaways": list(report.takeaways),
        "summary_bullets": list(report.summary),
        "transcript": _transcript(lines, begun, cues, partners=partners),
        "stars_detail": [_detail(star) for star in report.stars],
        "wish_detail": _detail(report.wish),
        "goal_answer": report.goal_answer,
        "compared": list(report.compared),
        "missing": list(report.missing),
        "written_by": report.written_by,
        **({} if analysis is None else _numbers(analysis)),
    }


def _transcript(lines: Sequence[Line], begun: datetime, cues: Iterable[Cue], *, partners: bool) -> list[dict[str, str]]:
    said = [(line.start, _speaker(line.speaker, partners=partners), line.text) for line in lines]
    if not any(speaker != COACH for _, speaker, _ in said):
        return []
    said += [(cue.at, COACH, cue.text) for cue in cues]
    said.sort(key=lambda one: one[0])
    return [{"speaker": who, "text": text, "timestamp": _iso(begun, start)} for start, who, text in said]


def _speaker(speaker: str, *, partners: bool) -> str:
    if speaker == COACH:
        return COACH
    return PARTNER if partners and speaker == PARTNER else USER


def _iso(begun: datetime, seconds: float) -> str:
    """UTC without a zone, with microseconds: as the document's own server writes it."""
    at = begun.astimezone(UTC) if begun.tzinfo else begun
    return (at + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat(timespec="microseconds")


def _detail(remark: Remark) -> dict[str, Any]:
    return {
        "claim": remark.claim,
        "quote": remark.quote,
        "t0": _rounded(remark.start),
        "t1": _rounded(remark.end),
        "metric": remark.metric,
        "why": remark.why,
        "try_next": remark.try_next,
        "drill_id": remark.drill,
    }


def _numbers(analysis: Analysis) -> dict[str, Any]:
    measures = analysis.measures.values()
    return {
        "metrics": {measure.id: _measure(measure) for measure in measures},
        "evidence": {m.id: [_moment(moment) for moment in m.evidence] for m in measures if m.evidence},
        "filler_capability": str(analysis.capability),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    band = measure.band and {"low": measure.band.low, "high": measure.band.high, "source": measure.band.source}
    return {
        "value": _rounded(measure.value),
        "unit": measure.unit,
        "n": measure.n,
        "of": measure.of,
        "confidence": str(measure.confidence),
        "within": measure.within,
        "band": band,
        "why": measure.why,
    }


def _rounded(value: float | None) -> float | None:
    """To what can be known: a millisecond, a thousandth."""
    return None if value is None else round(value, 3)


def _moment(moment: Evidence) -> dict[str, Any]:
    return {"t0": _rounded(moment.start), "t1": _rounded(moment.end), "text": moment.text, "speaker": moment.speaker}
