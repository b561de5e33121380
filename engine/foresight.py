"""Foresight: what a turn that is not decided yet will probably say, as a pure function of the turn.

`look(foresight, turn, now, floor) -> (foresight, effect)`, after each step of the turn machine. A reply to what is
foreseen may be begun, without any effect; whether it is the reply that is given is decided with the turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.floor import Floor, Verdict
from engine.providers.base import EndOfTurn
from engine.turn import Phase, Turn
from engine.words import normal

TRIES = 3
"""Replies begun in one turn at most: each may cost as much as one that is given."""
LONGEST = 10.0
"""Seconds after which nothing is begun any more: who speaks for long goes on, and waits for an answer more gladly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """`text`: what the turn is expected to say, "" nothing. Of one turn: a new one begins with none."""

    text: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    """The turn may end as `text`, instead of anything foreseen before."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It will not end as was foreseen."""


Effect = Prepare | Withdraw


def look(foresight: Foresight, turn: Turn, now: float, floor: Floor) -> tuple[Foresight, Effect | None]:
    """What is foreseen of `turn` at `now` (monotonic seconds), and what has to be done about it, if anything. A turn
    that is decided is nobody's to foresee: that decision settles what was."""
    if turn.phase is Phase.SILENT:
        return Foresight(), None
    text = f"{turn.carried} {turn.interim}".strip()
    stands = _is_stable(turn, floor)
    if stands and foresight.text and normal(text) == normal(foresight.text):
        return foresight, None
    may = stands and foresight.tries < TRIES and now - turn.began <= LONGEST
    if may and _would_be_answered(text, turn, floor):
        return Foresight(text=text, tries=foresight.tries + 1), Prepare(text=text)
    return replace(foresight, text=""), Withdraw() if foresight.text else None


def _is_stable(turn: Turn, floor: Floor) -> bool:
    """Whether no more words are to be expected: whose turn is over has said all; who is silent, and does not hold the
    floor, is probably done, and so is whoever the recogniser says is."""
    if turn.goes_on_at is not None or turn.end_of_turn is EndOfTurn.RESUMED:
        return False
    silent = turn.phase is Phase.TRAILING and turn.caught_up and floor.patience < floor.longest_turn
    said_to_be = turn.end_of_turn in (EndOfTurn.LIKELY, EndOfTurn.OVER)
    return silent or said_to_be or turn.phase is Phase.TRANSCRIBING


def _would_be_answered(text: str, turn: Turn, floor: Floor) -> bool:
    verdict = floor.verdict(
        text, confidence=1.0, over_agent=turn.over_agent, lately=turn.lately, agent_busy=turn.agent_busy
    )
    return verdict is Verdict.TURN
