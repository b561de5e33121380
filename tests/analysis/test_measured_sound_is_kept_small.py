"""Frames are kept in few bytes, come back as they were, and are put together whatever is missing or damaged."""

import numpy as np
import pytest

from bench.synthetic_voice import as_pcm, voice
from engine.analysis.packing import SILENT, joined, packed, silent, unpacked
from engine.analysis.sensor import Sensor
from engine.analysis.values import FRAME, Frames
from engine.errors import BadInput


def frames(rows=100, start=0.0, db=-20.0):
    column = np.full(rows, db, np.float32)
    return Frames(f0=np.full(rows, 120.0), confidence=np.full(rows, 0.9), level=column, loudness=column, start=start)


@pytest.fixture(scope="module")
def spoken():
    sensor = Sensor()
    sensor.push(as_pcm(voice(20, 120, 2.5).sound), 3.0)
    return sensor.take(last=True)[0]


def test_what_was_packed_comes_back_finer_than_it_was_known(spoken):
    back = unpacked(packed(spoken))
    voiced = spoken.f0 > 0
    assert back.start == spoken.start == 3.0
    assert ((back.f0 > 0) == voiced).all()
    assert np.abs(12 * np.log2(back.f0[voiced] / spoken.f0[voiced])).max() <= 0.0101
    assert np.abs(back.confidence - spoken.confidence).max() <= 0.002
    for name in ("level", "loudness"):
        assert np.abs(getattr(back, name) - getattr(spoken, name)).max() <= 0.2501


def test_a_minute_takes_no_more_than_15_kb(spoken):
    assert len(packed(spoken)) * 60 / 20 < 15_000
    assert len(packed(silent(round(60 / FRAME)))) < 200


def test_nothing_comes_back_as_nothing():
    assert len(unpacked(packed(silent(0, 4.0))).level) == 0


def test_whatever_is_damaged_is_refused_and_never_read_as_sound(spoken):
    data = packed(spoken)
    random = np.random.default_rng(1)
    damaged = [b"", b"F1", data[:10], data[:-1], data[1:], b"X" + data[1:], data[:14] + b"\x00" * 40, data[:14]]
    for at in random.integers(14, len(data), 40):
        broken = bytearray(data)
        broken[at] ^= 1 << int(random.integers(8))
        damaged.append(bytes(broken))
    huge = data[:10] + (2**32 - 1).to_bytes(4, "little") + data[14:]
    for broken in [*damaged, huge]:
        with pytest.raises(BadInput):
            unpacked(broken)


def test_pieces_are_put_in_their_place_and_gaps_are_silent():
    whole = joined([frames(start=0.0), frames(start=4.0, db=-30.0)], 8.0)
    assert len(whole.level) == 500
    assert (whole.level[:100] == -20).all()
    assert (whole.level[250:350] == -30).all()
    assert (whole.level[100:250] == SILENT).all()
    assert (whole.loudness[350:] == SILENT).all()
    assert not whole.f0[100:250].any()
    assert not whole.confidence[100:250].any()


def test_what_overlaps_is_the_later_and_what_lies_outside_is_left_out():
    whole = joined(
        [frames(start=0.0), frames(start=0.8, db=-30.0), frames(start=50.0), frames(start=-1.0, db=-40.0)], 2.0
    )
    assert len(whole.level) == 125
    assert (whole.level[38:50] == -20).all()
    assert (whole.level[50:] == -30).all()
    assert (whole.level[:38] == -40).all()


def test_no_pieces_are_silence():
    assert (joined([], 1.6).level == SILENT).all()
    assert len(joined([], 0.0).level) == 0
