"""Fragmented MP4 as it arrives, which is how Safari records: the decoder needs the head and one fragment before."""

from __future__ import annotations

import io
from collections.abc import Iterator

from engine.media.containers import Container
from engine.media.decode import FrameMixer, decode_file, frames_of, no_sound

_HALF_A_SAMPLE = 1e-5


class Mp4Sound:
    """16 kHz mono out of MP4: a file that is complete at once, or a head and then fragments cut anywhere."""

    def __init__(self) -> None:
        self._head = b""
        self._before = b""
        self._buffer = b""
        self._mixer = FrameMixer()
        self._heard = 0.0
        self.ended = False

    @property
    def complete(self) -> bool:
        """A whole file, or fragments none of which is begun and not finished."""
        return self.ended or not self._buffer

    def push(self, data: bytes) -> Iterator[bytes]:
        """Raises:
        BadInput: a file that is not fragmented, and has no sound that can be decoded.
        """
        self._buffer += data
        if not self._head and b"mvex" not in self._buffer:
            self.ended = True
            pieces = [piece for piece in decode_file(self._buffer, Container.MP4) if piece]
            if not pieces:
                raise no_sound(Container.MP4)
            yield from pieces
            return
        fresh = self._take_fragments()
        if fresh:
            yield from self._decode(self._head + self._before + fresh)
            self._before = fresh

    def flush(self) -> bytes:
        return self._mixer.flush()

    def _take_fragments(self) -> bytes:
        """Whole fragments from the buffer; what comes before the first is the head."""
        end = 0
        for kind, start, after in _boxes(self._buffer):
            if kind == b"moof" and not self._head:
                self._head, self._buffer = self._buffer[:start], self._buffer[start:]
                return self._take_fragments()
            if kind in (b"mdat", b"mfra") and self._head:
                end = after
        fresh, self._buffer = self._buffer[:end], self._buffer[end:]
        return fresh

    def _decode(self, file: bytes) -> Iterator[bytes]:
        import av

        try:
            with av.open(io.BytesIO(file), mode="r", format="mov", metadata_errors="replace") as opened:
                for frame in frames_of(opened):
                    if frame.time is None or frame.time >= self._heard - _HALF_A_SAMPLE:
                        self._heard = (frame.time or self._heard) + frame.samples / frame.sample_rate
                        yield self._mixer.push(frame)
        except av.error.FFmpegError:
            return


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the boxes that are complete (ISO 14496-12, 4.2)."""
    at = 0
    while len(data) >= at + 8:
        size, body = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size < body or len(data) < at + size:
            return
        yield data[at + 4 : at + 8], at, at + size
        at += size
