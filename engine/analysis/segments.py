"""Stretches of speech with edges where the sound has them. Voice activity decides in steps of 32 ms and holds on over
short silences; how long a pause is, the frames tell: by their loudness or their level, whichever stands out more from
the noise of the room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from engine.analysis.values import FRAME, Frames, Span

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

GAP = 0.25
"""Seconds. A shorter silence belongs to speaking (Hincks 2005): mostly the closure of a stop."""
REACH = 0.25
"""Seconds by which an edge of voice activity may be moved outwards."""
ROOM = 6.0
"""Seconds on either side of a stretch in which the noise of the room is looked for."""
BELOW = 27.0
"""dB below its loud parts at which speech ends where there is no noise. Ours: weak sounds are heard down to there, the
hall's echo is not."""
ABOVE = 3.0
"""dB above the loud moments of the room's noise from which it is speech."""
LEAST = 7.0
"""dB below the loud parts of a stretch that are speech at any rate, however loud the room."""
SHORTEST = 0.05
"""Seconds. A shorter stretch is a click."""


def merged(spans: Iterable[Span], gap: float = GAP) -> tuple[Span, ...]:
    """`spans` in order, those that overlap or lie less than `gap` seconds apart made one."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if made and span.start - made[-1].end < gap:
            made[-1] = Span(start=made[-1].start, end=max(made[-1].end, span.end))
        else:
            made.append(span)
    return tuple(made)


def refined(spans: Iterable[Span], frames: Frames) -> tuple[Span, ...]:
    """`spans` of voice activity, merged, each edge moved to where the sound of `frames` rises out of what was there
    before, and split where it falls back for `GAP` or more. Where there are no frames spans stay as they are."""
    rough = merged(spans)
    if not len(frames.loudness):
        return rough
    import numpy as np

    rows = np.arange(len(frames.loudness))
    silence = np.ones(len(rows), bool)
    for span in rough:
        silence[_rows(frames, span.start - REACH, span.end + REACH)] = False
    made: list[Span] = []
    for before, span, behind in zip((None, *rough), rough, (*rough[1:], None), strict=False):
        start = span.start - REACH if before is None else max(span.start - REACH, (before.end + span.start) / 2)
        end = span.end + REACH if behind is None else min(span.end + REACH, (span.end + behind.start) / 2)
        made += _parts(span, Span(start=start, end=end), frames, silence)
    return merged(made)


def _parts(span: Span, reach: Span, frames: Frames, silence: NDArray[bool_]) -> Sequence[Span]:
    """What of `reach` is speech of `span`; all of `span` where the sound does not tell."""
    import numpy as np

    window, inside = _rows(frames, reach.start, reach.end), _rows(frames, span.start, span.end)
    if inside.stop - inside.start < span.seconds / FRAME / 2:
        return (span,)
    room = _rows(frames, reach.start - ROOM, reach.end + ROOM)
    found = []
    for column in (frames.loudness, frames.level):
        high = float(np.percentile(column[inside], 90))
        noise = column[room][silence[room]]
        low = float(np.percentile(noise, 85)) if len(noise) >= GAP / FRAME else high - BELOW - ABOVE
        found.append((high - low, column[window] > min(max(high - BELOW, low + ABOVE), high - LEAST)))
    speaks = max(found, key=lambda each: each[0])[1]
    speaks[1:-1] &= speaks[:-2] | speaks[2:]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], speaks.astype(np.int8), [0]])))
    begins = frames.start + window.start * FRAME
    parts = merged(
        Span(start=begins + float(first) * FRAME, end=begins + float(last) * FRAME)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    )
    whole = (part for part in parts if part.seconds >= SHORTEST and part.end > span.start and part.start < span.end)
    return tuple(whole) or (span,)


def _rows(frames: Frames, start: float, end: float) -> slice:
    first = round((start - frames.start) / FRAME)
    last = round((end - frames.start) / FRAME)
    return slice(min(max(first, 0), len(frames.level)), min(max(last, 0), len(frames.level)))
