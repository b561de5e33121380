"""The transcript of a session, to read, hear and correct."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from ui import icons
from ui.components.report.values import TranscriptOut


class ReportTranscript(ui.element, component="report_transcript.js"):
    """`on_text` is told the id of a line and its new text, `on_speaker` the id and who said it, `on_swap` that all are
    to be swapped. Its JavaScript also stands on "rostrum-report", which comes with `ReportSound`."""

    def __init__(
        self,
        shown: TranscriptOut,
        *,
        on_text: Callable[[int, str], Awaitable[None]],
        on_speaker: Callable[[int, str], Awaitable[None]],
        on_swap: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._props["pencil"] = icons.shapes()["pencil"]
        self.show(shown)
        self.on("text", lambda event: on_text(_line(event), str(event.args["text"])))
        self.on("speaker", lambda event: on_speaker(_line(event), str(event.args["speaker"])))
        self.on("swap", lambda _: on_swap())

    def show(self, shown: TranscriptOut) -> None:
        """It was corrected."""
        self._props.update(dict(shown))


def _line(event: events.GenericEventArguments) -> int:
    return int(event.args["line"])
