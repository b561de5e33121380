"""What people and files are called in an export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.analysis.values import COACH, PARTNER, USER
from engine.exports.readable import plain
from engine.transcript import ROSTRUM, YOU

if TYPE_CHECKING:
    from engine.desk import Dossier

NAME_LENGTH = 24
"""Characters of what may be somebody's name."""
_KINDS = {"coach": "A coached conversation", "talk": "A talk", "pitch": "A pitch", "rehearsal": "A rehearsal"}


def speakers(dossier: Dossier) -> Mapping[str, str]:
    """Who says a line: the persona of a talk by name; a pitch is spoken by Rostrum."""
    meeting = dossier.meeting
    partner = {"talk": meeting.title or ROSTRUM, "pitch": ROSTRUM}.get(meeting.scenario) or _participant(dossier)
    return {USER: dossier.aim.user_name or YOU, PARTNER: partner, COACH: "Coach"}


def kind(dossier: Dossier) -> str:
    """What took place: "A talk"."""
    return _KINDS.get(dossier.meeting.scenario, "A session")


def title(dossier: Dossier) -> str:
    return dossier.meeting.title or kind(dossier)


def file_name(dossier: Dossier, ending: str) -> str:
    """Safe on every system and in every header: "rostrum-2026-11-21-0930-morgan-reed.pdf"."""
    ascii_only = unicodedata.normalize("NFKD", title(dossier)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.lower())
    name = "-".join(words)[:40].strip("-") or dossier.meeting.scenario
    return f"rostrum-{dossier.meeting.begun:%Y-%m-%d-%H%M}-{name}.{ending}"


def _participant(dossier: Dossier) -> str:
    """Whoever was talked with, where one name was given."""
    told = plain(dossier.aim.participants)
    several = re.search(r"[,;&/]| and ", told)
    return told if told and len(told) <= NAME_LENGTH and not several else "Partner"
