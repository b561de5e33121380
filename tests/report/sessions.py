"""Made-up sessions to report on: what was said, in scripts, and what is measured of it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from engine.analysis.analyse import analyse
from engine.analysis.values import Capability, Line, Material, Span
from engine.providers.base import Word
from engine.records import Aim
from engine.report.values import Brief

_PAUSE = re.compile(r"<([\d.]+)>")


def material(script, *, mode="conversation", capability=Capability.VERBATIM, goal="", context="", seconds=None):
    """A session of `script`, written as in `sessions.toml`; half a second passes between two lines."""
    lines, at = [], 1.0
    for number, row in enumerate(filter(None, map(str.strip, script.strip().splitlines()))):
        head, text = row.split(": ", 1)
        who, rate = head.split()
        words = list(_timed(text, at, int(rate)))
        lines.append(
            Line(
                id=number,
                speaker={"U": "user", "P": "partner", "C": "coach"}[who],
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=words[-1].end,
                words=tuple(words),
            )
        )
        at = words[-1].end + 0.5
    return Material(
        seconds=seconds or at + 1,
        lines=tuple(lines),
        speech={who: _spans([line for line in lines if line.speaker == who]) for who in ("user", "partner")},
        mode=mode,
        capability=capability,
        goal=goal,
        context=context,
    )


def _timed(text, at, rate):
    for piece in text.split():
        if pause := _PAUSE.fullmatch(piece):
            at += float(pause[1])
            continue
        seconds = 60 / rate * (0.4 + 0.6 * len(piece) / 4.4)
        yield Word(text=piece, start=round(at, 3), end=round(at + seconds, 3))
        at += seconds


def _spans(lines):
    found = []
    for word in (word for line in lines for word in line.words):
        if found and word.start - found[-1][1] < 0.25:
            found[-1][1] = word.end
        else:
            found.append([word.start, word.end])
    return [Span(start=start, end=end) for start, end in found]


def brief(script, *, aim=None, **more):
    aim = aim or Aim()
    made = material(script, goal=aim.goal, context=aim.context, mode=aim.mode, **more)
    return Brief(material=made, analysis=analyse(made), aim=aim)


@cache
def sessions():
    """The briefs of `sessions.toml`, by name."""
    told = tomllib.loads((Path(__file__).parent / "sessions.toml").read_text(encoding="utf-8"))
    return {name: _brief(**row) for name, row in told.items()}


def _brief(script, capability="verbatim", seconds=None, **aim):
    return brief(script, aim=Aim(**aim), capability=Capability(capability), seconds=seconds)
