"""The agent's own voice in the microphone is known by how its loudness rises and falls; somebody else's is not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.audio import Pcm
from engine.echo import COMPARED, EARLIER, LATER, Sounding, is_echo

RATE = 16_000


def babble(seed, seconds, rate=RATE):
    """Noise in syllables of 80 to 300 ms, each of its own loudness, as speech is."""
    choose, noise = random.Random(seed), np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * rate:
        length = round(choose.uniform(0.08, 0.3) * rate)
        parts.append(noise.normal(0, choose.choice((200, 900, 2500, 5000)), length) * np.hanning(length))
    return np.concatenate(parts)[: round(seconds * rate)]


def pcm(samples, rate=RATE):
    return Pcm(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), rate)


def microphone(echo_of, *, delay, gain, voice=None):
    """What a microphone hears around an echo, in the compared time, in light noise."""
    at = round((EARLIER - delay) * RATE)
    heard = gain * echo_of[at : at + round(COMPARED * RATE)] + np.random.default_rng(1).normal(
        0, 20, round(COMPARED * RATE)
    )
    return pcm(heard if voice is None else heard + voice)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gain", [0.1, 0.3, 1.0])
def test_an_echo_is_known_whatever_its_delay_and_loudness(seed, gain):
    played = babble(seed, COMPARED + EARLIER + LATER)
    for delay in (-0.1, 0.05, 0.2, 0.5):
        assert is_echo([microphone(played, delay=delay, gain=gain)], pcm(played))


@pytest.mark.parametrize("seed", range(5))
def test_somebody_else_is_no_echo_alone_or_over_one(seed):
    played = babble(seed, COMPARED + EARLIER + LATER)
    voice = babble(seed + 100, COMPARED)
    assert not is_echo([pcm(voice)], pcm(played))
    begun = round(0.25 * RATE)  # has just begun to speak: one loud syllable
    voice[:] = 0
    voice[-begun:] = np.random.default_rng(seed).normal(0, 2500, begun)
    assert not is_echo([microphone(played, delay=0.1, gain=0.1, voice=voice)], pcm(played))


def test_too_little_to_compare_is_no_echo():
    played = babble(1, COMPARED + EARLIER + LATER)
    assert not is_echo([pcm(played[: RATE // 2])], pcm(played))
    assert not is_echo([], pcm(played))


def test_what_sounds_is_laid_out_in_time_and_what_was_cleared_is_not_there():
    sounding = Sounding()
    assert sounding.around(10.0) is None
    for number in range(5):
        sounding.add(10.0 + number * 0.2, pcm(np.full(round(0.2 * RATE), number + 1)))
    sounding.clear(10.5)
    played = np.frombuffer(sounding.around(10.6).data, "<i2")
    began = 10.6 - COMPARED - EARLIER
    assert played[round((10.1 - began) * RATE)] == 1
    assert played[round((10.5 - began) * RATE)] == 3
    assert played[round((10.7 - began) * RATE)] == 0, "cleared"
    assert sounding.around(10.6 + EARLIER) is not None
    assert sounding.around(11.3) is None, "nothing has sounded for longer than an echo takes"
