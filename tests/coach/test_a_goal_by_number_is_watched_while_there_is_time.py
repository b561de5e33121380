"""A goal that names a number: the cue when it is being missed, and none while it is kept."""

from itertools import pairwise

import pytest

from engine.analysis.values import PARTNER, USER
from engine.coach.arbiter import Arbiter
from engine.coach.cues import ASKED, MONOLOGUE, PACE, RATE, SHARE, TOTAL, Density, Suggested, Tuned, Voiced
from engine.report.goals import targets
from tests.coach.test_live_delivery_is_judged_by_what_was_last_said import Speaker

PLAIN = "we sell the sensors to farms in the north and they tell the farmer when the soil is dry"
FILLED = "um we sell the uh sensors to um farms in the um north and they uh tell"


def aiming(goal, mode="conversation"):
    return Speaker(mode, targets=targets(goal))


def test_more_fillers_a_minute_than_were_set_out():
    speaker = aiming("at most 3 fillers a minute")
    for start in range(0, 30, 10):
        speaker.says(PLAIN, start, start + 8)
    assert speaker.holds.get(RATE) is not True
    speaker.says(FILLED, 40, 48)
    assert speaker.holds[RATE] is True
    for start in range(60, 150, 10):
        speaker.says(PLAIN, start, start + 9)
    assert speaker.holds[RATE] is False


def test_a_few_words_tell_nothing_of_a_rate():
    speaker = aiming("at most 3 fillers a minute")
    speaker.says(FILLED, 0, 8)
    assert not speaker.holds.get(RATE)


def test_the_filler_beyond_the_last_one_that_was_allowed():
    speaker = aiming("no more than 4 ums")
    speaker.says("um uh um we uh sell it", 0, 4)
    assert not speaker.holds.get(TOTAL)
    speaker.says("um we sell it", 20, 23)
    assert speaker.holds[TOTAL] is True
    speaker.look(60.0)
    assert speaker.holds[TOTAL] is False, "not for ever: there is no way to take one back"


def test_the_share_of_the_talking_is_told_after_a_minute_of_it():
    speaker = aiming("talk at most half of the time")
    speaker.speaks(0, 20)
    speaker.speaks(20, 30, PARTNER)
    speaker.look(31)
    assert not speaker.holds.get(SHARE)
    speaker.speaks(31, 65)
    speaker.look(66)
    assert speaker.holds[SHARE] is True
    speaker.speaks(66, 120, PARTNER)
    speaker.look(121)
    assert speaker.holds[SHARE] is False


def test_questions_are_missed_while_none_was_asked_for_long_and_no_longer():
    speaker = aiming("ask at least 2 questions")
    speaker.look(60)
    assert not speaker.holds.get(ASKED)
    speaker.look(80)
    assert speaker.holds[ASKED] is True
    speaker.says("how did the pilot end", 82, 84)
    assert speaker.holds[ASKED] is False
    speaker.says("and what did the farmers say about it", 90, 93)
    speaker.look(400)
    assert speaker.holds[ASKED] is False, "both were asked"


@pytest.mark.parametrize(("rate", "holds", "says"), [(180, True, "Slow"), (100, True, "faster"), (135, False, "")])
def test_a_pace_is_missed_on_both_sides_of_a_range(rate, holds, says):
    speaker = aiming("pace 120 to 150")
    speaker.paced(rate, 0, 20)
    assert bool(speaker.holds.get(PACE)) is holds
    assert says in speaker.delivery._told[PACE].text if holds else True


def test_an_answer_longer_than_was_set_out():
    speaker = aiming("answers under 30 seconds")
    speaker.delivery.voice(USER, True, 0)
    speaker.look(29)
    assert not speaker.holds.get(MONOLOGUE)
    speaker.look(32)
    assert speaker.holds[MONOLOGUE] is True


def test_without_a_goal_by_number_nothing_new_is_said():
    speaker = aiming("be friendly and listen")
    speaker.look(300)
    for start in range(300, 400, 10):
        speaker.says(FILLED, start, start + 8)
    assert not {RATE, TOTAL, SHARE, ASKED} & speaker.holds.keys()


def test_the_cue_keeps_the_arbiters_rules():
    speaker = aiming("ask at least 2 questions")
    arbiter, cues = Arbiter(0.0), []

    def step(fact, at):
        cues.extend((at, out) for out in arbiter.step(fact, at) if isinstance(out, Suggested))

    step(Tuned(density=Density.CALM), 0.0)
    for at in range(400):
        step(Voiced(speaker=USER, speaking=at % 5 < 3), float(at))
        for found in speaker.delivery.look(float(at)):
            step(found, float(at))
    assert [cue.kind for _, cue in cues] == [ASKED] * 3, "three of a kind at most"
    assert cues[0][0] >= 75 and all(b - a >= 60 for (a, _), (b, _) in pairwise(cues))
    assert len(cues[0][1].text.split()) <= 8
