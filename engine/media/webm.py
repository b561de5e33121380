"""WebM (EBML) as it arrives: bytes in, the sound track's set-up and its packets out. No codec, no buffering beyond one
element; sizes may be unknown, as in what browsers record. Element ids and layout are those of RFC 9559."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import BadInput
from engine.media.containers import EXPECTED

_EBML, _SEGMENT, _CLUSTER, _TRACK, _AUDIO = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xAE, 0xE1
_OPENED = frozenset({_SEGMENT, _CLUSTER, _TRACK, _AUDIO, 0x1654AE6B, 0xA0})
"""Elements whose children are read as if they followed: their ends do not matter, so they may be unknown."""

_NUMBER, _TYPE, _CODEC, _SETUP, _RATE, _CHANNELS, _BITS = 0xD7, 0x83, 0x86, 0x63A2, 0xB5, 0x9F, 0x6264
_TRACK_FIELDS = frozenset({_NUMBER, _TYPE, _CODEC, _SETUP, _RATE, _CHANNELS, _BITS})
_BLOCKS = frozenset({0xA3, 0xA1})
_SKIPPED = frozenset(
    {0xE7, 0xA7, 0xAB, 0xEC, 0xBF, 0x9B, 0xFB, 0xFA, 0xFD, 0xA4, 0x75A2, 0x75A1, 0x5854, 0x58D7, 0xAF}
    | {0x1C53BB6B, 0x1254C367, 0x114D9B74, 0x1549A966, 0x1043A770, 0x1941A469}
)
"""What else may follow once sound has begun; an id that is not among them tells garbage."""

_MAX_ELEMENT = 4 << 20
_SOUND = 2


@dataclass(slots=True)
class SoundTrack:
    """How the packets of a track are coded: `codec` is Matroska's id, such as A_OPUS, `setup` its CodecPrivate,
    `rate` in Hz, `bits` of a PCM sample."""

    number: int = 0
    kind: int = 0
    codec: str = ""
    setup: bytes = b""
    rate: int = 8000
    channels: int = 1
    bits: int = 0


class WebmReader:
    """Feed it bytes cut anywhere; another header starts it anew."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._read = 0
        self._skip = 0
        self._end: int | None = None
        self._begin()

    def _begin(self) -> None:
        self._tracks: list[SoundTrack] = []
        self._track: SoundTrack | None = None

    @property
    def ended(self) -> bool:
        """The file said how long it is, and all of it was read."""
        return self._end is not None and self._read >= self._end

    def push(self, data: bytes) -> Iterator[SoundTrack | bytes]:
        """The `SoundTrack` once its set-up is complete, then its packets, as far as `data` completes them.

        Raises:
            BadInput: this is no WebM with sound, or is none any longer.
        """
        self._buffer += data
        while (element := self._element()) is not None:
            ident, content = element
            if ident == _EBML:
                self._begin()
            elif ident == _TRACK:
                self._tracks.append(SoundTrack())
            elif ident in _TRACK_FIELDS and self._tracks and not self._track:
                _describe(self._tracks[-1], ident, content)
            elif ident == _CLUSTER and not self._track:
                yield self._choose()
            elif ident in _BLOCKS:
                yield from self._packets(content)

    def _element(self) -> tuple[int, bytes] | None:
        """The next element, with its content where that is wanted; None until more bytes come."""
        if self._skip:
            self._skip -= self._drop(min(self._skip, len(self._buffer)))
        head = None if self._skip else _head(self._buffer)
        if head is None:
            return None
        ident, size, length = head
        if ident in _OPENED:
            self._drop(length)
            if ident == _SEGMENT:
                self._end = None if size is None else self._read + size
            return ident, b""
        known = ident == _EBML or ident in _BLOCKS or ident in _SKIPPED
        if size is None or size > _MAX_ELEMENT or (self._track and not known):
            raise BadInput(f"this WebM stream is damaged: expected {EXPECTED}")
        if ident not in _TRACK_FIELDS and ident not in _BLOCKS:
            self._drop(length)
            self._skip = size
            return ident, b""
        if len(self._buffer) < length + size:
            return None
        content = bytes(self._buffer[length : length + size])
        self._drop(length + size)
        return ident, content

    def _drop(self, count: int) -> int:
        del self._buffer[:count]
        self._read += count
        return count

    def _choose(self) -> SoundTrack:
        self._track = next((track for track in self._tracks if track.kind == _SOUND), None)
        if self._track is None:
            raise BadInput(f"this WebM stream has no sound track: expected {EXPECTED}")
        return self._track

    def _packets(self, block: bytes) -> Iterator[bytes]:
        number = _number(block, 0, keep_marker=False)
        if self._track is None or number is None or len(block) < number[1] + 3:
            raise BadInput(f"this WebM stream is damaged: expected {EXPECTED}")
        if number[0] == self._track.number:
            at = number[1] + 2
            yield from _unlace(block[at + 1 :], block[at] >> 1 & 3)


def _number(data: bytes | bytearray, at: int, *, keep_marker: bool) -> tuple[int, int] | None:
    """An EBML number of 1 to 8 bytes and the offset after it; None where it is cut off.

    Raises:
        BadInput: a first byte of 0, which begins none.
    """
    if at >= len(data):
        return None
    first = data[at]
    if not first:
        raise BadInput(f"this WebM stream is damaged: expected {EXPECTED}")
    length = 9 - first.bit_length()
    if at + length > len(data):
        return None
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep_marker else value & ~(1 << 7 * length)), at + length


def _head(data: bytearray) -> tuple[int, int | None, int] | None:
    """Id, size (None: unknown) and bytes of both, of the element that `data` begins with; None where it is cut off."""
    ident = _number(data, 0, keep_marker=True)
    size = ident and _number(data, ident[1], keep_marker=False)
    if not ident or not size:
        return None
    unknown = size[0] == (1 << 7 * (size[1] - ident[1])) - 1
    return ident[0], None if unknown else size[0], size[1]


def _describe(track: SoundTrack, ident: int, content: bytes) -> None:
    if ident == _CODEC:
        track.codec = content.rstrip(b"\0").decode("ascii", "replace")
    elif ident == _SETUP:
        track.setup = content
    elif ident == _RATE:
        track.rate = round(_float(content))
    else:
        name = {_NUMBER: "number", _TYPE: "kind", _CHANNELS: "channels", _BITS: "bits"}[ident]
        setattr(track, name, int.from_bytes(content, "big"))


def _float(content: bytes) -> float:
    form = {4: ">f", 8: ">d"}.get(len(content))
    value = struct.unpack(form, content)[0] if form else 0.0
    return value if 0 <= value < 1e6 else 0.0


def _unlace(data: bytes, lacing: int) -> Iterator[bytes]:
    """The packets of one block: one, or several laced together (RFC 9559, section 10.3).

    Raises:
        BadInput: the sizes do not add up.
    """
    if not lacing:
        yield data
        return
    try:
        count, at = data[0] + 1, 1
        if lacing == 2:
            sizes = [(len(data) - at) // count] * count
        else:
            sizes, at = _xiph_sizes(data, count) if lacing == 1 else _ebml_sizes(data, count)
            sizes.append(len(data) - at - sum(sizes))
    except (IndexError, TypeError):
        sizes = [-1]
    if min(sizes) < 0:
        raise BadInput(f"this WebM stream is damaged: expected {EXPECTED}")
    for size in sizes:
        yield data[at : at + size]
        at += size


def _xiph_sizes(data: bytes, count: int) -> tuple[list[int], int]:
    sizes, at = [], 1
    for _ in range(count - 1):
        size = 0
        while data[at] == 255:
            size, at = size + 255, at + 1
        sizes.append(size + data[at])
        at += 1
    return sizes, at


def _ebml_sizes(data: bytes, count: int) -> tuple[list[int], int]:
    sizes: list[int] = []
    at = 1
    for _ in range(count - 1):
        value, after = _number(data, at, keep_marker=False)  # type: ignore[misc]
        sizes.append(sizes[-1] + value - ((1 << 7 * (after - at) - 1) - 1) if sizes else value)
        at = after
    return sizes, at
