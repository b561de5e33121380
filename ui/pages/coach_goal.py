"""A goal that can be counted: chosen by its measure, or typed; and what is understood of what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from engine.report.goals import Target, targets, uncounted
from engine.report.language import named
from ui.components.text import button, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Countable:
    """A measure that a goal can name: how it is written, and between what it is chosen, with the usual one."""

    name: str
    written: str
    least: int
    most: int
    usual: int
    step: int = 1


COUNTABLE = {
    "fillers": Countable(
        name="Fillers a minute, at most", written="at most {} fillers a minute", least=0, most=12, usual=3
    ),
    "share": Countable(
        name="My share of the talking, at most (%)",
        written="talk at most {} % of the time",
        least=10,
        most=90,
        usual=50,
        step=5,
    ),
    "questions": Countable(
        name="Questions I ask, at least", written="ask at least {} questions", least=1, most=20, usual=4
    ),
    "answer": Countable(
        name="One answer, at most (s)",
        written="answers under {} seconds",
        least=15,
        most=180,
        usual=60,
        step=15,
    ),
    "pace": Countable(
        name="Pace, around (words a minute)",
        written="pace {} to {}",
        least=90,
        most=200,
        usual=135,
        step=5,
    ),
}
PACE_ROOM = 15
"""Words a minute on either side of the pace that is set out."""


def sentence(measure: str, value: int) -> str:
    """The goal in words, as it would be typed."""
    chosen = COUNTABLE[measure]
    if measure == "pace":
        return chosen.written.format(value - PACE_ROOM, value + PACE_ROOM)
    return chosen.written.format(value)


def understood(goal: str) -> str:
    """What will be counted of `goal`, and what is kept as it is; "" of an empty one."""
    if not goal.strip():
        return ""
    counted, kept = targets(goal), uncounted(goal)
    quoted = ", ".join(f"“{part}”" for part in kept)
    if not counted:
        return "No number in it can be counted: it is kept as it is, and the report answers it as well as it can."
    told = f"Counted, and watched while you talk: {'; '.join(map(_told, counted))}."
    return told + (f" Kept as it is: {quoted}." if kept else "")


def _told(target: Target) -> str:
    unit = " %" if target.share else ""
    name = named()[target.id].name
    least, most = (None if bound is None else f"{bound:g}{unit}" for bound in (target.at_least, target.at_most))
    if least and most:
        return f"{name}, {least} to {most}"
    return f"{name}, at most {most}" if most else f"{name}, at least {least}"


class GoalHelp:
    """Stands below the field of the goal: `read` gives what it holds, `write` replaces it."""

    def __init__(self, read: Callable[[], str], write: Callable[[str], object]) -> None:
        self.read, self.write = read, write
        self.told = text("p", understood(read()), "faint goal-told").props("role=status")
        with ui.element("details").classes("goal-number"):
            text("summary", "Set a number")
            with ui.element("div").classes("goal-choice writing"):
                names = {id: one.name for id, one in COUNTABLE.items()}
                self.measure = ui.select(names, value="fillers").props(
                    "outlined dense options-dense aria-label='What is counted'"
                )
                self.value = ui.number(value=COUNTABLE["fillers"].usual).props("borderless dense aria-label='How much'")
                self.measure.on_value_change(self._measure_chosen)
                button("Add to the goal", "button", self.add)
        self._measure_chosen()

    def tell(self) -> None:
        """The goal has changed."""
        self.told.text = understood(self.read())

    def add(self) -> None:
        """Write the chosen number into the goal, in the place of one for the same measure."""
        chosen = COUNTABLE[self.measure.value]
        if self.value.value is None:
            self.told.text = f"Choose a number from {chosen.least} to {chosen.most} first."
            return
        value = round(min(chosen.most, max(chosen.least, float(self.value.value))))
        new = sentence(self.measure.value, value)
        same = {target.id for target in targets(new)}
        parts = [part.strip() for part in self.read().split(";")]
        kept = [part for part in parts if part and not same & {target.id for target in targets(part)}]
        whole = "; ".join([*kept, new])
        self.write(whole[0].upper() + whole[1:])

    def _measure_chosen(self) -> None:
        chosen = COUNTABLE[self.measure.value]
        self.value.value = chosen.usual
        self.value.props(f"min={chosen.least} max={chosen.most} step={chosen.step}")
