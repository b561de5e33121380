"""The spread of a voice's pitch is true where the truth is known: clean and in noise, low voices and high."""

from functools import cache

import numpy as np
import pytest

from bench.spliced import heard
from bench.synthetic_voice import as_pcm, babble, pink, voice
from engine.analysis import f0
from engine.analysis.melody import spread, voiced
from engine.analysis.sensor import Sensor

VOICES = {"low": (105, 1.0), "high": (210, 1.15)}


@cache
def speaker(kind, wide):
    base, formants = VOICES[kind]
    return voice(8, base, wide, seed=round(base + 10 * wide), formants=formants)


def measured(sound):
    sensor = Sensor()
    sensor.push(as_pcm(sound), 0.0)
    return sensor.take(last=True)[0]


def spread_of(frames, one):
    return spread(frames.f0[voiced(frames, one.speech)])


@pytest.mark.parametrize("kind", VOICES)
@pytest.mark.parametrize("wide", [0.5, 2.0, 3.5])
def test_the_spread_is_within_a_quarter_of_a_semitone_clean_and_at_10_db(kind, wide):
    one = speaker(kind, wide)
    noise = pink(len(one.sound))
    for sound in (one.sound, one.in_noise(noise, 20), one.in_noise(noise, 10)):
        assert spread_of(measured(sound), one) == pytest.approx(one.spread, abs=0.25)


def test_other_voices_in_the_room_do_not_make_a_voice_lively():
    one = speaker("low", 0.5)
    assert spread_of(measured(one.in_noise(babble(len(one.sound)), 20)), one) == pytest.approx(one.spread, abs=0.25)


def test_voices_are_ranked_by_their_liveliness_whatever_their_height():
    found = {}
    for kind in VOICES:
        for wide in (0.5, 2.0, 3.5):
            one = speaker(kind, wide)
            found[kind, wide] = spread_of(measured(one.in_noise(pink(len(one.sound)), 10)), one)
    assert sorted(found, key=found.get) == sorted(found, key=lambda each: (each[1], found[each]))


def test_no_octave_is_jumped():
    one = speaker("low", 3.5)
    frames = measured(one.in_noise(pink(len(one.sound)), 10))
    both = one.voiced & (frames.f0 > 0)
    off = np.abs(12 * np.log2(frames.f0[both] / one.f0[both]))
    assert both.sum() > 0.9 * one.voiced.sum()
    assert (off > 6).mean() < 0.005


def test_what_has_no_pitch_is_not_voiced():
    hiss = np.random.default_rng(1).standard_normal(16_000).astype(np.float32) / 10
    for sound in (hiss, np.zeros(16_000, np.float32)):
        hertz, sure = f0.pitch(sound)
        assert len(hertz) == len(sure) == 62
        assert (hertz > 0).mean() < 0.05
        assert not sure[hertz == 0].any()


def test_sound_shorter_than_a_frame_has_no_pitch():
    hertz, sure = f0.pitch(np.ones(200, np.float32))
    assert len(hertz) == len(sure) == 0


def test_confidence_is_above_a_half_exactly_where_it_is_voiced():
    hertz, sure = f0.pitch(speaker("high", 2.0).sound.astype(np.float32))
    assert ((sure > 0.5) == (hertz > 0)).all()
    assert sure.max() <= 1


def test_silent_sound_is_measured_as_silent():
    assert not heard(np.zeros(32_000)).frames.f0.any()
