"""What goes from Python to a report's parts in the browser, as JSON."""

from __future__ import annotations

from typing import TypedDict

Caption = tuple[float, float, str, str]
"""A line as the player shows it: start, end, who, text."""
Timed = tuple[str, float, float]
"""A word: text, start, end."""


class LineOut(TypedDict):
    """A line of the transcript; `clean` is its text without fillers. `words` may be empty: it is then heard as a
    whole."""

    id: int
    speaker: str
    start: float
    end: float
    text: str
    clean: str
    words: list[Timed]


class MarkOut(TypedDict):
    """Something found in the transcript: words `first` to `last` of a line, or a stretch of time."""

    layer: str
    start: float
    end: float
    note: str
    line: int | None
    first: int | None
    last: int | None


class LayerOut(TypedDict):
    """A highlight that can be switched; `count` of its marks."""

    id: str
    name: str
    count: int
    on: bool


class TranscriptOut(TypedDict):
    """The whole transcript; `names` of the speakers by their ids."""

    lines: list[LineOut]
    marks: list[MarkOut]
    layers: list[LayerOut]
    names: dict[str, str]
    recorded: bool


class Point(TypedDict):
    """A moment on a lane. `kind` decides its shape, `strong` whether it is drawn full."""

    at: float
    until: float
    kind: str
    says: str
    strong: bool


class Side(TypedDict):
    """One speaker's half of the voices: `level` is a byte for each `step` seconds (0 quiet, 255 loud) as base64, "" if
    it was not measured; `spans` of speech."""

    name: str
    level: str
    step: float
    spans: list[tuple[float, float]]


class Lane(TypedDict, total=False):
    """A lane of the timeline. `kind`: "voices" (`sides`), "line" (`times`, `values`, `band`) or "marks". `points` can
    be stepped through and heard (of a curve they are its values); a lane without any shows only what it `says`."""

    id: str
    kind: str
    name: str
    says: str
    unit: str
    points: list[Point]
    sides: list[Side]
    times: list[float]
    values: list[float | None]
    band: tuple[float | None, float | None]
