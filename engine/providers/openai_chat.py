"""Any language model behind an OpenAI-compatible address: OpenAI itself, or llama.cpp, Ollama, LM Studio, vLLM and the
like. Chat Completions, streamed: what all of them speak."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import About, ChatLine, Prompt
from engine.providers.thoughts import WithoutThoughts

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import ChoiceDelta

NAME = "openai"
MODEL = "gpt-6-luna"
OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"
"""Sent where a local server wants no key: the SDK insists on one."""
BUDGET = 12_000
"""Characters of history that are sent at most, the newest: some 3,000 tokens, a quarter of an hour of talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `connect`: to reach the server; `piece`: for its first token and between two. Shorter than the
    conversation's own deadline for a line, so that the message says what was slow."""

    connect: float = 4.0
    piece: float = 15.0


class OpenAiChat:
    """`key` may be empty where `base_url` names a server that wants none. Nothing is loaded before `warm` or the first
    reply: the SDK takes a second to import."""

    def __init__(
        self, *, key: str = "", base_url: str = "", model: str = MODEL, patience: Patience | None = None
    ) -> None:
        self._key = key
        self._base_url = base_url or OPENAI
        self._model = model
        self._patience = patience or Patience()
        self._client: AsyncOpenAI | None = None
        self._making = asyncio.Lock()
        parts = urlsplit(self._base_url)
        host = parts.hostname or "an address without a host"
        # Never a name and password in the address, nor a key behind it: faults are shown to whoever talks.
        self._shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
        local = _is_loopback(host)
        self._official = host == urlsplit(OPENAI).hostname
        self.about = About(
            name=NAME,
            label=f"{model} at {'OpenAI' if self._official else host}",
            local=local,
            caveat="" if local else f"what is said is sent there as text ({host})",
        )

    async def warm(self) -> None:
        """Import the SDK and make the client, in a thread."""
        async with self._making:
            self._client = self._client or await asyncio.to_thread(self._connect)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.close()

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply as it is written. Cancelled or closed, it closes the connection at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle of a reply, and where a reply has no words.
        """
        await self.warm()
        import httpx2
        import openai

        try:
            async with aclosing(self._pieces(prompt)) as pieces:
                async for piece in pieces:
                    yield piece
        except openai.APITimeoutError:
            raise ProviderTimeout(NAME, f"{self.about.label} did not answer in time") from None
        except openai.APIStatusError as error:
            raise self._refused(error.status_code, error.code) from None
        except openai.APIConnectionError as error:
            broke = isinstance(error.__cause__, httpx2.RemoteProtocolError | httpx2.ReadError)
            what = "broke off" if broke else f"cannot be reached at {self._shown}"
            raise ProviderFailed(NAME, f"{self.about.label} {what}", retryable=True) from None
        except (openai.APIError, json.JSONDecodeError, AttributeError, TypeError):
            # The SDK does not check what a server sends: a reply in another shape surfaces as any of these.
            raise ProviderFailed(NAME, f"{self.about.label} sent something that is no reply", retryable=True) from None

    async def _pieces(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        assert self._client
        spoken, reason = False, None
        thoughts = WithoutThoughts()
        async with await self._client.chat.completions.create(**self._request(prompt)) as stream:
            async for chunk in stream:
                text, ended = _read(chunk)
                reason = ended or reason
                for piece in filter(None, (thoughts.push(text),)):
                    spoken = spoken or not piece.isspace()
                    yield piece
        if rest := thoughts.flush():
            spoken = spoken or not rest.isspace()
            yield rest
        if reason is None:
            raise ProviderFailed(NAME, f"{self.about.label} broke off", retryable=True)
        if not spoken:
            why = "ran out of tokens before it said anything" if reason == "length" else "answered without a word"
            raise ProviderFailed(NAME, f"{self.about.label} {why}", retryable=True)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        request: dict[str, Any] = {"model": self._model, "messages": messages(prompt), "stream": True}
        if prompt.temperature is not None:
            request["temperature"] = prompt.temperature
        if prompt.most_tokens is not None:
            # Its newer name is known to OpenAI only, and its older one no longer to OpenAI's newer models.
            request["max_completion_tokens" if self._official else "max_tokens"] = prompt.most_tokens
        if self._official and self._model.startswith("gpt-6"):
            request["reasoning_effort"] = "none"  # whoever listens would wait for the thinking
        return request

    def _refused(self, status: int, code: str | None) -> ProviderFailed:
        """What a refusal means to whoever set the key. Never the server's own text: it may hold the key."""
        who = self.about.label
        if status in (401, 403):
            return ProviderFailed(NAME, f"{who} did not accept OPENAI_API_KEY")
        if status == 404:
            return ProviderFailed(NAME, f"{who} is not there: check OPENAI_CHAT_MODEL and OPENAI_BASE_URL")
        if status == 429 and code == "insufficient_quota":
            return ProviderFailed(NAME, f"{who}: the account has no credit left")
        if status == 429:
            return ProviderFailed(NAME, f"{who} has too many requests just now", retryable=True)
        if status >= 500:
            return ProviderFailed(NAME, f"{who} is having trouble (status {status})", retryable=True)
        return ProviderFailed(NAME, f"{who} refused the request (status {status})")

    def _connect(self) -> AsyncOpenAI:
        import httpx2
        import openai

        timeout = httpx2.Timeout(self._patience.piece, connect=self._patience.connect)
        # Turns are further apart than the default five seconds: each would pay for a new connection.
        limits = httpx2.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=120)
        http = openai.DefaultAsyncHttpxClient(timeout=timeout, limits=limits)
        key = self._key or NO_KEY
        return openai.AsyncOpenAI(
            api_key=key, base_url=self._base_url, timeout=timeout, max_retries=0, http_client=http
        )


def messages(prompt: Prompt) -> list[dict[str, str]]:
    """`prompt` as a chat: instructions, what may be relied on, the newest of what was said, and the question."""
    system = prompt.instructions
    if prompt.language != "en":
        system = f"{system}\n\nSpeak the language whose code is {prompt.language!r}.".strip()
    if prompt.passages or prompt.persona is None:
        found = "\n".join(f"- {passage.text}" for passage in prompt.passages) or "- nothing that bears on it"
        system = f"{system}\n\nThe material says about this question:\n{found}".strip()
    chat = [{"role": "system", "content": system}] if system else []
    chat += [{"role": line.role, "content": line.text} for line in _newest(prompt.history)]
    if prompt.question:
        chat.append({"role": "user", "content": prompt.question})
    return chat


def _newest(history: Sequence[ChatLine]) -> list[ChatLine]:
    """The last lines that fit into `BUDGET`, whole; the very last one in any case, by its end."""
    kept: list[ChatLine] = []
    left = BUDGET
    for line in reversed(history):
        if len(line.text) > left:
            if not kept:
                kept.append(ChatLine(role=line.role, text=line.text[-BUDGET:]))
            break
        left -= len(line.text)
        kept.append(line)
    return kept[::-1]


def _read(chunk: ChatCompletionChunk) -> tuple[str, str | None]:
    """The text of `chunk`, and why the reply ended, if it did."""
    texts, reason = [], None
    for choice in list(chunk.choices)[:1]:
        texts += list(_texts(choice.delta))
        reason = choice.finish_reason
    return "".join(texts), reason


def _texts(delta: ChoiceDelta) -> Iterator[str]:
    for text in (delta.content, delta.refusal):
        if isinstance(text, str):
            yield text


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
