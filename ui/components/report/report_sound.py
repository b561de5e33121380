"""What was recorded of a session, at the foot of its report."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from ui.components.report.values import Caption


class ReportSound(ui.element, component="report_sound.js", esm={"rostrum-report": "web"}):
    """The only thing that sounds. `source` is an audio file's address, "" where nothing was recorded; `you` is
    what the captions call the user.

    Whatever on the page has the attribute `data-hear` (seconds, and `data-until`, where it is to stop) is heard from
    there when it is clicked; without a recording the transcript is shown there instead.
    """

    def __init__(self, source: str, seconds: float, captions: Sequence[Caption], you: str) -> None:
        super().__init__()
        self._props.update({"source": source, "seconds": seconds, "captions": list(captions), "you": you})

    def show(self, source: str, captions: Sequence[Caption]) -> None:
        """It was corrected, or its recording deleted."""
        self._props.update({"source": source, "captions": list(captions)})
