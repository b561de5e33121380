"""A free conversation in the browser."""

from ui.components.talk_link.talk_link import TalkLink

__all__ = ["TalkLink"]
