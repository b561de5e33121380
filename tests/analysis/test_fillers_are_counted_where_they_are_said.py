"""The share of fillers, how many a minute, where they crowd: with the moments they were said at."""

import pytest

from engine.analysis import Capability, Confidence, Line, Material, Word
from engine.analysis.filler_measures import fillers, find_events, level_of
from engine.analysis.spoken import put_in_order
from engine.analysis.turns import floor_of

PLAIN = "we sold the house and moved to the coast because the children wanted to live by the sea"


def line(id, text, start, speaker="user", each=0.3, timed=True):
    said = text.split()
    words = tuple(Word(text=w, start=start + i * each, end=start + (i + 0.9) * each) for i, w in enumerate(said))
    end = start + len(said) * each
    return Line(id=id, speaker=speaker, text=text, start=start, end=end, words=words if timed else ())


def measured(*lines, **more):
    material = Material(seconds=max(one.end for one in lines), lines=lines, **more)
    spoken = put_in_order(material)
    floor = floor_of(spoken)
    measures, marks = fillers(material, spoken, floor, find_events(material, spoken, floor))
    return {measure.id: measure for measure in measures}, marks


def test_the_share_counts_events_of_all_words_and_fillers_among_them():
    text = f"well um {PLAIN} you know {PLAIN} I mean like twenty"  # 18 + 18 words, 8 more: 3 sure, 2 possible
    found, marks = measured(line(7, text, 2.0))
    share = found["filler_percentage"]
    assert share.n == 44 and share.value == pytest.approx(100 * 3 / 44) and share.of == "words"
    assert [moment.text for moment in share.evidence] == ["um", "you know", "I mean"]
    assert [(mark.layer, mark.text, mark.first, mark.last, mark.line) for mark in marks] == [
        ("possible_filler", "well", 0, 0, 7),
        ("filler", "um", 1, 1, 7),
        ("filler", "you know", 20, 21, 7),
        ("filler", "I mean", 40, 41, 7),
        ("possible_filler", "like", 42, 42, 7),
    ]
    assert marks[2].start == pytest.approx(2 + 20 * 0.3) and marks[2].end == pytest.approx(2 + 21.9 * 0.3)
    assert found["possible_fillers"].value == 2
    minutes = (44 * 0.3 - 0.03) / 60
    assert found["fillers_per_min"].value == pytest.approx(3 / minutes, rel=0.01)


def test_the_partners_fillers_are_not_the_users():
    found, marks = measured(line(1, f"{PLAIN} {PLAIN}", 0), line(2, "um you know uh I mean um so", 15, "partner"))
    assert found["filler_percentage"].value == 0 and found["filler_percentage"].n == 36 and marks == ()


def test_below_thirty_words_nothing_is_said_and_below_two_hundred_it_is_a_hint():
    few, marks = measured(line(1, f"um {PLAIN}", 0))
    assert few["filler_percentage"].value is None and "30 words" in few["filler_percentage"].why and len(marks) == 1
    some, _ = measured(line(1, f"um {PLAIN} {PLAIN}", 0))
    assert some["filler_percentage"].confidence is Confidence.LOW
    many, _ = measured(line(1, " ".join([PLAIN] * 12), 0))
    assert many["filler_percentage"].confidence is Confidence.OK and many["filler_percentage"].value == 0


def test_three_within_ten_seconds_are_a_cluster_and_a_fourth_joins_it():
    apart = [line(n, f"um {PLAIN} {PLAIN}", 40.0 * n) for n in range(3)]
    assert measured(*apart)[0]["filler_clusters"].value == 0
    crowd = line(9, f"um {PLAIN[:20]} uh {PLAIN[:20]} um {PLAIN[:20]} uh {PLAIN}", 200)
    found, _ = measured(*apart, crowd)
    assert found["filler_clusters"].value == 1
    moment = found["filler_clusters"].evidence[0]
    assert moment.text == "um, uh, um, uh" and moment.start == 200 and moment.line == 9


def test_a_lone_um_is_an_answer_to_somebody_and_a_filler_when_nobody_else_is_there():
    said = (line(1, f"{PLAIN} {PLAIN}", 0), line(2, "um", 20), line(3, PLAIN, 30))
    found, _ = measured(*said)
    assert [moment.start for moment in found["filler_percentage"].evidence] == [20]
    found, marks = measured(*said, line(4, PLAIN, 12, "partner"))
    assert found["filler_percentage"].value == 0 and marks == ()


def test_words_without_times_are_counted_at_their_share_of_the_line():
    found, marks = measured(line(3, f"um {PLAIN} you know {PLAIN}", 10, timed=False))
    assert found["filler_percentage"].value == pytest.approx(100 * 2 / 39)
    assert [mark.text for mark in marks] == ["um", "you know"] and marks[0].first is None
    assert 10 <= marks[0].start < marks[0].end <= marks[1].start < marks[1].end <= 10 + 39 * 0.3


def test_typed_words_are_no_speech():
    typed = Line(id=1, speaker="user", text=f"um {PLAIN} {PLAIN}", start=5, end=5)
    found, marks = measured(typed, line(2, f"uh {PLAIN} {PLAIN}", 10))
    assert found["filler_percentage"].n == 37 and [mark.text for mark in marks] == ["uh"]


def test_the_users_own_phrases_and_those_said_on_purpose():
    text = f"um to be honest {PLAIN} uh {PLAIN}"
    found, _ = measured(line(1, text, 0), watch=("to be honest",), ignore=("um",))
    assert [moment.text for moment in found["filler_percentage"].evidence] == ["to be honest", "uh"]


def test_where_um_is_left_out_there_is_no_zero():
    found, _ = measured(line(1, f"{PLAIN} {PLAIN}", 0), capability=Capability.STRIPPED)
    assert found["filler_percentage"].value is None and "um" in found["filler_percentage"].why
    found, _ = measured(line(1, f"{PLAIN} {PLAIN} you know " * 3, 0), capability=Capability.STRIPPED)
    share = found["filler_percentage"]
    assert share.value == pytest.approx(100 * 3 / 114) and share.confidence is Confidence.LOW


def test_levels_are_named_as_of_ordinary_speakers():
    assert [level_of(share) for share in (0, 1.99, 2, 4.4, 4.5, 6.4, 6.5, 40)] == [
        "low", "low", "typical", "typical", "noticeable", "noticeable", "heavy", "heavy",
    ]  # fmt: skip
