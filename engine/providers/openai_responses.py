"""Language models of OpenAI by the Responses API, streamed: what OpenAI recommends for its newer ones. Some local
servers speak it, too; all of them speak Chat Completions (`openai_chat`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from engine.providers.base import Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.openai_chat import CAVEAT, MODEL, NAME
from engine.providers.openai_prompt import Reply, conversation, effort_of, instructions
from engine.providers.openai_server import OpenAiServer
from engine.providers.waiting import in_time

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.responses import ResponseStreamEvent

DISPENSABLE = frozenset({"temperature", "reasoning", "text"})
"""What a request is made without where a server refuses it, or a part of it, as in `reasoning.effort`."""


class OpenAiResponses:
    """As `OpenAiChat`, over the other API. What is asked is not kept there (`store` is false)."""

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
            resource="responses",
        )
        self._effort = effort or effort_of(model)
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
        reply, ended, cut = Reply(self._server), False, False
        async with stream:
            events = in_time(aiter(stream), first=until - loop.time(), between=self._deadlines.between)
            async with aclosing(events):
                async for event in events:
                    match event.type:
                        case "response.output_text.delta" | "response.refusal.delta":
                            if said := reply.push(event.delta):
                                yield said
                        case "response.completed" | "response.incomplete":
                            ended, cut = True, event.type == "response.incomplete"
                        case "response.failed":
                            raise self._server.reported(event.response.error and event.response.error.code)
        if rest := reply.flush():
            yield rest
        if fault := reply.fault(ended=ended, cut=cut):
            raise fault

    async def _ask(self, prompt: Prompt) -> AsyncStream[ResponseStreamEvent]:
        """Send the request; once more without what the server does not want."""
        import openai

        client = await self._server.client()
        request = self._request(prompt)
        try:
            stream: AsyncStream[ResponseStreamEvent] = await client.responses.create(**request)
        except openai.BadRequestError as error:
            optional = DISPENSABLE & request.keys()
            named = (error.param or "").partition(".")[0]
            unwanted = optional & {named} if named or self._server.official else optional
            if not unwanted:
                raise
            self._unwanted |= unwanted
            stream = await client.responses.create(**self._request(prompt))
        return stream

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._server.model,
            "stream": True,
            "store": False,
            "extra_body": {"input": conversation(prompt)},  # not looked through by the SDK: see `conversation`
        }
        if system := instructions(prompt):
            request["instructions"] = system
        if prompt.temperature is not None:
            request["temperature"] = prompt.temperature
        if prompt.most_tokens is not None:
            request["max_output_tokens"] = prompt.most_tokens
        if self._effort is not None:
            request["reasoning"] = {"effort": self._effort}
        if prompt.schema is not None:
            held = {"type": "json_schema", "name": "reply", "strict": True, "schema": prompt.schema}
            request["text"] = {"format": held}
        return {name: value for name, value in request.items() if name not in self._unwanted}
