"""One upload on its way to 16 kHz mono bytes, by kind: each takes it cut anywhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Protocol

from engine.audio import HEARING_RATE, Pcm, Resampler
from engine.errors import BadInput
from engine.media.containers import EXPECTED, Container
from engine.media.decode import PacketDecoder, decode_file, no_sound
from engine.media.mp3 import Mp3Reader
from engine.media.ogg import OggReader
from engine.media.raw import RawFormat
from engine.media.wav import WavHead
from engine.media.webm import SoundTrack, WebmReader

_STEP = 1 << 16
_MAX_TRAILER = 1 << 20


class Sound(Protocol):
    """One upload on its way to 16 kHz mono bytes."""

    @property
    def complete(self) -> bool:
        """The upload may end here: nothing is begun in it that is not finished."""
        ...

    @property
    def ended(self) -> bool:
        """The upload has ended: what follows is another."""
        ...

    def push(self, data: bytes) -> Iterator[bytes]:
        """Raises:
        BadInput: this is not what it was opened for, or no longer.
        """
        ...

    def flush(self) -> bytes:
        """The millisecond or two that resampling still held."""
        ...


class RawSound:
    """Samples in a declared format, cut anywhere."""

    complete = False
    ended = False

    def __init__(self, form: RawFormat) -> None:
        self._form = form
        self._rest = b""
        self._resampler = Resampler(form.rate, HEARING_RATE)

    def push(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _STEP):
            taken = self._rest + data[at : at + _STEP]
            end = len(taken) - len(taken) % self._form.frame_bytes
            self._rest = taken[end:]
            yield self._resampler.push(Pcm(self._form.mono(taken[:end]), self._form.rate)).data

    def flush(self) -> bytes:
        return self._resampler.flush().data


class WavSound:
    """Samples behind the head of a WAV file, as many as it says or until something else begins."""

    def __init__(self, head: WavHead, form: RawFormat) -> None:
        self._samples = RawSound(form)
        self._start = head.start
        self._end = None if head.length is None else head.start + head.length
        self._file_end = self._end
        if self._end is not None and self._end < head.file_bytes < self._end + _MAX_TRAILER:
            self._file_end = head.file_bytes
        self._read = 0

    @property
    def complete(self) -> bool:
        return self._file_end is not None and self._read >= self._file_end

    ended = complete

    def push(self, data: bytes) -> Iterator[bytes]:
        first = max(0, self._start - self._read)
        last = None if self._end is None else max(0, self._end - self._read)
        self._read += len(data)
        yield from self._samples.push(data[first:last])

    def flush(self) -> bytes:
        return self._samples.flush()


class FileSound:
    """A file that has to be there completely, and is decoded at once."""

    complete = True
    ended = True

    def __init__(self, container: Container) -> None:
        self._container = container

    def push(self, data: bytes) -> Iterator[bytes]:
        found = False
        for piece in decode_file(data, self._container):
            found = found or bool(piece)
            yield piece
        if not found:
            raise no_sound(self._container)

    def flush(self) -> bytes:
        return b""


class WebmSound:
    """WebM as browsers record it: any sizes unknown, Opus as a rule."""

    def __init__(self) -> None:
        self._reader = WebmReader()
        self._decoder: PacketDecoder | None = None

    @property
    def complete(self) -> bool:
        return self._reader.ended

    ended = complete

    def push(self, data: bytes) -> Iterator[bytes]:
        for item in self._reader.push(data):
            if isinstance(item, SoundTrack):
                yield self.flush()
                self._decoder = _webm_decoder(item)
            elif self._decoder:
                yield self._decoder.decode(item)

    def flush(self) -> bytes:
        return self._decoder.flush() if self._decoder else b""


class OggSound:
    """Opus in Ogg; one stream may follow another."""

    def __init__(self) -> None:
        self._reader = OggReader()
        self._decoder: PacketDecoder | None = None

    @property
    def complete(self) -> bool:
        return self._reader.ended

    ended = complete

    def push(self, data: bytes) -> Iterator[bytes]:
        for packet in self._reader.push(data):
            if packet.startswith(b"OpusHead"):
                yield self.flush()
                self._decoder = _opus_decoder(packet)
            elif self._decoder:
                yield self._decoder.decode(packet)

    def flush(self) -> bytes:
        return self._decoder.flush() if self._decoder else b""


class Mp3Sound:
    """MP3; a file ends where a frame ends and nothing follows, which only its sender knows."""

    def __init__(self) -> None:
        self._reader = Mp3Reader()
        self._decoder = PacketDecoder("mp3")

    ended = False

    @property
    def complete(self) -> bool:
        return self._reader.at_border

    def push(self, data: bytes) -> Iterator[bytes]:
        yield from map(self._decoder.decode, self._reader.push(data))

    def flush(self) -> bytes:
        return self._decoder.flush()


def _opus_decoder(head: bytes) -> PacketDecoder:
    """From an OpusHead (RFC 7845, section 5.1), whose pre-skip counts samples at 48 kHz."""
    if len(head) < 19:
        raise BadInput(f"the header of this Opus stream is damaged: expected {EXPECTED}")
    return PacketDecoder("opus", setup=head, rate=48_000, lead=struct.unpack_from("<H", head, 10)[0] // 3)


def _webm_decoder(track: SoundTrack) -> PacketDecoder:
    if track.codec == "A_OPUS":
        return _opus_decoder(track.setup)
    codec = _CODECS.get(track.codec) or _PCM_CODECS.get((track.codec, track.bits))
    if codec is None:
        raise BadInput("the sound in this WebM stream is not in a known coding: expected Opus")
    return PacketDecoder(codec, setup=track.setup, rate=track.rate, channels=track.channels)


_CODECS = {"A_VORBIS": "vorbis", "A_AAC": "aac", "A_FLAC": "flac", "A_MPEG/L3": "mp3"}
_PCM_CODECS = {
    ("A_PCM/FLOAT/IEEE", 32): "pcm_f32le",
    ("A_PCM/FLOAT/IEEE", 64): "pcm_f64le",
    ("A_PCM/INT/LIT", 16): "pcm_s16le",
    ("A_PCM/INT/LIT", 24): "pcm_s24le",
    ("A_PCM/INT/LIT", 32): "pcm_s32le",
}
