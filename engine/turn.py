"""The turn machine: whose turn it is, as a pure function of what happened.

`step(turn, fact, now, floor) -> (turn, effects)`. It holds the listener's side only: the agent's side (is something
being said, is it paused) is derived from live objects by the conversation, and the gate to the listener is open
exactly when the phase is SILENT and nobody has paused. There is one open wait at most, `Turn.deadline`; when the clock
passes it the conversation hands in `Due`.

The order it guarantees: nothing resumes before the decision about the words that interrupted it (a resume follows the
end-of-turn decision, never races it); a turn is decided exactly once; what belongs to an older turn changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from engine.floor import Floor, Verdict
from engine.providers.base import EndOfTurn, Transcript
from engine.turn_facts import (
    CutIn,
    CutOver,
    Decide,
    Due,
    Effect,
    Fact,
    Finish,
    Heard,
    Listen,
    Offset,
    Onset,
    Waits,
    Wrote,
    Yield,
)


class Phase(StrEnum):
    SILENT = "silent"
    SPEAKING = "speaking"
    TRAILING = "trailing"
    """Speech has ended; patience runs."""
    TRANSCRIBING = "transcribing"
    """The turn is over; its words are awaited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The listener's turn. Thrown away with each new one: nothing but its number outlives it."""

    number: int = 0
    phase: Phase = Phase.SILENT
    deadline: float | None = None
    began: float = 0.0
    ends_by: float = 0.0
    """When the turn is taken to be over even if the listener goes on: a television never stops."""
    uploaded: float = 0.0
    """Seconds of it that came at once: their words take longer."""
    sounding: bool = False
    """The listener is making a sound, whatever the turn: nothing may start over it."""
    manual: bool = False
    over_agent: bool = False
    agent_busy: bool = False
    lately: str = ""
    carried: str = ""
    """Words of the same turn that were transcribed before the listener went on speaking."""
    interim: str = ""
    caught_up: bool = False
    """`interim` was told since the listener fell silent: it probably holds all that was said."""
    end_of_turn: EndOfTurn = EndOfTurn.UNKNOWN
    """What the recogniser thinks, as of `interim`."""
    sure_since: float = 0.0
    """Since when it has thought that the turn is over, if it does."""
    goes_on_at: float | None = None
    """Where in the ear's audio the listener went on, while the words before it were still awaited."""
    fell_silent: bool = False
    """… and has since fallen silent again."""
    cut: bool = False
    """The agent has cut in, and may be heard over the listener; where they gave way, this ended their turn."""
    cut_over: bool = False
    """… and has come to its end since."""


def step(turn: Turn, fact: Fact, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    """The turn after `fact` at `now` (monotonic seconds), and what has to be done about it, in order."""
    match fact:
        case Onset():
            return _onset(turn, fact, now, floor)
        case Offset():
            return _offset(turn, fact, now, floor)
        case Heard(transcript=transcript):
            return _heard(turn, transcript, now, floor)
        case Wrote(text=text):
            return _wrote(turn, text, now, floor)
        case Due():
            return _due(turn, now, floor)
        case Waits():
            return (_trailing(turn, now, floor) if turn.phase is Phase.TRAILING else turn), ()
        case CutIn():
            return (_speaking(replace(turn, cut=True), now, floor) if may_be_cut(turn) else turn), ()
        case CutOver(heard=heard):
            return _cut_over(turn, heard=heard), ()


def may_be_cut(turn: Turn) -> bool:
    """Whether the agent may cut into it: nobody cuts into a key that is held."""
    return turn.phase is Phase.SPEAKING and not turn.manual and not turn.cut


def _cut_over(turn: Turn, *, heard: bool) -> Turn:
    if turn.cut and turn.phase is Phase.SPEAKING:  # they spoke through it
        return replace(turn, cut=False, deadline=turn.ends_by)
    return replace(turn, cut=turn.cut and heard, cut_over=turn.cut and heard)


def _speaking(turn: Turn, now: float, floor: Floor) -> Turn:
    deadline = min(turn.ends_by, now + floor.yields) if turn.cut else turn.ends_by
    return replace(turn, phase=Phase.SPEAKING, deadline=deadline)


def _wrote(turn: Turn, text: str, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    number = turn.number + 1
    speaks = turn.sounding and not turn.manual
    after = Turn(number=number, sounding=speaks, deadline=now + floor.longest_turn if speaks else None)
    open_turn = turn.phase in (Phase.SPEAKING, Phase.TRAILING)
    unheard: tuple[Effect, ...] = (Finish(turn=turn.number),) if open_turn else ()
    return after, (*unheard, Decide(turn=number, verdict=Verdict.TURN, text=text))


def _onset(turn: Turn, fact: Onset, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    if turn.phase is Phase.SILENT:
        begun = Turn(
            number=turn.number + 1,
            phase=Phase.SPEAKING,
            deadline=now + floor.longest_turn,
            began=now,
            ends_by=now + floor.longest_turn,
            sounding=True,
            manual=fact.manual,
            over_agent=fact.over_agent,
            agent_busy=fact.agent_busy,
            lately=fact.lately,
        )
        return begun, (Listen(turn=begun.number, since=fact.at),)
    if turn.phase is Phase.TRANSCRIBING:
        # The words so far are still awaited: they must not be lost, and must not be answered either.
        since = fact.at if turn.goes_on_at is None else turn.goes_on_at
        return replace(turn, goes_on_at=since, manual=fact.manual, fell_silent=False, sounding=True), ()
    manual = turn.manual or fact.manual
    onward = replace(turn, manual=manual, sounding=True, cut=turn.cut and not turn.cut_over)
    onward = replace(onward, caught_up=False, end_of_turn=EndOfTurn.UNKNOWN)  # whatever was thought of the pause
    return _speaking(onward, now, floor), ()


def _offset(turn: Turn, fact: Offset, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    if turn.manual and not fact.manual:
        return turn, ()
    turn = replace(turn, sounding=False, uploaded=turn.uploaded + fact.uploaded)
    if turn.phase is Phase.TRANSCRIBING:
        return replace(turn, fell_silent=turn.goes_on_at is not None), ()
    if turn.phase is Phase.SILENT:
        return replace(turn, deadline=None), ()
    # Whoever falls silent while they are cut into has given way.
    if fact.settled or turn.cut or (_is_over(turn, floor) and now - turn.sure_since <= floor.hangover):
        return _finish(turn, now, floor)
    return _trailing(turn, now, floor), ()


def _is_over(turn: Turn, floor: Floor) -> bool:
    """Whether the recogniser is sure, and that is to count."""
    return turn.end_of_turn is EndOfTurn.OVER and floor.patience <= floor.ordinary_patience


def _trailing(turn: Turn, now: float, floor: Floor) -> Turn:
    return replace(turn, phase=Phase.TRAILING, deadline=min(now + floor.patience, turn.ends_by))


def _finish(turn: Turn, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    wait = floor.transcript_wait + floor.upload_wait * turn.uploaded
    awaiting = replace(turn, phase=Phase.TRANSCRIBING, deadline=now + wait)
    return awaiting, (Finish(turn=turn.number),)


def _heard(turn: Turn, transcript: Transcript, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    if transcript.turn != turn.number or turn.phase is Phase.SILENT:
        return turn, ()
    if not transcript.final:
        opinion = transcript.end_of_turn
        since = turn.sure_since if opinion is turn.end_of_turn else now
        caught_up = turn.phase is not Phase.SPEAKING
        turn = replace(turn, interim=transcript.text, caught_up=caught_up, end_of_turn=opinion, sure_since=since)
        ends = turn.phase is Phase.TRAILING and _is_over(turn, floor)
        return _finish(turn, now, floor) if ends else (turn, ())
    if turn.phase is not Phase.TRANSCRIBING:
        return turn, ()
    return _words(turn, transcript.text, transcript.confidence, now, floor)


def _due(turn: Turn, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    if turn.deadline is None or now < turn.deadline:
        return turn, ()
    if turn.phase is Phase.SILENT:
        return Turn(number=turn.number), ()  # a sound that does not end is no listener
    if turn.phase is Phase.TRANSCRIBING:
        # The provider is late: what it let us see so far is all there is.
        return _words(turn, turn.interim, 1.0, now, floor)
    if turn.cut and turn.phase is Phase.SPEAKING and now < turn.ends_by:
        return replace(turn, cut=False, deadline=turn.ends_by), (Yield(turn=turn.number),)
    # Whoever still makes a sound is not spoken over. Of a key that is still held nobody knows.
    return _finish(replace(turn, sounding=turn.sounding and not turn.manual, manual=False), now, floor)


def _words(turn: Turn, text: str, confidence: float, now: float, floor: Floor) -> tuple[Turn, tuple[Effect, ...]]:
    """The words of a finished turn are there: go on listening if the listener went on, else decide."""
    said = f"{turn.carried} {text}".strip()
    if turn.goes_on_at is not None:
        onward = Turn(
            number=turn.number + 1,
            phase=Phase.TRAILING if turn.fell_silent else Phase.SPEAKING,
            deadline=min(now + floor.patience, turn.ends_by) if turn.fell_silent else turn.ends_by,
            began=turn.began,
            ends_by=turn.ends_by,
            sounding=turn.sounding,
            manual=turn.manual and not turn.fell_silent,
            over_agent=turn.over_agent,
            agent_busy=turn.agent_busy,
            lately=turn.lately,
            carried=said,
            cut=turn.cut and not turn.cut_over,
        )
        if onward.cut and onward.phase is Phase.SPEAKING:
            onward = _speaking(onward, now, floor)
        return onward, (Listen(turn=onward.number, since=turn.goes_on_at),)
    # A carried part was judged confident enough when it was kept: only a turn without one can be mere noise.
    verdict = floor.verdict(
        said,
        confidence=1.0 if turn.carried else confidence,
        over_agent=turn.over_agent,
        lately=turn.lately,
        agent_busy=turn.agent_busy,
    )
    if turn.cut and verdict is not Verdict.NOISE:
        verdict = Verdict.CUT_OFF
    sounding = turn.sounding and verdict is not Verdict.NOISE  # nobody makes noise for so long
    decided = Turn(number=turn.number, sounding=sounding, deadline=now + floor.longest_turn if sounding else None)
    return decided, (Decide(turn=turn.number, verdict=verdict, text=said),)


__all__ = [
    "CutIn",
    "CutOver",
    "Decide",
    "Due",
    "Effect",
    "Fact",
    "Finish",
    "Heard",
    "Listen",
    "Offset",
    "Onset",
    "Phase",
    "Turn",
    "Waits",
    "Wrote",
    "Yield",
    "may_be_cut",
    "step",
]
