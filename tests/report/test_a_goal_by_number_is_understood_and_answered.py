"""What of a goal can be counted, what is kept as it is, and that the report answers the number first."""

import pytest

from engine.analysis.values import Analysis, Capability, Confidence, Measure
from engine.report.goals import measures_of, reached, targets, uncounted

UNDERSTOOD = [
    ("at most 3 fillers a minute", [("fillers_per_min", None, 3)]),
    ("fewer than 2 fillers per minute", [("fillers_per_min", None, 2)]),
    ("3 fillers a minute", [("fillers_per_min", None, 3)]),
    ("filler words below 2 %", [("filler_percentage", None, 2)]),
    ("no more than five ums", [("filler_percentage", None, 5)]),
    ("talk at most half of the time", [("talk_share", None, 50)]),
    ("speak less than 40 % of the time", [("talk_share", None, 40)]),
    ("pace 120 to 150", [("wpm", 120, 150)]),
    ("between 120 and 150 words a minute", [("wpm", 120, 150)]),
    ("pace under 150", [("wpm", None, 150)]),
    ("ask at least 4 questions", [("questions", 4, None)]),
    ("answer each question in under a minute", [("longest_monologue", None, 60)]),
    ("pace 120-140; ask two questions", [("wpm", 120, 140), ("questions", 2, None)]),
    ("get 3 contacts", []),
    ("talk to 3 people", []),
    ("be friendly", []),
    ("", []),
]


@pytest.mark.parametrize(("goal", "found"), UNDERSTOOD)
def test_a_goal_as_people_type_it_becomes_targets(goal, found):
    assert [(target.id, target.at_least, target.at_most) for target in targets(goal)] == found


@pytest.mark.parametrize(
    ("goal", "kept"),
    [
        ("Be friendly and ask at least three questions", ["Be friendly"]),
        ("Answer each question in under a minute, headline first", ["headline first"]),
        ("at most 3 fillers a minute", []),
        ("between 120 and 150 words a minute", []),
        ("get 3 contacts", ["get 3 contacts"]),
    ],
)
def test_what_no_number_tells_is_said_to_be_so(goal, kept):
    assert uncounted(goal) == kept


def measured(id, value, unit=""):
    one = Measure(id=id, value=value, unit=unit, n=400, of="words", confidence=Confidence.OK)
    return Analysis(measures={id: one}, capability=Capability.VERBATIM)


@pytest.mark.parametrize(("rate", "came"), [(119.0, False), (120.0, True), (150.0, True), (151.0, False)])
def test_a_range_is_reached_between_its_ends(rate, came):
    [target] = targets("pace 120 to 150")
    assert reached(target, measured("wpm", rate)) is came
    assert measures_of("pace 120 to 150")["wpm"] == "", "it can be missed on both sides"


def test_what_was_not_measured_is_neither_reached_nor_missed():
    [target] = targets("at most 3 fillers a minute")
    assert reached(target, measured("wpm", 120.0)) is None
    assert reached(target, measured("fillers_per_min", 3.4, "per min")) is False
