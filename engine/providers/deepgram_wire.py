"""Deepgram's SDK, as its ears and voices use it: one client that stays warm, sockets that open and close within a
deadline, and what its faults mean. The only module that imports the SDK, and only when it is needed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.errors import ProviderBusy, ProviderFailed, ProviderTimeout
from engine.providers.base import About
from engine.providers.deepgram_link import Link
from engine.providers.loading import loaded

if TYPE_CHECKING:
    from deepgram import AsyncDeepgramClient
    from deepgram.speak.v2.types import SpeakV2Speak

DEEPGRAM = "https://api.deepgram.com"
KEPT = 120.0
"""Seconds that an idle HTTP connection is kept: turns are further apart than the SDK's five."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def about(name: str, model: str, base_url: str, carries: str) -> About:
    """What a provider on this wire is; `carries`: as what ("sound", "text") the conversation goes there."""
    host = urlsplit(base_url).hostname or "an address without a host"
    where = "Deepgram" if host == urlsplit(DEEPGRAM).hostname else host
    local = host in LOCAL
    caveat = "" if local else f"what is said is sent there as {carries} ({host})"
    return About(name=name, label=f"{model} at {where}", local=local, caveat=caveat, model=model)


Message = dict[str, Any]
"""A message as JSON has it. (The SDK checks nothing: what it should hold may be missing.)"""


class Socket:
    """One of the SDK's sockets, open: `sdk` sends."""

    sdk: Any

    def __init__(self, sdk: object, link: Link) -> None:
        self.sdk, self.link = sdk, link

    async def receive(self) -> bytes | Message:
        """Audio, or a message; an empty one for what is not of the protocol."""
        try:
            received = await self.sdk.recv()
        except (json.JSONDecodeError, UnicodeDecodeError):
            return {}
        if isinstance(received, bytes):
            return received
        return received.dict() if hasattr(received, "dict") else {}


def flux_text(text: str) -> SpeakV2Speak:
    """`text` as Flux wants it; the SDK has to be loaded."""
    from deepgram.speak.v2.types import SpeakV2Speak

    return SpeakV2Speak(text=text)


class Deepgram:
    """`key` for the server at `base_url` (http or https; its sockets are at ws or wss). Nothing is loaded before
    `warm` or the first use: the SDK takes a third of a second."""

    def __init__(self, *, key: str, base_url: str, about: About) -> None:
        self._key = key
        self._base_url = base_url.rstrip("/")
        self._about = about
        self._client: AsyncDeepgramClient | None = None
        self._making = asyncio.Lock()

    async def client(self) -> AsyncDeepgramClient:
        async with self._making:
            if self._client is None:
                self._client = await loaded(self._make)
            return self._client

    async def check(self) -> None:
        """Ask, without spending, whether the key is good; the connection stays open for what follows.

        Raises:
            ProviderFailed: it is not, or nobody is there.
        """
        client = await self.client()
        with self.faults():
            await client.manage.v1.projects.list(request_options={"max_retries": 0})

    async def close(self) -> None:
        client, self._client = self._client, None
        if client:
            await client._client_wrapper.httpx_client.httpx_client.aclose()

    @asynccontextmanager
    async def socket(
        self, connect: Callable[[Any], AbstractAsyncContextManager[Any]], *, handshake: float, close: float
    ) -> AsyncIterator[Socket]:
        """The socket that `connect` makes of the SDK's client, open within `handshake` seconds and closed within
        `close`. What goes wrong on it in between is raised as `faults` says."""
        client = await self.client()
        with self.faults():
            async with connect(client) as sdk:
                link: Link = sdk._websocket
                await link.open(handshake=handshake, close=close)
                yield Socket(sdk, link)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Faults of the SDK, and below it, as ours: with nothing in them that a vendor or the SDK wrote, which may hold
        the key."""
        import httpx
        from deepgram.core.api_error import ApiError
        from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

        name, who = self._about.name, self._about.label
        try:
            yield
        except (TimeoutError, httpx.TimeoutException):
            raise ProviderTimeout(name, f"{who} did not answer in time") from None
        except ApiError as error:
            raise self._refused(error.status_code or 0, error.headers or {}) from None
        except InvalidStatus as error:
            raise self._refused(error.response.status_code, dict(error.response.headers.raw_items())) from None
        except (ConnectionClosed, httpx.RemoteProtocolError, httpx.ReadError):
            raise ProviderFailed(name, f"{who} broke off", retryable=True) from None
        except (OSError, EOFError, WebSocketException, httpx.HTTPError):
            raise ProviderFailed(name, f"{who} cannot be reached", retryable=True) from None

    def _refused(self, status: int, headers: dict[str, Any]) -> ProviderFailed:
        name, who = self._about.name, self._about.label
        if status in (401, 403):
            return ProviderFailed(name, f"{who} refused the key (DEEPGRAM_API_KEY)")
        if status == 402:
            return ProviderFailed(name, f"{who}: the account has no credit left")
        if status == 429:
            after = next((value for key, value in headers.items() if key.lower() == "retry-after"), "")
            seconds = float(after) if str(after).isdigit() else 0.0
            return ProviderBusy(name, f"{who} has too many requests just now", after=seconds)
        if status >= 500:
            return ProviderFailed(name, f"{who} is having trouble (status {status})", retryable=True)
        return ProviderFailed(name, f"{who} refused the request (status {status}): check its model and address")

    def _make(self) -> AsyncDeepgramClient:
        import anyio._backends._asyncio  # noqa: F401 - the transport imports it with the first connection, on the loop
        import httpx
        from deepgram import AsyncDeepgramClient
        from deepgram.environment import DeepgramClientEnvironment

        sockets = "ws" + self._base_url.removeprefix("http")
        client = AsyncDeepgramClient(
            api_key=self._key,
            environment=DeepgramClientEnvironment(
                base=self._base_url, production=sockets, agent=sockets, agent_rest=self._base_url
            ),
            httpx_client=httpx.AsyncClient(timeout=10, limits=httpx.Limits(keepalive_expiry=KEPT)),
            transport_factory=Link,
        )
        _ = client.listen.v1, client.listen.v2, client.speak.v1.audio, client.speak.v2  # imported when first asked for
        return client
