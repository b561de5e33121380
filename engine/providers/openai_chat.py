"""Any language model behind an OpenAI-compatible address: OpenAI itself, or llama.cpp, Ollama, LM Studio, vLLM and the
like. Chat Completions, streamed: what all of them speak."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from engine.providers.base import Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.openai_prompt import Reply, effort_of, messages
from engine.providers.openai_server import OpenAiServer
from engine.providers.waiting import in_time

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import ChoiceDelta

NAME = "openai"
MODEL = "gpt-6-luna"
CAVEAT = "what is said is sent there as text ({})"
DISPENSABLE = frozenset({"temperature", "reasoning_effort", "response_format"})
"""What a request is made without where a server refuses it: thinking models take no temperature, only they take an
effort, and not every server can hold its model to a schema."""


class OpenAiChat:
    """`key` may be empty where `base_url` names a server that wants none. `effort`: how much a model that thinks does,
    "" as little as it can where that is known. Nothing is loaded before `warm` or the first reply."""

    def __init__(
        self,
        *,
        key: str = "",
        base_url: str = "",
        model: str = MODEL,
        effort: str = "",
        deadlines: ThinkingDeadlines | None = None,
    ) -> None:
        self._deadlines = deadlines or ThinkingDeadlines()
        self._server = OpenAiServer(
            name=NAME,
            key=key,
            base_url=base_url,
            model=model,
            connect=self._deadlines.connect,
            caveat=CAVEAT,
            resource="chat.completions",
        )
        self._effort = effort or (effort_of(model) if self._server.official else None)
        self._unwanted: set[str] = set()
        self.about = self._server.about

    async def warm(self) -> None:
        """Import the SDK and make the client, in a thread."""
        await self._server.client()

    async def check(self) -> None:
        """As `OpenAiServer.shutdown_date`: a key or a model that is not there fails before anybody waits for it."""
        await self._server.shutdown_date()

    async def close(self) -> None:
        await self._server.close()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply as it is written. Cancelled or closed, it closes the connection at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle of a reply, and where a reply has no words.
        """
        await self.warm()
        with self._server.faults():
            async with aclosing(self._pieces(prompt)) as pieces:
                async for piece in pieces:
                    yield piece

    async def _pieces(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadlines.first
        async with asyncio.timeout_at(until):
            stream = await self._server.answered(lambda: self._ask(prompt))
        reply, reason = Reply(self._server), None
        async with stream:
            chunks = in_time(aiter(stream), first=until - loop.time(), between=self._deadlines.between)
            try:
                async with aclosing(chunks):
                    async for chunk in chunks:
                        text, ended = _read(chunk)
                        reason = ended or reason
                        if said := reply.push(text):
                            yield said
            except TimeoutError:
                if reason is None:  # else all was said, and only the mark of its end is missing
                    raise
        if rest := reply.flush():
            yield rest
        if fault := reply.fault(ended=reason is not None, cut=reason == "length"):
            raise fault

    async def _ask(self, prompt: Prompt) -> AsyncStream[ChatCompletionChunk]:
        """Send the request; once more without what the server does not want."""
        import openai

        client = await self._server.client()
        request = self._request(prompt)
        try:
            stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(**request)
        except openai.BadRequestError as error:
            optional = DISPENSABLE & request.keys()
            unwanted = optional & {error.param} if error.param or self._server.official else optional
            if not unwanted:
                raise
            self._unwanted |= unwanted
            stream = await client.chat.completions.create(**self._request(prompt))
        return stream

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._server.model,
            "messages": [],
            "stream": True,
            "extra_body": {"messages": messages(prompt)},  # not looked through by the SDK: see `conversation`
        }
        if prompt.temperature is not None:
            request["temperature"] = prompt.temperature
        if prompt.most_tokens is not None:
            # Its newer name is known to OpenAI only, and its older one no longer to OpenAI's newer models.
            request["max_completion_tokens" if self._server.official else "max_tokens"] = prompt.most_tokens
        if self._effort is not None:
            request["reasoning_effort"] = self._effort
        if prompt.schema is not None:
            held = {"name": "reply", "strict": True, "schema": prompt.schema}
            request["response_format"] = {"type": "json_schema", "json_schema": held}
        return {name: value for name, value in request.items() if name not in self._unwanted}


def _read(chunk: ChatCompletionChunk) -> tuple[str, str | None]:
    """The text of `chunk`, and why the reply ended, if it did. What a model thinks (`reasoning_content`) is no text."""
    texts, reason = [], None
    for choice in list(chunk.choices)[:1]:
        texts += list(_texts(choice.delta))
        reason = choice.finish_reason
    return "".join(texts), reason


def _texts(delta: ChoiceDelta) -> Iterator[str]:
    for text in (delta.content, delta.refusal):
        if isinstance(text, str):
            yield text
