"""Every environment variable that Rostrum reads, once: its type, its default and its sentence.

`.env.example` is this page in another dress: a test compares the two.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from engine import installation
from engine.errors import SettingsError

Chain = Annotated[tuple[str, ...], NoDecode]
"""Vendors in the order in which they are asked."""
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
CHAINS = {
    "speech_to_text": ("auto", "offline", "deepgram", "elevenlabs", "openai"),
    "language_model": ("auto", "offline", "openai"),
    "text_to_speech": ("auto", "offline", "elevenlabs", "deepgram", "openai"),
    "speech_to_speech": ("auto", "offline", "openai"),
}
"""What each of the choices may name; the vendors of `auto` in this order, those first that suit best."""

KEYS = {
    "OpenAI": ("openai_api_key",),
    "Deepgram": ("deepgram_api_key",),
    "ElevenLabs": ("elevenlabs_api_key", "xi_api_key"),
}
"""Vendors as people call them, and the settings that may hold a key for them."""


class Settings(BaseSettings):
    """The process's settings, from the environment and `.env`. Read with `load`; keys are never printed."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, frozen=True
    )

    host: str = Field(
        "127.0.0.1",
        description="Address to listen on; beyond this machine only with ACCESS_TOKEN or ALLOW_OPEN=1.",
    )
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    compat_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Further ports for clients with hard-coded addresses, e.g. 3000,3001."
    )
    open_browser: bool = Field(True, description="Open the page in the default browser at start (1 or 0).")
    native: bool = Field(False, description="Open Rostrum in a window of its own instead of the browser (1 or 0).")
    local_audio: bool = Field(
        False, description="Sound runs over this machine's own microphone and speaker, not the browser's (1 or 0)."
    )
    audio_input: str = Field(
        "", description="Microphone for that, by its name or a part of it, until one is picked on the page."
    )
    audio_output: str = Field(
        "", description="Speaker for that, by its name or a part of it, until one is picked on the page."
    )
    database_url: str = Field(
        default_factory=installation.database_url,
        pattern=r"^sqlite:///.+",
        description="Where everything is kept: sqlite:/// and a path. Installed: by default in your folder for data.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Web pages from elsewhere that may talk to this server, comma-separated; * for all."
    )
    access_token: SecretStr | None = Field(
        None, description="A shared secret that pages ask for once and API clients send as bearer or ?token=."
    )
    allow_open: bool = Field(False, description="1 to listen beyond this machine without ACCESS_TOKEN, on purpose.")
    secret_key: SecretStr | None = Field(
        None,
        description="Signs tokens, which need it, and sessions: without it those use one kept beside the database.",
    )
    speech_to_text: Chain = Field(
        ("auto",),
        description="Who hears: auto (as there are keys), offline, deepgram, elevenlabs, openai, or several by commas.",
    )
    language_model: Chain = Field(("auto",), description="Who thinks: auto, offline or openai.")
    text_to_speech: Chain = Field(
        ("auto",), description="Who speaks: auto, offline, elevenlabs, deepgram, openai, or several by commas."
    )
    speech_to_speech: Chain = Field(
        ("offline",),
        description="A model that hears, thinks and speaks in one, in talks: openai; offline: the three above.",
    )
    max_cost_per_session: float | None = Field(
        None, ge=0, description="US dollars that one session may cost, as estimated; beyond that it goes on offline."
    )
    openai_api_key: SecretStr | None = Field(
        None, description="Key for OpenAI, or for the server of OPENAI_BASE_URL if that wants one."
    )
    openai_base_url: Address | None = Field(
        None,
        description="Address of an OpenAI-compatible server, e.g. http://localhost:11434/v1; then no key is needed.",
    )
    openai_chat_model: str = Field(
        "gpt-6-luna", min_length=1, description="Language model that talks and answers, by its name there."
    )
    openai_chat_api: Literal["auto", "chat", "responses"] = Field(
        "auto",
        description="Which of OpenAI's interfaces it is asked by: chat, responses, or auto: as suits the server.",
    )
    openai_chat_base_url: Address | None = Field(
        None, description="Another server for the language model than OPENAI_BASE_URL."
    )
    openai_chat_api_key: SecretStr | None = Field(None, description="Key for that server.")
    openai_transcription_model: str | None = Field(
        None, description="Model that hears; by default gpt-live-transcribe at OpenAI, whisper-1 elsewhere."
    )
    openai_transcription_base_url: Address | None = Field(
        None, description="Another server for hearing than OPENAI_BASE_URL."
    )
    openai_transcription_api_key: SecretStr | None = Field(None, description="Key for that server.")
    openai_speech_model: str | None = Field(
        None, description="Model that speaks; by default gpt-realtime-2.1-mini at OpenAI, tts-1 elsewhere."
    )
    openai_speech_voice: str | None = Field(None, description="Voice that OpenAI, or that server, speaks with.")
    openai_speech_base_url: Address | None = Field(
        None, description="Another server for speaking than OPENAI_BASE_URL."
    )
    openai_speech_api_key: SecretStr | None = Field(None, description="Key for that server.")
    speculate: bool = Field(
        False, description="1 to think of an answer before it is sure that you are done: sooner, for more tokens."
    )
    openai_realtime_model: str = Field(
        "gpt-realtime-2.1-mini",
        min_length=1,
        description="Model that hears and speaks by itself, by its name there; a name shut down means its successor.",
    )
    openai_realtime_base_url: Address | None = Field(
        None, description="Another server for such a model than OPENAI_BASE_URL; ElevenLabs and LocalAI have one."
    )
    openai_realtime_api_key: SecretStr | None = Field(None, description="Key for that server.")
    deepgram_api_key: SecretStr | None = Field(None, description="Key for Deepgram.")
    deepgram_base_url: Address | None = Field(None, description="Another address for Deepgram, e.g. one of your own.")
    deepgram_listen_model: str = Field(
        "nova-3", min_length=1, description="Model that Deepgram hears with: nova-3, or flux-general-en for its turns."
    )
    deepgram_speak_model: str = Field(
        "aura-2-thalia-en", min_length=1, description="Voice that Deepgram speaks with, of Aura or Flux."
    )
    elevenlabs_api_key: SecretStr | None = Field(None, description="Key for ElevenLabs.")
    xi_api_key: SecretStr | None = Field(None, description="Older name of ELEVENLABS_API_KEY.")
    elevenlabs_base_url: Address | None = Field(None, description="Another address for ElevenLabs.")
    elevenlabs_listen_model: str = Field(
        "scribe_v2_realtime", min_length=1, description="Model that ElevenLabs hears with."
    )
    voice_id: str | None = Field(None, description="Voice that ElevenLabs speaks with.")
    xi_model_id: str | None = Field(None, description="Model that ElevenLabs speaks with.")
    elevenlabs_agent_id: str | None = Field(None, description="Agent of ElevenLabs that drafts the coach's live cues.")
    speech_models: str | None = Field(
        None,
        description="Directory with better local models for hearing and speaking; see `python main.py models`.",
    )
    offline_voice: Literal["auto", "models", "system", "espeak"] = Field(
        "auto", description="Offline voice: models (of SPEECH_MODELS), system (say, flite), espeak, or auto: the best."
    )
    keep_recordings_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="Days after which a recording is deleted; none: you do it yourself.",
    )
    vocode_sender: Literal["user", "human"] = Field(
        "user", description="What transcripts on /conversation call the listener: user or human."
    )
    development: bool = Field(
        False, description="1 to serve /style: every part of the pages in each of its states (for developers)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="How much is logged: debug, info, warning or error."
    )

    @field_validator("compat_ports", mode="before")
    @classmethod
    def _ports(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ports = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdigit() and 1 <= int(part) <= 65535 for part in ports):
            raise ValueError("expected port numbers from 1 to 65535, comma-separated")
        return tuple(int(part) for part in ports)

    @field_validator(*CHAINS, mode="before")
    @classmethod
    def _chain(cls, value: object, info: ValidationInfo) -> object:
        return chain(value, info.field_name or "") if isinstance(value, str) else value

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        origins = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        if not all(origin == "*" or origin.startswith(("http://", "https://")) for origin in origins):
            raise ValueError("expected origins such as https://studio.example.org, comma-separated, or *")
        return origins

    @property
    def elevenlabs_key(self) -> str:
        """Under either name; empty where there is none."""
        key = self.elevenlabs_api_key or self.xi_api_key
        return key.get_secret_value() if key else ""

    @property
    def database_path(self) -> str:
        return self.database_url.removeprefix("sqlite:///")

    @property
    def beyond_loopback(self) -> bool:
        """Whether other machines can reach this one on `host`."""
        if self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True


def chain(text: str, choice: str) -> tuple[str, ...]:
    """The vendors that `text` names for `choice` (a key of `CHAINS`).

    Raises:
        ValueError: one is not known, or none is named.
    """
    names = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not names or not set(names) <= set(CHAINS[choice]):
        raise ValueError(f"expected {', '.join(CHAINS[choice])}, or several of them by commas")
    return names


def load(**overrides: object) -> Settings:
    """Read the settings; `overrides` (command line options that were given) win over the environment.

    Raises:
        SettingsError: one line for each variable with a wrong value, naming it.
    """
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(map(_line, error.errors(include_input=False)))) from None
    if settings.beyond_loopback and not settings.access_token and not settings.allow_open:
        raise SettingsError(
            f"HOST: {settings.host} is open to other machines: set ACCESS_TOKEN, or ALLOW_OPEN=1 if it is meant"
        )
    return settings


def _line(problem: object) -> str:
    assert isinstance(problem, dict)
    variable = str(problem["loc"][0]).upper() if problem["loc"] else "SETTINGS"
    hint = Settings.model_fields[variable.lower()].description or ""
    return f"{variable}: {problem['msg'].removeprefix('Value error, ')}. {hint}"
