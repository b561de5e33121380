"""Every word as a row of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from engine.analysis.values import COACH, Line, Mark
from engine.exports.readable import fillers_of, words_read

COLUMNS = ("line", "speaker", "word", "start", "end", "confidence", "filler")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(lines: Sequence[Line], marks: Sequence[Mark], names: Mapping[str, str]) -> str:
    """UTF-8 with a byte order mark, without which spreadsheets read anything but English wrongly. `start` and `end` in
    seconds; they and `confidence` are empty for words whose times nobody told. `filler`: sure, possible or empty."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(COLUMNS)
    fillers = fillers_of(marks)
    for line in lines:
        if line.speaker == COACH:
            continue
        name = _harmless(names.get(line.speaker, line.speaker))
        for word in words_read(line, fillers):
            timed = word.confidence is not None
            times = [f"{word.start:.3f}", f"{word.end:.3f}", f"{word.confidence:.2f}"] if timed else ["", "", ""]
            writer.writerow([line.id, name, _harmless(word.text), *times, word.filler])
    return "\ufeff" + rows.getvalue()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet would compute gets an apostrophe before it, and is shown as it is."""
    return f"'{text}" if text.startswith(_FORMULA) else text
