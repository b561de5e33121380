"""Whole uploads: every container, stereo, any rate, truncated, with the headers that recorders really write."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from engine.audio import HEARING_RATE, Pcm, resample
from engine.errors import TooLarge
from engine.media import Container, RawFormat, decode_clip, encode_mp3, encode_wav, sniff
from tests.media.recordings import (
    FRAGMENTS,
    VOICES,
    browser_webm,
    encoded,
    likeness,
    noise_below,
    recorded,
    synthesized,
    tone,
)

FILES = {
    "wav, 48 kHz stereo": (Container.WAV, lambda v: encoded(v, "wav", "pcm_s16le", channels=2)),
    "wav, 24 bit": (Container.WAV, lambda v: encoded(v, "wav", "pcm_s24le")),
    "wav, float": (Container.WAV, lambda v: encoded(v, "wav", "pcm_f32le")),
    "wav, mu-law": (Container.WAV, lambda v: encoded(v, "wav", "pcm_mulaw")),
    "webm, opus": (Container.WEBM, lambda v: encoded(v, "webm", "libopus")),
    "webm, opus, stereo": (Container.WEBM, lambda v: encoded(v, "webm", "libopus", channels=2)),
    "webm, as a browser records": (Container.WEBM, browser_webm),
    "ogg, opus": (Container.OGG, lambda v: encoded(v, "ogg", "libopus")),
    "ogg, flac": (Container.OGG, lambda v: encoded(v, "ogg", "flac")),
    "mp4, aac stereo": (Container.MP4, lambda v: encoded(v, "mp4", "aac", channels=2)),
    "mp4, aac in fragments": (Container.MP4, lambda v: encoded(v, "mp4", "aac", **FRAGMENTS)),
    "mp3": (Container.MP3, lambda v: encoded(v, "mp3", "libmp3lame")),
    "mp3 without a tag": (Container.MP3, lambda v: encoded(v, "mp3", "libmp3lame", id3v2_version="0", write_xing="0")),
    "flac": (Container.FLAC, lambda v: encoded(v, "flac", "flac")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_sounds_like_what_was_recorded(name: str) -> None:
    container, make = FILES[name]
    voice = synthesized()
    data = make(voice)
    assert sniff(data) is container
    heard = decode_clip(data)
    assert heard.rate == HEARING_RATE
    assert heard.seconds == pytest.approx(voice.seconds, abs=0.05)
    assert likeness(heard, resample(voice, HEARING_RATE)) > 0.99


@pytest.mark.parametrize("name", [name for name in FILES if name != "mp4, aac stereo"])
def test_a_truncated_file_gives_what_is_there(name: str) -> None:
    voice = synthesized()
    data = FILES[name][1](voice)
    heard = decode_clip(data[: len(data) * 2 // 3])
    assert 0.5 < heard.seconds < 2.5
    assert likeness(heard, resample(voice, HEARING_RATE).cut(0, heard.seconds)) > 0.95


def test_a_human_voice_survives_what_the_browser_does_to_it() -> None:
    voice = recorded("austen-0880.wav")
    heard = decode_clip(browser_webm(resample(voice, 48_000)))
    assert likeness(heard, voice) > 0.97
    assert heard.seconds == pytest.approx(voice.seconds, abs=0.08)


def test_a_recorded_stereo_flac_is_mixed_down() -> None:
    path: Path = VOICES / "jfk.flac"
    if not path.exists():
        pytest.skip("the recorded voice jfk.flac is not here")
    heard = decode_clip(path.read_bytes())
    assert heard.seconds == pytest.approx(11.0, abs=0.1)
    assert np.frombuffer(heard.data, "<i2").astype(float).std() > 500


def test_stereo_is_the_mean_of_its_channels() -> None:
    left, right = (np.frombuffer(tone(hertz, 0.5, 16_000).data, "<i2") for hertz in (440, 1000))
    wav = bytearray(encode_wav(Pcm(np.stack([left, right], 1).tobytes(), 16_000)))
    wav[22:24], wav[28:34] = b"\2\0", struct.pack("<IH", 64_000, 4)
    mean = Pcm(((left.astype(int) + right) // 2).astype("<i2").tobytes(), 16_000)
    assert noise_below(mean, decode_clip(bytes(wav))) > 60


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 0xFFFFFFD3, 0x7FFFFFFF, 64_001])
def test_a_wav_header_that_lies_about_its_length_is_read_to_the_end(length: int) -> None:
    pcm = resample(synthesized(1.0), HEARING_RATE)
    wav = encode_wav(pcm)
    lying = wav[:40] + struct.pack("<I", length) + wav[44:]
    assert decode_clip(lying) == pcm


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_raw_samples_are_taken_at_the_declared_rate(rate: int) -> None:
    heard = decode_clip(tone(440, 0.5, rate).data, raw=RawFormat(rate=rate))
    assert heard.seconds == pytest.approx(0.5, abs=0.001)
    assert noise_below(tone(440, 0.5, HEARING_RATE).cut(0.01, 0.49), heard.cut(0.01, 0.49)) > 40


def test_an_odd_byte_is_dropped() -> None:
    pcm = tone(440, 0.1, HEARING_RATE)
    assert decode_clip(pcm.data + b"\x01") == pcm


def test_raw_silence_is_silence_and_no_mp3() -> None:
    assert decode_clip(b"\xff\xff" * 1600) == Pcm(b"\xff\xff" * 1600, HEARING_RATE)
    near_zero = b"\xff\xfb\x90\x00" + bytes(3000)
    assert decode_clip(near_zero).data == near_zero


def test_a_long_upload_is_refused_before_it_is_decoded_to_its_end() -> None:
    data = encode_mp3(tone(440, 30, 16_000))
    with pytest.raises(TooLarge, match="at most 2 seconds"):
        decode_clip(data, limit_seconds=2)
    assert decode_clip(data, limit_seconds=31).seconds == pytest.approx(30, abs=0.1)
    with pytest.raises(TooLarge):
        decode_clip(bytes(5 * 32_000), limit_seconds=4.9)
