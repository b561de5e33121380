"""Which of OpenAI's models end, when, and what follows them: as the vendor has announced it, and the SDK repeats it.

Only of the vendor itself: a server that is compatible with it may keep such a name for a model of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutdown:
    """The first day on which a model is not there any more, and the model to take instead."""

    date: date
    successor: str


TALKS, TALKS_CHEAPLY = "gpt-realtime-2.1", "gpt-realtime-2.1-mini"
HEARS, THINKS = "gpt-transcribe", "gpt-6-luna"

BETA = date(2026, 5, 12)
"""When the Realtime API's first protocol was switched off, and with it all that spoke no other."""
SPEECH, CHAT, REALTIME, HEARING = date(2027, 1, 6), date(2027, 1, 14), date(2027, 1, 20), date(2027, 2, 26)

SHUTDOWNS = {
    "gpt-4o-realtime-preview": Shutdown(date=BETA, successor=TALKS),
    "gpt-4o-mini-realtime-preview": Shutdown(date=BETA, successor=TALKS_CHEAPLY),
    "gpt-realtime": Shutdown(date=REALTIME, successor=TALKS),
    "gpt-realtime-mini": Shutdown(date=REALTIME, successor=TALKS_CHEAPLY),
    "gpt-audio-mini": Shutdown(date=REALTIME, successor=TALKS_CHEAPLY),
    "tts-1": Shutdown(date=SPEECH, successor=TALKS_CHEAPLY),
    "tts-1-hd": Shutdown(date=SPEECH, successor=TALKS_CHEAPLY),
    "gpt-4o-mini-tts": Shutdown(date=SPEECH, successor=TALKS_CHEAPLY),
    "whisper-1": Shutdown(date=HEARING, successor=HEARS),
    "gpt-4o-transcribe": Shutdown(date=HEARING, successor=HEARS),
    "gpt-4o-transcribe-diarize": Shutdown(date=HEARING, successor=HEARS),
    "gpt-4o-mini-transcribe": Shutdown(date=HEARING, successor=HEARS),
    "gpt-3.5-turbo": Shutdown(date=date(2026, 10, 23), successor=THINKS),
    "gpt-4-turbo": Shutdown(date=date(2026, 10, 23), successor=THINKS),
    "gpt-4.1-nano": Shutdown(date=date(2026, 10, 23), successor=THINKS),
    "o4-mini": Shutdown(date=date(2026, 10, 23), successor=THINKS),
    "gpt-5": Shutdown(date=date(2026, 12, 11), successor=THINKS),
    "gpt-5-mini": Shutdown(date=date(2026, 12, 11), successor=THINKS),
    "gpt-5-nano": Shutdown(date=date(2026, 12, 11), successor=THINKS),
    "o3": Shutdown(date=date(2026, 12, 11), successor=THINKS),
    "gpt-4o": Shutdown(date=CHAT, successor=THINKS),
    "gpt-4o-mini": Shutdown(date=CHAT, successor=THINKS),
    "gpt-4.1": Shutdown(date=CHAT, successor=THINKS),
    "gpt-4.1-mini": Shutdown(date=CHAT, successor=THINKS),
    "gpt-5.1": Shutdown(date=date(2027, 4, 1), successor=THINKS),
    "gpt-5.4-nano": Shutdown(date=date(2027, 4, 1), successor=THINKS),
}
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{4})$")


def shutdown(model: str) -> Shutdown | None:
    """When `model`, or what it is a dated snapshot of, ends; None where nothing was announced."""
    return SHUTDOWNS.get(_SNAPSHOT.sub("", model.strip().lower()))


def successor(model: str) -> str | None:
    """What to take instead of a `model` that has ended or will; None where it lives on."""
    found = shutdown(model)
    return found.successor if found else None


def living(model: str, today: date) -> str:
    """`model`, or what follows it where it has ended by `today`."""
    found = shutdown(model)
    return found.successor if found and found.date <= today else model
