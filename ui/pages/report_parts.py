"""What several tabs of the report are made of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from engine.report.drills import drills
from engine.transcript import clock
from ui.components.behind_a_click import behind_a_click
from ui.components.text import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.analysis.values import Evidence, Line

BEFORE, AFTER = 4, 5
"""Words around a moment that are shown with it."""
MOST = 40
"""Moments of one measure that are listed; the transcript has all of them."""


def moment(start: float, end: float | None, recorded: bool) -> ui.element:
    """A button that plays from `start`, or shows the words there; with `end` it stops after the moment."""
    button = text("button", clock(start), "moment number").props("type=button")
    button.props["aria-label"] = f"{'Hear' if recorded else 'Read'} the moment at {clock(start)}"
    button.props["data-hear"] = f"{start:.2f}"
    if end is not None:
        button.props["data-until"] = f"{end:.2f}"
    return button


def sentences(title: str, said: Iterable[str], classes: str = "") -> None:
    """A heading and its list."""
    with ui.element("section").classes(f"listed {classes}"):
        text("h2", title)
        with ui.element("ul"):
            for sentence in said:
                text("li", sentence)


def drill(id: str) -> None:
    """Sixty seconds of practice, behind a click; nothing where there is no such drill."""
    found = drills().get(id)
    if found is None:
        return
    with ui.element("details").classes("drill"):
        text("summary", f"Drill: {found.title}")
        with ui.element("ol"):
            for step in found.steps:
                text("li", step)


def moments(evidence: Iterable[Evidence], lines: Mapping[int, Line], recorded: bool) -> str:
    """The moments of a measure as HTML, behind a click; "" without any. What was said is escaped."""
    found = list(evidence)
    if not found:
        return ""
    listed = "".join(_listed(each, lines, recorded) for each in found[:MOST])
    more = f"<li class=soft>and {len(found) - MOST} more, in the transcript</li>" if len(found) > MOST else ""
    verb = "Hear" if recorded else "Read"
    what = "the moment" if len(found) == 1 else f"the {len(found)} moments"
    return behind_a_click(f"{verb} {what}", f"<ol>{listed}{more}</ol>", "moments")


def _listed(evidence: Evidence, lines: Mapping[int, Line], recorded: bool) -> str:
    at = clock(evidence.start)
    play = (
        f'<button type=button class="moment number" data-hear={evidence.start:.2f} data-until={evidence.end:.2f}'
        f' aria-label="{"Hear" if recorded else "Read"} the moment at {at}">{at}</button>'
    )
    line = lines.get(evidence.line) if evidence.line is not None else None
    return f"<li>{play}<span>{_context(evidence, line)}</span></li>"


def _context(evidence: Evidence, line: Line | None) -> str:
    """The words of a moment, in bold among those around them."""
    words = line.words if line else ()
    inside = [
        i for i, word in enumerate(words) if evidence.start - 0.02 <= (word.start + word.end) / 2 <= evidence.end + 0.02
    ]
    if not inside:
        return escape(evidence.text)
    first, last = inside[0], inside[-1] + 1
    before, after = max(0, first - BEFORE), last + AFTER
    said = [
        " ".join(escape(word.text) for word in words[i:j]) for i, j in ((before, first), (first, last), (last, after))
    ]
    lead, trail = "… " if before else "", " …" if after < len(words) else ""
    return f"{lead}{said[0]} <b>{said[1]}</b> {said[2]}{trail}".strip()
