"""An agent of ElevenLabs' as a language model, for the coach: each reply is a conversation of its own, in text only.

What one conversation has heard is to be known in no other, and a reply that nobody wants any more may still be written
in it: so none is used twice. The next one is opened while a reply is written, so that nobody waits for a handshake.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from engine.errors import ProviderFailed
from engine.providers import elevenlabs_common as common
from engine.providers import elevenlabs_failures as failures
from engine.providers.base import Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.elevenlabs_conversation import Conversation, Task
from engine.providers.elevenlabs_failures import BrokeOff
from engine.providers.openai_prompt import conversation, instructions

if TYPE_CHECKING:
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.conversational_ai.conversations.client import AsyncConversationsClient
    from elevenlabs.core.request_options import RequestOptions

ONCE: RequestOptions = {"max_retries": 0}
"""The SDK would ask again, and wait for as long as it is told to."""


class ElevenLabsAgent:
    """`agent`: its id. Its security settings must let the system prompt, the first message and text-only be overridden.
    `key` may be empty for an agent that is public. How warm and how long its model writes is the agent's own affair; a
    schema it is only asked for. Nothing is loaded before `warm` or the first reply."""

    def __init__(
        self,
        *,
        key: str = "",
        base_url: str = common.BASE_URL,
        agent: str,
        deadlines: ThinkingDeadlines | None = None,
    ) -> None:
        self._account = common.Account(key=key or common.NO_KEY, base_url=base_url)
        self._signs, self._agent = bool(key), agent
        self._deadlines = deadlines or ThinkingDeadlines()
        self._tasks = asyncio.TaskGroup()
        self._begun = False
        self._talks: set[Conversation] = set()
        self._spare: Conversation | None = None
        self._opening: asyncio.Task[None] | None = None
        self.about = common.about("agent", base_url, "what is said, as text,")

    async def warm(self) -> None:
        """Import the SDK, and open the first conversation. Raises ProviderFailed, ProviderTimeout."""
        await self._begin()
        if self._spare is None:
            self._spare = await self._open()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, there is no such agent, or nobody is there; costs nothing."""
        if self._signs:
            await self._address()
        else:
            await (await self._open()).close()

    async def close(self) -> None:
        """All conversations, within a second. What is being replied fails."""
        await self._account.close()
        for talk in self._talks:
            talk.abort()
        if self._opening:
            self._opening.cancel()
        if self._begun:
            await self._tasks.__aexit__(None, None, None)
        spare, self._spare = self._spare, None
        if spare:
            await spare.close()

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply as it is written. Cancelled or closed, it hangs up at once.

        Raises:
            ProviderTimeout, ProviderFailed: also in the middle of a reply, and where a reply has no words.
        """
        await self._begin()
        due, task, heard = asyncio.get_running_loop().time() + self._deadlines.first, _task(prompt), False
        while True:
            async with self._conversing(due) as (talk, was_spare):
                try:
                    async with aclosing(talk.reply(task, due)) as pieces:
                        async for piece in pieces:
                            heard = True
                            yield piece
                except BrokeOff:
                    # One that was kept may have been lost unnoticed: that costs no reply.
                    if heard or not was_spare:
                        raise
                else:
                    if talk.alive:
                        self._tasks.create_task(talk.close(), name="goodbye to an agent")
                    return

    @asynccontextmanager
    async def _conversing(self, due: float) -> AsyncIterator[tuple[Conversation, bool]]:
        """A conversation that nobody has used, and whether it was open already. Left half way, it is hung up on; the
        next one is opened meanwhile."""
        spare, self._spare = self._spare, None
        if was_spare := spare is not None and spare.alive:
            assert spare
            talk = spare
        else:
            with failures.failures():
                async with asyncio.timeout_at(due):
                    talk = await self._open()
        self._prepare()
        self._talks.add(talk)
        try:
            yield talk, was_spare
        except BaseException:
            talk.abort()
            raise
        finally:
            self._talks.discard(talk)

    async def _begin(self) -> None:
        self._account.refuse_if_closed()
        if not self._begun:
            self._begun = True
            await self._tasks.__aenter__()

    def _prepare(self) -> None:
        if self._spare is None and (self._opening is None or self._opening.done()):
            self._opening = self._tasks.create_task(self._fill(), name="next conversation with an agent")

    async def _fill(self) -> None:
        try:
            self._spare = await self._open()
        except ProviderFailed:
            return  # whoever replies next finds out, and tells

    async def _open(self) -> Conversation:
        return await Conversation.open(await self._address(), self._deadlines)

    async def _address(self) -> str:
        """Where to talk with the agent: signed, where there is a key. Raises ProviderFailed, ProviderTimeout."""
        from elevenlabs.core.api_error import ApiError

        conversations = await asyncio.to_thread(_load, await self._account.client())
        if not self._signs:
            parts = urlsplit(self._account.base_url)
            scheme, query = "ws" if parts.scheme == "http" else "wss", urlencode({"agent_id": self._agent})
            return parts._replace(scheme=scheme, path=f"{parts.path}/v1/convai/conversation", query=query).geturl()
        with failures.failures():
            try:
                async with asyncio.timeout(self._deadlines.connect):
                    signed = await conversations.get_signed_url(agent_id=self._agent, request_options=ONCE)
                    return signed.signed_url
            except ApiError as error:
                if error.status_code in {404, 422}:
                    raise failures.no_agent() from None
                raise


def _load(client: AsyncElevenLabs) -> AsyncConversationsClient:
    """What the SDK and the sockets import when they are first used."""
    for module in ("elevenlabs.conversational_ai.conversation", "elevenlabs.types", "websockets.asyncio.client"):
        import_module(module)
    return client.conversational_ai.conversations


def _task(prompt: Prompt) -> Task:
    told = instructions(prompt)
    if prompt.schema is not None:
        told = f"{told}\n\nAnswer with one JSON object of this schema, nothing around it:\n{json.dumps(prompt.schema)}"
    *lines, question = conversation(prompt) or [{"role": "user", "content": ""}]
    before = "\n".join(f"{line['role']}: {line['content']}" for line in lines)
    return Task(
        instructions=told, before=f"What was said before:\n{before}" if before else "", question=question["content"]
    )
