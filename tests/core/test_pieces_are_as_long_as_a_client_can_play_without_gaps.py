"""How speech is cut into messages for clients that play each by itself, and for those that play a stream."""

from __future__ import annotations

import math
from array import array

import pytest

from engine.audio import Pcm
from engine.delivery import CUT_FROM, Delivery
from engine.ledger import SpokenLine
from engine.providers.base import SpeechChunk

RATE = 16_000


def line(seconds, *, quiet_at=(), complete=True):
    """A tone of `seconds` that is silent for 30 ms from each of `quiet_at` on."""
    samples = array("h", (round(9000 * math.sin(i / 5)) for i in range(round(seconds * RATE))))
    for at in quiet_at:
        for i in range(round(at * RATE), round((at + 0.03) * RATE)):
            samples[i] = 0
    made = SpokenLine(number=1, mark=1, text="la")
    made.grow(SpeechChunk(pcm=Pcm(samples.tobytes(), RATE)))
    if complete:
        made.close()
    return made


def pieces(delivery, spoken):
    """All pieces that a complete line is sent in."""
    found = []
    while (seconds := delivery.piece(spoken, idle=not found)) is not None:
        found.append(seconds)
        spoken.sent += seconds
    return found


def test_a_stream_takes_whatever_is_there():
    growing = line(0.03, complete=False)
    assert Delivery(chunk=0.02).piece(growing, idle=True) == 0.02
    growing.sent = 0.02
    assert Delivery(chunk=0.02).piece(growing, idle=False) == pytest.approx(0.01)


def test_full_pieces_wait_until_there_is_enough_or_the_line_ends():
    full = Delivery(chunk=0.5, full=True)
    assert full.piece(line(0.6, complete=False), idle=False) is None
    assert full.piece(line(0.6), idle=False) == pytest.approx(0.6)
    assert full.piece(line(0.8, complete=False), idle=False) <= 0.5


def test_the_first_piece_is_shorter_so_that_speech_begins_sooner():
    assert Delivery(chunk=0.5, first=0.25, full=True).piece(line(2.0), idle=True) <= 0.25
    assert Delivery(chunk=0.04, first=0.01).piece(line(2.0), idle=True) == 0.01


def test_full_pieces_are_cut_where_it_is_quiet():
    cut = Delivery(chunk=0.5, full=True).piece(line(2.0, quiet_at=[0.37]), idle=False)
    assert 0.37 <= cut <= 0.40


def test_all_of_a_line_is_sent_and_its_last_piece_is_not_a_crumb():
    delivery = Delivery(chunk=0.5, first=0.25, full=True)
    spoken = line(3.17, quiet_at=[0.2, 0.6, 1.4, 2.2])
    lengths = pieces(delivery, spoken)
    assert sum(lengths) == pytest.approx(3.17)
    assert min(lengths[1:-1]) >= CUT_FROM * 0.5 - 0.01
    assert lengths[-1] >= 0.2
