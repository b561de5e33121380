"""The transcript of the report: what was found in it can be switched on, and what is wrong in it corrected."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import COACH
from engine.exports.readable import clean, fillers_of, text_of, words_read
from ui.components.report import ReportTranscript
from ui.components.report.values import LayerOut, LineOut, MarkOut, TranscriptOut
from ui.pages.report_reading import Reading

if TYPE_CHECKING:
    from engine.analysis.values import Line, Mark

LAYERS = {
    "filler": ("Fillers", True),
    "possible_filler": ("Possible fillers", False),
    "pause": ("Pauses", True),
    "question": ("Questions", True),
    "interruption": ("Interruptions", True),
    "fast": ("Fast", False),
    "slow": ("Slow", False),
    "monotone": ("Monotone", False),
    "quiet": ("Quiet", False),
    "hedge": ("Hedges", False),
    "repetition": ("Repetition", False),
    "monologue": ("Long turns", False),
}
"""The highlights, in the order of their switches, and whether they are on at first."""
TOGETHER = {"long_pause": "pause", "follow_up": "question"}
"""Layers that are switched with another one."""


def build(reading: Reading) -> None:
    """The tab's content."""
    desk, id = reading.studio.desk, reading.dossier.id

    async def change_text(line: int, words: str) -> None:
        await reading.correct(partial(desk.change_line, id, line, text=words))

    async def change_speaker(line: int, speaker: str) -> None:
        await reading.correct(partial(desk.change_line, id, line, speaker=speaker))

    async def swap() -> None:
        await reading.correct(partial(desk.swap_speakers, id))

    shown = ReportTranscript(transcript(reading), on_text=change_text, on_speaker=change_speaker, on_swap=swap)
    shown.on("copied", lambda event: ui.notify(str(event.args)))
    reading.follow(lambda: shown.show(transcript(reading)))


def transcript(reading: Reading) -> TranscriptOut:
    """All that the transcript shows."""
    marks = reading.dossier.analysis.marks
    count = Counter(TOGETHER.get(mark.layer, mark.layer) for mark in marks if mark.layer != "follow_up")
    layers = [LayerOut(id=id, name=name, count=count[id], on=on) for id, (name, on) in LAYERS.items()]
    fillers = fillers_of(marks)
    return TranscriptOut(
        lines=[
            _line(line, text_of(clean(words_read(line, fillers))))
            for line in reading.dossier.lines
            if line.speaker != COACH
        ],
        marks=[_mark(mark) for mark in marks],
        layers=[layer for layer in layers if layer["count"] or layer["id"] in {"filler", "pause", "question"}],
        names=dict(reading.names),
        recorded=reading.recorded,
    )


def _line(line: Line, cleaned: str) -> LineOut:
    words = [(word.text, round(word.start, 3), round(word.end, 3)) for word in line.words]
    return LineOut(
        id=line.id, speaker=line.speaker, start=line.start, end=line.end, text=line.text, clean=cleaned, words=words
    )


def _mark(mark: Mark) -> MarkOut:
    return MarkOut(
        layer=mark.layer,
        start=mark.start,
        end=mark.end,
        note=mark.note,
        line=mark.line,
        first=mark.first,
        last=mark.last,
    )
