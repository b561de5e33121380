"""The script as it was said, sentence by sentence."""

from __future__ import annotations

from typing import TypedDict

from nicegui import ui

from engine.rehearsal.review import Review
from engine.rehearsal.values import Extra, Fate


class PieceOut(TypedDict):
    kind: str
    script: str
    said: str


class RowOut(TypedDict, total=False):
    """A sentence, or something that was added. `fate`: said, changed, skipped, unreached or added. Seconds of the take;
    `took` and `budget`: seconds."""

    fate: str
    number: int
    text: str
    pieces: list[PieceOut]
    start: float | None
    end: float | None
    budget: float
    took: float
    wpm: int | None
    fillers: int
    pauses: int
    attempts: int


class TakeScript(ui.element, component="take_script.js", esm={"rostrum-rehearse": "web"}):
    """What became of each sentence. What was said has, if it was `recorded`, the attribute `data-hear`: see
    `ReportSound`."""

    def __init__(self, review: Review, *, recorded: bool) -> None:
        super().__init__()
        self._props.update({"rows": rows(review), "recorded": recorded})


def rows(review: Review) -> list[RowOut]:
    """All sentences in their order, what was added where it was said."""
    found: list[RowOut] = [_added(extra) for extra in review.added if extra.after == 0]
    for each in review.sentences:
        delivered = each.delivered
        unreached = delivered.fate is Fate.SKIPPED and delivered.index > review.reached
        found.append(
            RowOut(
                fate="unreached" if unreached else delivered.fate.value,
                number=delivered.index,
                text=delivered.text,
                pieces=[
                    PieceOut(kind=piece.kind.value, script=piece.script, said=piece.said) for piece in delivered.pieces
                ],
                start=delivered.start,
                end=delivered.end,
                budget=each.budget,
                took=each.took,
                wpm=round(each.wpm) if each.wpm else None,
                fillers=each.fillers,
                pauses=each.pauses,
                attempts=delivered.attempts,
            )
        )
        found += [_added(extra) for extra in review.added if extra.after == delivered.index]
    return found


def _added(extra: Extra) -> RowOut:
    return RowOut(fate="added", text=extra.text, start=extra.start, end=extra.end, took=extra.end - extra.start)
