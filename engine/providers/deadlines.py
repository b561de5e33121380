"""How long whoever hears or speaks over a network may take, in one place: seconds, each with its reason.

Whoever waits for a vendor waits no longer than this, so that the next one can go on before the listener wonders.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingDeadlines:
    """For ears over a network."""

    handshake: float = 3.0
    """To an open connection: it is opened before anybody speaks, and TLS across the world takes less than one."""
    no_result: float = 4.0
    """Speech is sent and nothing at all comes back: vendors tell what they hear about every second."""
    final: float = 1.6
    """From the end of a turn to its final transcript: usual are 0.25, and 2 are the most that nobody minds."""
    catch_up: float = 0.15
    """And so much longer for each second of the turn that was not understood yet, as when it was uploaded at once."""
    quiet: float = 0.4
    """From the end of a turn of which all but silence was understood: a vendor need not confirm that."""
    keep_alive: float = 4.0
    """Between signs of life while nobody speaks: vendors hang up after 10."""
    backoff: float = 0.25
    """Before a connection that was lost is opened again; doubles with each failure in a row up to `longest_backoff`."""
    longest_backoff: float = 8.0
    steady: float = 5.0
    """A connection that held so long was a good one: its loss counts as a first failure."""
    close: float = 0.5
    """For the closing handshake; whoever does not answer by then is hung up on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingDeadlines:
    """For voices over a network."""

    handshake: float = 1.8
    """To an open connection: somebody is waiting for the first sound."""
    first: float = 1.8
    """From the text to its first sound: usual are 0.3, and after 2 the listener thinks that nobody is there."""
    between: float = 1.8
    """Between two pieces of sound: what is buffered has sounded by then."""
    interrupt: float = 0.3
    """For a vendor to confirm that it stopped speaking; else its connection is given up, and the next one is new."""
    idle: float = 120.0
    """A connection is kept open so long between two lines: longer than most turns last."""
    close: float = 0.5
    """For the closing handshake; whoever does not answer by then is hung up on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueDeadlines:
    """For a model that hears and speaks over a network: what holds for ears and for a voice holds for it. Its first
    sound is counted from when a reply is asked for."""

    hearing: HearingDeadlines = field(default_factory=HearingDeadlines)
    speaking: SpeakingDeadlines = field(default_factory=SpeakingDeadlines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingDeadlines:
    """For language models over a network; these suit a model at home, which may have to be loaded first."""

    connect: float = 3.0
    """To an open connection."""
    first: float = 8.0
    """From the question to the first token: usual are 0.4 to 1.5, a model at home takes seconds."""
    between: float = 8.0
    """Between two tokens, thoughts included."""


IMPATIENT = ThinkingDeadlines(connect=1.5, first=1.8, between=1.8)
"""For a model that somebody waits for in a conversation, while another one could go on: after 2 seconds they wonder."""
