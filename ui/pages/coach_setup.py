"""What somebody says of a session before it begins: what it is for, and how they want to be coached. Kept from one
session to the next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from engine.analysis.bands import MODES, USUAL
from engine.clock import wall
from engine.records import Aim

if TYPE_CHECKING:
    from engine.providers.base import About
    from ui.studio import Studio

KEPT, CHECKED = "coach.setup", "coach.checked"
"""Preferences: the last `Setup`; whether the sound was checked once."""
CUES = {"calm": "Calm", "normal": "Normal", "off": "Only when I ask"}
"""How often a cue may come."""
TITLE_LENGTH = 60
"""Characters of a context that name a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """`cues` is a key of `CUES`; `ear`: they are whispered, too; `fluency`: none about fillers, pauses or pace."""

    context: str = ""
    goal: str = ""
    user_name: str = ""
    participants: str = ""
    tone: str = ""
    mode: str = USUAL
    cues: str = "calm"
    ear: bool = False
    fluency: bool = False
    record: bool = False

    @property
    def aim(self) -> Aim:
        """What of it is kept with the session."""
        own = {field.name: getattr(self, field.name) for field in fields(Aim)}
        return Aim(**own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A situation to start from."""

    name: str
    context: str
    goal: str
    mode: str
    participants: str = ""
    tone: str = ""


EXAMPLES = (
    Example(
        name="Networking at a hackathon",
        context="I'm at a networking session at a hackathon. I know nobody here yet.",
        goal="Come across as friendly and curious, and find out what they are working on",
        mode="networking",
        tone="warm",
    ),
    Example(
        name="Job interview",
        context="A first interview for a job that I want. Half an hour, by video.",
        goal="Give short answers with one example each, and ask two good questions",
        mode="interview",
        tone="calm and direct",
    ),
    Example(
        name="Customer call",
        context="A first call with somebody who may buy what we make.",
        goal="Understand their problem before I say anything about our product",
        mode="sales",
    ),
    Example(
        name="Investor questions",
        context="An investor asks about our company after the pitch.",
        goal="Answer each question in under a minute, headline first",
        mode="pitch",
        tone="confident",
    ),
    Example(
        name="One to one",
        context="A talk with somebody in my team about how their work is going.",
        goal="Listen more than I speak, and ask what they need from me",
        mode="one_to_one",
        tone="patient",
    ),
)


def last(studio: Studio) -> Setup:
    """As it was left the last time."""
    kept = studio.store.preference(KEPT)
    given: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    values = asdict(Setup())
    values |= {name: given[name] for name, usual in values.items() if type(given.get(name)) is type(usual)}
    if values["mode"] not in MODES:
        values["mode"] = USUAL
    if values["cues"] not in CUES:
        values["cues"] = "calm"
    return Setup(**values)


def keep(studio: Studio, setup: Setup) -> None:
    """Remember it."""
    studio.store.set_preference(KEPT, asdict(setup))


def begin(studio: Studio, setup: Setup) -> str:
    """Create the session; its id."""
    id = str(uuid.uuid4())
    studio.store.sessions.begin(id, setup.aim, wall(), title(setup))
    return id


def title(setup: Setup) -> str:
    """What a session is called in lists."""
    words = " ".join(setup.context.split())
    if len(words) <= TITLE_LENGTH:
        return words.rstrip(".") or MODES[setup.mode].label
    return words[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def consent(engines: Mapping[str, About], *, record: bool) -> str:
    """What to say to the other person before it begins; true of where the sound goes."""
    away = (
        "" if all(about.local for about in engines.values()) else " What we say goes to a service that understands it."
    )
    nowhere = "" if away else " Nothing we say leaves this device."
    kept = " It keeps a recording, for me alone." if record else ""
    return (
        f"I have a coach listening along, to get better at talking.{away or nowhere}{kept} Is that all right with you?"
    )
