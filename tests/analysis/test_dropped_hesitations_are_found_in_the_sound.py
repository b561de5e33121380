"""What a recogniser leaves out is found again: level, voiced sound without a word."""

import numpy as np
import pytest

from engine.analysis import FRAME, Capability, Frames, Line, Material, Span, Word
from engine.analysis.filler_measures import fillers, find_events
from engine.analysis.hesitations import capability_of, recovered
from engine.analysis.spoken import put_in_order
from engine.analysis.turns import floor_of

SECONDS = 20.0


def sound(*, voiced=(), seed=1):
    """Frames with speech melody everywhere but in `voiced`: (start, end, spread in semitones, share voiced)."""
    rng = np.random.default_rng(seed)
    count = int(SECONDS / FRAME)
    f0 = 120 * 2 ** (rng.normal(0, 3, count) / 12)
    for start, end, spread, share in voiced:
        rows = slice(int(start / FRAME), int(end / FRAME))
        number = rows.stop - rows.start
        f0[rows] = 120 * 2 ** (spread * np.resize([1, -1], number) / 12) * (np.arange(number) < share * number)
    quiet = np.full(count, -30, np.float32)
    confidence = np.where(f0 > 0, 0.9, 0.0)
    return Frames(f0=f0.astype(np.float32), confidence=confidence.astype(np.float32), level=quiet, loudness=quiet)


def session(gaps, frames, capability=Capability.RECOVERED, speech=((1.0, 19.0),)):
    """The user speaks from 1 s to 19 s, a word each third of a second but in `gaps`."""
    times = [1 + i / 3 for i in range(54)]
    words = [
        Word(text=f"word{i}", start=at, end=at + 0.3)
        for i, at in enumerate(times)
        if not any(start - 0.3 < at < end for start, end in gaps)
    ]
    text = " ".join(word.text for word in words)
    line = Line(id=1, speaker="user", text=text, start=words[0].start, end=words[-1].end, words=tuple(words))
    return Material(
        seconds=SECONDS,
        lines=(line,),
        speech={"user": [Span(start=a, end=b) for a, b in speech]},
        frames={} if frames is None else {"user": frames},
        capability=capability,
    )


def sounds(material):
    spoken = put_in_order(material)
    return recovered(material, spoken, floor_of(spoken))


def test_a_level_sound_without_a_word_is_a_hesitation():
    found = sounds(session([(6.0, 6.7)], sound(voiced=[(5.9, 6.8, 0.3, 1)])))
    assert len(found) == 1 and found[0].hesitation
    assert found[0].start == pytest.approx(6.0, abs=0.36) and found[0].end == pytest.approx(6.7, abs=0.36)


@pytest.mark.parametrize(
    ("spread", "share", "hesitates"),
    [(0.2, 1.0, True), (1.1, 1.0, True), (1.4, 1.0, False), (0.2, 0.7, True), (0.2, 0.4, False), (0.2, 0.0, False)],
)
def test_what_moves_or_is_not_voiced_is_unclear(spread, share, hesitates):
    gap = (6.0, 6.69)
    found = sounds(session([gap], None))
    assert found == ()
    start, end = 1 + 14 / 3 + 0.35, 1 + 18 / 3 - 0.05  # between the words before and behind it
    found = sounds(session([gap], sound(voiced=[(start, end, spread, share)])))
    assert [one.hesitation for one in found] == [hesitates]


def test_short_sounds_silence_and_lost_sentences_are_none():
    level = sound(voiced=[(0.0, 20.0, 0.2, 1)])
    assert sounds(session([(6.0, 6.01)], level)) == ()  # 0.3 s, less what may be the words'
    assert [one.hesitation for one in sounds(session([(6.0, 9.0)], level))] == [False]
    assert sounds(session([(6.0, 9.0)], level, speech=((1.0, 5.8), (9.0, 19.0)))) == ()


def test_they_are_counted_only_where_words_leave_them_out():
    frames = sound(voiced=[(5.9, 6.8, 0.3, 1), (11.9, 12.8, 3.0, 1)])
    for capability, count in ((Capability.RECOVERED, 1), (Capability.VERBATIM, 0)):
        material = session([(6.0, 6.7), (12.0, 12.7)], frames, capability)
        spoken = put_in_order(material)
        floor = floor_of(spoken)
        measures, marks = fillers(material, spoken, floor, find_events(material, spoken, floor))
        share = measures[0]
        assert share.n == len(material.lines[0].words) + count
        assert share.value == pytest.approx(100 * count / share.n) and len(marks) == count
        assert all(mark.text == "[hesitation]" and mark.line is None for mark in marks)


def test_what_an_ear_writes_down_and_what_is_there_decide_how_well_fillers_are_heard():
    assert capability_of("scripted", sound=False) is Capability.VERBATIM
    assert capability_of("sphinx", sound=True) is Capability.RECOVERED
    assert capability_of("sphinx", sound=False) is Capability.STRIPPED
    assert capability_of("some cloud", sound=True, written=True) is Capability.VERBATIM
