"""What vendors ask, roughly: `data/prices.toml`. For an estimate and a limit, never a bill."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from engine.providers.base import About

FILE = Path(__file__).parents[2] / "data" / "prices.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for `per` of `unit` of the models that `model` matches (`*` for anything)."""

    provider: str
    model: str
    unit: str
    usd: float
    per: float


def usd(about: About, unit: str, amount: float) -> float | None:
    """What `amount` of `unit` costs there; None where that is not known. Of several that fit, the first in the file."""
    for price in _all():
        if price.provider == about.name and price.unit == unit and fnmatchcase(about.model, price.model):
            return amount * price.usd / price.per
    return None


@cache
def _all() -> tuple[Price, ...]:
    return tuple(Price(**each) for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["price"])
