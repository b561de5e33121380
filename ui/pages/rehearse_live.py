"""A take while it goes on: the prompter does everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.rehearsal.budget import shares
from ui.components.rehearse_link import RehearseLink
from ui.components.text import tab_title
from ui.pages.takes import missing_take

if TYPE_CHECKING:
    from ui.studio import Studio


def build(studio: Studio, take_id: str, start: str) -> None:
    """The page's content; `start` not empty begins at once."""
    try:
        take = studio.store.takes.take(take_id)
    except NotFound:
        return missing_take()
    tab_title("Rehearsing")
    RehearseLink(take.id, sentences=take.script, shares=shares(take.script, take.budget), start=bool(start))
    return None
