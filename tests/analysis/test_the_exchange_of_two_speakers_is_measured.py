"""Talk share, monologues, patience, interruptions and signs of listening, added up by hand."""

import wave
from pathlib import Path

import pytest

from engine.analysis import Confidence, Line, Material, Span
from engine.analysis.analyse import analyse
from tests.analysis.conversation import conversation, line, marks_of, material, measured, ordered

VOICES = Path(__file__).parents[2].parent / "shared" / "audio"
TEN, FORTY = "word " * 10, "word " * 40


def test_talk_share_leaves_silence_out():
    # 20 s and 30 s of speech in 80 s
    found = measured(("user", 0, FORTY), ("partner", 30, "word " * 60), seconds=80)["talk_share"]
    assert found.value == pytest.approx(40)
    assert (found.n, found.unit, found.within) == (50, "%", True)


def test_with_one_speaker_there_is_nothing_to_share():
    found = measured(("user", 0, FORTY))
    for id in ("talk_share", "interactivity", "patience", "interruptions", "active_listening"):
        assert found[id].value is None
        assert found[id].why == "Only one person was heard."


@pytest.mark.parametrize("which", [0, 1])
def test_talk_share_of_a_recorded_conversation_is_that_of_its_labels(which):
    path = VOICES / "ami-conversation.rttm"
    if not path.exists():
        pytest.skip("no recorded human voices in ../shared/audio")
    rows = [row.split() for row in path.read_text().splitlines()]
    names = sorted({row[7] for row in rows})
    said = {name: sum(float(row[4]) for row in rows if row[7] == name) for name in names}
    sides = dict(zip(names if which else names[::-1], ("user", "partner"), strict=True))
    speech = {
        side: [Span(start=float(row[3]), end=float(row[3]) + float(row[4])) for row in rows if row[7] == name]
        for name, side in sides.items()
    }
    with wave.open(str(VOICES / "ami-conversation.wav")) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    found = analyse(Material(seconds=seconds, lines=(), speech=speech)).measures["talk_share"]
    mine = next(name for name, side in sides.items() if side == "user")
    assert found.value == pytest.approx(100 * said[mine] / sum(said.values()), abs=3)


# ---- monologues ----------------------------------------------------------------------------------------------------


def test_a_monologue_goes_on_through_pauses_and_signs_of_listening():
    turns = (
        ("user", 0, FORTY),
        ("partner", 20.2, "mm-hm right"),
        ("user", 22.8, FORTY),  # 2.8 s later
        ("partner", 43, "no I do not think so"),
        ("user", 46.5, TEN),
    )
    found = measured(*turns)["longest_monologue"]
    assert found.value == pytest.approx(42.8)
    assert (found.evidence[0].start, found.evidence[0].end) == (0, pytest.approx(42.8))


def test_more_than_three_seconds_of_silence_end_it():
    assert measured(("user", 0, f"{FORTY} /3.1/ {TEN}"))["longest_monologue"].value == pytest.approx(20)


def test_more_than_two_words_of_the_other_end_it():
    turns = (("user", 0, FORTY), ("partner", 20.5, "yeah right sure"), ("user", 22.5, FORTY))
    assert measured(*turns)["longest_monologue"].value == pytest.approx(20)


def test_a_long_one_is_marked_where_the_mode_has_a_bound():
    long = ("user", 0, "word " * 130)  # 65 s
    marks = marks_of("monologue", long)
    assert [(mark.start, mark.end, mark.note) for mark in marks] == [(0, 65, "65 s without a break")]
    assert not marks_of("monologue", long, mode="interview")
    assert not marks_of("monologue", long, mode="pitch")
    assert marks_of("monologue", ("user", 0, "word " * 190))[0].note == "95 s without a break: very long"


# ---- who comes after whom -------------------------------------------------------------------------------------------


def test_interactivity_counts_changes_of_speaker():
    # user, partner, user, partner: three changes in 26 s; the "yeah" is none
    turns = (
        ("user", 4, TEN),
        ("partner", 11, TEN),
        ("user", 18, TEN),
        ("partner", 20, "yeah"),
        ("partner", 25, TEN),
    )
    found = measured(*turns)["interactivity"]
    assert (found.value, found.n) == (pytest.approx(60 * 3 / 26), 4)


def test_patience_is_the_median_gap_after_the_other():
    # gaps of 0.4, 1.0 and 2.0 s; the user's own second turn, and starting early, count for nothing
    turns = (
        ("partner", 0, TEN),
        ("user", 5.4, "well I do"),
        ("user", 12, "and so on and on"),
        ("partner", 15, TEN),
        ("user", 21, "well I do"),
        ("partner", 23, TEN),
        ("user", 30, "well I do"),
        ("partner", 32, TEN),
        ("user", 36.8, "well I do now"),
    )
    found = measured(*turns)["patience"]
    assert (found.value, found.n) == (pytest.approx(1.0), 3)
    assert found.within is True
    assert found.evidence[0].end - found.evidence[0].start == pytest.approx(0.4)


def test_patience_needs_three_gaps():
    found = measured(("partner", 0, TEN), ("user", 5.4, TEN))["patience"]
    assert (found.value, found.why) == (None, "It takes 3 gaps; there was 1.")


# ---- interruptions --------------------------------------------------------------------------------------------------


def interruptions(start, text, theirs=TEN, **more):
    """The user says `text` from `start` on; the other speaks from 10 s on, for 5 s if they say ten words."""
    turns = (("partner", 0, "well then here we go"), ("user", 4, TEN), ("partner", 10, theirs), ("user", start, text))
    found = analyse(material(conversation(*turns), **more))
    return found.measures["interruptions"], [mark for mark in found.marks if mark.layer == "interruption"]


def test_to_start_over_the_other_is_an_interruption():
    measure, marks = interruptions(12, "but that is not so")
    assert (measure.value, measure.n) == (1, 2)
    assert [(mark.start, mark.end, mark.note) for mark in marks] == [(12, 15, "they went on")]
    assert measure.evidence[0].text == "but that is not so"


def test_it_succeeds_where_the_other_stops_within_a_second():
    assert interruptions(14.1, "but that is not so")[1][0].note == "they stopped"


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (10.4, "but that is not so"),  # less than 0.5 s after the other began: both began at once
        (14.6, "but that is not so"),  # less than 0.5 s together
        (12, "but no"),  # two words
        (12, "um but no"),  # … and a hesitation
        (12, "yeah right"),  # a sign of listening
        (15.1, "but that is not so"),  # after the other
    ],
)
def test_nothing_else_is(start, text):
    assert interruptions(start, text)[0].value == 0


def test_to_start_in_the_others_pause_is_none():
    assert interruptions(12.8, "but that is", theirs="word " * 5 + "/2/ " + "word " * 5)[0].value == 0


def test_one_microphone_cannot_tell():
    measure, marks = interruptions(12, "but that is not so", separate=False)
    assert (measure.value, marks) == (None, [])
    assert measure.why == "One microphone cannot tell two people who speak at once."


# ---- listening ------------------------------------------------------------------------------------------------------


def test_signs_of_listening_are_counted_by_the_minute_of_the_other():
    # 41 s of the other, three signs; an answer and the "yeah" that opens a turn are none
    turns = (
        ("partner", 0, "word " * 79 + "word?"),
        ("user", 5, "mm-hm"),
        ("user", 15, "yeah right"),
        ("user", 30, "uh-huh"),
        ("user", 40.3, "yes"),
        ("partner", 44, "oh good"),
        ("user", 46, "yeah /0.5/ I think so too"),
    )
    found = measured(*turns)["active_listening"]
    assert found.value == pytest.approx(60 * 3 / 41)
    assert [moment.text for moment in found.evidence] == ["mm-hm", "yeah right", "uh-huh"]


# ---- who is who ----------------------------------------------------------------------------------------------------


def test_a_line_given_to_the_other_takes_its_sound_along():
    lines = conversation(("user", 0, FORTY), ("user", 25, FORTY), ("partner", 50, FORTY))
    speech = material(lines).speech
    moved = [lines[0], Line(**{**fields(lines[1]), "speaker": "partner"}), lines[2]]
    found = analyse(material(moved, speech=speech)).measures
    assert found["talk_share"].value == pytest.approx(100 / 3)
    assert found["wpm"].value == pytest.approx(120)
    assert found["turn_time"].value == pytest.approx(20)


def test_on_one_microphone_the_lines_say_who_spoke():
    lines = conversation(("user", 0, FORTY), ("partner", 20.1, FORTY), ("user", 45, TEN))
    heard = {"user": [Span(start=0, end=40.1), Span(start=45, end=50)]}
    spoken, _ = ordered(material(lines, speech=heard, separate=False))
    assert spoken.user.spans == (Span(start=0, end=20.05), Span(start=45, end=50))
    assert spoken.partner.spans == (Span(start=20.05, end=40.1),)


def test_the_coach_is_not_measured():
    lines = (*conversation(("user", 0, FORTY)), line(9, "coach", "ask about the pilot", 5))
    assert analyse(material(lines)).measures["wpm"].n == 40


def test_sound_without_words_is_speech_but_a_short_one_is_no_turn():
    lines = conversation(("user", 0, FORTY), ("user", 25, FORTY), ("partner", 50, FORTY))
    speech = dict(material(lines).speech)
    speech["partner"] = [Span(start=10, end=10.6), Span(start=21, end=23), *speech["partner"]]
    spoken, floor = ordered(material(lines, speech=speech))
    assert spoken.partner.speech_time == pytest.approx(22.6)
    assert [turn.speaker for turn in floor.turns] == ["user", "partner", "user", "partner"]


def test_amounts_are_hints_where_only_lines_have_times():
    sides = ("user", "partner") * 4
    lines = [Line(id=i, speaker=side, text="a b c " * 5, start=10 * i, end=10 * i + 8) for i, side in enumerate(sides)]
    found = analyse(Material(seconds=80, lines=tuple(lines))).measures
    assert (found["talk_share"].value, found["talk_share"].confidence) == (pytest.approx(50), Confidence.LOW)
    assert found["interruptions"].value is None


def fields(line):
    return {name: getattr(line, name) for name in Line.__dataclass_fields__}
