"""What a report is made of. Every quote stands in the transcript and every number is a computed one: see `gate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.analysis.values import Analysis, Material
from engine.records import Aim


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A star or the wish. `text` is the whole of it, at most 30 words, as the protocol's plain string.

    `claim`: the behaviour; `quote`: the user's own words it is tied to ("" where it is tied to a moment only), said at
    `start` to `end` (seconds of the session); `metric`: the id of the measure it rests on, if any; `why`: its effect on
    a listener; `try_next`: what to do; `drill`: the id of a drill (see `drills`), for the wish.
    """

    text: str
    claim: str
    quote: str = ""
    start: float | None = None
    end: float | None = None
    metric: str | None = None
    why: str = ""
    try_next: str = ""
    drill: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Two stars and a wish, and what goes with them. `goal_answer`: one or two sentences on the goal that was set.
    `written_by`: "template" or the language model's label. `missing`: what could not be measured and why."""

    stars: tuple[Remark, Remark]
    wish: Remark
    takeaways: tuple[str, ...]
    summary: tuple[str, ...]
    filler_percentage: float
    goal_answer: str = ""
    compared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    written_by: str = "template"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Earlier:
    """A session of the same user before this one. `mode` is a key of `analysis.bands.MODES`."""

    mode: str
    analysis: Analysis


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brief:
    """All that a report is written from. `previous`: sessions before this one, the newest first, of any mode: those
    that can be compared are chosen."""

    material: Material
    analysis: Analysis
    aim: Aim
    previous: Sequence[Earlier] = ()
