"""The check before a session as an element of a page: what the microphone hears stays in the browser."""

from __future__ import annotations

from nicegui import ui


class CoachCheck(ui.element, component="coach_check.js"):
    """Picks a microphone, shows its level, and judges noise and echo.

    Its JavaScript stands on "rostrum-coach", which comes with `CoachLink`, and on "rostrum-voice"."""
