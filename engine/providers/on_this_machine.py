"""Who hears and speaks on this machine: the best models of `SPEECH_MODELS`, else what is installed with Rostrum."""

from __future__ import annotations

from pathlib import Path

from engine.providers.base import SpeechToText, TextToSpeech
from engine.settings import Settings


def ears(settings: Settings) -> SpeechToText:
    from engine.providers import local_sherpa_ears, local_whisper_ears
    from engine.providers.offline_sphinx import SphinxEars

    directory = settings.speech_models
    if directory and isinstance(local_sherpa_ears.find_model(Path(directory)), local_sherpa_ears.Model):
        return local_sherpa_ears.SherpaEars(Path(directory))
    if directory and isinstance(local_whisper_ears.find_model(Path(directory)), Path):
        return local_whisper_ears.WhisperEars(Path(directory))
    return SphinxEars()


def voice(settings: Settings) -> TextToSpeech:
    from engine.providers.local_piper_voice import PiperVoice, find_models
    from engine.providers.local_sherpa_models import Model, find_model
    from engine.providers.local_sherpa_voice import SherpaVoice
    from engine.providers.offline_espeak import EspeakVoice
    from engine.providers.offline_system import SystemVoice

    wanted, directory = settings.offline_voice, settings.speech_models
    if wanted in ("auto", "models") and directory and isinstance(find_model(Path(directory)), Model):
        return SherpaVoice(Path(directory))
    if wanted in ("auto", "models") and directory and isinstance(find_models(Path(directory)), list):
        return PiperVoice(Path(directory))
    if wanted in ("auto", "system") and (found := SystemVoice.find()):
        return found
    return EspeakVoice()
