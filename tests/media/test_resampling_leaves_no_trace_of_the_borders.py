from __future__ import annotations

import random

import numpy as np
import pytest

from engine.audio import Pcm, Resampler, resample
from tests.media.recordings import noise_below, recorded, synthesized, tone

RATES = [(48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 8_000), (22_050, 24_000), (16_000, 44_100)]


def streamed(pcm: Pcm, rate: int, sizes: list[int]) -> tuple[Pcm, list[float]]:
    """`pcm` through a resampler in pieces of these sizes (samples), and how far (s) the output lagged after each."""
    resampler, made, lags, at = Resampler(pcm.rate, rate), b"", [], 0
    for size in sizes:
        made += resampler.push(Pcm(pcm.data[2 * at : 2 * (at + size)], pcm.rate)).data
        at += size
        lags.append(min(at, pcm.samples) / pcm.rate - len(made) / 2 / rate)
    return Pcm(made + resampler.flush().data, rate), lags


@pytest.mark.parametrize(("of", "to"), RATES)
def test_pieces_of_20_ms_give_what_the_whole_gives_and_lag_at_most_2_ms(of: int, to: int) -> None:
    voice = synthesized(1.0, of)
    made, lags = streamed(voice, to, [of // 50] * 50)
    assert made == resample(voice, to)
    assert max(lags) <= 0.002 + 1e-9
    assert max(lags) - min(lags) <= 1 / to + 1e-9


@pytest.mark.parametrize(("of", "to"), RATES)
def test_no_cut_is_heard(of: int, to: int) -> None:
    chance = random.Random(of)
    voice = synthesized(0.5, of)
    sizes = []
    while sum(sizes) < voice.samples:
        sizes.append(chance.choice([0, 1, 2, 7, 100, 441, 3000]))
    assert streamed(voice, to, sizes)[0] == resample(voice, to)


@pytest.mark.parametrize(("of", "to"), RATES)
@pytest.mark.parametrize("samples", [0, 1, 7, 160, 4801])
def test_the_length_is_kept_to_the_nearest_sample(of: int, to: int, samples: int) -> None:
    assert resample(Pcm(bytes(2 * samples), of), to).samples == round(samples * to / of)


def test_a_tone_stays_where_and_what_it_was() -> None:
    made = resample(tone(1000, 1, 48_000), 16_000)
    assert noise_below(tone(1000, 1, 16_000).cut(0.01, 0.99), made.cut(0.01, 0.99)) > 60


def test_what_the_lower_rate_cannot_hold_is_silent_instead_of_folded_back() -> None:
    made = resample(tone(10_500, 1, 48_000), 16_000).cut(0.05, 0.95)
    assert np.abs(np.frombuffer(made.data, "<i2").astype(int)).max() <= 4


def test_a_recorded_voice_comes_back_from_a_higher_rate() -> None:
    voice = recorded("austen-0880.wav")
    assert noise_below(voice, resample(resample(voice, 48_000), 16_000)) > 25


def test_after_a_flush_a_new_stream_begins() -> None:
    resampler = Resampler(48_000, 16_000)
    voice = synthesized(0.2)
    once, twice = (resampler.push(voice).data + resampler.flush().data for _ in range(2))
    assert once == twice
    assert resampler.flush().samples == 0


def test_equal_rates_pass_unchanged_and_a_wrong_rate_is_refused() -> None:
    voice = synthesized(0.1)
    assert Resampler(48_000, 48_000).push(voice) == voice
    with pytest.raises(ValueError, match="given 48000 Hz"):
        Resampler(16_000, 8_000).push(voice)
