"""Drills of sixty seconds. They are data, `data/report/drills.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """Something to practise for a minute. `measures`: ids of what it is good for, measured or not ("next_step")."""

    id: str
    title: str
    measures: tuple[str, ...]
    steps: tuple[str, ...]


@cache
def drills() -> Mapping[str, Drill]:
    """All drills by id, in the order of the file. Read once a process."""
    data = tomllib.loads((FOLDER / "drills.toml").read_text(encoding="utf-8"))["drills"]
    found = (
        Drill(id=row["id"], title=row["title"], measures=tuple(row["measures"]), steps=tuple(row["steps"]))
        for row in data
    )
    return {drill.id: drill for drill in found}


@cache
def drill_for(measure: str) -> Drill | None:
    """The drill that is most about `measure`: in whose list it stands furthest ahead."""
    fitting = [drill for drill in drills().values() if measure in drill.measures]
    return min(fitting, key=lambda drill: drill.measures.index(measure), default=None)
