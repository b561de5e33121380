"""K-weighting and momentary loudness against the values that ITU-R BS.1770 gives."""

import numpy as np
import pytest

from engine.analysis.loudness import HOP, MOMENTARY, OFFSET, level, momentary, weighted

SECONDS = 2


def sine(hertz, decibels=0.0):
    return (10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * np.arange(16_000 * SECONDS) / 16_000)).astype(np.float32)


def lufs(sound):
    return float(momentary(level(weighted(sound)) + OFFSET)[60])


@pytest.mark.parametrize("decibels", [0.0, -23.0, -40.0])
def test_a_sine_of_997_hz_at_full_scale_is_3_01_below_it(decibels):
    assert lufs(sine(997, decibels)) == pytest.approx(-3.01 + decibels, abs=0.02)


@pytest.mark.parametrize(("hertz", "gain"), [(50, -4.63), (100, -1.81), (4000, 3.29), (7000, 3.35)])
def test_bass_counts_for_less_and_treble_for_more(hertz, gain):
    """The gain of the standard's own filters at 48 kHz, over that at 997 Hz."""
    assert lufs(sine(hertz)) - lufs(sine(997)) == pytest.approx(gain, abs=0.03)


def test_momentary_loudness_is_the_power_of_four_tenths_of_a_second():
    frames = np.full(100, -120.0)
    frames[40 : 40 + MOMENTARY] = -20.0
    found = momentary(frames)
    assert found[40 + MOMENTARY // 2] == pytest.approx(-20, abs=0.01)
    assert found[40] == pytest.approx(-20 + 10 * np.log10(13 / 25), abs=0.01)
    assert found[0] == pytest.approx(-120, abs=0.01)


def test_a_frame_is_256_samples_and_half_a_frame_is_none():
    assert len(level(np.ones(HOP * 3 + HOP // 2, np.float32))) == 3
    assert level(np.ones(HOP, np.float32))[0] == pytest.approx(0)
    assert len(momentary(level(np.zeros(0, np.float32)))) == 0
