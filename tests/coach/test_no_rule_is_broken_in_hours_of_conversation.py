"""Hours of simulated conversation, each output held against what was true when it came (`bench/cues.py`)."""

from dataclasses import replace

import pytest

from bench.cues import PEOPLE, RULES, simulate
from engine.coach.cues import CONTENT, HELP, TECHNICAL, Density

SEEDS = range(2)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("density", [Density.NORMAL, Density.CALM])
def test_no_cue_breaks_a_rule(name, density):
    found = [simulate(PEOPLE[name], seed=seed, density=density) for seed in SEEDS]
    assert [text for each in found for text in each.wrong] == []
    assert sum(each.over for each in found) == 0


def test_there_is_much_to_judge():
    found = [simulate(PEOPLE[name], seed=seed) for name in PEOPLE if name != "well" for seed in range(4)]
    assert sum(sum(each.shown.values()) for each in found) > 500
    assert sum(each.whispers for each in found) > 200
    assert sum(each.hushed for each in found) > 100
    assert sum(each.earcons for each in found) > 5
    assert sum(each.used for each in found) > 100


def test_when_all_is_well_for_half_an_hour_nothing_comes():
    found = [simulate(PEOPLE["well"], seed=seed) for seed in range(8)]
    assert sum(sum(each.shown.values()) for each in found) == 0


def test_off_leaves_what_was_asked_for_and_the_microphone():
    found = [simulate(PEOPLE["ordinary"], seed=seed, density=Density.OFF) for seed in SEEDS]
    kinds = {kind for each in found for kind in each.shown}
    assert HELP in kinds
    assert CONTENT not in kinds
    assert kinds <= TECHNICAL | {HELP}


@pytest.mark.parametrize(
    ("broken", "seen"),
    [
        ({"quiet": 0.2, "lull": 0.3}, "after the user spoke"),
        ({"sounding": 0.0}, "not stopped"),
        ({"normal": 15.0}, "after the last cue"),
        ({"same_kind": 30.0}, "came again"),
        ({"of_a_kind": 5, "same_kind": 60.0}, "times"),
        ({"start": 10.0, "calibration": 5.0}, "in the first 30 s"),
        ({"screen": 1.0}, "before it could be read"),
    ],
)
def test_an_arbiter_that_breaks_a_rule_is_found_out(broken, seen):
    rules = replace(RULES, **broken)
    found = [simulate(people, seed=seed, rules=rules) for people in PEOPLE.values() for seed in SEEDS]
    assert any(seen in text for each in found for text in each.wrong)
