"""What ElevenLabs' ears and voices share: where it is, its client, which voices the account has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.providers.base import About
from engine.providers.elevenlabs_failures import NAME, code_of

if TYPE_CHECKING:
    import httpx
    from elevenlabs import AsyncElevenLabs

BASE_URL = "https://api.elevenlabs.io"
SPEECH_MODEL = "eleven_flash_v2_5"
"""The fastest: its first sound is there in 0.3 s."""
VOICE = "JBFqnCBsd6RMkjVDRZzb"
"""A stock voice ("George") that every account has."""
RATE = 24_000
"""Hz of speech, as `pcm_24000`: higher rates are for the larger plans only."""
SLOWEST, FASTEST = 0.7, 1.2
"""The paces that the vendor takes; others are refused there, so they become the nearest of these."""


def about(what: str, base_url: str) -> About:
    host = urlsplit(base_url).hostname or "an address without a host"
    local = host in ("127.0.0.1", "::1", "localhost")
    where = "ElevenLabs" if host == urlsplit(BASE_URL).hostname else f"ElevenLabs' protocol at {host}"
    return About(name=NAME, label=f"{where} {what}", local=local, caveat="" if local else f"it is sent to {host}")


async def connect(key: str, base_url: str, http: httpx.AsyncClient) -> AsyncElevenLabs:
    """The official client. Importing it takes a third of a second: that happens in a thread."""

    def make() -> AsyncElevenLabs:
        from elevenlabs.client import AsyncElevenLabs

        client = AsyncElevenLabs(api_key=key, base_url=base_url, httpx_client=http)
        _ = client.text_to_speech, client.voices, client.speech_to_text.realtime  # imported when first asked for
        return client

    return await asyncio.to_thread(make)


def http_client(timeout: float) -> httpx.AsyncClient:
    """`timeout` in seconds, for each of the steps of a request. Turns are further apart than the usual five seconds of
    keep-alive: each would pay for a new connection. Speech, in base64, gains nothing from compression."""
    import httpx

    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=120)
    return httpx.AsyncClient(timeout=timeout, limits=limits, headers={"accept-encoding": "identity"})


class Voices:
    """The account's voices by name; until they are asked for, only `default` (a name or an id)."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._ids: dict[str, str] = {}

    async def load(self, client: AsyncElevenLabs) -> None:
        """Ask for them; a key that is restricted to speaking may not, and does without.

        Raises:
            elevenlabs.core.api_error.ApiError, httpx.TransportError
        """
        from elevenlabs.core.api_error import ApiError

        try:
            found = await client.voices.search(page_size=100, include_total_count=False)
        except ApiError as error:
            if code_of(error.body) != "missing_permissions":
                raise
            return
        for voice in found.voices:
            self._ids.setdefault(voice.name or voice.voice_id, voice.voice_id)

    def names(self) -> Sequence[str]:
        first = next((name for name, id in self._ids.items() if self._default in (name, id)), self._default)
        return (first, *(name for name in self._ids if name != first))

    def id_of(self, name: str) -> str:
        """The id of the voice of that name (or id); of the default voice, where there is none."""
        if name in self._ids.values():
            return name
        return self._ids.get(name) or self._ids.get(self._default, self._default)


def pace(speed: float) -> float | None:
    """`Voice.speed` as the vendor takes it; None for its normal pace, so that a voice keeps its own settings."""
    return None if speed == 1.0 else min(FASTEST, max(SLOWEST, speed))
