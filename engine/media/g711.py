"""G.711, the telephone's 8 bits a sample (ITU-T G.711): 16-bit samples to mu-law and A-law, and back.

By table, built once from the definition (8 ms). All functions take and return little-endian 16-bit mono bytes on the
wide side, one byte a sample on the narrow one, at whatever rate; telephones use 8 kHz.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BIAS = 33 << 2
"""Of mu-law, in 16-bit steps: it moves the segment borders onto powers of two."""


def mulaw_decode(data: bytes) -> bytes:
    """Two bytes for each of mu-law."""
    import numpy as np

    return _mulaw_values()[np.frombuffer(data, np.uint8)].tobytes()


def alaw_decode(data: bytes) -> bytes:
    """Two bytes for each of A-law."""
    import numpy as np

    return _alaw_values()[np.frombuffer(data, np.uint8)].tobytes()


def mulaw_encode(data: bytes) -> bytes:
    """One byte of mu-law, the nearest, for each 16-bit sample."""
    import numpy as np

    return bytes(_mulaw_codes()[np.frombuffer(data, "<u2")])


def alaw_encode(data: bytes) -> bytes:
    """One byte of A-law, the nearest, for each 16-bit sample."""
    import numpy as np

    return bytes(_alaw_codes()[np.frombuffer(data, "<u2")])


@cache
def _mulaw_values() -> NDArray[np.int16]:
    import numpy as np

    code = ~np.arange(256, dtype=np.uint8)
    segment, step = (code >> 4 & 7).astype(np.int32), (code & 15).astype(np.int32)
    magnitude = ((step << 3) + _BIAS << segment) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype("<i2")


@cache
def _alaw_values() -> NDArray[np.int16]:
    import numpy as np

    code = np.arange(256, dtype=np.uint8) ^ 0x55
    segment, step = (code >> 4 & 7).astype(np.int32), (code & 15).astype(np.int32)
    magnitude = np.where(segment == 0, (step << 4) + 8, (step << 4) + 0x108 << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype("<i2")


@cache
def _mulaw_codes() -> NDArray[np.uint8]:
    """The code for each sample, indexed by its bits as unsigned: the one whose value is nearest."""
    import numpy as np

    values = _mulaw_values().astype(np.int32)
    order = np.argsort(values, kind="stable")
    order = order[values[order] != 0]
    order = np.insert(order, np.searchsorted(values[order], 0), 0xFF)
    return _nearest(values, order)


@cache
def _alaw_codes() -> NDArray[np.uint8]:
    """The code for each sample, indexed by its bits as unsigned: the one whose value is nearest. A-law has no zero."""
    import numpy as np

    values = _alaw_values().astype(np.int32)
    return _nearest(values, np.argsort(values, kind="stable"))


def _nearest(values: NDArray[np.int32], order: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Of the codes in `order`, which is that of their values, the one nearest to each sample."""
    import numpy as np

    borders = (values[order][1:] + values[order][:-1]) / 2
    samples = np.arange(65536, dtype=np.uint16).view(np.int16)
    return order[np.searchsorted(borders, samples)].astype(np.uint8)
