"""Melody, loudness, fading turns and the room: values, samples, moments, and what is not told."""

import numpy as np
import pytest

from bench.synthetic_voice import as_pcm, voice
from engine.analysis.loudness import HOP
from engine.analysis.packing import joined, silent
from engine.analysis.prosody import MEASURES, prosody
from engine.analysis.sensor import Sensor
from engine.analysis.values import FRAME, PARTNER, USER, Confidence, Frames, Material, Span

SECONDS = 40.0


def spans(*pairs):
    return tuple(Span(start=a, end=b) for a, b in pairs)


def toned(semitones, seconds, start=0.0, db=-20.0):
    """Frames of a voice all of which is voiced, its pitch swinging by that standard deviation."""
    rows = round(seconds / FRAME)
    swing = np.sqrt(2) * semitones * np.sin(2 * np.pi * 0.7 * np.arange(rows) * FRAME)
    column = np.full(rows, db, np.float32)
    return Frames(f0=150 * 2 ** (swing / 12), confidence=np.full(rows, 0.9), level=column, loudness=column, start=start)


def measured(frames, speech=None, partner=(), separate=True, seconds=SECONDS):
    speech = spans((0, seconds)) if speech is None else speech
    material = Material(
        seconds=seconds, lines=(), speech={USER: speech, PARTNER: partner}, frames={USER: frames}, separate=separate
    )
    measures, series, marks = prosody(material)
    assert tuple(measure.id for measure in measures) == MEASURES
    for measure in measures:
        assert (measure.value is None) == (measure.confidence is Confidence.NONE) == bool(measure.why)
    return {measure.id: measure for measure in measures}, {one.id: one for one in series}, marks


def test_the_spread_is_that_of_the_pitch_in_semitones_for_low_voices_and_high():
    for octave in (1, 2):
        frames = toned(2.0, SECONDS)
        frames.f0[:] *= octave
        found, _, _ = measured(frames)
        assert found["pitch_variation"].value == pytest.approx(2.0, abs=0.05)
        assert found["pitch_variation"].n == 40
        assert found["pitch_variation"].unit == "st"
        assert found["monotone_share"].value == 0


def test_a_monotone_stretch_is_found_where_it_is():
    frames = joined([toned(3.0, 20.0), toned(0.8, 20.0, start=20.0)], SECONDS)
    found, series, marks = measured(frames)
    (mark,) = marks
    assert mark.layer == "monotone"
    assert (mark.start, mark.end) == pytest.approx((20.0, 40.0), abs=2.1)
    assert 35 < found["monotone_share"].value < 55
    assert [(e.start, e.end) for e in found["monotone_share"].evidence] == [(mark.start, mark.end)]
    line = series["pitch"]
    assert line.values[0] == pytest.approx(3.0, abs=0.3)
    assert line.values[-1] == pytest.approx(0.8, abs=0.1)
    assert line.times[0] == pytest.approx(8.0)


def test_one_flat_window_is_no_stretch():
    frames = joined([toned(3.0, 14.0), toned(0.8, 9.0, start=14.0), toned(3.0, 17.0, start=23.0)], SECONDS)
    assert not measured(frames)[2]


def test_a_pitch_an_octave_off_is_no_melody_and_faint_voices_are_not_the_users():
    frames = toned(1.0, SECONDS)
    frames.f0[::100] = 1200.0
    frames.f0[50::100], frames.level[50::100] = 300.0, -45.0
    assert measured(frames)[0]["pitch_variation"].value < 1.8


def test_volume_is_the_median_of_the_loudness_of_speech_alone():
    frames = joined([toned(2, 10, db=-24.0), toned(2, 10, start=20, db=-28.0)], SECONDS)
    frames.level[frames.level < -100] = frames.loudness[frames.loudness < -100] = -70.0
    found, series, marks = measured(frames, spans((0, 10), (20, 30)))
    assert found["volume"].value == pytest.approx(-26, abs=2.1)
    assert found["volume"].unit == "LUFS"
    assert found["volume"].n in {19, 20}
    assert found["volume_variation"].value == pytest.approx(4.0, abs=0.1)
    assert found["snr"].value == pytest.approx(44, abs=2)
    assert series["volume"].values[0] == pytest.approx(-24, abs=0.1)
    assert not marks


def test_a_quiet_stretch_is_marked_and_tells_to_come_closer():
    frames = joined([toned(2, 20, db=-24.0), toned(2, 20, start=20, db=-42.0)], SECONDS)
    _, _, marks = measured(frames)
    (mark,) = marks
    assert mark.layer == "quiet"
    assert "closer" in mark.note
    assert (mark.start, mark.end) == pytest.approx((20.0, 40.0), abs=4.1)


def test_in_a_noisy_room_loudness_is_a_hint_only():
    frames = joined([toned(2, 20, db=-30.0)], SECONDS)
    frames.level[frames.level < -100] = -40.0
    found, _, _ = measured(frames, spans((0, 20)))
    assert found["snr"].value == pytest.approx(9.5, abs=0.2)
    assert found["volume"].confidence is Confidence.LOW


def test_without_a_second_of_silence_the_room_is_not_known():
    found, _, _ = measured(toned(2, SECONDS))
    assert "nobody speaks" in found["snr"].why


def test_a_microphone_that_switches_itself_off_is_as_quiet_as_is_told():
    found, _, _ = measured(joined([toned(2, 20)], SECONDS), spans((0, 20)))
    assert found["snr"].value == 60


def turns(falls, partner=False):
    """Turns of 6 s, every 9 s, the last third of each fainter by that many dB."""
    pieces, own, other = [], [], []
    for i, fall in enumerate(falls):
        at = 9.0 * i
        frames = toned(2, 6.0, start=at)
        frames.loudness[len(frames.loudness) * 2 // 3 :] -= fall
        pieces.append(frames)
        own.append(Span(start=at, end=at + 6))
        other.append(Span(start=at + 6.5, end=at + 8.5))
    seconds = 9.0 * len(falls)
    return measured(joined(pieces, seconds), tuple(own), tuple(other) if partner else (), seconds=seconds)[0]["fade"]


def test_turns_that_fade_are_counted_and_named():
    fade = turns([6, 0, 5, 3])
    assert fade.value == 50
    assert fade.n == 4
    assert [(e.start, e.end) for e in fade.evidence] == [(0.0, 6.0), (18.0, 24.0)]
    assert "6 dB" in fade.evidence[0].text


def test_two_turns_are_too_few_to_say_that_turns_fade():
    assert turns([6, 6]).value is None


def test_a_turn_ends_where_the_other_speaks_and_not_at_a_short_silence():
    own = spans((0, 2), (3, 5), (7.5, 9.5), (10, 12))
    frames = joined([toned(2, 12)], 13)
    without = measured(frames, own, seconds=13)[0]["fade"]
    with_other = measured(frames, own, spans((2.2, 2.8), (9.6, 9.9)), seconds=13)[0]["fade"]
    assert without.n == 2
    assert with_other.n == 0


def test_on_one_microphone_what_the_other_says_is_not_the_users():
    frames = joined([toned(2, 20, db=-20.0), toned(0.2, 20, start=20, db=-10.0)], SECONDS)
    found, _, _ = measured(frames, spans((0, 25)), spans((20, 40)), separate=False)
    assert found["pitch_variation"].value == pytest.approx(2.0, abs=0.1)
    assert found["volume"].value == pytest.approx(-20, abs=0.1)


def test_where_nothing_was_heard_nothing_is_told_and_it_says_why():
    for material in (Material(seconds=10, lines=()), Material(seconds=10, lines=(), frames={USER: silent(0)})):
        measures, series, marks = prosody(material)
        assert not series
        assert not marks
        assert all(measure.value is None and "not measured" in measure.why for measure in measures)
    found, series, _ = measured(silent(600), spans((0, 9)), seconds=9.6)
    assert not series
    assert found["volume"].value is None


def test_a_real_sound_goes_through_as_a_whole():
    one = voice(20, 200, 3.0)
    sensor = Sensor()
    sensor.push(as_pcm(one.sound), 0.0)
    speech = np.flatnonzero(np.diff(np.concatenate([[0], one.speech.astype(int), [0]]))) * HOP / 16_000
    own = tuple(Span(start=float(a), end=float(b)) for a, b in zip(speech[::2], speech[1::2], strict=True))
    found, _, _ = measured(sensor.take(last=True)[0], own, seconds=20.0)
    assert found["pitch_variation"].value == pytest.approx(one.spread, abs=0.25)
