"""The edges of speech are where the sound has them: pauses of known length between pieces of recorded voices."""

from functools import cache

import numpy as np
import pytest

from bench.live_sound import pause_errors
from bench.spliced import heard, noisy, paused, pieces
from engine.analysis.packing import silent
from engine.analysis.segments import merged, refined
from engine.analysis.values import FRAME, Frames, Span


def spans(*pairs):
    return tuple(Span(start=a, end=b) for a, b in pairs)


@cache
def spoken(decibels):
    parts = pieces("austen")
    if not parts:
        pytest.skip("no recorded human voices in ../shared/audio")
    sound, truth = paused(parts[:9])
    return heard(noisy(sound, decibels)), truth


@pytest.mark.parametrize(("decibels", "within"), [(30, 0.05), (15, 0.08)])
def test_pauses_are_told_within(decibels, within):
    made, truth = spoken(decibels)
    errors, missed = pause_errors(refined(made.spans, made.frames), truth)
    assert missed == 0
    assert errors.mean() < within


def test_voice_activity_alone_does_not_know_how_long_they_are():
    made, truth = spoken(30)
    rough, _ = pause_errors(merged(made.spans), truth)
    fine, _ = pause_errors(refined(made.spans, made.frames), truth)
    assert fine.mean() < rough.mean() / 3


def framed(loud, seconds=4.0, noise=-60.0, voice=-20.0):
    rows = round(seconds / FRAME)
    level = noise + np.random.default_rng(1).normal(0, 1, rows)
    for a, b in loud:
        level[round(a / FRAME) : round(b / FRAME)] = voice
    column = level.astype(np.float32)
    return Frames(f0=np.zeros(rows), confidence=np.zeros(rows), level=column, loudness=column)


def test_an_edge_is_moved_both_ways_to_where_the_sound_begins_and_ends():
    frames = framed([(1.0, 2.0)])
    assert refined(spans((1.15, 1.9)), frames) == refined(spans((0.85, 2.2)), frames)
    found = refined(spans((0.85, 2.2)), frames)[0]
    assert (found.start, found.end) == pytest.approx((1.0, 2.0), abs=FRAME)


def test_a_stretch_is_split_where_it_is_silent_for_a_quarter_of_a_second_and_not_where_it_is_shorter():
    assert len(refined(spans((1.0, 3.0)), framed([(1.0, 1.6), (1.9, 3.0)]))) == 2
    assert len(refined(spans((1.0, 3.0)), framed([(1.0, 1.6), (1.8, 3.0)]))) == 1


def test_sound_that_voice_activity_did_not_call_speech_is_not_speech():
    """A door, a cough: loud, near, and no speech."""
    found = refined(spans((1.0, 2.0)), framed([(1.0, 2.0), (3.0, 3.3)]))
    assert len(found) == 1
    assert found[0].end == pytest.approx(2.0, abs=FRAME)


def test_where_the_sound_does_not_tell_spans_stay_as_they_are():
    rough = spans((1.0, 2.0), (2.1, 3.0), (5.0, 6.0))
    assert refined(rough, silent(0)) == merged(rough) == spans((1.0, 3.0), (5.0, 6.0))
    assert refined(rough, framed([(1.0, 3.0)], seconds=4.0))[-1] == Span(start=5.0, end=6.0)


def test_in_a_loud_room_speech_is_not_lost():
    found = refined(spans((1.0, 2.0)), framed([(1.0, 2.0)], noise=-24.0))
    assert sum(span.seconds for span in found) > 0.9


def test_spans_are_put_in_order_and_short_gaps_closed():
    assert merged(spans((3, 4), (1, 2), (2.2, 2.5), (1.5, 1.7))) == spans((1, 2.5), (3, 4))
    assert merged(spans((1, 2), (2.25, 3))) == spans((1, 2), (2.25, 3))
    assert merged([]) == ()
