"""The head of a WAV file, for one that arrives in pieces or whose recorder did not know how long it would be."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine.errors import BadInput
from engine.media.containers import EXPECTED
from engine.media.raw import Encoding, RawFormat

_PCM, _ALAW, _MULAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE
_ENDLESS = 0x7FFF0000
"""Bytes: a recorder that streams writes a length from here up, or 0, for "I do not know"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WavHead:
    """`form` of the samples, None where they are of another kind than `RawFormat` (float, 24 bit); they begin at byte
    `start` and are `length` bytes long, None where that is not known. The file says that it is `file_bytes` long."""

    form: RawFormat | None
    start: int
    length: int | None
    file_bytes: int


def read_head(data: bytes) -> WavHead | None:
    """The head of the WAV file that `data` begins with; None until more bytes come.

    Raises:
        BadInput: it is broken.
    """
    form: RawFormat | None = None
    total = int.from_bytes(data[4:8], "little") + 8
    seen, at = False, 12
    while len(data) >= at + 8:
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"data":
            if not seen:
                break
            return WavHead(form=form, start=at, length=size if 0 < size < _ENDLESS else None, file_bytes=total)
        if size > 1 << 20:
            break
        if name == b"fmt ":
            if len(data) < at + size:
                return None
            form, seen = _form(data[at : at + size]), True
        at += size + size % 2
    else:
        return None
    raise BadInput(f"the header of this WAV file is damaged: expected {EXPECTED}")


def _form(chunk: bytes) -> RawFormat | None:
    if len(chunk) < 16:
        raise BadInput(f"the header of this WAV file is damaged: expected {EXPECTED}")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = struct.unpack_from("<H", chunk, 24)[0]
    encoding = {(_PCM, 16): Encoding.PCM16, (_ALAW, 8): Encoding.ALAW, (_MULAW, 8): Encoding.MULAW}.get((tag, bits))
    return RawFormat(encoding=encoding, rate=rate, channels=channels) if encoding else None
