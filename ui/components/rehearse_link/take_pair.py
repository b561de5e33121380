"""Two takes of one pitch, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from nicegui import ui

from engine.rehearsal.values import Fate
from ui.components.rehearse_link.take_script import RowOut


class ColumnOut(TypedDict):
    """A take: what it is called, its sentences, and the address of its sound, "" where it was not recorded."""

    name: str
    rows: list[RowOut]
    sound: str


class TakePair(ui.element, component="take_pair.js", esm={"rostrum-rehearse": "web"}):
    """Both `columns` beside each other by `sentences`; each sentence of a recorded take can be heard."""

    def __init__(self, sentences: Sequence[str], columns: Sequence[ColumnOut]) -> None:
        super().__init__()
        self._props.update({"sentences": list(sentences), "columns": list(columns)})


def plain(rows: Sequence[RowOut]) -> list[RowOut]:
    """Without what was added, which belongs to no sentence."""
    return [row for row in rows if row["fate"] in {*(fate.value for fate in Fate), "unreached"}]
