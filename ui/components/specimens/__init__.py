"""What `/style` shows of components that live in JavaScript."""

from __future__ import annotations

from nicegui import ui

# What it draws comes with these.
from ui.components.coach_link import CoachLink as CoachLink
from ui.components.talk_link import TalkLink as TalkLink
from ui.components.voice_link import VoiceLink as VoiceLink


class Faces(ui.element, component="faces.js"):
    """Every state of the three stages: its shape, its word and its colour, as the stages themselves have them."""
