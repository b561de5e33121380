"""What a page is told first on its link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.meetings import Meeting
    from engine.studio import Studio


def ready(studio: Studio, meeting: Meeting, *, returned: bool) -> Mapping[str, object]:
    """Whom the page is with, and what it needs to show of it."""
    held = meeting.held
    about = studio.about("talk" if held.persona else "pitch")
    told: dict[str, object] = {"conversation": meeting.id, "returned": returned, "voices": list(studio.voices())}
    if held.pitch:
        sentences = [sentence.text for sentence in held.pitch.sentences]
        told |= {"title": held.pitch.title, "sentences": sentences, "mark": held.mark}
    if held.persona:
        told |= {"title": held.persona.name, "scene": held.persona.scene, "patience": held.persona.patience}
    shown = ("name", "label", "local", "caveat")
    return told | {what: {name: getattr(one, name) for name in shown} for what, one in about.items()}
