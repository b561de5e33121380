"""Silences inside what one person says, and what they are for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.analysis import lexicon, thresholds
from engine.analysis.catalogue import measured
from engine.analysis.spoken import Spoken, Stretches, between
from engine.analysis.tokens import Token, text_of
from engine.analysis.turns import Floor
from engine.analysis.values import PARTNER, USER, Confidence, Evidence, Mark, Measure

PURPOSEFUL, HESITATION, VERY_LONG = "purposeful", "hesitation", "very long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """`kind` of a long one: `PURPOSEFUL`, `HESITATION`, `VERY_LONG`, or "" where nothing tells, and for short ones.
    `before` and `after`: the words around it, where there are any."""

    start: float
    end: float
    kind: str = ""
    before: Token | None = None
    after: Token | None = None

    @property
    def seconds(self) -> float:
        return between(self.start, self.end)


def find_pauses(spoken: Spoken, floor: Floor) -> tuple[Pause, ...]:
    """The user's silences from 0.25 s on in which nobody else took the floor, in order."""
    others = Stretches((u.start, u.end) for u in floor.utterances if u.speaker == PARTNER and not u.aside)
    said = sorted((token for token in spoken.user.tokens if not token.typed), key=lambda token: token.middle)
    middles = [token.middle for token in said]
    punctuated = any(token.ends_sentence for token in said)
    found: list[Pause] = []
    for one, other in pairwise(spoken.user.spans):
        start, end = one.end, other.start
        if not 0 < between(start, end) <= thresholds.LONGEST_PAUSE or others.overlapping(start, end):
            continue
        index = bisect_right(middles, (start + end) / 2)
        before = said[index - 1] if index else None
        after = said[index] if index < len(said) else None
        kind = _kind(between(start, end), before, after, punctuated=punctuated)
        found.append(Pause(start=start, end=end, kind=kind, before=before, after=after))
    return tuple(found)


def _kind(seconds: float, before: Token | None, after: Token | None, *, punctuated: bool) -> str:
    if seconds <= thresholds.LONG_PAUSE:
        return ""
    if seconds > thresholds.VERY_LONG_PAUSE:
        return VERY_LONG
    if any(word is not None and word.hesitation for word in (before, after)):
        return HESITATION
    if before is None:
        return ""
    if before.ends_sentence:
        return PURPOSEFUL
    clause_goes_on = before.word in lexicon.load().hanging or (punctuated and before.text[-1:].isalnum())
    return HESITATION if clause_goes_on else ""


def pauses(spoken: Spoken, floor: Floor, found: Sequence[Pause]) -> tuple[Measure, ...]:
    """pause_rate, pause_share and long_pauses. The share is of all silence within turns: of 0.3 s in which the other
    says a word, too."""
    time = floor.turn_time(USER)
    edges = spoken.user.edges
    why = "It is not known when each word was said, so pauses cannot be told." if edges is Confidence.NONE else ""
    counted = [pause for pause in found if pause.seconds >= thresholds.COUNTED_PAUSE]
    long = [pause for pause in found if pause.seconds > thresholds.LONG_PAUSE]
    inside = time - spoken.user.speech_time
    return (
        measured("pause_rate", 60 * len(counted) / time if time else None, int(time), at_best=edges, why=why),
        measured("pause_share", 100 * inside / time if time else None, int(time), at_best=edges, why=why),
        measured("long_pauses", len(long), int(time), evidence=[_evidence(pause) for pause in long], at_best=edges,
                 why=why),
    )  # fmt: skip


def _evidence(pause: Pause) -> Evidence:
    words = [word for word in (pause.before, pause.after) if word is not None]
    same = [word for word in words if word.line == words[0].line]
    return Evidence(start=pause.start, end=pause.end, text=text_of(same), line=words[0].line if words else None)


def pause_marks(found: Sequence[Pause]) -> tuple[Mark, ...]:
    """A mark for each counted pause, at the word before it."""
    marks: list[Mark] = []
    for pause in found:
        if pause.seconds < thresholds.COUNTED_PAUSE:
            continue
        before = pause.before
        marks.append(
            Mark(
                layer="long_pause" if pause.seconds > thresholds.LONG_PAUSE else "pause",
                start=pause.start,
                end=pause.end,
                note=pause.kind,
                line=before.line if before else None,
                first=before.place if before else None,
                last=before.place if before else None,
            )
        )
    return tuple(marks)
