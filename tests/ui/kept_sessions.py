"""Sessions of which only the numbers matter: their summaries are kept as a measured session leaves them behind."""

from __future__ import annotations

import uuid
from datetime import timedelta

from engine.clock import wall
from engine.messages import Said
from engine.records import Aim
from engine.store import Store
from tests.progress.sessions import sample


def kept(
    store: Store,
    days: float = 0,
    *,
    title: str = "A coffee",
    said: str = "we make cups",
    mode: str = "conversation",
    capability: str = "verbatim",
    sure: bool = True,
    **values: float,
) -> str:
    """The id of a coached session, begun so many `days` ago."""
    id, begun = uuid.uuid4().hex, wall() - timedelta(days=days)
    store.sessions.begin(id, Aim(mode=mode), begun, title)
    store.add_line(id, Said(speaker="partner", text="What do you do?", start=0.5, end=2.0), begun)
    store.add_line(id, Said(speaker="user", text=said, start=2.5, end=9.0), begun)
    measures = {measure: sample(measure, value, sure=sure) for measure, value in values.items()}
    store.sessions.keep_summary(id, capability, measures, 0)
    return id
