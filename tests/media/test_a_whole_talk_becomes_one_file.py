from __future__ import annotations

import numpy as np
import pytest

from engine.audio import Pcm, silence
from engine.media import AudioFormat, decode_clip, export, fade, join, level
from tests.media.recordings import synthesized, tone


def loudness(pcm: Pcm) -> float:
    """RMS, dB below full scale."""
    samples = np.frombuffer(pcm.data, "<i2").astype(float)
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) / 32768))


def peak(pcm: Pcm) -> int:
    return int(np.abs(np.frombuffer(pcm.data, "<i2").astype(int)).max(initial=0))


def test_parts_of_different_rates_are_joined_with_silence_between() -> None:
    made = join([tone(440, 0.5, 22_050), tone(440, 0.25, 16_000), tone(440, 0.25, 24_000)], 0.2, 24_000)
    assert made.rate == 24_000
    assert made.seconds == pytest.approx(0.5 + 0.2 + 0.25 + 0.2 + 0.25, abs=0.001)
    assert peak(made.cut(0.505, 0.695)) == 0
    assert peak(made.cut(0.1, 0.4)) > 9_000
    assert peak(made.cut(1.2, 1.3)) > 9_000


def test_nothing_joined_is_nothing() -> None:
    assert join([], 0.5, 16_000) == Pcm(b"", 16_000)


@pytest.mark.parametrize("amplitude", [100, 3_000, 20_000])
def test_loud_and_quiet_come_to_one_level(amplitude: float) -> None:
    assert loudness(level(tone(440, 0.5, 16_000, amplitude), -20)) == pytest.approx(-20, abs=0.2)


def test_peaks_are_never_clipped_for_the_sake_of_the_level() -> None:
    spiky = bytearray(tone(440, 1, 16_000, 300).data)
    spiky[1000:1002] = (30_000).to_bytes(2, "little")
    made = level(Pcm(bytes(spiky), 16_000), -10)
    assert peak(made) <= 32768 * 10 ** (-1 / 20) + 1


def test_silence_stays_silent() -> None:
    assert level(silence(0.5, 16_000)) == silence(0.5, 16_000)


def test_fades_begin_and_end_in_silence_and_leave_the_middle() -> None:
    whole = tone(440, 0.5, 16_000)
    made = fade(whole, 0.05)
    assert made.samples == whole.samples
    assert peak(made.cut(0, 0.002)) < 1_000
    assert peak(made.cut(0.498, 0.5)) < 1_000
    assert made.cut(0.06, 0.44) == whole.cut(0.06, 0.44)
    assert fade(tone(440, 0.001, 16_000)).samples == 16


def test_a_talk_is_exported_as_one_mp3() -> None:
    parts = [synthesized(1.0, 22_050, seed=1), Pcm(b"", 22_050), synthesized(0.5, 22_050, seed=2)]
    heard = decode_clip(export(parts, AudioFormat.MP3))
    assert heard.seconds == pytest.approx(1.0 + 0.35 + 0.5, abs=0.05)
    assert peak(heard.cut(1.05, 1.3)) < 200
    assert peak(heard.cut(1.4, 1.8)) > 3_000
