"""`Frames` as few bytes: at most 13 KB a minute, of unbroken speech, so that an hour of measured sound is well
below a megabyte.

Rows are kept in columns of whole numbers: f0 in 1/50 semitone above 40 Hz (0: not voiced), confidence in 1/255, level
and loudness in steps of 1/2 dB below full scale. That is finer than any of them is known.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.analysis.loudness import SILENT
from engine.analysis.values import FRAME, Frames
from engine.errors import BadInput

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

LOWEST = 40.0
"""Hz. No speaking voice lies below."""
HEAD = struct.Struct("<2sdI")
MARK = b"F1"
ROW = 5
"""Bytes of a row before compression: 2 of f0, one of each other."""
MOST = 24 * 3600 / FRAME
"""Rows. A head that claims more is damaged."""


def packed(frames: Frames) -> bytes:
    """`frames` as bytes that `unpacked` reads. 20 s take about 1 ms."""
    import numpy as np

    semitones = 12 * np.log2(np.maximum(frames.f0, LOWEST) / LOWEST)
    f0 = np.where(frames.f0 > 0, np.rint(semitones * 50) + 1, 0).astype("<u2")
    confidence = np.rint(np.clip(frames.confidence, 0, 1) * 255).astype("u1")
    level, loudness = (np.rint(np.clip(-2 * db, 0, 255)).astype("u1") for db in (frames.level, frames.loudness))
    columns = f0.view("u1").reshape(-1, 2).T.tobytes() + confidence.tobytes() + level.tobytes() + loudness.tobytes()
    return HEAD.pack(MARK, frames.start, len(f0)) + zlib.compress(columns, 6)


def unpacked(data: bytes) -> Frames:
    """What `packed` was given, to its precision.

    Raises:
        BadInput: `data` is not what `packed` made, or is damaged.
    """
    import numpy as np

    try:
        mark, start, count = HEAD.unpack_from(data)
        if mark != MARK or not 0 <= count <= MOST or not 0 <= start < 1e9:
            raise BadInput("The measured sound of this session is damaged.")
        reader = zlib.decompressobj()
        columns = reader.decompress(data[HEAD.size :], count * ROW + 1)
    except (struct.error, zlib.error) as error:
        raise BadInput("The measured sound of this session is damaged.") from error
    if len(columns) != count * ROW or (count and not reader.eof):
        raise BadInput("The measured sound of this session is damaged.")
    table = np.frombuffer(columns, "u1").reshape(ROW, count).astype(np.float32)
    steps = table[0] + 256 * table[1]
    f0 = np.where(steps > 0, LOWEST * 2 ** ((steps - 1) / 600), 0).astype(np.float32)
    return Frames(f0=f0, confidence=table[2] / 255, level=-table[3] / 2, loudness=-table[4] / 2, start=start)


def silent(rows: int, start: float = 0.0) -> Frames:
    """`rows` of nothing."""
    import numpy as np

    nothing = np.zeros(rows, np.float32)
    quiet = np.full(rows, SILENT, np.float32)
    return Frames(f0=nothing, confidence=nothing.copy(), level=quiet, loudness=quiet.copy(), start=start)


def joined(pieces: Sequence[Frames], seconds: float, start: float = 0.0) -> Frames:
    """All of `pieces` as one, from `start` on, `seconds` long; gaps are silent. Each is moved to the nearest row (8 ms
    at most); where two overlap the later one in `pieces` counts. What lies outside is left out."""
    whole = silent(max(0, round(seconds / FRAME)), start)
    for piece in pieces:
        _lay(piece, whole, round((piece.start - start) / FRAME))
    return whole


def _lay(piece: Frames, whole: Frames, at: int) -> None:
    first, last = max(at, 0), min(at + len(piece.level), len(whole.level))
    if first >= last:
        return
    part = slice(first - at, last - at)
    columns: tuple[tuple[NDArray[float32], NDArray[float32]], ...] = (
        (whole.f0, piece.f0),
        (whole.confidence, piece.confidence),
        (whole.level, piece.level),
        (whole.loudness, piece.loudness),
    )
    for target, source in columns:
        target[first:last] = source[part]
