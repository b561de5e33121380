"""Samples without a container: their format has to be declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.audio import HEARING_RATE, SAMPLE_BYTES
from engine.errors import BadInput
from engine.media.g711 import alaw_decode, mulaw_decode

MIN_RATE, MAX_RATE = 4_000, 384_000
"""Hz. Outside of this a header is broken, and resampling from it would be a flood."""


class Encoding(StrEnum):
    """How a raw sample is written: two bytes little-endian, or one byte of G.711."""

    PCM16 = "pcm16"
    MULAW = "mulaw"
    ALAW = "alaw"


_NAMES = {
    "pcm": Encoding.PCM16,
    "linear16": Encoding.PCM16,
    "s16le": Encoding.PCM16,
    "pcms16le": Encoding.PCM16,
    "audiopcm": Encoding.PCM16,
    "ulaw": Encoding.MULAW,
    "g711ulaw": Encoding.MULAW,
    "pcmu": Encoding.MULAW,
    "g711alaw": Encoding.ALAW,
    "pcma": Encoding.ALAW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFormat:
    """What samples without a container are taken for. `encoding` by any of its usual names, such as `linear16`,
    `g711_ulaw` or `mu-law`; `channels` are interleaved.

    Raises:
        BadInput: an encoding or a rate (Hz) that nobody records in: both come from clients.
    """

    encoding: str = Encoding.PCM16
    rate: int = HEARING_RATE
    channels: int = 1

    def __post_init__(self) -> None:
        name = "".join(filter(str.isalnum, self.encoding.lower()))
        known = _NAMES.get(name) or next((encoding for encoding in Encoding if encoding == name), None)
        if known is None:
            raise BadInput("this encoding is not known: expected pcm16, mulaw or alaw")
        if not MIN_RATE <= self.rate <= MAX_RATE:
            raise BadInput(f"this sampling rate is not usable: expected {MIN_RATE} to {MAX_RATE} Hz")
        if not 1 <= self.channels <= 8:
            raise BadInput("this number of channels is not usable: expected 1 to 8")
        object.__setattr__(self, "encoding", known)

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * (SAMPLE_BYTES if self.encoding == Encoding.PCM16 else 1)

    def mono(self, data: bytes) -> bytes:
        """Whole frames as 16-bit mono samples, the channels averaged."""
        if self.encoding == Encoding.MULAW:
            data = mulaw_decode(data)
        elif self.encoding == Encoding.ALAW:
            data = alaw_decode(data)
        if self.channels == 1:
            return data
        import numpy as np

        samples = np.frombuffer(data, "<i2").reshape(-1, self.channels)
        return bytes(np.rint(samples.mean(axis=1)).astype("<i2").data)
