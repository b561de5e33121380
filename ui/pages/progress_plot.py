"""A trend as a small plot. It is HTML: every session is reached by its link, which goes to it, and by its table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from engine.analysis.catalogue import counted
from engine.analysis.values import Band
from engine.exports.figures import band_of, written
from engine.progress.trend import ENOUGH
from engine.transcript import clock
from ui.components.behind_a_click import behind_a_click
from ui.components.plotted import Dot, dots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.progress import Point, Trend
    from engine.records import Sample

STEPS = (1, 2, 5, 10, 20)
"""What two ticks may be apart, times a power of ten."""
TIMES = (15, 30, 60, 120, 300, 600, 1200, 3600, 7200)
"""… and of times from a minute on, in seconds."""
TICKS = 4
"""On an axis, at most."""
FLAT = 0.25
"""Of the largest value, at least, is what an axis spans: a small change is not to look like a great one."""
ROOM = 0.14
"""Of what an axis spans, above and below."""
REACH = 0.5
"""Of what the values span: a bound further away than that is told in words, and not drawn."""
MARGIN = 4.0
"""Per cent of the width, to both sides."""
EDGE = 25.0
"""Per cent of the width in which what is told of a session opens to one side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Values from `least` at the foot to `most` at the top."""

    least: float
    most: float

    def up(self, value: float) -> float:
        """Per cent from the top."""
        return round(100 * (self.most - value) / (self.most - self.least), 2)

    def ticks(self, unit: str) -> list[float]:
        """Round numbers on it, as near to each other as there is room."""
        power = 10.0 ** math.floor(math.log10((self.most - self.least) / 10))
        found: list[float] = []
        for step in TIMES if self.minutes(unit) else (power * step for step in STEPS):
            found = [n * step for n in range(math.ceil(self.least / step), math.floor(self.most / step) + 1)]
            if len(found) <= TICKS:
                break
        return found

    def minutes(self, unit: str) -> bool:
        """Whether it is one of minutes and seconds."""
        return unit == "s" and self.most >= 2 * TIMES[1]


def axis(trend: Trend, far: bool = False) -> Axis:
    """All values are on it, the own band, and the bounds that are near, or also those that are `far`."""
    values = [point.sample.value for point in trend.points]
    if trend.own is not None:
        values += [bound for bound in (trend.own.low, trend.own.high) if bound is not None]
    least, most = min(values), max(values)
    reach = REACH * max(most - least, FLAT * max(abs(most), abs(least)))
    near = [bound for bound in bounds(trend) if far or least - reach <= bound <= most + reach]
    floor = 0.0 if least >= 0 else -math.inf
    least, most = min([least, *near]), max([most, *near])
    lacking = (FLAT * max(abs(most), abs(least)) or 1.0) - (most - least)
    room = ROOM * (most - least) + max(0.0, lacking) / 2
    return Axis(least=max(floor, least - room), most=most + room)


def bounds(trend: Trend) -> list[float]:
    """Of the band that the latest session was judged by."""
    sample = trend.points[-1].sample
    return [bound for bound in (sample.low, sample.high) if bound is not None]


def place(sample: Sample) -> str:
    """Where a value lies: "inside" or "outside" the band of its session; "" without one."""
    if sample.low is None and sample.high is None:
        return ""
    low = sample.low is None or sample.value >= sample.low
    high = sample.high is None or sample.value <= sample.high
    return "inside" if low and high else "outside"


def plot(trend: Trend, far: bool = False) -> str:
    """Sessions from left to right. The own band is shaded, the own median a line; bounds are dashed, those that
    are `far` from the values too where that is asked for."""
    up_and_down, count = axis(trend, far), len(trend.points)
    across = [round(MARGIN + (100 - 2 * MARGIN) * i / (count - 1), 2) if count > 1 else 50.0 for i in range(count)]
    places = [(across[i], up_and_down.up(point.sample.value)) for i, point in enumerate(trend.points)]
    points = [_dot(point, trend.unit, *places[i]) for i, point in enumerate(trend.points)]
    read = clock if up_and_down.minutes(trend.unit) else partial(_amount, unit=trend.unit)
    numbers = "".join(
        f'<span class=tick style="top:{up_and_down.up(tick)}%">{read(tick)}</span>'
        for tick in up_and_down.ticks(trend.unit)
    )
    first, last = (day(point.begun) for point in (trend.points[0], trend.points[-1]))
    return (
        f'<div class=plot role=group aria-label="{escape(trend.text)}"><div class=field>{numbers}'
        f"{_drawn(trend, up_and_down, points)}{dots(points)}</div></div>"
        f"<p class=ends>{first}<span>{last}</span></p>"
    )


def bands(trend: Trend) -> str:
    """What the shade, the line and the dashes are."""
    sample = trend.points[-1].sample
    own, aimed = band_of(trend.own, trend.unit), band_of(Band(low=sample.low, high=sample.high), trend.unit)
    middle = _amount(trend.usual, trend.unit) if trend.usual is not None and trend.n >= ENOUGH else ""
    told = []
    if own:
        told.append(f"<span class=own>Your usual: {own}, median {middle}</span>")
    elif middle:
        told.append(f"<span class=usual>Your median: {middle}</span>")
    if aimed:
        told.append(f"<span class=bound>Band: {aimed}</span>")
    return f"<p class=basis>{''.join(told)}</p>" if told else ""


def table(trend: Trend) -> str:
    """The same as rows, the latest first, behind a click."""
    rows = "".join(_row(point, trend.unit) for point in reversed(trend.points))
    head = "<thead><tr><th>Session</th><th>Value</th><th>From</th></tr></thead>"
    return behind_a_click("As a table", f"<table>{head}<tbody>{rows}</tbody></table>", "as-table")


def day(moment: datetime) -> str:
    """ "3 Nov", with its year where that is another one."""
    local = moment.astimezone()
    return f"{local.day} {local:%b}" if local.year == datetime.now().year else f"{local.day} {local:%b %Y}"


def basis(sample: Sample) -> str:
    """What a value rests on: "312 words", "41 words, a hint"."""
    return f"{counted(sample.n, sample.of)}{'' if sample.sure else ', a hint'}"


def _amount(value: float, unit: str) -> str:
    """The number alone: "148", "1:14"."""
    return written(value, unit).partition(" ")[0]


def _drawn(trend: Trend, axis: Axis, points: Sequence[Dot]) -> str:
    """What is behind the dots, on a field of 100 by 100."""
    shapes = []
    if trend.own is not None and trend.own.low is not None and trend.own.high is not None:
        top, foot = axis.up(trend.own.high), min(100.0, axis.up(trend.own.low))
        shapes.append(f'<rect class=own x=0 width=100 y="{top}" height="{round(foot - top, 2)}"/>')
    if trend.usual is not None and trend.n >= ENOUGH:
        shapes.append(f'<path class=usual d="M0 {axis.up(trend.usual)}H100"/>')
    drawn = (axis.up(bound) for bound in bounds(trend))
    shapes += [f'<path class=bound d="M0 {height}H100"/>' for height in drawn if 0 <= height <= 100]
    if len(points) > 1:
        shapes.append(f'<path class=way d="M{"L".join(f"{point.x} {point.y}" for point in points)}"/>')
    shapes += _marks(points)
    return f'<svg viewBox="0 0 100 100" preserveAspectRatio=none aria-hidden=true>{"".join(shapes)}</svg>'


def _marks(points: Sequence[Dot]) -> list[str]:
    """Those that look alike as one shape: a stroke without a length has the shape of its ends, whatever the field's."""
    shapes = []
    for look in dict.fromkeys(point.classes for point in points):
        at = "".join(f"M{point.x} {point.y}h.01" for point in points if point.classes == look)
        shapes += [
            f'<path class="mark {look}{part}" d="{at}"/>' for part in ("", " core") if not part or "outside" in look
        ]
    return shapes


def _dot(point: Point, unit: str, x: float, y: float) -> Dot:
    sample, when = point.sample, day(point.begun)
    value, rests_on = written(sample.value, unit), basis(sample)
    return Dot(
        x=x,
        y=y,
        href=f"/report/{point.meeting}",
        classes=f"{place(sample)} {'' if sample.sure else 'hint'}".strip(),
        label=f"{when}, {point.title}: {value}, from {rests_on}. Open its report",
        tip=f"{value}\n{point.title}\n{when}, {rests_on}",
        side="left" if x > 100 - EDGE else "right" if x < EDGE else "",
    )


def _row(point: Point, unit: str) -> str:
    return (
        f'<tr><td><a href="/report/{escape(point.meeting)}">{day(point.begun)}</a> {escape(point.title)}</td>'
        f"<td>{escape(written(point.sample.value, unit))}</td><td>{escape(basis(point.sample))}</td></tr>"
    )
