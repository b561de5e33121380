"""How somebody dealt with being cut into on purpose: computed from the transcript and its times alone, and left open
where these do not tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.analysis.lemmas import content
from engine.messages import INTERJECTION
from engine.records import TranscriptLine
from engine.words import normal

THREAD, PLACE = 25, 10
"""Words before the cut that are the thread that was cut; and of these, the place."""
LEAST = 2
"""Content words that a thread must have, and that have to come back."""
FOLLOWED = 4
"""Lines of theirs in which it is looked for."""


class How(StrEnum):
    HELD = "held"
    """They spoke on, and the partner stopped."""
    THROUGH = "through"
    """They spoke on, and the partner said its line all the same."""
    GAVE_WAY = "gave_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutIn:
    """The partner cut in `at` seconds with `text`, while they were at `said` (the last words before). `over`: seconds
    of both speaking, None where the words have no times. `back`: seconds from the end of it until they were on their
    thread again, None where they did not come back; `place`: at the same place. Both None, too, where it
    `cannot_tell`, since too little had been said."""

    at: float
    text: str
    said: str
    how: How
    over: float | None = None
    back: float | None = None
    place: bool | None = None
    cannot_tell: bool = False


def cut_ins(lines: Sequence[TranscriptLine]) -> tuple[CutIn, ...]:
    """In their order; one into which nothing of the user's is kept is left out."""
    ordered = sorted(lines, key=lambda line: line.start)
    return tuple(_found(ordered))


def told(cut: CutIn) -> str:
    """`cut` in a sentence or two."""
    if cut.how is How.HELD:
        return f"You held the floor: your partner stopped after {cut.over or 0:.1f} s."
    if cut.how is How.THROUGH:
        return "You spoke on while your partner said the whole of it."
    gave = "You gave way." if cut.over is None else f"You gave way {_soon(cut.over)}."
    if cut.cannot_tell:
        return f"{gave} Too little was said before and after to tell whether you came back to it."
    if cut.back is None:
        return f"{gave} You did not come back to “{cut.said}”."
    where = "at the same place" if cut.place else "at another point of it"
    return f"{gave} {cut.back:.0f} s after it you were back on your thread, {where}."


def summed(found: Sequence[CutIn]) -> str:
    """All of them in a sentence."""
    gave = sum(cut.how is How.GAVE_WAY for cut in found)
    back = sum(cut.back is not None for cut in found if cut.how is How.GAVE_WAY)
    parts = [f"Your partner cut in {_times(len(found))}", f"you kept the floor {_times(len(found) - gave)}"]
    parts.append(f"gave way {_times(gave)}" + (f" and came back to your thread {_times(back)}" if gave else ""))
    return f"{parts[0]}: {parts[1]}, and {parts[2]}."


def _found(lines: Sequence[TranscriptLine]) -> Iterator[CutIn]:
    for number, line in enumerate(lines):
        if line.speaker != "agent" or line.mark != INTERJECTION:
            continue
        before = [one for one in lines if one.speaker == "user" and one.start < line.start < max(one.end, one.start)]
        if before:
            after = [one for one in lines[number + 1 :] if one.speaker == "user" and one.start >= line.start]
            yield _cut_in(line, before[-1], after[:FOLLOWED])


def _cut_in(line: TranscriptLine, mine: TranscriptLine, after: Sequence[TranscriptLine]) -> CutIn:
    until = max((word.end for word in mine.words), default=None)
    so_far = [word.text for word in mine.words if word.end <= line.start + 0.2] if mine.words else mine.text.split()
    said = " ".join(so_far[-PLACE:])
    if not mine.interrupted:
        how = How.HELD if line.interrupted else How.THROUGH
        return CutIn(at=line.start, text=line.text, said=said, how=how, over=round(line.end - line.start, 2))
    over = None if until is None else round(max(0.0, until - line.start), 2)
    cut = CutIn(at=line.start, text=line.text, said=said, how=How.GAVE_WAY, over=over, cannot_tell=True)
    thread = content(normal(" ".join(so_far[-THREAD:]))) - content(normal(line.text))
    if len(thread) < LEAST or not after:
        return cut
    place = content(normal(said))
    for one in after:
        shared = content(normal(one.text)) & thread
        if len(shared) >= LEAST:
            return _back(cut, max(0.0, one.start - line.end), place=bool(shared & place))
    return _back(cut, None, place=None)


def _back(cut: CutIn, seconds: float | None, *, place: bool | None) -> CutIn:
    back = None if seconds is None else round(seconds, 1)
    return replace(cut, back=back, place=place, cannot_tell=False)


def _soon(seconds: float) -> str:
    return "at once" if seconds < 0.3 else f"after {seconds:.1f} s"


def _times(count: int) -> str:
    return ["never", "once", "twice"][count] if count < 3 else f"{count} times"
