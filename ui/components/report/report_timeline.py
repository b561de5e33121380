"""A session on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from ui.components.report.values import Lane


class ReportTimeline(ui.element, component="report_timeline.js"):
    """Lanes above each other, all of the same `seconds`. Its JavaScript also stands on "rostrum-report", which comes
    with `ReportSound`."""

    def __init__(self, seconds: float, lanes: Sequence[Lane]) -> None:
        super().__init__()
        self.show(seconds, lanes)

    def show(self, seconds: float, lanes: Sequence[Lane]) -> None:
        """It was corrected."""
        self._props.update({"seconds": seconds, "lanes": list(lanes)})
