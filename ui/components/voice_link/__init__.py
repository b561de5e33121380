"""The browser's microphone, speaker and stage."""

from ui.components.voice_link.voice_link import VoiceLink, machine_sound

__all__ = ["VoiceLink", "machine_sound"]
