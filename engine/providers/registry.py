"""Who hears, thinks and speaks: the one place that knows the providers by name, and chooses among those that are there.

Adding a provider is one file that implements a Protocol of `base`, and one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.providers.base import (
    About,
    LanguageModel,
    SpeechToSpeech,
    SpeechToText,
    TextToSpeech,
    VoiceActivityDetector,
)
from engine.providers.cached import CachedVoice
from engine.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers:
    ears: SpeechToText
    activity: VoiceActivityDetector
    mind: LanguageModel
    """Answers questions about a pitch."""
    partner: LanguageModel
    """Holds up its end of a talk."""
    speech: TextToSpeech
    writer: LanguageModel | None = None
    """Drafts cues and writes reports; None without a language model: then they come from what was measured."""
    dialogue: SpeechToSpeech | None = None
    """Holds a talk by itself; None: the others do it together."""

    def about(self) -> dict[str, About]:
        return {"hears": self.ears.about, "thinks": self.mind.about, "speaks": self.speech.about}


def choose(settings: Settings) -> Providers:
    """The best providers that `settings` and this machine have; quick: nothing is loaded yet."""
    from engine.providers.offline_brain import OfflineBrain
    from engine.providers.offline_partner import OfflinePartner
    from engine.providers.offline_vad import SileroVad

    model = _language_model(settings)
    return Providers(
        ears=_ears(settings),
        activity=SileroVad(),
        mind=model or OfflineBrain(),
        partner=model or OfflinePartner(),
        speech=CachedVoice(_voice(settings)),
        writer=model,
    )


def _language_model(settings: Settings) -> LanguageModel | None:
    from engine.providers.openai_chat import OpenAiChat

    if not settings.openai_api_key and not settings.openai_base_url:
        return None
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    return OpenAiChat(key=key, base_url=settings.openai_base_url or "", model=settings.openai_chat_model)


def _ears(settings: Settings) -> SpeechToText:
    from engine.providers.local_sherpa_ears import Model, SherpaEars, find_model
    from engine.providers.offline_sphinx import SphinxEars

    directory = settings.speech_models
    if directory and isinstance(find_model(Path(directory)), Model):
        return SherpaEars(Path(directory))
    return SphinxEars()


def _voice(settings: Settings) -> TextToSpeech:
    from engine.providers.local_sherpa_voice import Model, SherpaVoice, find_model
    from engine.providers.offline_espeak import EspeakVoice
    from engine.providers.offline_system import SystemVoice

    wanted, directory = settings.offline_voice, settings.speech_models
    if wanted in ("auto", "models") and directory and isinstance(find_model(Path(directory)), Model):
        return SherpaVoice(Path(directory))
    if wanted in ("auto", "system") and (voice := SystemVoice.find()):
        return voice
    return EspeakVoice()
