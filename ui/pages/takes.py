"""What the pages about takes have in common: how they tell of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from ui.components.text import tab_title, text

if TYPE_CHECKING:
    from engine.rehearsal.review import Review


def minutes(seconds: float) -> str:
    """ "1:05"."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def telling(review: Review) -> str:
    """The one number of a take: how much of it was said as it is written."""
    said = review.as_written
    if said is None:
        return "nothing understood"
    share = f"{100 * said:.0f} % as written"
    return f"{share}, to sentence {review.reached} of {len(review.sentences)}" if review.unreached else share


def missing_pitch() -> None:
    """There is none of that id."""
    with ui.element("div").classes("empty head"):
        tab_title("Not here")
        text("h1", "This pitch is not here")
        text("p", "It may have been deleted. Takes of it are kept in your history.", "soft")
        ui.link("All pitches", "/pitches").classes("button")


def missing_take() -> None:
    """There is none of that id."""
    with ui.element("div").classes("empty head"):
        tab_title("Not here")
        text("h1", "This take is not here")
        text("p", "It may have been deleted.", "soft")
        ui.link("All pitches", "/pitches").classes("button")
