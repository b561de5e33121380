"""The browser's microphone, speaker and stage."""

from ui.components.voice_link.voice_link import VoiceLink

__all__ = ["VoiceLink"]
