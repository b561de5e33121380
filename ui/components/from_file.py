"""A button by which a file is brought from the computer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.events import UploadEventArguments

from ui.components.text import Text, text
from ui.i18n import t

OPEN = "event => getElement(%d).$refs.qRef.pickFiles(event)"
"""In the browser, which opens the choice of a file only while it handles the click."""

HOLD = "event => event.preventDefault()"
"""… which would open the file that is dropped instead of the page."""
DROP = "event => { event.preventDefault(); getElement(%d).$refs.qRef.addFiles(event.dataTransfer.files); }"


def from_file(
    words: str,
    take: Callable[[UploadEventArguments], Awaitable[None]],
    refuse: Callable[[str], object],
    *,
    endings: Sequence[str],
    most_bytes: int,
) -> Text:
    """A button with `words` on it. `take` is given the file that is chosen, or dropped on it; where it has none of the
    `endings` or more than `most_bytes`, it is not sent, and `refuse` is told what was expected."""
    either = f" {t('or')} ".join(endings)
    expected = t("The file: expected {endings}, at most {most} kB", endings=either, most=most_bytes // 1000)
    files = ui.upload(on_upload=take, on_rejected=lambda: refuse(expected), max_file_size=most_bytes, auto_upload=True)
    files.props["accept"] = ",".join(endings)
    files.classes("hidden")  # its own button has no name and holds another control
    opens = text("button", words, "button").props("type=button")
    opens.on("click", js_handler=OPEN % files.id)
    opens.on("dragover", js_handler=HOLD)
    opens.on("drop", js_handler=DROP % files.id)
    return opens
