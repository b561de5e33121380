"""Asking once before something is deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from ui.components.text import button, text
from ui.i18n import t


def confirm(question: str, what_goes: str, *, keep: str, delete: str, then: Callable[[], Awaitable[None]]) -> None:
    """Ask `question`, saying `what_goes`; `then` is called where the answer is `delete`. `keep` has the focus."""
    dialog = ui.dialog(value=True)
    dialog.props["aria-label"] = t(question)
    dialog.on("hide", dialog.delete)

    async def agreed() -> None:
        dialog.close()
        await then()

    with dialog, ui.element("div").classes("sheet").props("role=alertdialog") as sheet:
        sheet.props["aria-label"] = t(question)
        text("h2", question)
        text("p", what_goes, "soft")
        with ui.element("div").classes("ends"):
            button(keep, "button", dialog.close).props("autofocus")
            button(delete, "button danger", agreed)
