"""Ogg as it arrives: bytes in, packets of the first Opus stream out (RFC 3533, RFC 7845)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import BadInput
from engine.media.containers import EXPECTED

MAGIC = b"OggS"
_HEAD = 27
OPUS_HEAD_BYTES = 36
"""That show whether a first page is one of Opus."""
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_MAX_PACKET = 1 << 20


def begins_opus(data: bytes) -> bool:
    """Whether the first page of an Opus stream begins here."""
    return data[:4] == MAGIC and len(data) > OPUS_HEAD_BYTES and bool(data[5] & _FIRST) and data[28:36] == b"OpusHead"


class OggReader:
    """Feed it bytes cut anywhere. Another first page after the sound began starts it anew."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._packet = bytearray()
        self._serial: bytes | None = None
        self._heads = 0
        self.ended = False
        """The last page of the stream was read."""

    def push(self, data: bytes) -> Iterator[bytes]:
        """Packets as far as `data` completes them; the first begins with OpusHead, the tags are left out.

        Raises:
            BadInput: this is not Ogg, or no longer.
        """
        self._buffer += data
        while (page := self._page()) is not None:
            flags, serial, lacing, body = page
            if flags & _FIRST and body.startswith(b"OpusHead"):
                self._serial, self._heads, self.ended = serial, 0, False
                self._packet.clear()
            if serial == self._serial:
                yield from self._packets(flags, lacing, body)
                self.ended = bool(flags & _LAST)

    def _page(self) -> tuple[int, bytes, bytes, bytes] | None:
        """Flags, serial number, segment sizes and content of the next page; None until it is complete."""
        if self._buffer and not MAGIC.startswith(self._buffer[:4]):
            raise BadInput(f"this Ogg stream is damaged: expected {EXPECTED}")
        if len(self._buffer) < _HEAD:
            return None
        start = _HEAD + self._buffer[26]
        lacing = bytes(self._buffer[_HEAD:start])
        end = start + sum(lacing)
        if len(lacing) < self._buffer[26] or len(self._buffer) < end:
            return None
        flags, serial, body = self._buffer[5], bytes(self._buffer[14:18]), bytes(self._buffer[start:end])
        del self._buffer[:end]
        return flags, serial, lacing, body

    def _packets(self, flags: int, lacing: bytes, body: bytes) -> Iterator[bytes]:
        if not flags & _CONTINUED:
            self._packet.clear()
        at = 0
        for size in lacing:
            self._packet += body[at : at + size]
            at += size
            if size < 255:
                packet = bytes(self._packet)
                self._packet.clear()
                self._heads += 1
                if self._heads != 2:
                    yield packet
        if len(self._packet) > _MAX_PACKET:
            raise BadInput(f"this Ogg stream is damaged: expected {EXPECTED}")
