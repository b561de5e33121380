"""What ElevenLabs' ears and voices share: where it is, the account with its client and voices."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.errors import ProviderFailed
from engine.providers.base import About
from engine.providers.elevenlabs_failures import NAME, code_of, failures

if TYPE_CHECKING:
    import httpx
    from elevenlabs import AsyncElevenLabs

BASE_URL = "https://api.elevenlabs.io"
SPEECH_MODEL = "eleven_flash_v2_5"
"""The fastest: its first sound is there in 0.3 s."""
VOICE = "JBFqnCBsd6RMkjVDRZzb"
"""A stock voice ("George") that every account has."""
NO_KEY = "none"
"""For what wants no key: the SDK asks for one all the same."""
RATE = 24_000
"""Hz of speech, as `pcm_24000`: higher rates are for the larger plans only."""
SLOWEST, FASTEST = 0.7, 1.2
"""The paces that the vendor takes; others are refused there, so they become the nearest of these."""
KEPT = 120.0
"""Seconds that an idle HTTP connection is kept: turns are further apart than the usual five."""
LIST = 5.0
"""Seconds for the list of voices, which nobody waits for."""
TALKATIVE = ("httpx", "httpcore", "websockets.client")
"""Loggers that the SDK cannot be given others for, and that write keys, addresses or what was said below a warning."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def about(model: str, base_url: str, carries: str) -> About:
    """What a provider on this wire is; `carries`: what of a conversation goes there ("your voice")."""
    host = urlsplit(base_url).hostname or "an address without a host"
    where = "ElevenLabs" if host == urlsplit(BASE_URL).hostname else host
    caveat = "" if host in LOCAL else f"{carries} is sent there ({host})"
    return About(name=NAME, label=f"{model} at {where}", local=host in LOCAL, caveat=caveat, model=model)


def pace(speed: float) -> float | None:
    """`Voice.speed` as the vendor takes it; None for its normal pace, so that a voice keeps its own settings."""
    return None if speed == 1.0 else min(FASTEST, max(SLOWEST, speed))


class Account:
    """Whoever `key` belongs to, at `base_url` (http or https), and the default `voice` (its name or id). Nothing is
    loaded before `client`. `on_response`: called by the HTTP client with each response."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str,
        voice: str = VOICE,
        on_response: Callable[[httpx.Response], Awaitable[None]] | None = None,
    ) -> None:
        self.key, self.base_url = key, base_url.rstrip("/")
        self._voice = voice
        self._ids: dict[str, str] = {}
        self._on_response = on_response
        self._http: httpx.AsyncClient | None = None
        self._client: AsyncElevenLabs | None = None
        self._making = asyncio.Lock()
        self._closed = False

    async def client(self) -> AsyncElevenLabs:
        """The official one. Importing it takes a third of a second: that happens in a thread. Raises ProviderFailed
        after `close`."""
        async with self._making:
            self.refuse_if_closed()
            if self._client is None:
                http, client = await asyncio.to_thread(self._make)
                self._http, self._client = http, client
                return client
            return self._client

    async def check(self) -> None:
        """Ask for the voices: that costs nothing, tells whether the key is good, and leaves a warm connection behind.
        A key that is restricted to something else may not ask, and is good all the same.

        Raises:
            ProviderFailed, ProviderTimeout
        """
        from elevenlabs.core.api_error import ApiError

        client = await self.client()
        with failures():
            try:
                async with asyncio.timeout(LIST):
                    found = await client.voices.search(page_size=100, include_total_count=False)
            except ApiError as error:
                if code_of(error.body) != "missing_permissions":
                    raise
                return
        for voice in found.voices:
            self._ids.setdefault(voice.name or voice.voice_id, voice.voice_id)

    def refuse_if_closed(self) -> None:
        if self._closed:
            raise ProviderFailed(NAME, "ElevenLabs was closed")

    async def close(self) -> None:
        self._closed = True
        http, self._http, self._client = self._http, None, None
        if http:
            await http.aclose()

    def voices(self) -> Sequence[str]:
        """The account's voices by name, the default first; only that until `check`."""
        default = next((name for name, id in self._ids.items() if self._voice in (name, id)), self._voice)
        return (default, *(name for name in self._ids if name != default))

    def voice(self, name: str) -> str:
        """The id of the voice of that name (or id); of the default voice, where there is none."""
        if name in self._ids.values():
            return name
        return self._ids.get(name) or self._ids.get(self._voice, self._voice)

    def _make(self) -> tuple[httpx.AsyncClient, AsyncElevenLabs]:
        import httpx
        from elevenlabs.client import AsyncElevenLabs

        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        hooks: dict[str, list[Callable[..., Any]]] = {"response": [self._on_response]} if self._on_response else {}
        http = httpx.AsyncClient(
            timeout=LIST,
            limits=httpx.Limits(keepalive_expiry=KEPT),
            headers={"accept-encoding": "identity"},  # base64 of sound gains nothing from compression
            event_hooks=hooks,
        )
        client = AsyncElevenLabs(api_key=self.key, base_url=self.base_url, httpx_client=http)
        _ = client.text_to_speech, client.voices, client.speech_to_text.realtime  # imported when first asked for
        return http, client
