"""Every environment variable that Rostrum reads, once: its type, its default and its sentence.

`.env.example` is this page in another dress: a test compares the two.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from engine.errors import SettingsError


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
        "sqlite:///data/local/rostrum.db",
        pattern=r"^sqlite:///.+",
        description="Where everything is kept: sqlite:/// and a path.",
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
    openai_api_key: SecretStr | None = Field(
        None, description="Key for OpenAI, or for the server of OPENAI_BASE_URL if that wants one."
    )
    openai_base_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+",
        description="Address of an OpenAI-compatible server, e.g. http://localhost:11434/v1; then no key is needed.",
    )
    openai_chat_model: str = Field(
        "gpt-6-luna", min_length=1, description="Language model that talks and answers, by its name there."
    )
    deepgram_api_key: SecretStr | None = Field(None, description="Key for Deepgram.")
    elevenlabs_api_key: SecretStr | None = Field(None, description="Key for ElevenLabs.")
    xi_api_key: SecretStr | None = Field(None, description="Older name of ELEVENLABS_API_KEY.")
    voice_id: str | None = Field(None, description="Voice that ElevenLabs speaks with.")
    xi_model_id: str | None = Field(None, description="Model that ElevenLabs speaks with.")
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
