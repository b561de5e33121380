"""The trend of a measure: comparable sessions only, the own median, and no word where chance would do."""

from __future__ import annotations

import random

import pytest

from engine.analysis.values import Confidence
from engine.progress import Direction, Trend, comparable, kinds, own_bands, trends
from tests.progress.sessions import series, summary


def trend(summaries, measure: str = "filler_percentage") -> Trend:
    [found] = [each for each in trends(summaries, "conversation", "verbatim") if each.measure == measure]
    return found


@pytest.mark.parametrize(
    ("values", "direction", "better"),
    [
        ([6, 5, 4, 3], Direction.DOWN, True),
        ([3, 4, 5, 6, 7], Direction.UP, False),
        ([6, 5.5, 5.8, 5, 4.4, 4.6, 4, 3.8], Direction.DOWN, True),
        ([4, 5, 4, 5, 4, 5, 4, 5], Direction.STEADY, None),
        ([4, 4, 4, 4, 4], Direction.STEADY, None),
        ([6, 5, 4], Direction.UNKNOWN, None),
        ([5], Direction.UNKNOWN, None),
    ],
)
def test_fillers_rise_fall_or_stay(values, direction: Direction, better: bool | None) -> None:
    found = trend(series("filler_percentage", values))
    assert (found.direction, found.better, found.n) == (direction, better, len(values))


@pytest.mark.parametrize(
    ("values", "better"),
    [
        ([220, 210, 200, 190, 180], True),
        ([100, 110, 120, 125], True),
        ([180, 190, 200, 210], False),
        ([140, 150, 160, 170], None),
    ],
)
def test_a_pace_gets_better_towards_its_band_from_either_side(values, better: bool | None) -> None:
    assert trend(series("wpm", values), "wpm").better is better


def test_one_odd_session_makes_no_trend() -> None:
    assert trend(series("filler_percentage", [4, 4.1, 3.9, 4, 15])).direction is Direction.STEADY
    assert trend(series("filler_percentage", [6, 5.5, 5, 20, 4.5, 4, 3.5, 3])).direction is Direction.DOWN


def test_chance_is_rarely_taken_for_a_trend() -> None:
    """Of sessions in any order, about one in ten at most."""
    rng = random.Random(7)
    wrong = sum(
        trend(series("filler_percentage", [rng.gauss(4, 1) for _ in range(10)])).direction is not Direction.STEADY
        for _ in range(300)
    )
    assert wrong <= 36


def test_a_steady_change_within_noise_is_found() -> None:
    rng = random.Random(7)
    found = [
        trend(series("filler_percentage", [6 - 0.25 * at + rng.gauss(0, 0.5) for at in range(12)])).direction
        for _ in range(100)
    ]
    assert found.count(Direction.DOWN) >= 95


def test_only_sessions_of_one_mode_heard_equally_well_are_compared() -> None:
    mixed = [
        *series("filler_percentage", [6, 5, 4, 3]),
        summary(10, mode="pitch", filler_percentage=40),
        summary(11, capability="recovered", filler_percentage=50),
    ]
    assert [point.sample.value for point in trend(mixed).points] == [6, 5, 4, 3]
    assert kinds(mixed) == [("conversation", "recovered", 1), ("pitch", "verbatim", 1), ("conversation", "verbatim", 4)]


def test_the_latest_thirty_count_the_oldest_first() -> None:
    found = comparable(series("wpm", range(100, 140))[::-1], "conversation", "verbatim")
    assert [each.measures["wpm"].value for each in found] == list(range(110, 140))


def test_hints_are_shown_and_do_not_count() -> None:
    sessions = [*series("wpm", [140, 150, 160]), summary(9, sure=False, wpm=400)]
    found = trend(sessions, "wpm")
    assert len(found.points) == 4
    assert (found.n, found.usual, found.direction) == (3, 150, Direction.UNKNOWN)
    assert found.confidence is Confidence.LOW


def test_the_own_median_and_from_five_sessions_on_the_own_band() -> None:
    found = trend(series("wpm", [140, 150, 160, 170]), "wpm")
    assert (found.usual, found.own) == (155, None)
    sessions = series("wpm", [140, 150, 160, 170, 180])
    own = own_bands(sessions, "conversation", "verbatim")
    assert (own["wpm"].low, own["wpm"].high, own["wpm"].source) == (pytest.approx(128), pytest.approx(192), "yours")


@pytest.mark.parametrize(
    ("measure", "values", "text"),
    [
        ("filler_percentage", [6, 5, 4, 3], "Fillers: falling, from about 6 % to 3 % over 4 sessions."),
        ("wpm", [150, 148, 152, 148], "Pace: steady around 149 words a minute over 4 sessions."),
        ("wpm", [150, 148], "Pace: 2 sessions so far; a trend takes 4."),
        ("wpm", [150], "Pace: One session so far; a trend takes 4."),
        (
            "longest_monologue",
            [90, 75, 61, 30],
            "Longest stretch of yours: falling, from about 1:34 min to 41.8 s over 4 sessions.",
        ),
    ],
)
def test_it_says_in_a_sentence_what_it_shows(measure: str, values, text: str) -> None:
    assert trend(series(measure, values), measure).text == text


def test_no_sessions_have_no_trends() -> None:
    assert trends([], "conversation", "verbatim") == []
    assert kinds([]) == []
