"""One of a few, all of them in view."""

from ui.components.choice.choice import Choice

__all__ = ["Choice"]
