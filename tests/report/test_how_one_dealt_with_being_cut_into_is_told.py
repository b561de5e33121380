"""Held the floor, gave way, came back: computed from the transcript, and left open where it does not tell."""

from datetime import UTC, datetime

import pytest

from engine.providers.base import Word
from engine.records import TranscriptLine
from engine.report.cut_ins import How, cut_ins, summed, told

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CUT = "Sorry, but who pays for that?"
MINE = "we build a sensor for farms and it tells the farmer when the soil is dry"


def line(speaker, text, start, end, *, cut=False, mark=None, words=True):
    """Words spread evenly from `start` to `end`."""
    spoken = text.split()
    step = (end - start) / len(spoken)
    timed = tuple(Word(text=w, start=start + i * step, end=start + (i + 1) * step) for i, w in enumerate(spoken))
    return TranscriptLine(
        id=1, speaker=speaker, text=text, start=start, end=end + 0.5 * (speaker == "user"), mark=mark,
        interrupted=cut, at=AT, words=timed if words and speaker == "user" else (),
    )  # fmt: skip


def cut_at(at, *, until=2.0, cut=False):
    return line("agent", CUT, at, at + until, cut=cut, mark="interjection")


def test_who_speaks_on_until_the_partner_stops_has_held_the_floor():
    [cut] = cut_ins([line("user", MINE, 0, 12), cut_at(6.0, until=0.6, cut=True)])
    assert (cut.how, cut.over) == (How.HELD, 0.6)
    assert told(cut) == "You held the floor: your partner stopped after 0.6 s."
    assert MINE.startswith(cut.said) and "when" not in cut.said, "what was said by then, and no more"


def test_who_speaks_on_to_the_end_of_it_has_spoken_through_it():
    [cut] = cut_ins([line("user", MINE, 0, 12), cut_at(6.0)])
    assert cut.how is How.THROUGH


@pytest.mark.parametrize(
    ("answer", "back", "place"),
    [
        ("the ministry does, and it tells the farmer when the soil is dry and when to water", 3.0, True),
        ("the ministry does, and they give the sensor to farms of any size", 3.0, False),
        ("the ministry does, mostly out of a fund", None, None),
    ],
)
def test_who_gave_way_came_back_to_the_thread_or_did_not(answer, back, place):
    said = "we build a small sensor for farms near the coast. it tells the farmer when the soil is dry and thirsty"
    lines = [line("user", said, 0, 12, cut=True), cut_at(11.6), line("user", answer, 16.6, 20)]
    [cut] = cut_ins(lines)
    assert (cut.how, cut.back, cut.place) == (How.GAVE_WAY, back, place)
    assert cut.over == pytest.approx(0.4)
    assert not cut.cannot_tell


def test_what_the_partner_said_itself_is_no_thread():
    lines = [line("user", MINE, 0, 12, cut=True), cut_at(11.6), line("user", "you ask who pays for that", 15, 18)]
    assert cut_ins(lines)[0].back is None


def test_where_too_little_was_said_nothing_is_claimed():
    [cut] = cut_ins([line("user", "so and then", 0, 2, cut=True), cut_at(1.9), line("user", "the ministry", 5, 6)])
    assert cut.cannot_tell and "Too little" in told(cut)
    [cut] = cut_ins([line("user", MINE, 0, 12, cut=True, words=False), cut_at(11.6)])
    assert cut.over is None and cut.cannot_tell
    assert not cut_ins([cut_at(3.0)]), "nobody was speaking"
    assert not cut_ins([line("user", MINE, 0, 12), line("agent", CUT, 6, 8, mark="user_response")]), "not on purpose"


def test_all_of_them_in_one_sentence():
    held = [line("user", MINE, 0, 12), cut_at(6.0, until=0.6, cut=True)]
    gave = [line("user", MINE, 20, 32, cut=True), cut_at(31.6), line("user", "the farmer knows the soil", 36, 38)]
    assert summed(cut_ins(held + gave)) == (
        "Your partner cut in twice: you kept the floor once, and gave way once and came back to your thread once."
    )
