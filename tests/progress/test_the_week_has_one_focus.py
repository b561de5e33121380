"""One measure to look after: what is furthest out of its band, or else what got better."""

from __future__ import annotations

from engine.progress import focus, trends
from engine.report.drills import drills
from tests.progress.sessions import summary


def found(*days):
    return focus(trends([summary(at, **values) for at, values in enumerate(days)], "conversation", "verbatim"))


def test_what_is_furthest_outside_comes_first() -> None:
    chosen = found(*[{"filler_percentage": 5.0, "talk_share": 98.0, "wpm": 150.0}] * 4)
    assert chosen.measure == "talk_share"
    assert chosen.text.startswith("Your share of talking: 98 % in your last 3 sessions; 34 to 66 is usual.")


def test_what_gets_worse_comes_before_what_gets_better() -> None:
    days = [
        {"filler_percentage": fillers, "talk_share": share}
        for fillers, share in ((4.6, 90.0), (4.8, 85.0), (5.0, 80.0), (5.2, 75.0), (5.4, 72.0))
    ]
    assert found(*days).measure == "filler_percentage"


def test_the_median_of_the_last_three_counts_not_one_bad_day() -> None:
    assert found(*[{"wpm": 150.0, "talk_share": 50.0}] * 4, {"wpm": 300.0, "talk_share": 50.0}) is None


def test_with_all_well_it_says_what_got_better() -> None:
    chosen = found(*[{"filler_percentage": value} for value in (4.4, 3.5, 3.0, 2.0)])
    assert chosen.measure == "filler_percentage"
    assert "keep doing what you do" in chosen.text


def test_what_nobody_can_practise_is_no_focus() -> None:
    assert found(*[{"snr": 3.0}] * 5) is None


def test_hints_are_no_reason() -> None:
    sessions = [summary(day, sure=False, filler_percentage=20.0) for day in range(5)]
    assert focus(trends(sessions, "conversation", "verbatim")) is None


def test_it_names_a_drill_that_there_is() -> None:
    assert found(*[{"filler_percentage": 9.0}] * 4).drill in drills()


def test_one_session_is_enough_to_begin_with() -> None:
    assert "last time" in found({"filler_percentage": 9.0}).text
