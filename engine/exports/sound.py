"""A recording as WAV: both sides in stereo, the user on the left, made while it is sent."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StorageFailed
from engine.recording import AGENT_RATE
from engine.recordings import samples, together

if TYPE_CHECKING:
    import numpy

RATE = AGENT_RATE
"""Hz: that of the better track, so that nothing is lost; half of what players expect of music."""
FRAME_BYTES = 4
"""Two sides of 16 bits."""
HEAD_BYTES = 44
_LARGEST = 2**32 - HEAD_BYTES - FRAME_BYTES
"""Bytes of sound that the format can count: twelve hours; what goes beyond is left out."""


def as_wav(user: Sequence[Path], partner: Sequence[Path]) -> tuple[int, Iterator[bytes]]:
    """How many bytes the file has, and the file in pieces of about a second or two. Each side is in parts; one without
    any is silent.

    Raises:
        StorageFailed: a track is damaged.
    """
    frames = min(_LARGEST // FRAME_BYTES, round(max(map(_seconds, [*user, *partner]), default=0.0) * RATE))
    return HEAD_BYTES + frames * FRAME_BYTES, _file(user, partner, frames)


def _file(user: Sequence[Path], partner: Sequence[Path], frames: int) -> Iterator[bytes]:
    """As long as was promised, also where the tracks hold a little less or more than they say."""
    size = frames * FRAME_BYTES
    yield struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", HEAD_BYTES - 8 + size, b"WAVE", b"fmt ", 16, 1, 2, RATE, RATE * FRAME_BYTES, FRAME_BYTES, 16),
        *(b"data", size),
    )
    blocks = together(samples(user, RATE), samples(partner, RATE))
    silence = (bytes(RATE * FRAME_BYTES) for _ in iter(int, 1))
    for block in chain(map(_interleaved, blocks), silence):
        if size <= 0:
            return
        yield block[:size]
        size -= len(block)


def _interleaved(block: list[numpy.ndarray]) -> bytes:
    import numpy

    return numpy.stack(block, axis=1).astype("<i2").tobytes()


def _seconds(path: Path) -> float:
    """How long a track is, without decoding it."""
    import av

    try:
        with av.open(path) as source:
            return float(source.duration or 0) / av.time_base
    except (OSError, av.FFmpegError) as error:
        raise StorageFailed(f"the recording could not be read: {error.strerror or 'it is damaged'}") from None
