"""The report's timeline: what happened when, on one axis."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING

from engine.analysis.values import FRAME, PARTNER, USER
from engine.exports.figures import written
from engine.transcript import clock
from ui.components.report import ReportTimeline
from ui.components.report.values import Lane, Point, Side
from ui.components.text import counted
from ui.pages.report_reading import Reading

if TYPE_CHECKING:
    from engine.analysis.values import Frames, Mark
    from engine.desk import Dossier

STEP = 0.048
"""Seconds of one byte of the level, at least: a syllable is about four."""
BYTES = 40_000
"""Of one side's level at most."""
QUIET, LOUD = -60.0, -8.0
"""dB of full scale that are drawn as nothing and as all there is room for."""
LABEL = 80
"""Letters of a line that name it on the timeline."""
CURVES = {"pace": ("Pace", "wpm"), "pitch": ("Pitch", "pitch_variation")}
"""The lanes with a curve, and the measure that says it in one number."""
MARKS = {
    "fillers": ("Fillers", {"filler": "filler", "possible_filler": "possible filler"}),
    "pauses": ("Pauses", {"pause": "pause", "long_pause": "long pause"}),
    "questions": ("Questions", {"question": "question", "follow_up": "follow-up question"}),
    "turns": ("Turns", {"interruption": "interruption", "monologue": "long turn"}),
}
STRONG = {"filler", "long_pause", "follow_up", "interruption", "monologue"}


def build(reading: Reading) -> None:
    """The tab's content."""
    dossier = reading.dossier
    shown = ReportTimeline(dossier.material.seconds, lanes(reading))
    reading.follow(lambda: shown.show(reading.dossier.material.seconds, lanes(reading)))


def lanes(reading: Reading) -> list[Lane]:
    """All lanes, from top to bottom."""
    dossier = reading.dossier
    curves = [_curve(dossier, id, *names) for id, names in CURVES.items()]
    marks = [_marks(dossier, id, name, kinds) for id, (name, kinds) in MARKS.items()]
    return [_voices(reading), *curves, *marks, _cues(dossier)]


def _voices(reading: Reading) -> Lane:
    dossier, names = reading.dossier, reading.names
    spoken = [line for line in dossier.material.lines if line.speaker in {USER, PARTNER}]
    points = [
        Point(at=line.start, until=line.end, kind=line.speaker, strong=line.speaker == USER,
              says=f"{clock(line.start)}, {names[line.speaker]}: {line.text[:LABEL]}")
        for line in spoken
    ]  # fmt: skip
    share = dossier.analysis.measures.get("talk_share")
    says = f"{names[USER]} above, {names[PARTNER]} below"
    if share is not None and share.value is not None:
        says += f". You had {written(share.value, share.unit)} of the speaking time"
    sides = [_side(dossier, speaker, names[speaker]) for speaker in (USER, PARTNER)]
    return Lane(id="voices", kind="voices", name="Voices", says=says, points=points, sides=sides)


def _side(dossier: Dossier, speaker: str, name: str) -> Side:
    material = dossier.material
    spans = [(span.start, span.end) for span in material.speech.get(speaker, ())]
    spans = spans or [(line.start, line.end) for line in material.said_by(speaker)]
    frames = material.frames.get(speaker)
    step, level = levels(frames, material.seconds) if frames is not None else (STEP, "")
    return Side(name=name, level=level, step=step, spans=spans)


def levels(frames: Frames, seconds: float) -> tuple[float, str]:
    """The loudest of each step, as a byte in base64: (seconds of a step, bytes)."""
    import numpy as np

    rows = max(1, round(max(STEP, seconds / BYTES) / FRAME))
    lead = max(0, round(frames.start / FRAME))
    level = np.concatenate([np.full(lead, QUIET, np.float32), frames.level])
    level = np.pad(level, (0, -len(level) % rows), constant_values=QUIET).reshape(-1, rows).max(axis=1)
    scaled = np.clip((level - QUIET) / (LOUD - QUIET), 0, 1) ** 1.5 * 255
    return rows * FRAME, base64.b64encode(scaled.astype("u1").tobytes()).decode()


def _curve(dossier: Dossier, id: str, name: str, measure_id: str) -> Lane:
    measure, series = dossier.analysis.measures.get(measure_id), dossier.analysis.series.get(id)
    if series is None or not any(value is not None for value in series.values):
        why = measure.why if measure is not None and measure.why else "Too little was measured to draw it."
        return Lane(id=id, kind="line", name=name, says=why, points=[], times=[], values=[], unit="")
    unit = written(1, series.unit).partition(" ")[2]
    says = unit
    if measure is not None and measure.value is not None:
        says = f"{written(measure.value, measure.unit)} over all"
    if series.band is not None:
        says += ". The band is shaded"
    return Lane(
        id=id,
        kind="line",
        name=name,
        says=says,
        unit=unit,
        points=[],
        times=list(series.times),
        values=list(series.values),
        band=(series.band.low, series.band.high) if series.band else (None, None),
    )


def _marks(dossier: Dossier, id: str, name: str, kinds: dict[str, str]) -> Lane:
    marks = [mark for mark in dossier.analysis.marks if mark.layer in kinds]
    followed = {mark.start for mark in marks if mark.layer == "follow_up"}
    marks = [mark for mark in marks if mark.layer != "question" or mark.start not in followed]
    points = [_point(mark, kinds[mark.layer]) for mark in marks]
    points.sort(key=lambda point: point["at"])
    return Lane(id=id, kind="marks", name=name, says=_told(Counter(kinds[mark.layer] for mark in marks)), points=points)


def _point(mark: Mark, kind: str) -> Point:
    said = f" “{mark.text}”" if mark.text else ""
    if "pause" in mark.layer:
        said = f" of {written(mark.end - mark.start, 's')}"
    note = f" ({mark.note})" if mark.note else ""
    says = f"{clock(mark.start)}, {kind}{said}{note}"
    return Point(at=mark.start, until=mark.end, kind=mark.layer, says=says, strong=mark.layer in STRONG)


def _told(count: Counter[str]) -> str:
    return ", ".join(counted(number, kind) for kind, number in count.items()) or "none"


def _cues(dossier: Dossier) -> Lane:
    points = [
        Point(at=cue.at, until=cue.at, kind="cue", strong=cue.used,
              says=f"{clock(cue.at)}, {'used' if cue.used else 'not used'}: {cue.text}")
        for cue in dossier.cues
    ]  # fmt: skip
    used = sum(cue.used for cue in dossier.cues)
    says = f"{used} of {counted(len(points), 'cue')} used; those are filled" if points else "none were given"
    return Lane(id="cues", kind="marks", name="Cues", says=says, points=points)
