"""Sound on `/conversation`, both ways: what a client sends, whatever it is, and what it is sent, as it asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.audio import Pcm, Resampler
from engine.errors import BadInput
from engine.floor import LONGEST
from engine.media import ClipStream, Encoding, RawFormat, encode_wav, sniff
from engine.media.g711 import mulaw_encode
from engine.wire.vocode_messages import Spoken

LOOKED_FOR, ENOUGH = 1.0, 0.1
"""Seconds of arrivals that are looked at for a second channel, and how much of it has to be other than silence."""
TWICE = (1.6, 2.5)
"""How much more than one channel arrives where there are two."""


class Microphone:
    """What one client sends: samples as declared, until a header says otherwise. `now`: a monotonic clock, callable
    from any thread."""

    def __init__(self, declared: RawFormat, now: Callable[[], float]) -> None:
        self._raw = declared
        self._pairs: Pairs | None = Pairs(declared.rate, now) if declared.encoding == Encoding.PCM16 else None
        self._stream = self._opened()

    def push(self, data: bytes) -> Pcm:
        """The sound in the next message, 16 kHz mono, maybe none. What cannot be used is forgotten with all before it,
        so that the next message is understood.

        Raises:
            BadInput, TooLarge: see `ClipStream.push`.
        """
        if sniff(data):
            self._pairs = None  # it says itself how many channels there are
        try:
            pcm = self._stream.push(data).pcm
        except BadInput:
            self._stream = self._opened()
            raise
        if self._pairs and (two := self._pairs.look(data)) is not None:
            self._pairs = None
            if two:
                self._raw = replace(self._raw, channels=2)
                self._stream = self._opened()
        return pcm

    def _opened(self) -> ClipStream:
        return ClipStream(self._raw, limit_seconds=LONGEST)


class Pairs:
    """Whether samples declared mono are a mono microphone twice: a browser that does not know how many channels it
    records takes two, and its header, sent before the conversation is ready, is lost. Both have to show, as a mono
    sound may have been stretched by doubling each sample, or be sent faster than it sounds."""

    def __init__(self, rate: int, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._began: float | None = None
        self._samples = self._sounding = self._alike = 0

    def look(self, data: bytes) -> bool | None:
        """Look at the next message; None while it cannot be told yet."""
        import numpy as np

        if self._began is None:
            self._began = self._now()  # the first message was on its way before
            return None
        pairs = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)
        sounding = pairs.any(axis=1)
        self._samples += pairs.size
        self._sounding += int(sounding.sum())
        self._alike += int((sounding & (pairs[:, 0] == pairs[:, 1])).sum())
        passed = self._now() - self._began
        if passed < LOOKED_FOR:
            return None
        if self._sounding >= ENOUGH * self._rate:
            low, high = TWICE
            return self._alike > 0.99 * self._sounding and low < self._samples / self._rate / passed < high
        self._began, self._samples, self._sounding, self._alike = self._now(), 0, 0, 0
        return None


class Loudspeaker:
    """What one client is sent. One generation of speech is one stream: its pieces join without a trace."""

    def __init__(self, spoken: Spoken) -> None:
        self._spoken = spoken
        self._generation = 0
        self._resampler: Resampler | None = None

    def data(self, generation: int, pcm: Pcm) -> bytes:
        """The next of it, as the client takes it; may be nothing, where `pcm` is a millisecond or two."""
        resampler = self._resampler
        if resampler is None or resampler.from_rate != pcm.rate or generation != self._generation:
            self._resampler = resampler = Resampler(pcm.rate, self._spoken.rate)
            self._generation = generation
        made = resampler.push(pcm)
        if not made.data:
            return b""
        if self._spoken.wav:
            return encode_wav(made)
        return mulaw_encode(made.data) if self._spoken.encoding is Encoding.MULAW else made.data
