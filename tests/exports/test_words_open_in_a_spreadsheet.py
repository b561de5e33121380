"""Every word as a row, and no word as a formula."""

from __future__ import annotations

import csv
import io

import pytest

from engine.analysis.values import Line
from engine.exports.spreadsheet import as_csv
from tests.exports.sessions import coached, fillers, line


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeffline,speaker,word,start,end,confidence,filler\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_every_word_is_a_row_with_its_times_and_its_kind() -> None:
    session = coached()
    found = rows(as_csv(session.lines, session.analysis.marks, {"user": "Asha", "partner": "Sam"}))
    assert [row["word"] for row in found] == " ".join(each.text for each in session.lines).split()
    assert {row["speaker"] for row in found} == {"Asha", "Sam"}
    assert all(float(row["start"]) <= float(row["end"]) for row in found)
    assert {row["word"].strip(",") for row in found if row["filler"] == "sure"} >= {"um", "uh", "you", "know"}
    assert found[0] | {"start": "", "end": ""} == {
        "line": "11",
        "speaker": "Sam",
        "word": "Hi,",
        "start": "",
        "end": "",
        "confidence": "1.00",
        "filler": "",
    }


@pytest.mark.parametrize("word", ["=1+2", "+31", "-5", "@sum", "=HYPERLINK(0)"])
def test_a_word_that_a_spreadsheet_would_compute_is_shown_as_it_is(word: str) -> None:
    [row] = rows(as_csv((line(word),), (), {"user": "=Asha"}))
    assert row["word"] == f"'{word}"
    assert row["speaker"] == "'=Asha"


def test_commas_quotes_and_line_ends_stay_in_their_cell() -> None:
    [first, second] = rows(as_csv((line('a,"b\n\tc'),), (), {"user": "As\nha"}))
    assert (first["word"], second["word"]) == ('a,"b', "c")
    assert first["speaker"] == "As\nha"


def test_words_whose_times_nobody_told_have_none() -> None:
    typed = Line(id=4, speaker="user", text="I typed this", start=3.0, end=3.0)
    found = rows(as_csv((typed,), (), {}))
    assert [(row["word"], row["start"], row["end"], row["confidence"]) for row in found] == [
        (word, "", "", "") for word in ("I", "typed", "this")
    ]


def test_both_kinds_of_fillers_are_told_apart() -> None:
    said = line("um well like so")
    marks = fillers(said, 0) + fillers(said, 1, 2, layer="possible_filler")
    found = rows(as_csv((said,), marks, {}))
    assert [row["filler"] for row in found] == ["sure", "possible", "possible", ""]
