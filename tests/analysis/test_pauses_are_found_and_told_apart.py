"""Silences inside what one person says: how long they are, and what they are for."""

import random

import numpy as np
import pytest

from engine.analysis import FRAME, Confidence, Frames, Line, Material, Span, Word
from engine.analysis.analyse import analyse
from engine.analysis.pauses import find_pauses
from tests.analysis.conversation import conversation, marks_of, material, measured, ordered


def pauses(*turns, each=0.5, **more):
    return find_pauses(*ordered(material(conversation(*turns, each=each), **more)))


def test_a_quarter_of_a_second_is_a_pause_and_less_is_none():
    found = pauses(("user", 0, "one /0.2/ two /0.25/ three /0.9/ four"))
    assert [pause.seconds for pause in found] == pytest.approx([0.25, 0.9])


def test_they_are_counted_by_the_minute_of_turns():
    # 100 words of 0.5 s, pauses of 0.3, 0.6, 1.2 and 2.6 s; the last one ends the turn: 52.1 s in turns
    text = f"{'a ' * 20} /0.3/ {'a ' * 20} /0.6/ {'a ' * 20} /1.2/ {'a ' * 20} /2.6/ {'a ' * 20}"
    found = measured(("user", 0, text))
    assert found["turn_time"].value == pytest.approx(52.1)
    assert found["pause_rate"].value == pytest.approx(60 * 3 / 52.1)
    assert found["pause_share"].value == pytest.approx(100 * 2.1 / 52.1)
    assert found["long_pauses"].value == 2
    assert [moment.end - moment.start for moment in found["long_pauses"].evidence] == pytest.approx([1.2, 2.6])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We did it. /1.5/ Then we left.", "purposeful"),
        ("We did it? /2.9/ Yes we did.", "purposeful"),
        ("We went to /1.5/ the shop. And left.", "hesitation"),
        ("We went home, /1.5/ and then we left. So.", ""),
        ("We did it. /1.5/ um then we left.", "hesitation"),
        ("We did it uh /1.5/ Then we left.", "hesitation"),
        ("We did... /1.5/ then we left. Yes.", ""),
        ("We did it. /3.5/ Then we left.", "very long"),
        ("We did it. /0.9/ Then we left.", ""),
        ("we went to the /1.5/ shop", "hesitation"),
        ("we went to the shop /1.5/ then we left", ""),
    ],
)
def test_a_long_pause_is_purposeful_or_a_hesitation(text, kind):
    assert [pause.kind for pause in pauses(("user", 0, text))] == [kind]


def test_marks_stand_at_the_word_before():
    marks = marks_of("long_pause", ("user", 0, "We did it. /1.5/ Then we left."))
    assert [(mark.line, mark.first, mark.last, mark.note) for mark in marks] == [(1, 2, 2, "purposeful")]
    assert (marks[0].start, marks[0].end) == (1.5, 3.0)
    assert len(marks_of("pause", ("user", 0, "we did /0.6/ it /0.4/ all"))) == 1


def test_while_the_other_speaks_there_is_no_pause():
    assert not pauses(("user", 0, "so what"), ("partner", 1.2, "nothing at all"), ("user", 3, "I see now"))


def test_a_sign_of_listening_leaves_a_pause_what_it_is():
    found = pauses(("user", 0, "so it went"), ("partner", 2, "mm-hm"), ("user", 4, "very well indeed"))
    assert [pause.seconds for pause in found] == pytest.approx([2.5])


def test_after_ten_seconds_it_is_no_pause_any_more():
    assert not pauses(("user", 0, "one two /10.5/ three"))


def test_a_word_that_voice_activity_missed_splits_the_silence():
    lines = conversation(("user", 0, "one two /1/ soft /1/ three four"))
    spans = {"user": [Span(start=0, end=1), Span(start=3.5, end=4.5)]}
    found = find_pauses(*ordered(material(lines, speech=spans)))
    assert [pause.seconds for pause in found] == pytest.approx([1.0, 1.0])


def test_a_word_that_was_timed_roughly_does_not():
    times = {"one": (0, 0.5), "two": (1.1, 1.3), "three": (3, 4)}
    words = tuple(Word(text=text, start=start, end=end) for text, (start, end) in times.items())
    line = Line(id=1, speaker="user", text="one two three", start=0, end=4, words=words)
    spans = {"user": [Span(start=0, end=1), Span(start=3, end=4)]}
    found = find_pauses(*ordered(Material(seconds=4, lines=(line,), speech=spans)))
    assert [pause.seconds for pause in found] == pytest.approx([2.0])


def test_silences_are_right_to_fifty_milliseconds_where_spans_are():
    chance = random.Random(4)
    at, truth, given, words = 0.0, [], [], []
    for number in range(200):
        talk, silence = chance.uniform(0.5, 4), chance.uniform(0.4, 1.9)
        blur = [chance.uniform(-0.025, 0.025) for _ in range(2)]
        given.append(Span(start=max(0.0, at + blur[0]), end=at + talk + blur[1]))
        off = chance.uniform(-0.15, 0.15)
        words.append(Word(text=f"w{number}", start=max(0.0, at + off), end=at + talk + off))
        truth.append(silence)
        at += talk + silence
    line = Line(id=1, speaker="user", text="", start=0, end=at, words=tuple(words))
    found = find_pauses(*ordered(Material(seconds=at, lines=(line,), speech={"user": given})))
    assert len(found) == 199
    assert max(abs(pause.seconds - true) for pause, true in zip(found, truth, strict=False)) <= 0.05 + 1e-9


def test_where_there_is_sound_it_corrects_voice_activity():
    # speech from 1 to 3 s and from 3.4 to 6 s; voice activity hears one stretch, 0.15 s too early and 0.2 s too late
    time = np.arange(500) * FRAME
    speaks = ((time >= 1) & (time < 3)) | ((time >= 3.4) & (time < 6))
    loud = np.where(speaks, -22, -65).astype(np.float32)
    frames = Frames(f0=loud * 0, confidence=loud * 0, level=loud, loudness=loud)
    given = Material(seconds=8, lines=(), speech={"user": [Span(start=0.85, end=6.2)]}, frames={"user": frames})
    spoken, floor = ordered(given)
    (found,) = find_pauses(spoken, floor)
    assert (found.start, found.end) == (pytest.approx(3, abs=0.03), pytest.approx(3.4, abs=0.03))
    assert spoken.user.speech_time == pytest.approx(4.6, abs=0.06)


def test_from_words_alone_pauses_are_a_hint_and_from_lines_nothing():
    text = f"{'a ' * 130} /1.5/ b"
    assert measured(("user", 0, text))["long_pauses"].confidence is Confidence.OK
    timed = measured(("user", 0, text), speech={})["long_pauses"]
    assert (timed.value, timed.confidence) == (1, Confidence.LOW)
    line = Line(id=1, speaker="user", text=text, start=0, end=60)
    assert analyse(Material(seconds=60, lines=(line,))).measures["long_pauses"].confidence is Confidence.NONE
