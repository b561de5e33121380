"""Days of practice: a day off a week is forgiven, today is not over, and nobody is shamed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.progress import practice

ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)


def days(*back: int) -> list[datetime]:
    return [NOW - timedelta(days=each) for each in back]


@pytest.mark.parametrize(
    ("back", "streak", "week"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((0, 0, 0), 1, 1),
        ((0, 1, 2), 3, 3),
        ((1, 2, 3), 3, 3),  # today is not over
        ((0, 2, 3), 3, 3),  # yesterday off
        ((0, 1, 3, 5), 3, 4),  # two days off within a week
        ((2, 3), 2, 2),  # yesterday off, today not over
        ((3, 4), 0, 2),
        ((0, 2, 3, 4, 5, 6, 7, 9, 10), 9, 6),  # the days off are a week apart
        ((0, 2, 3, 4, 5, 6, 8), 6, 6),
        (tuple(range(100)), 100, 7),
    ],
)
def test_one_day_off_in_seven_is_forgiven(back: tuple[int, ...], streak: int, week: int) -> None:
    found = practice(days(*back), NOW)
    assert (found.streak, found.week) == (streak, week)
    assert list(found.days) == sorted({each.date() for each in days(*back)}, reverse=True)


def test_a_day_is_a_day_where_the_user_is() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=timezone.utc)  # noqa: UP017, half past one on the 21st here
    assert practice([late], NOW).days == (NOW.date(),)


@pytest.mark.parametrize("back", [(), (0,), (9, 10, 11), (0, 1, 2)])
def test_no_word_of_it_blames(back: tuple[int, ...]) -> None:
    text = practice(days(*back), NOW).text.lower()
    assert text
    assert not any(word in text for word in ("lost", "broke", "fail", "miss", "should", "only", "sorry"))


@pytest.mark.parametrize(
    ("back", "text"),
    [
        ((0, 1, 3, 5), "4 days of practice in the last seven, the last 3 without a longer break."),
        ((0, 1, 2, 8), "3 days of practice without a longer break, 3 of them in the last seven days."),
    ],
)
def test_no_more_of_them_are_of_this_week_than_there_are(back: tuple[int, ...], text: str) -> None:
    assert practice(days(*back), NOW).text == text


def test_somebody_who_practised_before_is_not_told_that_it_begins():
    found = practice(days(1, 10, 20), NOW)
    assert (found.streak, found.text) == (1, "3 days of practice, 1 of them in the last seven days.")
