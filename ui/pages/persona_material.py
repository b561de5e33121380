"""What somebody of one's own has read: pasted, or taken from a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from engine import grounding
from engine.errors import BadInput
from engine.records import Document
from ui.components.from_file import from_file
from ui.components.text import button, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nicegui.events import UploadEventArguments

MOST = 4
HINT = "Paste it here. Markdown and the source of a web page are fine; nothing is fetched from anywhere."
SHOWN = 3
"""Questions that are shown of it."""


@dataclass(slots=True)
class Piece:
    kind: str
    text: str = ""


class MaterialFields:
    """The pieces of the form: `values` is what a persona keeps of them."""

    def __init__(self, given: Sequence[dict[str, str]]) -> None:
        self.pieces = [Piece(each["kind"], each["text"]) for each in given]
        with ui.element("section").classes("writing material"):
            text("span", "What they have read about you", "title")
            text("p", "A CV, a job advert, a deck: they ask about what stands in it, word for word.", "faint")
            self.shown = ui.refreshable(self._list)
            self.shown()
            self.told = text("p", "", "faint").props("role=status")

    def values(self) -> list[dict[str, str]]:
        return [{"kind": piece.kind, "text": piece.text} for piece in self.pieces if piece.text.strip()]

    def complain(self, message: str) -> None:
        """Say what cannot be kept."""
        self.told.text = message

    def _list(self) -> None:
        for number, piece in enumerate(self.pieces, 1):
            self._piece(number, piece)
        if len(self.pieces) < MOST:
            with ui.element("div").classes("acts"):
                button("Add material" if not self.pieces else "Add more", "button", self._add)
                self._upload()

    def _piece(self, number: int, piece: Piece) -> None:
        with ui.element("div").classes("piece"):
            with ui.element("div").classes("piece-head"):
                kind = ui.select(grounding.labels(), value=piece.kind).props("outlined dense options-dense")
                kind.props["aria-label"] = f"What piece {number} is"
                kind.on_value_change(lambda event: self._change(piece, kind=event.value))
                remove = button("Remove", "quiet", lambda: self._remove(piece))
                remove.props["aria-label"] = f"Remove piece {number}"
            area = ui.textarea(value=piece.text, placeholder=HINT).props("borderless debounce=300")
            area.props["aria-label"] = f"Text of piece {number}"
            asked = text("p", asks(piece), "faint asks")

            def typed(value: str) -> None:
                piece.text = value
                asked.text = asks(piece)

            area.on_value_change(lambda event: typed(str(event.value or "")))

    def _upload(self) -> None:
        from_file(
            "From a file",
            self._take,
            lambda why: self.complain(f"{why}."),
            endings=(".txt", ".md", ".markdown", ".html", ".htm"),
            most_bytes=grounding.MOST_BYTES,
        )

    async def _take(self, event: UploadEventArguments) -> None:
        try:
            read = grounding.of_file(event.file.name, await event.file.read())
        except BadInput as error:
            self.complain(f"{error}.")
            return
        self.pieces.append(Piece(_guessed(event.file.name), read))
        self.complain("")
        self.shown.refresh()

    def _add(self) -> None:
        free = [kind for kind in grounding.labels() if kind not in {piece.kind for piece in self.pieces}]
        self.pieces.append(Piece(free[0] if free else "notes"))
        self.shown.refresh()

    def _remove(self, piece: Piece) -> None:
        self.pieces.remove(piece)
        self.shown.refresh()

    def _change(self, piece: Piece, *, kind: str) -> None:
        piece.kind = kind
        self.shown.refresh()


def asks(piece: Piece) -> str:
    """What will be asked of it, so that one sees whether it was understood."""

    if not piece.text.strip():
        return ""
    found = grounding.questions([Document(kind=piece.kind, text=grounding.plain(piece.text)[: grounding.LONGEST])])
    if not found:
        return "Nothing in it can be asked about word for word: a language model would still read it."
    return "\n".join(["They will ask, for example:", *found[:SHOWN]])


def _guessed(name: str) -> str:
    """What a file holds, by its name."""
    words = name.lower()
    if any(word in words for word in ("cv", "resume", "lebenslauf")):
        return "cv"
    if any(word in words for word in ("job", "advert", "vacancy", "position")):
        return "advert"
    if any(word in words for word in ("deck", "slides", "pitch")):
        return "deck"
    return "page" if words.endswith((".html", ".htm")) else "notes"
