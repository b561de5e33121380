"""Vendors' providers as the settings have them. None where their key is missing: then they are not there.

Each is imported when it is made. A key is sent to the server it was set for and to no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.providers.base import LanguageModel, SpeechToSpeech, SpeechToText, TextToSpeech
from engine.providers.deadlines import IMPATIENT, ThinkingDeadlines
from engine.providers.openai_models import shutdown
from engine.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

OFFICIAL = "api.openai.com"
LIVE = "gpt-live"
"""Models of OpenAI that hear while somebody speaks."""
REALTIME = "gpt-realtime"
"""Models of OpenAI that are told to read."""
FLUX = "flux-"


def deepgram_ears(settings: Settings) -> SpeechToText | None:
    if not settings.deepgram_api_key:
        return None
    from engine.providers.deepgram_ears import DeepgramEars
    from engine.providers.deepgram_flux import DeepgramFlux
    from engine.providers.deepgram_wire import DEEPGRAM

    kind = DeepgramFlux if settings.deepgram_listen_model.startswith(FLUX) else DeepgramEars
    return kind(
        key=settings.deepgram_api_key.get_secret_value(),
        base_url=settings.deepgram_base_url or DEEPGRAM,
        model=settings.deepgram_listen_model,
    )


def deepgram_voice(settings: Settings) -> TextToSpeech | None:
    if not settings.deepgram_api_key:
        return None
    from engine.providers.deepgram_flux_voice import DeepgramFluxVoice
    from engine.providers.deepgram_voice import DeepgramVoice
    from engine.providers.deepgram_wire import DEEPGRAM

    kind = DeepgramFluxVoice if settings.deepgram_speak_model.startswith(FLUX) else DeepgramVoice
    return kind(
        key=settings.deepgram_api_key.get_secret_value(),
        base_url=settings.deepgram_base_url or DEEPGRAM,
        voice=settings.deepgram_speak_model,
    )


def elevenlabs_ears(settings: Settings) -> SpeechToText | None:
    if not settings.elevenlabs_key:
        return None
    from engine.providers.elevenlabs_common import BASE_URL
    from engine.providers.elevenlabs_ears import ElevenLabsEars

    return ElevenLabsEars(
        key=settings.elevenlabs_key,
        base_url=settings.elevenlabs_base_url or BASE_URL,
        model=settings.elevenlabs_listen_model,
    )


def elevenlabs_voice(settings: Settings) -> TextToSpeech | None:
    """Over sockets; models of the third version are to be had over HTTP only."""
    if not settings.elevenlabs_key:
        return None
    from engine.providers.elevenlabs_common import BASE_URL, SPEECH_MODEL, VOICE
    from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
    from engine.providers.elevenlabs_voice import ElevenLabsVoice

    model = settings.xi_model_id or SPEECH_MODEL
    kind = ElevenLabsVoice if model.startswith("eleven_v3") else ElevenLabsSocketVoice
    return kind(
        key=settings.elevenlabs_key,
        base_url=settings.elevenlabs_base_url or BASE_URL,
        model=model,
        voice=settings.voice_id or VOICE,
    )


def elevenlabs_agent(settings: Settings) -> LanguageModel | None:
    """Without a key only an agent that is public answers."""
    if not settings.elevenlabs_agent_id:
        return None
    from engine.providers.elevenlabs_agent import ElevenLabsAgent
    from engine.providers.elevenlabs_common import BASE_URL

    return ElevenLabsAgent(
        key=settings.elevenlabs_key,
        base_url=settings.elevenlabs_base_url or BASE_URL,
        agent=settings.elevenlabs_agent_id,
        deadlines=IMPATIENT,
    )


def openai_ears(settings: Settings) -> SpeechToText | None:
    place = _server(settings, settings.openai_transcription_base_url, settings.openai_transcription_api_key)
    if place is None:
        return None
    from engine.providers.openai_ears import OpenAiEars
    from engine.providers.openai_live_ears import OpenAiLiveEars

    key, address = place
    model = settings.openai_transcription_model or ("gpt-live-transcribe" if _official(address) else "whisper-1")
    kind = OpenAiLiveEars if model.startswith(LIVE) else OpenAiEars
    return kind(key=key, base_url=address, model=model)


def openai_voice(settings: Settings) -> TextToSpeech | None:
    place = _server(settings, settings.openai_speech_base_url, settings.openai_speech_api_key)
    if place is None:
        return None
    from engine.providers.openai_realtime_voice import VOICES as READERS
    from engine.providers.openai_realtime_voice import OpenAiRealtimeVoice
    from engine.providers.openai_voice import VOICES, OpenAiVoice

    key, address = place
    model = settings.openai_speech_model or ("gpt-realtime-2.1-mini" if _official(address) else "tts-1")
    if model.startswith(REALTIME):
        voice = settings.openai_speech_voice or READERS[0]
        return OpenAiRealtimeVoice(key=key, base_url=address, model=model, voice=voice)
    return OpenAiVoice(key=key, base_url=address, model=model, voice=settings.openai_speech_voice or VOICES[0])


def openai_mind(settings: Settings, deadlines: ThinkingDeadlines | None = None) -> LanguageModel | None:
    """`deadlines`: by default those of somebody who is waited for in a conversation, more for a model at home."""
    place = _server(settings, settings.openai_chat_base_url, settings.openai_chat_api_key)
    if place is None:
        return None
    from engine.providers.openai_chat import OpenAiChat
    from engine.providers.openai_responses import OpenAiResponses

    key, address = place
    official = _official(address)
    api = settings.openai_chat_api
    responses = official if api == "auto" else api == "responses"
    return (OpenAiResponses if responses else OpenAiChat)(
        key=key,
        base_url=address,
        model=settings.openai_chat_model,
        deadlines=deadlines or (IMPATIENT if official else ThinkingDeadlines()),
    )


def openai_dialogue(settings: Settings) -> SpeechToSpeech | None:
    place = _server(settings, settings.openai_realtime_base_url, settings.openai_realtime_api_key)
    if place is None:
        return None
    from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
    from engine.providers.openai_realtime_voice import VOICES

    key, address = place
    model, voice = settings.openai_realtime_model, settings.openai_speech_voice or VOICES[0]
    return OpenAiRealtimeDialogue(key=key, base_url=address, model=model, voice=voice)


def _server(settings: Settings, address: str | None, key: SecretStr | None) -> tuple[str, str] | None:
    """Key and address ("" for OpenAI itself) of one leg, by default those for all of them."""
    if address is None:
        address, key = settings.openai_base_url, key or settings.openai_api_key
    if not address and not key:
        return None
    return key.get_secret_value() if key else "", address or ""


def _official(address: str) -> bool:
    return not address or urlsplit(address).hostname == OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The `model` that the variable `setting` names is not there any more from `date` on; `successor` follows it."""

    setting: str
    model: str
    date: date
    successor: str


def endings(settings: Settings) -> Iterator[Ending]:
    """Of the models that would be used, those whose vendor has announced their end."""
    for leg in ("chat", "transcription", "speech", "realtime"):
        address, key, model = (getattr(settings, f"openai_{leg}_{name}") for name in ("base_url", "api_key", "model"))
        found = _server(settings, address, key)
        if found and model and _official(found[1]) and (told := shutdown(model)):
            variable = f"OPENAI_{leg.upper()}_MODEL"
            yield Ending(setting=variable, model=model, date=told.date, successor=told.successor)
