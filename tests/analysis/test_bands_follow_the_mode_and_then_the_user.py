"""Bands depend on what a conversation is for; after five sessions, on the user."""

import math
from dataclasses import replace

import pytest

from bench.analysis import session
from engine.analysis import Band, Confidence, Measure
from engine.analysis.analyse import analyse
from engine.analysis.bands import MODES, bands_of, baseline, mode_of
from engine.analysis.catalogue import KINDS
from engine.records import Aim
from tests.analysis.conversation import measured


def test_each_mode_has_a_name_and_bands_of_measures_that_exist():
    assert set(MODES) == {"conversation", "pitch", "interview", "networking", "sales", "one_to_one"}
    for mode in MODES.values():
        assert mode.label
        assert set(mode.bands) | set(mode.each_minute) <= set(KINDS)
        for band in (*mode.bands.values(), *mode.each_minute.values()):
            assert band.source
            assert band.low is not None or band.high is not None
            assert band.low is None or band.high is None or band.low < band.high


def test_the_users_own_band_is_that_of_the_line_over_time_too():
    own = {id: Band(low=2, high=3, source="yours") for id in ("wpm", "pitch_variation", "volume")}
    found = analyse(replace(session(1), own=own))
    assert {id: line.band for id, line in found.series.items()} == {
        "pace": own["wpm"],
        "pitch": own["pitch_variation"],
        "volume": own["volume"],
    }


def test_no_band_asks_for_more_than_the_session_lasted():
    assert "answer_length" not in bands_of("interview", 50)
    assert bands_of("interview", 300)["answer_length"].low == 60


@pytest.mark.parametrize(
    ("mode", "measure", "low", "high"),
    [
        ("pitch", "wpm", 110, 165),
        ("interview", "wpm", 120, 175),
        ("conversation", "wpm", 130, 190),
        ("networking", "talk_share", 35, 55),
        ("sales", "talk_share", 35, 55),
        ("interview", "talk_share", 50, 70),
        ("pitch", "talk_share", 50, 70),
        ("one_to_one", "talk_share", 40, 60),
        ("conversation", "longest_monologue", None, 60),
        ("sales", "longest_monologue", None, 150),
        ("interview", "answer_length", 60, 120),
        ("conversation", "patience", 0.3, 1.5),
    ],
)
def test_the_bands_are_those_of_the_document(mode, measure, low, high):
    band = bands_of(mode, 600)[measure]
    assert (band.low, band.high) == (low, high)


def test_one_pace_is_well_in_one_mode_and_too_fast_in_another():
    turn = ("user", 0, "word " * 120)
    within = {mode: measured(turn, mode=mode, each=60 / 180)["wpm"].within for mode in MODES}
    assert within["conversation"] is True and within["pitch"] is False and within["interview"] is False


def test_a_mode_that_nobody_knows_is_a_conversation():
    assert mode_of("juggling").id == "conversation" == Aim().mode
    assert bands_of("juggling", 60) == bands_of("conversation", 60)


def test_questions_are_asked_for_by_the_time_that_there_was():
    assert bands_of("networking", 10 * 60)["questions"].low == 5
    assert "questions" not in bands_of("networking", 60)
    assert (bands_of("sales", 40 * 60)["questions"].low, bands_of("sales", 40 * 60)["questions"].high) == (11, 14)
    assert "questions" not in bands_of("sales", 10 * 60)


def test_five_sessions_make_a_baseline():
    assert baseline([150, 160, 170, 180]) is None
    assert baseline([150, 160, 170, 180, math.nan]) is None
    band = baseline([150, 160, 170, 180, 300])
    assert (band.low, band.high, band.source) == (pytest.approx(136), pytest.approx(204), "yours")


def test_of_other_measures_it_is_the_middle_half_of_the_sessions():
    band = baseline([1, 2, 3, 4, 5, 6, 50], "hedges")
    assert (band.low, band.high) == (pytest.approx(2.5), pytest.approx(5.5))
    still = baseline([40] * 5, "talk_share")
    assert (still.low, still.high) == (pytest.approx(36), pytest.approx(44))
    none = baseline([0, 0, 0, 0, 0], "interruptions")
    assert (none.low, none.high) == (0, 0)


def test_within_needs_a_value_and_a_band():
    measure = Measure(id="wpm", value=None, unit="wpm", n=0, of="words", confidence=Confidence.NONE, why="none")
    assert measure.within is None
