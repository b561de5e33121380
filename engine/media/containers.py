"""What an upload is, told from its first bytes, and the way out of base64 that it came in."""

from __future__ import annotations

import binascii
import re
from enum import StrEnum
from itertools import pairwise

from engine.errors import BadInput, TooLarge

EXPECTED = "WAV, WebM, Ogg, MP4, MP3 or FLAC, or raw 16-bit little-endian mono samples"
"""How an error names what would have been understood."""

MAX_UPLOAD_BYTES = 16 << 20
"""One upload: a minute of 48 kHz stereo WAV, and half as much again."""


class Container(StrEnum):
    """A kind of file that sound comes in."""

    WAV = "wav"
    WEBM = "webm"
    OGG = "ogg"
    MP4 = "mp4"
    MP3 = "mp3"
    FLAC = "flac"


EBML_MAGIC = b"\x1a\x45\xdf\xa3"
_MAGIC = ((EBML_MAGIC, Container.WEBM), (b"OggS", Container.OGG), (b"fLaC", Container.FLAC), (b"ID3", Container.MP3))
_MIDDLES = {b"\x1f\x43\xb6\x75": "WebM"}
_NO_SOUND = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff\xe0": "a JPEG picture",
    b"\xff\xd8\xff\xe1": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x7fELF": "a program",
    b"\x1f\x8b\x08": "a gzip archive",
}
_UNDERSTOOD_LATER = 12
"""Bytes after which a container that is not MP3 without a tag has shown itself."""


def sniff(data: bytes) -> Container | None:
    """The container that `data` begins with; None where it can only be raw samples, or too short to tell.

    MP3 without a tag has no magic but a sync pattern that samples near zero resemble: it counts only where a second
    frame stands where the first says that it ends.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Container.WAV
    if data[4:8] == b"ftyp":
        return Container.MP4
    for magic, container in _MAGIC:
        if data.startswith(magic):
            return container
    size = mp3_frame_size(data)
    return Container.MP3 if size and mp3_frame_size(data[size:]) else None


def may_become_container(data: bytes) -> bool:
    """Whether more bytes could yet turn a beginning that `sniff` does not know into one that it does."""
    if len(data) < _UNDERSTOOD_LATER:
        starts = [magic for magic, _ in _MAGIC] + [b"RIFF"]
        if any(magic.startswith(data[: len(magic)]) for magic in starts):
            return True
        if b"ftyp".startswith(data[4:8]) and data[:1] in (b"", b"\0"):
            return True
    if len(data) < 4:
        return b"\xff".startswith(data[:1])
    size = mp3_frame_size(data)
    return bool(size) and len(data) < size + 4


def mp3_frame_size(header: bytes) -> int:
    """Bytes of the MPEG audio layer 3 frame that begins here, its 4-byte header included; 0 where none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    first = version == 3
    kbit = (_KBIT_MPEG1 if first else _KBIT_MPEG2)[bitrate - 1]
    hertz = (44_100, 48_000, 32_000)[rate] // {3: 1, 2: 2, 0: 4}[version]
    return (144_000 if first else 72_000) * kbit // hertz + (header[2] >> 1 & 1)


_KBIT_MPEG1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBIT_MPEG2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def from_base64(text: str, *, limit_bytes: int = MAX_UPLOAD_BYTES) -> bytes:
    """The bytes behind base64 as clients write it: with or without `data:…;base64,` before it, `=` after it and line
    breaks in it, in either alphabet. Empty text is no bytes. 1 MB takes about 3 ms.

    Raises:
        BadInput: it is not base64, or what is in it is text.
        TooLarge: more than `limit_bytes` would come out.
    """
    body = text.strip()
    if body[:5].lower() == "data:":
        head, comma, body = body.partition(",")
        if not comma or not head.rstrip().lower().endswith(";base64"):
            raise BadInput("this data: URL holds no base64: expected data:<type>;base64,<audio>")
    if len(body) > limit_bytes * _WRAPPED_BASE64 + 4:
        raise TooLarge(f"this audio is too large: at most {limit_bytes >> 20} MB are taken at once")
    if _WORDS.fullmatch(body):
        raise BadInput(f"this is text, not audio: expected base64 of {EXPECTED}")
    symbols = "".join(body.split()).translate(_STANDARD).rstrip("=")
    try:
        data = binascii.a2b_base64(symbols + "=" * (-len(symbols) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        raise BadInput(f"this is not base64: expected base64 of {EXPECTED}") from None
    if len(data) > limit_bytes:
        raise TooLarge(f"this audio is too large: at most {limit_bytes >> 20} MB are taken at once")
    if len(data) >= SHORTEST_TEXT:
        refuse_what_is_no_sound(data)
    return data


_WORDS = re.compile(r"(?=.{4})[A-Z]?[a-z]+(?:[\s_-]+[A-Z]?[a-z]+)*")
"""Nothing but words: also valid base64 by alphabet, but four such letters and more do not come of audio."""

_WRAPPED_BASE64 = 1.4
"""Letters a byte, line breaks included."""

_STANDARD = str.maketrans("-_", "+/")


def refuse_what_is_no_sound(data: bytes) -> None:
    """Raises:
    BadInput: `data` begins like a picture, document or archive, or the middle of a stream, or is readable text.
    """
    if sniff(data):
        return
    for magic, name in _NO_SOUND.items():
        if data.startswith(magic):
            raise BadInput(f"this is {name}, not audio: expected {EXPECTED}")
    for magic, name in _MIDDLES.items():
        if data.startswith(magic):
            raise BadInput(f"this is the middle of a {name} stream: its first piece, with the header, is missing")
    refuse_text(data)


def refuse_text(data: bytes) -> None:
    """Half a wave of mu-law may be readable too, by chance, but is smooth: letters, spaces and marks leap about. A
    millisecond of samples may even leap: so few bytes are text only where most are small letters and spaces.

    Raises:
        BadInput: `data` is text.
    """
    start = data[:_ENOUGH]
    if not is_readable(data) or sum(abs(a - b) for a, b in pairwise(start)) < _LEAP * len(start):
        return
    if len(data) >= FEW or sum(97 <= letter <= 122 or letter == 32 for letter in data) > 0.7 * len(data):
        raise BadInput(f"this is text, not audio: expected {EXPECTED}")


def is_readable(data: bytes) -> bool:
    """Whether all of its beginning is printable UTF-8."""
    start = data[:_ENOUGH]
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) == len(start) or error.start < len(start) - 4:
            return False
        text = start[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n" for letter in text)


FEW = 32
"""Bytes, 1 to 4 ms: too short to hear."""

_ENOUGH = 4096
_LEAP = 10
"""Mean difference of neighbouring bytes: 15 to 40 in text, below 5 in a wave of one sign."""

SHORTEST_TEXT = 16
"""Bytes of a piece of a stream from which on text is told from samples."""
