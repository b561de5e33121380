"""The queue between the event loop and the speaker's callback: what sounds, in which order, and what was heard."""

import random
import threading

import numpy
import pytest

from engine.audio import Pcm
from engine.local_audio.playback import BUFFERED, FADE, Playback

RATE = 48_000
BLOCK = 480


def ramp(samples, start=0):
    return Pcm(numpy.arange(start, start + samples).astype("<i2").tobytes(), RATE)


def rendered(playback, blocks, at=0.0):
    return numpy.concatenate([playback.render(BLOCK, at + i * BLOCK / RATE) for i in range(blocks)])


def test_what_is_given_sounds_once_whole_and_in_order():
    playback = Playback(RATE)
    for first in range(0, 9600, 960):
        playback.play(1, ramp(960, first))
    playback.done()
    out = rendered(playback, 30)
    assert (out[:9600] == numpy.arange(9600)).all()
    assert not out[9600:].any()


def test_it_waits_for_a_little_to_be_there_unless_that_is_all():
    playback = Playback(RATE)
    playback.play(1, ramp(960, 1))
    assert not rendered(playback, 1).any()
    playback.done()
    assert rendered(playback, 2).any()
    waited = Playback(RATE)
    waited.play(1, ramp(960, 1))
    assert rendered(waited, round(BUFFERED * RATE / BLOCK) + 1).any(), "or that has been waited for"


def test_a_position_is_what_the_devices_clock_has_come_to_not_what_it_was_given():
    playback = Playback(RATE)
    playback.play(1, ramp(9600))
    rendered(playback, 10, at=5.0)
    assert playback.heard(4.9).seconds == 0
    assert playback.heard(5.0255).seconds == pytest.approx(0.0255)
    assert playback.heard(5.0999).sounding
    assert playback.heard(5.1).seconds == pytest.approx(0.1)


def test_a_clear_fades_within_three_milliseconds_and_drops_the_rest():
    playback = Playback(RATE)
    playback.play(1, Pcm(numpy.full(48_000, 10_000, "<i2").tobytes(), RATE))
    rendered(playback, 10)
    playback.clear(2)
    out = rendered(playback, 10, at=0.1)
    fade = round(FADE * RATE)
    assert out[0] == 10_000 and (numpy.diff(out[:fade]) <= 0).all()
    assert not out[fade:].any()
    [cut] = playback.cut()
    assert (cut.generation, cut.seconds) == (1, pytest.approx(0.1 + FADE))
    assert playback.cut() == []


def test_what_is_older_than_a_clear_never_sounds_and_what_follows_it_does():
    playback = Playback(RATE)
    playback.play(1, ramp(4800, 1))
    playback.clear(2)
    playback.play(1, ramp(4800, 1))
    assert not rendered(playback, 10).any()
    playback.play(2, ramp(4800, 1))
    assert (rendered(playback, 10)[:4800] == numpy.arange(1, 4801)).all()
    assert playback.heard(10.0).generation == 2


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000])
def test_seconds_are_those_of_what_was_given_whatever_the_devices_rate(rate):
    playback = Playback(44_100)
    for _ in range(10):
        playback.play(1, Pcm(bytes(2 * (rate // 10)), rate))
    playback.done()
    for i in range(120):
        playback.render(441, i * 0.01)
    assert playback.heard(100.0).seconds == pytest.approx(1.0, abs=1e-4)


def test_two_threads_lose_nothing_and_repeat_nothing():
    playback, rng = Playback(RATE), random.Random(7)
    total = 32_000
    out = []

    def device():
        while sum(map(numpy.count_nonzero, out)) < total:
            out.append(playback.render(rng.choice((64, 480, 512)), 0.0))

    thread = threading.Thread(target=device)
    thread.start()
    for first in range(1, total + 1, 400):
        playback.play(1, ramp(400, first))
    playback.done()
    thread.join(20)
    assert not thread.is_alive()
    everything = numpy.concatenate(out)
    assert (everything[everything != 0] == numpy.arange(1, total + 1)).all()
