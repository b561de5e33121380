"""Both sides in stereo, in pieces, with a head that says how long it is."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import StorageFailed
from engine.exports.sound import RATE, as_wav
from engine.recording import Track
from tests.store.sound import tone


def track(path: Path, *at: float, seconds: float = 0.5, rate: int = 16_000) -> Path:
    """Tones that end at these times."""
    made = Track(path, rate)
    for until in at:
        made.push(tone(seconds, rate=rate), until)
    made.close()
    return path


def read(size: int, pieces: Iterator[bytes]) -> np.ndarray:
    data = b"".join(pieces)
    assert len(data) == size
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)


def loud(samples: np.ndarray) -> tuple[float, float]:
    places = np.flatnonzero(np.abs(samples.astype(int)) > 1000)
    return places[0] / RATE, places[-1] / RATE


def test_the_user_is_on_the_left_and_the_partner_on_the_right_when_they_spoke(tmp_path: Path) -> None:
    samples = read(*as_wav([track(tmp_path / "u.ogg", 1.0)], [track(tmp_path / "p.ogg", 3.0, rate=24_000)]))
    assert len(samples) / RATE == pytest.approx(3.0, abs=0.03)
    assert loud(samples[:, 0]) == (pytest.approx(0.5, abs=0.02), pytest.approx(1.0, abs=0.02))
    assert loud(samples[:, 1]) == (pytest.approx(2.5, abs=0.02), pytest.approx(3.0, abs=0.02))


def test_a_session_that_was_taken_up_again_is_one_file(tmp_path: Path) -> None:
    parts = [track(tmp_path / "u.ogg", 1.0), track(tmp_path / "2.u.ogg", 4.0)]
    samples = read(*as_wav(parts, []))
    assert len(samples) / RATE == pytest.approx(4.0, abs=0.03)
    assert loud(samples[: 2 * RATE, 0]) == (pytest.approx(0.5, abs=0.02), pytest.approx(1.0, abs=0.02))
    assert loud(samples[2 * RATE :, 0]) == (pytest.approx(1.5, abs=0.02), pytest.approx(2.0, abs=0.02))


def test_a_side_that_was_not_recorded_is_silent(tmp_path: Path) -> None:
    samples = read(*as_wav([], [track(tmp_path / "p.ogg", 1.0)]))
    assert not samples[:, 0].any()
    assert samples[:, 1].any()


def test_it_is_made_in_pieces_of_some_seconds(tmp_path: Path) -> None:
    _, pieces = as_wav([track(tmp_path / "u.ogg", *range(1, 21))], [])
    sizes = [len(piece) for piece in pieces]
    assert len(sizes) > 8
    assert max(sizes) <= 3 * RATE * 4


def test_a_track_whose_end_is_missing_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    path = track(tmp_path / "u.ogg", *range(1, 11))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples = read(*as_wav([path], []))
    assert 3 < len(samples) / RATE < 8
    assert loud(samples[:, 0])[0] == pytest.approx(0.5, abs=0.02)


def test_a_track_that_is_none_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "u.ogg").write_bytes(b"no sound at all")
    with pytest.raises(StorageFailed, match="the recording could not be read"):
        as_wav([tmp_path / "u.ogg"], [])
