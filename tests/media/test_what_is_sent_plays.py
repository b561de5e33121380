"""Encoders and mu-law: what comes out is what players and telephones take."""

from __future__ import annotations

import io
import struct
import wave

import av
import numpy as np
import pytest

from engine.audio import Pcm, resample
from engine.media import (
    AudioFormat,
    RawFormat,
    decode_clip,
    encode,
    encode_mp3,
    encode_mulaw,
    encode_pcm,
    encode_wav,
    sniff,
)
from engine.media.g711 import alaw_decode, mulaw_decode, mulaw_encode
from tests.media.recordings import likeness, noise_below, recorded, synthesized, tone

EVERY_SAMPLE = np.arange(-32768, 32768).astype("<i2")


def test_mp3_is_what_earlier_clients_were_sent_and_sounds_like_what_was_said() -> None:
    voice = resample(synthesized(3.0), 22_050)
    data = encode_mp3(voice)
    with av.open(io.BytesIO(data)) as file:
        track = file.streams.audio[0]
        assert (track.codec_context.name, track.rate, track.channels) == ("mp3float", 44_100, 1)
        assert track.bit_rate == pytest.approx(128_000, rel=0.01)
        assert float(track.duration * track.time_base) == pytest.approx(3.0, abs=0.06)
    heard = decode_clip(data)
    assert heard.seconds == pytest.approx(3.0, abs=0.03)
    assert noise_below(resample(voice, 16_000), heard) > 20


def test_a_recorded_voice_survives_mp3() -> None:
    voice = recorded("austen-0880.wav")
    assert likeness(decode_clip(encode_mp3(voice)), voice) > 0.99


def test_wav_is_read_by_the_standard_library() -> None:
    voice = synthesized(0.5, 22_050)
    with wave.open(io.BytesIO(encode_wav(voice))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        assert file.readframes(file.getnframes()) == voice.data


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        (AudioFormat.MP3, None),
        (AudioFormat.WAV, None),
        (AudioFormat.PCM_16000, RawFormat()),
        (AudioFormat.ULAW_8000, RawFormat(encoding="ulaw", rate=8_000)),
    ],
)
def test_every_format_on_offer_comes_back(form: AudioFormat, raw: RawFormat | None) -> None:
    voice = synthesized(1.0, 24_000)
    data = encode(voice, form)
    assert (sniff(data) is None) == (raw is not None)
    heard = decode_clip(data, raw=raw)
    assert heard.seconds == pytest.approx(1.0, abs=0.03)
    assert likeness(heard, resample(voice, 16_000)) > 0.98


@pytest.mark.parametrize("form", AudioFormat)
def test_nothing_to_say_is_still_playable(form: AudioFormat) -> None:
    data = encode(Pcm(b"", 16_000), form)
    if form in (AudioFormat.MP3, AudioFormat.WAV):
        assert not np.frombuffer(decode_clip(data).data, "<i2").any()
    else:
        assert data == b""


def test_raw_formats_have_the_size_their_rate_says() -> None:
    voice = synthesized(0.5, 24_000)
    assert len(encode_pcm(voice, 16_000)) == 16_000
    assert len(encode_mulaw(voice)) == 4_000


def av_g711(codec: str, data: bytes) -> np.ndarray:
    """The same bytes through FFmpeg's decoder."""
    context = av.CodecContext.create(codec, "r")
    context.sample_rate, context.layout = 8_000, "mono"
    return context.decode(av.Packet(data))[0].to_ndarray()[0]


@pytest.mark.parametrize(("codec", "decode"), [("pcm_mulaw", mulaw_decode), ("pcm_alaw", alaw_decode)])
def test_g711_decodes_as_elsewhere(codec: str, decode: object) -> None:
    every_code = bytes(range(256))
    assert callable(decode)
    assert np.array_equal(np.frombuffer(decode(every_code), "<i2"), av_g711(codec, every_code))


def test_mulaw_takes_every_sample_to_the_nearest_code() -> None:
    codes = mulaw_encode(EVERY_SAMPLE.tobytes())
    values = np.frombuffer(mulaw_decode(bytes(range(256))), "<i2").astype(int)
    nearest = np.abs(EVERY_SAMPLE[::7, None].astype(int) - values[None]).min(axis=1)
    error = np.abs(EVERY_SAMPLE.astype(int) - np.frombuffer(mulaw_decode(codes), "<i2"))
    assert np.array_equal(error[::7], nearest)
    assert mulaw_encode(struct.pack("<3h", 0, 32767, -32768)) == b"\xff\x80\x00"


def test_mulaw_keeps_a_telephone_s_quality_at_every_level() -> None:
    for level in (300, 3_000, 30_000):
        quiet = tone(440, 0.5, 8_000, level)
        assert noise_below(quiet, Pcm(mulaw_decode(encode_mulaw(quiet)), 8_000)) > 30
