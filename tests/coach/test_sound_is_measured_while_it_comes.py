"""What is measured of a session's sound on its way to the disk: in order, once, and at no cost where there is none."""

import asyncio
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from engine.analysis.packing import unpacked
from engine.audio import HEARING_RATE, Pcm
from engine.soundings import Soundings


class Sessions:
    def __init__(self):
        self.rows = []

    def add_sound(self, _, side, start, end, data, spans):
        self.rows.append((side, start, end, len(unpacked(data).f0), spans))


class Kept:
    def __init__(self):
        self.sessions = Sessions()

    def soon(self, function, *args):
        function(*args)


def noise(seconds):
    return Pcm(np.random.default_rng(0).normal(0, 2000, round(seconds * HEARING_RATE)).astype("<i2").tobytes(), 16_000)


async def test_an_hour_without_sound_takes_no_memory_and_no_rows():
    kept = Kept()
    soundings = Soundings(kept, "session")
    piece = noise(0.1)
    tracemalloc.start()
    for begins in (0.0, 3605.0):
        for number in range(50):
            soundings.hear("user", piece, begins + number / 10)
            if not number:
                soundings.voiced("user", True, begins)
        soundings.voiced("user", False, begins + 5.0)
        await soundings.flush()
    await soundings.flush(last=True)
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()
    rows = kept.sessions.rows
    assert sum(count for *_, count, _ in rows) * 0.016 == pytest.approx(10.0, abs=0.05)
    assert all(before[2] <= after[1] + 1e-6 for before, after in pairwise(rows)), "one after another"
    spoken = sum(end - start for *_, spans in rows for start, end in spans)
    assert spoken == pytest.approx(10.0, abs=0.05)
    assert soundings.behind == 0.0 and not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
