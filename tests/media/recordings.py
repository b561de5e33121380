"""Recordings to decode, made by real encoders from a voice; and how alike two recordings sound."""

from __future__ import annotations

import io
import wave
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from engine.audio import HEARING_RATE, Pcm

FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}
"""Muxer options for MP4 as Safari records it."""

VOICES = Path(__file__).parents[2].parent / "shared" / "audio"


@cache
def synthesized(seconds: float = 3.0, rate: int = 48_000, seed: int = 7) -> Pcm:
    """Something like speech: harmonics of a gliding pitch under syllables, with breath. No two moments are alike."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * t) + 8 * np.sin(2 * np.pi * 3.1 * t)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voice = sum(np.sin(k * phase + k) / k for k in range(1, 25))
    beats = np.arange(0, seconds + 0.2, 0.11)
    beats = np.arange(0, seconds + 0.2, 0.11)
    syllables = np.interp(t, beats, random.uniform(0.05, 1, len(beats)))
    breath = np.convolve(random.normal(0, 0.05, len(t)), np.ones(8) / 8, "same")
    sound = syllables * (voice + breath)
    return Pcm((sound / np.abs(sound).max() * 20_000).astype("<i2").tobytes(), rate)


def recorded(name: str) -> Pcm:
    """A recorded human voice, 16 kHz WAV; the test is skipped where it is absent."""
    path = VOICES / name
    if not path.exists():
        pytest.skip(f"the recorded voice {name} is not here")
    with wave.open(str(path)) as file:
        return Pcm(file.readframes(file.getnframes()), file.getframerate())


def encoded(pcm: Pcm, container: str, codec: str, *, channels: int = 1, seekable: bool = True, **options: str) -> bytes:
    """`pcm` in a container, by PyAV's encoder; further channels hold the same sound. `options` are the muxer's and,
    with the prefix `codec_`, the codec's. Not seekable: sizes stay unknown, as in a live recording."""
    file = io.BytesIO()
    layout = {1: "mono", 2: "stereo"}[channels]
    inner = {name.removeprefix("codec_"): value for name, value in options.items() if name.startswith("codec_")}
    outer = {name: value for name, value in options.items() if not name.startswith("codec_")}
    target: object = file if seekable else _WriteOnly(file)
    with av.open(target, "w", format=container, options=outer) as output:
        stream = output.add_stream(codec, rate=pcm.rate, layout=layout, options=inner)
        samples = np.repeat(np.frombuffer(pcm.data, "<i2"), channels)
        step = pcm.rate // 50 * channels
        for at in range(0, len(samples), step):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + step], format="s16", layout=layout)
            frame.sample_rate, frame.pts = pcm.rate, at // channels
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


class _WriteOnly:
    """A file that can only be written on, as a socket is."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(data)


def browser_webm(pcm: Pcm) -> bytes:
    """As Chromium's MediaRecorder writes it: sizes unknown, Opus packets of 60 ms."""
    return encoded(pcm, "webm", "libopus", seekable=False, live="1", codec_frame_duration="60")


def likeness(one: Pcm, other: Pcm) -> float:
    """Correlation of two recordings of one rate at the shift (of up to 100 ms) where it is highest: 1 is the same."""
    assert one.rate == other.rate
    a, b = (np.frombuffer(pcm.data, "<i2").astype(float) for pcm in (one, other))
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    reach = one.rate // 10
    best = max(product[: reach + 1].max(), product[-reach:].max())
    return float(best / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-9))


def noise_below(one: Pcm, other: Pcm) -> float:
    """How far, in dB, the difference of two aligned recordings lies below the first."""
    length = min(one.samples, other.samples)
    a, b = (np.frombuffer(pcm.data, "<i2")[:length].astype(float) for pcm in (one, other))
    return float(10 * np.log10((a @ a + 1e-9) / ((a - b) @ (a - b) + 1e-9)))


def tone(hertz: float, seconds: float, rate: int, level: float = 10_000) -> Pcm:
    t = np.arange(round(seconds * rate)) / rate
    return Pcm(np.rint(level * np.sin(2 * np.pi * hertz * t)).astype("<i2").tobytes(), rate)


def joined(pieces: list[Pcm]) -> Pcm:
    return Pcm(b"".join(piece.data for piece in pieces), pieces[0].rate if pieces else HEARING_RATE)
