"""What everything shares that speaks to OpenAI, or to a server that is compatible with it: the address, one pool of
connections that stay warm between turns, and what a fault means to a person."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from engine.errors import ProviderAbsent, ProviderFailed, ProviderTimeout
from engine.providers.base import About
from engine.providers.loading import loaded

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

Item = TypeVar("Item")

OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"
"""Sent where a local server wants no key: the SDK insists on one."""
KEPT = 120.0
"""Seconds that an idle connection is kept: turns are further apart than the SDK's five, and each would dial anew."""
NOT_THERE = frozenset({404, 405, 501})
"""What servers answer where they have no such route. LM Studio answers 200, with an `error`."""
OPTIONAL = ("audio.transcriptions", "audio.speech")
"""What a server may well lack; without a mind its address is wrong."""
TALKATIVE = ("openai", "httpx2", "httpcore2")
"""Loggers that write keys, addresses or what was said below a warning."""


class OpenAiServer:
    """One leg (ears, mind or voice: `name` in the registry) at `base_url` with `model`, and `caveat` for `about`; {} in
    it is the host. `key` may be empty where the server wants none. Nothing is loaded before `client`: the SDK takes a
    second to import, and with it the part of it that is used, `resource`. `connect`: seconds to reach the server; what
    else takes long the caller watches."""

    def __init__(
        self, *, name: str, key: str, base_url: str, model: str, connect: float, caveat: str, resource: str
    ) -> None:
        self.model = model
        self.base_url = base_url or OPENAI
        self._name = name
        self._key = key
        self._connect_within = connect
        self._resource = resource
        self._client: AsyncOpenAI | None = None
        self._making = asyncio.Lock()
        parts = urlsplit(self.base_url)
        host = parts.hostname or "an address without a host"
        # Never a name and password in the address, nor a key behind it: faults are shown to whoever talks.
        self._shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
        self.official = is_openai(self.base_url)
        local = is_loopback(host)
        label = f"{model} at {'OpenAI' if self.official else host}"
        caveat = "" if local else caveat.format(host)
        self.about = About(name=name, label=label, local=local, caveat=caveat, model=model)

    async def client(self) -> AsyncOpenAI:
        """The SDK's client, imported and made in a thread the first time."""
        async with self._making:
            if self._client is None:
                self._client = await loaded(self._make)
            return self._client

    async def close(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.close()

    async def shutdown_date(self) -> str | None:
        """When the vendor shuts `model` down (YYYY-MM-DD), None where it does not say. Costs nothing, checks the key
        and leaves a warm connection.

        Raises:
            ProviderTimeout, ProviderFailed: as for any request; a server without a list of models is none of them.
        """
        client = await self.client()
        import openai

        with self.faults():
            try:
                async with asyncio.timeout(self._connect_within):
                    found = await client.models.retrieve(self.model)
            except openai.NotFoundError:
                if self.official:
                    raise
                return None
        date = getattr(found, "shutdown_date", None)
        return date if isinstance(date, str) else None

    async def serves(self) -> None:
        """Ask a server that is not the vendor's own for nothing: one that does such things refuses that, and it costs
        nothing.

        Raises:
            ProviderAbsent: it has no such route.
            ProviderTimeout, ProviderFailed: as for any request.
        """
        if self.official:
            return
        client = await self.client()
        import openai

        answer: object = None
        with self.faults():
            try:
                async with asyncio.timeout(self._connect_within):
                    answer = await client.post("/" + self._resource.replace(".", "/"), cast_to=object, body={})
            except openai.APIStatusError as error:
                if error.status_code in NOT_THERE:
                    raise self.absent() from None
                if error.status_code in (401, 403):
                    raise
        if isinstance(answer, dict) and "error" in answer:
            raise self.absent()

    @contextmanager
    def faults(self) -> Iterator[None]:
        """What the SDK and its transports raise, as ours. To be entered when the client is there."""
        import httpx2
        import openai

        try:
            yield
        except (TimeoutError, openai.APITimeoutError, httpx2.TimeoutException):
            raise self.late() from None
        except openai.APIStatusError as error:
            raise self.refused(error.status_code, error.code) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise (self.broke_off() if self._broke(error) else self.unreachable()) from None
        except openai.APIError as error:
            raise self.reported(error.code) from None
        except (ValueError, AttributeError, TypeError, KeyError):
            # The SDK does not check what a server sends: something in another shape surfaces as any of these.
            raise self.odd() from None

    async def answered(self, ask: Callable[[], Awaitable[Item]]) -> Item:
        """What `ask` returns; asked again where the connection broke before there was an answer. It may have been kept
        from a turn before, and closed by the server that very moment."""
        import openai

        try:
            return await ask()
        except openai.NotFoundError:
            if self._resource in OPTIONAL:
                await self.serves()
            raise
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError as error:
            if not self._broke(error):
                raise
        return await ask()

    def _broke(self, error: Exception) -> bool:
        """Whether that is the end of a connection that there was."""
        import httpx2

        cause = error if isinstance(error, httpx2.HTTPError) else error.__cause__
        return isinstance(cause, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError)

    def late(self) -> ProviderTimeout:
        return ProviderTimeout(self._name, f"{self.about.label} did not answer in time")

    def broke_off(self) -> ProviderFailed:
        return self.failed("broke off")

    def absent(self) -> ProviderAbsent:
        return ProviderAbsent(self._name, f"{self.about.label} is not there: its server has no such thing")

    def unreachable(self) -> ProviderFailed:
        return self.failed(f"cannot be reached at {self._shown}")

    def odd(self) -> ProviderFailed:
        return self.failed("sent something that is no answer")

    def failed(self, what: str, *, retryable: bool = True) -> ProviderFailed:
        return ProviderFailed(self._name, f"{self.about.label} {what}", retryable=retryable)

    def reported(self, code: object) -> ProviderFailed:
        """An error that came as a message instead of a status."""
        status = {"rate_limit_exceeded": 429, "insufficient_quota": 429, "invalid_api_key": 401, "model_not_found": 404}
        if isinstance(code, str) and code in status:
            return self.refused(status[code], code)
        return self.failed("reported an error")

    def refused(self, status: int, code: object) -> ProviderFailed:
        """What a refusal means to whoever set the key. Never the server's own text: it may hold the key."""
        if status in (401, 403):
            return self.failed(f"refused the key{' (OPENAI_API_KEY)' if self.official else ''}", retryable=False)
        if status == 404:
            return self.failed("is not there: check the model and the address", retryable=False)
        if status == 429 and code == "insufficient_quota":
            return self.failed("has no credit left on this account", retryable=False)
        if status == 429:
            return self.failed("has too many requests just now")
        if status >= 500:
            return self.failed(f"is having trouble (status {status})")
        return self.failed(f"refused the request (status {status})", retryable=False)

    def _make(self) -> AsyncOpenAI:
        import anyio._backends._asyncio  # noqa: F401 - the transport imports it with the first connection, on the loop
        import httpx2
        import openai

        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        limits = httpx2.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=KEPT)
        timeout = httpx2.Timeout(None, connect=self._connect_within)
        http: httpx2.AsyncClient = openai.DefaultAsyncHttpxClient(timeout=timeout, limits=limits)
        key = self._key or NO_KEY
        client = openai.AsyncOpenAI(
            api_key=key, base_url=self.base_url, timeout=timeout, max_retries=0, http_client=http
        )
        attrgetter(self._resource)(client)  # imports it, here and not on the event loop
        return client


def is_openai(base_url: str) -> bool:
    """Whether that is the vendor itself, as it is where nothing else is named."""
    return urlsplit(base_url or OPENAI).hostname == urlsplit(OPENAI).hostname


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
