"""Who there is to talk with: the personas that ship in `data/personas/`, one file each, named after their ids."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from engine.records import Persona

FOLDER = Path(__file__).parents[1] / "data" / "personas"
PARTNER = "partner"
"""Id of the one that API clients talk with unless they name another."""


@cache
def shipped() -> tuple[Persona, ...]:
    """All that ship with Rostrum, in the order of their ids."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def _read(path: Path) -> Persona:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Persona(**data | {"id": path.stem, "questions": tuple(data["questions"])})
