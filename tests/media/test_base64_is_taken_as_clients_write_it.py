from __future__ import annotations

import base64
import random

import pytest

from engine.media import encode_mulaw, encode_wav, from_base64
from tests.media.recordings import synthesized, tone

AUDIO = random.Random(2).randbytes(1001)
PLAIN = base64.b64encode(AUDIO).decode()


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("="),
        base64.urlsafe_b64encode(AUDIO).decode(),
        base64.urlsafe_b64encode(AUDIO).decode().rstrip("="),
        base64.encodebytes(AUDIO).decode(),
        PLAIN[:9] + " " + PLAIN[9:100] + "\r\n\t" + PLAIN[100:],
        "data:audio/webm;codecs=opus;base64," + PLAIN,
        ' data:audio/webm;codecs="opus";base64, ' + PLAIN + "\n",
        "DATA:audio/wav;BASE64," + PLAIN.rstrip("="),
    ],
)
def test_every_dialect_gives_the_same_bytes(text: str) -> None:
    assert from_base64(text) == AUDIO


def test_empty_text_is_no_bytes() -> None:
    assert from_base64("") == from_base64("data:audio/wav;base64,") == b""


@pytest.mark.parametrize(
    "data",
    [
        encode_wav(synthesized(3.0)),
        encode_mulaw(synthesized(3.0)),
        encode_wav(tone(60, 1, 8_000, 300)),
        encode_mulaw(tone(50, 1, 8_000)),
        encode_mulaw(tone(20, 1, 8_000, 60)),
    ],
    ids=["wav", "mu-law", "a quiet hum", "a hum in mu-law", "a rumble in mu-law"],
)
def test_no_piece_of_real_audio_is_taken_for_text(data: bytes) -> None:
    for size in (40, 80, 160, 960):
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert [from_base64(base64.b64encode(piece).decode()) for piece in pieces] == pieces
