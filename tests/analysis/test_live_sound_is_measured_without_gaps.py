"""A sensor gives the same frames however the sound is cut into pieces and batches, and tells when somebody spoke."""

from itertools import pairwise

import numpy as np
import pytest

from bench.synthetic_voice import as_pcm, voice
from engine.analysis.packing import joined
from engine.analysis.segments import merged
from engine.analysis.sensor import Sensor
from engine.analysis.values import FRAME, Span
from engine.audio import HEARING_RATE, Pcm, silence


@pytest.fixture(scope="module")
def sound():
    return as_pcm(voice(6, 120, 2.5).sound)


def measured(sound, piece, batch, start=0.0):
    sensor, made, at = Sensor(), [], 0.0
    while at < sound.seconds:
        sensor.push(sound.cut(at, at + piece), start + at)
        at += piece
        if round(at / piece) % round(batch / piece) == 0:
            made.append(sensor.take()[0])
    return [*made, sensor.take(last=True)[0]]


def test_frames_follow_on_each_other_and_are_the_same_in_any_batches(sound):
    whole = measured(sound, 6.0, 6.0)
    for piece, batch in ((0.02, 0.5), (0.1, 1.0), (0.25, 2.5)):
        parts = measured(sound, piece, batch)
        assert sum(len(part.level) for part in parts) == round(sound.seconds / FRAME)
        for one, following in pairwise(parts):
            assert following.start == pytest.approx(one.start + len(one.level) * FRAME)
        one, other = joined(parts, sound.seconds), joined(whole, sound.seconds)
        assert (one.level == other.level).all()
        assert np.abs(one.loudness - other.loudness)[other.level > -60].max() < 0.1
        assert (np.abs(one.f0 - other.f0) < 0.5).mean() > 0.995


def test_frames_stand_where_the_sound_stood(sound):
    frames = joined(measured(sound, 0.1, 1.0, start=100.0), 6.0, start=100.0)
    assert frames.start == 100.0
    assert (frames.level > -60).mean() > 0.5


def test_missing_sound_is_silent_and_what_comes_twice_counts_once(sound):
    sensor = Sensor()
    sensor.push(sound.cut(0, 2), 0.0)
    sensor.push(sound.cut(4, 6), 4.0)
    sensor.push(sound.cut(5, 6), 5.0)
    frames, _ = sensor.take(last=True)
    assert len(frames.level) == round(6.0 / FRAME)
    assert (frames.level[round(2.1 / FRAME) : round(3.9 / FRAME)] == -120).all()
    assert frames.level[round(4.2 / FRAME) :].max() > -30


def test_before_there_is_enough_nothing_is_given(sound):
    sensor = Sensor()
    assert len(sensor.take()[0].level) == 0
    sensor.push(sound.cut(0, 0.05), 0.0)
    frames, spans = sensor.take()
    assert len(frames.level) == 0
    assert spans == ()


def test_only_16_khz_is_measured():
    with pytest.raises(ValueError, match="16000"):
        Sensor().push(silence(1.0, 8000), 0.0)


def test_spans_are_told_behind_the_sound_and_one_that_goes_on_is_told_in_parts():
    sensor, spans = Sensor(), []
    for second in range(6):
        sensor.push(silence(1.0, HEARING_RATE), float(second))
        if second == 1:
            sensor.voiced(True, 1.2)
        if second == 4:
            sensor.voiced(False, 4.3)
        heard, told = sensor.take()
        assert all(span.end <= second + 1 - 0.4 + 1e-9 for span in told)
        spans += told
    assert len(spans) > 1
    assert merged(spans) == (Span(start=1.2, end=4.3),)
    assert len(heard.level)


def test_speech_that_is_going_on_at_the_end_ends_with_the_sound():
    sensor = Sensor()
    sensor.push(silence(2.0, HEARING_RATE), 10.0)
    sensor.voiced(True, 10.5)
    assert sensor.take(last=True)[1] == (Span(start=10.5, end=12.0),)


def test_a_sensor_keeps_less_than_a_second_of_sound():
    sensor = Sensor()
    for second in range(20):
        sensor.push(Pcm(bytes(32_000), HEARING_RATE), float(second))
        sensor.take()
    assert sensor._samples < HEARING_RATE


def test_prints_are_made_where_they_are_asked_for(sound):
    with_prints, without = Sensor(voices=True), Sensor()
    for sensor in (with_prints, without):
        sensor.push(sound, 5.0)
        sensor.take(last=True)
    prints = with_prints.take_prints()
    assert with_prints.take_prints() == without.take_prints() == ()
    assert len(prints) > 10
    assert all(5.0 - 0.2 < made.start < made.end < 11.0 + 0.2 for made in prints)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(prints))
