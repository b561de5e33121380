"""A coached session in the browser, and the check before it."""

from ui.components.coach_link.coach_check import CoachCheck
from ui.components.coach_link.coach_link import CoachLink

__all__ = ["CoachCheck", "CoachLink"]
