"""Who spoke when: the words and the speech of a session put in order, whatever was missing or wrong in them.

Speech spans decide where speech begins and ends. Where there are none, the times of the words do; where words have no
times, those of their lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from engine.analysis import thresholds
from engine.analysis.segments import refined
from engine.analysis.tokens import Token, length, sane, tokens
from engine.analysis.values import PARTNER, USER, Confidence, Line, Material, Span

SIDES = (USER, PARTNER)
_NEAR = 1.0
"""Seconds from a line within which sound that no line covers is its speaker's, where two share a microphone."""


class Timing(StrEnum):
    """What tells when somebody spoke."""

    SOUND = "sound"
    WORDS = "words"
    LINES = "lines"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One speaker: all their words in the order of the transcript, their stretches of speech in order of time."""

    speaker: str
    tokens: tuple[Token, ...] = ()
    spans: tuple[Span, ...] = ()
    timing: Timing = Timing.NOTHING

    @property
    def lexical(self) -> tuple[Token, ...]:
        """Their words without um and uh."""
        return tuple(token for token in self.tokens if not token.hesitation)

    @property
    def speech_time(self) -> float:
        return round(sum(span.seconds for span in self.spans), 6)

    @property
    def edges(self) -> Confidence:
        """How well it is known when their speech begins and ends."""
        return {Timing.SOUND: Confidence.OK, Timing.WORDS: Confidence.LOW}.get(self.timing, Confidence.NONE)

    @property
    def amount(self) -> Confidence:
        """How well it is known how long they spoke."""
        if self.timing is Timing.NOTHING:
            return Confidence.NONE
        return Confidence.LOW if self.timing is Timing.LINES else Confidence.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A session. `goal` and `context` as the user wrote them; `separate` as in `Material`."""

    seconds: float
    sides: Mapping[str, Side] = field(default_factory=dict)
    mode: str = "conversation"
    goal: str = ""
    context: str = ""
    separate: bool = True

    @property
    def user(self) -> Side:
        return self.sides[USER]

    @property
    def partner(self) -> Side:
        return self.sides[PARTNER]

    @property
    def worse_edges(self) -> Confidence:
        both = {self.user.edges, self.partner.edges}
        return next(level for level in (Confidence.NONE, Confidence.LOW, Confidence.OK) if level in both)

    @property
    def worse_amount(self) -> Confidence:
        both = {self.user.amount, self.partner.amount}
        return next(level for level in (Confidence.NONE, Confidence.LOW, Confidence.OK) if level in both)


def put_in_order(material: Material) -> Spoken:
    """`material` as the metrics take it. Never raises, whatever its times are."""
    spans = [span for side in SIDES for span in material.speech.get(side, ())]
    latest = length(material.seconds, [line.end for line in material.lines] + [span.end for span in spans])
    lines = [line for line in material.lines if line.speaker in SIDES]
    words = {side: tokens([line for line in lines if line.speaker == side], latest) for side in SIDES}
    speech = {side: _speech(material, side, latest) for side in SIDES}
    every = [*words[USER], *words[PARTNER]]
    extents = _extents(lines, every, latest)
    shared = _relabelled(speech, extents, every) if material.separate else _by_lines(speech, extents)
    return Spoken(
        seconds=latest,
        sides={side: _side(side, words[side], shared[side]) for side in SIDES},
        mode=material.mode,
        goal=material.goal,
        context=material.context,
        separate=material.separate,
    )


def _speech(material: Material, side: str, latest: float) -> tuple[Span, ...]:
    """Voice activity, its edges moved to where the sound has them."""
    spans = joined(cleaned(material.speech.get(side, ()), latest), thresholds.SAME_SPEECH)
    frames = material.frames.get(side)
    if frames is None and not material.separate:
        frames = next(iter(material.frames.values()), None)
    return spans if frames is None else joined(cleaned(refined(spans, frames), latest), thresholds.SAME_SPEECH)


def cleaned(spans: Iterable[Span], latest: float) -> list[Span]:
    """`spans` in order of time, those that are no spans left out."""
    times = (sane(span.start, span.end, latest) for span in spans)
    return sorted((Span(start=a, end=b) for a, b in filter(None, times) if b > a), key=lambda span: span.start)


def joined(spans: Sequence[Span], gap: float) -> tuple[Span, ...]:
    """Ordered `spans`, those less than `gap` apart as one."""
    found: list[Span] = []
    for span in spans:
        if found and between(found[-1].end, span.start) < gap:
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def between(end: float, start: float) -> float:
    """Seconds from `end` to `start`, to the microsecond: 0.5 s are as many late in a session as at its beginning."""
    return round(start - end, 6)


class Stretches:
    """Looks up which of many stretches of time lie on a moment; they may overlap."""

    def __init__(self, stretches: Iterable[tuple[float, float]]) -> None:
        self._times = sorted(stretches)
        self._starts = [start for start, _ in self._times]
        self._reach: list[float] = []
        for _, end in self._times:
            self._reach.append(max(end, self._reach[-1]) if self._reach else end)

    def within(self, start: float, end: float) -> range:
        """A range of indices, in order of time, outside of which none overlaps `start` to `end`."""
        return range(bisect_right(self._reach, start), bisect_left(self._starts, end))

    def overlapping(self, start: float, end: float) -> list[tuple[float, float]]:
        return [self._times[i] for i in self.within(start, end) if self._times[i][1] > start]

    def seconds(self, start: float, end: float) -> float:
        """How much of `start` to `end` they cover, if they do not overlap each other."""
        return sum(min(end, b) - max(start, a) for a, b in self.overlapping(start, end))


Extent = tuple[float, float, str]
"""When something was said, and by whom."""


def _extents(lines: Sequence[Line], words: Sequence[Token], latest: float) -> list[Extent]:
    """When each line was said, by its words where they have times."""
    timed: dict[int, tuple[float, float]] = {}
    for token in words:
        if token.timed:
            start, end = timed.get(token.line, (token.start, token.end))
            timed[token.line] = (min(start, token.start), max(end, token.end))
    found: list[Extent] = []
    for line in lines:
        if times := timed.get(line.id) or sane(line.start, line.end, latest):
            found.append((*times, line.speaker))
    return sorted(found)


def _by_lines(speech: Mapping[str, Sequence[Span]], extents: Sequence[Extent]) -> dict[str, list[Span]]:
    """Two people at one microphone: sound is that of whoever says the line on it, cut where the lines change hands."""
    lines = Stretches((start, end) for start, end, _ in extents)
    found: dict[str, list[Span]] = {side: [] for side in SIDES}
    for side in SIDES:
        for span in speech[side]:
            near = [extents[i] for i in lines.within(span.start - _NEAR, span.end + _NEAR)]
            on = [extent for extent in near if extent[1] > span.start and extent[0] < span.end]
            if not on and near:
                on = [min(near, key=lambda extent: max(extent[0] - span.end, span.start - extent[1]))]
            for piece, speaker in _cut(span, on) or [(span, side)]:
                found[speaker].append(piece)
    return found


def _cut(span: Span, on: Sequence[Extent]) -> list[tuple[Span, str]]:
    pieces: list[tuple[Span, str]] = []
    at = span.start
    for before, after in pairwise(on):
        border = min(max((before[1] + after[0]) / 2, at), span.end)
        if before[2] != after[2] and border > at:
            pieces.append((Span(start=at, end=border), before[2]))
            at = border
    return [*pieces, (Span(start=at, end=span.end), on[-1][2])] if on else pieces


def _relabelled(
    speech: Mapping[str, Sequence[Span]], extents: Sequence[Extent], words: Sequence[Token]
) -> dict[str, list[Span]]:
    """A channel each: sound belongs to its channel's speaker, unless somebody said that its line is the other's: then
    the other's words lie on it, and the other's channel is silent."""
    lines = {side: Stretches((a, b) for a, b, speaker in extents if speaker == side) for side in SIDES}
    said = {side: Stretches((token.start, token.end) for token in words if token.speaker == side) for side in SIDES}
    sound = {side: Stretches((span.start, span.end) for span in speech[side]) for side in SIDES}
    found: dict[str, list[Span]] = {side: [] for side in SIDES}
    for side, other in (SIDES, SIDES[::-1]):
        for span in speech[side]:
            half = span.seconds / 2
            foreign = (
                not lines[side].overlapping(span.start, span.end)
                and said[other].seconds(span.start, span.end) > half
                and sound[other].seconds(span.start, span.end) < half
            )
            found[other if foreign else side].append(span)
    return found


def _side(speaker: str, words: tuple[Token, ...], spans: Sequence[Span]) -> Side:
    spans = sorted((span for span in spans if span.seconds > 0), key=lambda span: span.start)
    spoken = [token for token in words if not token.typed]
    timed = [token for token in spoken if token.timed]
    stray = _far(timed, spans)
    if spans and (not spoken or 2 * len(stray) <= len(timed)):
        timing = Timing.SOUND
        spans = sorted([*spans, *_as_spans(stray)], key=lambda span: span.start)
    elif 2 * len(timed) > len(spoken):
        timing, spans = Timing.WORDS, _as_spans(timed)
    elif spoken:
        timing, spans = Timing.LINES, _as_spans(spoken)
    else:
        timing = Timing.NOTHING
    return Side(speaker=speaker, tokens=words, spans=joined(spans, thresholds.SAME_SPEECH), timing=timing)


def _far(words: Sequence[Token], spans: Sequence[Span]) -> list[Token]:
    speech = Stretches((span.start, span.end) for span in spans)
    margin = thresholds.STRAY
    return [token for token in words if not speech.overlapping(token.start - margin, token.end + margin)]


def _as_spans(words: Sequence[Token]) -> list[Span]:
    return sorted((Span(start=token.start, end=token.end) for token in words), key=lambda span: span.start)
