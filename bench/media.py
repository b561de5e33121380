"""What containers, codecs and resampling cost: `python -m bench.media`. CPU time, the best of three."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import partial

import av
import numpy as np

from engine.audio import Pcm, Resampler, resample
from engine.media import AudioFormat, ClipStream, decode_clip, encode

SECONDS = 15
PIECES_A_SECOND = 10
FILES = (
    ("wav", "pcm_s16le"),
    ("webm", "libopus"),
    ("ogg", "libopus"),
    ("mp4", "aac"),
    ("mp3", "libmp3lame"),
    ("flac", "flac"),
)
STREAMED = ("wav", "webm", "ogg", "mp3")
RATES = ((48_000, 16_000), (44_100, 16_000), (16_000, 8_000), (22_050, 24_000), (22_050, 44_100))


def main() -> None:
    voice = noisy_voice()
    print(f"{'codec':12} {'decode a clip':>14} {'in pieces of 100 ms':>20}   ms of CPU per second of sound")
    for container, codec in FILES:
        data = encoded(voice, container, codec)
        streamed = f"{cost(partial(stream, data)):20.2f}" if container in STREAMED else ""
        print(f"{container:12} {cost(partial(decode_clip, data)):14.2f} {streamed}")
    print(f"\n{'encode':12} {'':>14} ms of CPU per second of sound, from 22.05 kHz")
    spoken = resample(voice, 22_050)
    for form in AudioFormat:
        print(f"{form:12} {cost(partial(encode, spoken, form)):14.2f}")
    print(f"\n{'resample':16} us of CPU per block of 20 ms, lag in ms")
    for of, to in RATES:
        print(f"{of:6} -> {to:6} {resampling(of, to)}")


def noisy_voice() -> Pcm:
    """A gliding tone under syllables, with breath, at 48 kHz: codecs have work to do."""
    t = np.arange(SECONDS * 48_000) / 48_000
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(3 * t)) / 48_000
    voice = sum(np.sin(k * phase) / k for k in range(1, 20)) * (0.6 + 0.4 * np.sin(20 * t))
    sound = voice + np.random.default_rng(1).normal(0, 0.1, len(t))
    return Pcm((sound / np.abs(sound).max() * 20_000).astype("<i2").tobytes(), 48_000)


def encoded(pcm: Pcm, container: str, codec: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        track = output.add_stream(codec, rate=pcm.rate, layout="mono")
        assert isinstance(track, av.AudioStream)
        samples = np.frombuffer(pcm.data, "<i2")
        for at in range(0, len(samples), 960):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 960], format="s16", layout="mono")
            frame.sample_rate, frame.pts = pcm.rate, at
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    return file.getvalue()


def stream(data: bytes) -> None:
    uploads = ClipStream()
    step = len(data) // (SECONDS * PIECES_A_SECOND) + 1
    for at in range(0, len(data), step):
        uploads.push(data[at : at + step])


def cost(work: Callable[[], object]) -> float:
    """Milliseconds of CPU per second of sound."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best / SECONDS * 1000


def resampling(of: int, to: int) -> str:
    resampler, block, count, made = Resampler(of, to), Pcm(bytes(of // 50 * 2), of), 1000, 0
    begun = time.process_time()
    for _ in range(count):
        made += resampler.push(block).samples
    spent = time.process_time() - begun
    return f"{spent / count * 1e6:6.0f} {(count * block.samples / of - made / to) * 1000:8.1f}"


if __name__ == "__main__":
    main()
