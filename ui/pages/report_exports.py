"""The report's files, and forgetting the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.errors import NotFound
from engine.exports.naming import file_name
from ui.components.confirm import confirm
from ui.components.text import button, text
from ui.pages.report_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "The report": {
        "pdf": ("PDF", "To print or to send: the report, its plots and the transcript."),
        "md": ("Markdown", "To paste into notes."),
    },
    "The transcript": {
        "srt": ("SRT", "Subtitles for a video."),
        "vtt": ("WebVTT", "Subtitles for a web page."),
        "csv": ("CSV", "Every word with its times, for a spreadsheet."),
    },
    "Everything": {
        "json": ("JSON", "Report, numbers, moments and words, for programs."),
        "wav": ("WAV", "The recording, you on the left."),
    },
}


def build(reading: Reading) -> None:
    """The tab's content."""

    @ui.refreshable
    def shown() -> None:
        _shown(reading)

    shown()
    reading.follow(shown.refresh)


def _shown(reading: Reading) -> None:
    for title, files in FILES.items():
        with ui.element("section").classes("files"):
            text("h2", title)
            with ui.element("ul"):
                for ending, (name, what) in files.items():
                    if ending != "wav" or reading.recorded:
                        _file(reading, ending, name, what)
    with ui.element("section").classes("kept"):
        text("p", "All of this is on this machine only.")
        with ui.element("div"):
            if reading.recorded:
                button("Delete the recording", "quiet", lambda: _delete_recording(reading))
            button("Delete the session", "quiet", lambda: _delete(reading))


def _file(reading: Reading, ending: str, name: str, what: str) -> None:
    address = f"/api/v1/sessions/{reading.dossier.id}/export.{ending}"
    with ui.element("li"), ui.link(target=address).props(f"download={file_name(reading.dossier, ending)}"):
        text("b", name)
        text("span", what, "soft")


def _delete_recording(reading: Reading) -> None:
    confirm(
        "Delete the recording?",
        "Nobody can hear it any more, and that cannot be undone. The transcript and the report stay.",
        keep="Keep it",
        delete="Delete it",
        then=reading.forget_recording,
    )


def _delete(reading: Reading) -> None:
    archive, id = reading.studio.store.archive, reading.dossier.id

    async def then() -> None:
        try:
            await run.io_bound(archive.remove, id)
        except NotFound:
            ui.notify("It was deleted already.")
        ui.navigate.to("/history")

    also = ", its recording" if reading.recorded else ""
    confirm(
        "Delete this session?",
        f"Its transcript{also} and its report will be gone, and that cannot be undone.",
        keep="Keep it",
        delete="Delete it",
        then=then,
    )
