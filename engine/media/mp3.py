"""MP3 as it arrives: bytes in, layer 3 frames out. What is no frame (tags, rubbish between) is left out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import BadInput
from engine.media.containers import EXPECTED, mp3_frame_size

_MAX_RUBBISH = 1 << 16
_INFO = (b"Xing", b"Info", b"VBRI")


class Mp3Reader:
    """Feed it bytes cut anywhere."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0
        self._rubbish = 0

    @property
    def at_border(self) -> bool:
        """Nothing is held of a frame or tag that is yet to be completed: where a file ends, for one."""
        return not self._buffer and not self._skip

    def push(self, data: bytes) -> Iterator[bytes]:
        """Frames as far as `data` completes them. A frame that only describes the file is left out.

        Raises:
            BadInput: 64 KiB without a frame.
        """
        self._buffer += data
        while self._skip_tags() and len(self._buffer) >= 4:
            size = mp3_frame_size(bytes(self._buffer[:4]))
            if size and len(self._buffer) < size:
                return
            if not size:
                self._resync()
                continue
            frame = bytes(self._buffer[:size])
            del self._buffer[:size]
            self._rubbish = 0
            if not any(name in frame[4:48] for name in _INFO):
                yield frame

    def _skip_tags(self) -> bool:
        """Pass by an ID3 tag, before (version 2) or behind (version 1) the sound; False where it is not all there."""
        if self._buffer[:3] == b"TAG":
            self._skip = 128
        elif self._buffer[:3] == b"ID3":
            if len(self._buffer) < 10:
                return False
            high, mid, low, last = (byte & 0x7F for byte in self._buffer[6:10])
            self._skip = 10 + (high << 21 | mid << 14 | low << 7 | last)
        passed = min(self._skip, len(self._buffer))
        del self._buffer[:passed]
        self._skip -= passed
        return not self._skip

    def _resync(self) -> None:
        at = self._buffer.find(b"\xff", 1)
        passed = at if at > 0 else len(self._buffer)
        del self._buffer[:passed]
        self._rubbish += passed
        if self._rubbish > _MAX_RUBBISH:
            raise BadInput(f"this MP3 stream is damaged: expected {EXPECTED}")
