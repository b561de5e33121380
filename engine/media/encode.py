"""`Pcm` to what clients play: MP3 and WAV files, raw samples, mu-law."""

from __future__ import annotations

import io
import wave
from enum import StrEnum

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm, frame, resample, silence
from engine.media.g711 import mulaw_encode

_QUICK = "7"
"""LAME's quality, 0 to 9: half the time of its default, and speech at 128 kbit/s has bits to spare."""

_SHORTEST = 0.03
"""Seconds. Players refuse a file without samples."""


class AudioFormat(StrEnum):
    """What a client may ask its audio to be: complete files, or headerless samples."""

    MP3 = "mp3"
    WAV = "wav"
    PCM_16000 = "pcm_16000"
    ULAW_8000 = "ulaw_8000"


def encode(pcm: Pcm, form: AudioFormat) -> bytes:
    """`pcm` as `form`; a file is complete in itself. MP3 costs 8 to 10 ms per second of sound, the others below 1 ms: a
    sentence of MP3 belongs in a thread."""
    match form:
        case AudioFormat.MP3:
            return encode_mp3(pcm)
        case AudioFormat.WAV:
            return encode_wav(pcm)
        case AudioFormat.PCM_16000:
            return encode_pcm(pcm, HEARING_RATE)
        case AudioFormat.ULAW_8000:
            return encode_mulaw(pcm)


def encode_wav(pcm: Pcm) -> bytes:
    """A WAV file at the rate of `pcm`; 30 ms of silence where that is empty."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(SAMPLE_BYTES)
        writer.setframerate(pcm.rate)
        writer.writeframes((pcm if pcm.data else silence(_SHORTEST, pcm.rate)).data)
    return file.getvalue()


def encode_mp3(pcm: Pcm, rate: int = 44_100, kbit: int = 128) -> bytes:
    """A mono MP3 file of constant bit rate, with the header that tells players its length and where sound begins.

    30 ms of silence where `pcm` is empty.
    """
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as output:
        options = {"compression_level": _QUICK}
        stream = output.add_stream("libmp3lame", rate=rate, layout="mono", bit_rate=kbit * 1000, options=options)
        output.mux(stream.encode(frame(pcm if pcm.data else silence(_SHORTEST, pcm.rate))))
        output.mux(stream.encode(None))
    return file.getvalue()


def encode_pcm(pcm: Pcm, rate: int) -> bytes:
    """Headerless 16-bit little-endian samples at `rate` Hz."""
    return resample(pcm, rate).data


def encode_mulaw(pcm: Pcm, rate: int = 8_000) -> bytes:
    """Headerless mu-law, one byte a sample."""
    return mulaw_encode(resample(pcm, rate).data)
