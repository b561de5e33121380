"""What the turn machine is told, and what it asks for; see `turn`."""

from __future__ import annotations

from dataclasses import dataclass

from engine.floor import Verdict
from engine.providers.base import Transcript

# ---- facts: what happened -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """The listener began to speak, `at` seconds of the ear's audio. `over_agent`: the agent was saying `lately`;
    `agent_busy`: it had something to say, even if paused. `manual`: by push to talk."""

    at: float
    over_agent: bool
    agent_busy: bool = False
    lately: str = ""
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """The listener fell silent. `settled`: no patience is needed (whole clip, push to talk released, no more audio).
    `uploaded`: seconds of what they said that came at once."""

    settled: bool
    manual: bool = False
    uploaded: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Speech to text has understood something."""

    transcript: Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """The listener typed: a complete turn that ends any open one."""

    text: str


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a pause may be has changed: `floor.patience` is another."""


@dataclass(frozen=True, slots=True)
class CutIn:
    """The agent cuts in, now: it begins to sound over the listener."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOver:
    """What the agent cut in with was `heard` to its end, or has ended before it."""

    heard: bool


Fact = Onset | Offset | Heard | Wrote | Due | Waits | CutIn | CutOver


# ---- effects: what the conversation must do -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Feed turn `turn` with the ear's audio from `since` seconds on."""

    turn: int
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """Ask for the final transcript of `turn`."""

    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """The turn is decided; `verdict` TURN ends what the agent was saying and asks for an answer to `text`."""

    turn: int
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """The listener of turn `turn` holds the floor: what the agent cut in with ends here, and the turn goes on."""

    turn: int


Effect = Listen | Finish | Decide | Yield
