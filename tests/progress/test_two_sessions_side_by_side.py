"""Two sessions compared: by how much, from how much, and what is not to be compared."""

from __future__ import annotations

from dataclasses import replace

from engine.progress import compare
from tests.progress.sessions import sample, summary


def test_each_measure_that_both_have_is_told_with_what_it_rests_on() -> None:
    found = compare(
        summary(0, wpm=150.0, filler_percentage=6.0, questions=4), summary(1, wpm=151.0, filler_percentage=3.0)
    )
    assert [change.measure for change in found.changes] == ["wpm", "filler_percentage"]
    pace, fillers = found.changes
    assert fillers.text == "Fillers: 6 % (300 words), then 3 % (300 words): 3 points less."
    assert pace.text == "Pace: 150 words a minute (300 words), then 151 words a minute (300 words): about the same."
    assert (pace.better, fillers.better) == (None, True)
    assert found.caveats == ()


def test_fillers_that_were_heard_differently_well_are_not_compared() -> None:
    found = compare(
        summary(0, wpm=150.0, filler_percentage=6.0),
        summary(1, capability="stripped", wpm=150.0, filler_percentage=0.0),
    )
    assert [change.measure for change in found.changes] == ["wpm"]
    assert "they are not compared" in found.caveats[0]


def test_two_kinds_of_conversation_are_compared_with_a_caveat() -> None:
    found = compare(summary(0, wpm=150.0), summary(1, mode="pitch", wpm=120.0))
    assert len(found.changes) == 1
    assert "two kinds of conversation" in found.caveats[0]


def test_a_hint_is_called_one() -> None:
    before = replace(summary(0), measures={"wpm": sample("wpm", 150.0, n=40, sure=False)})
    found = compare(before, summary(1, wpm=200.0))
    assert "150 words a minute (40 words, a hint)" in found.changes[0].text
    assert "only a hint" in found.caveats[-1]


def test_nothing_in_common_is_nothing_to_compare() -> None:
    assert compare(summary(0), summary(1, wpm=150.0)).changes == ()
