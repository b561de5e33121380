"""One conversation with an agent of ElevenLabs', in text only: opened ahead, asked one thing, and over.

Not by the SDK's own `AsyncConversation`, which cannot sign in with a client that is asynchronous, and drops what came
before the other end hung up. Its types say what goes over the wire.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import ProviderFailed
from engine.providers import elevenlabs_failures as failures
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.elevenlabs_failures import BrokeOff

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection
    from websockets.exceptions import ConnectionClosed

KEPT = 45.0
"""Seconds that one is kept ready: the vendor ends those in which nothing happens."""
GOODBYE = 0.5
"""Seconds for the closing handshake; whoever does not answer by then is hung up on."""
LARGEST = 1024 * 1024
"""Bytes of a message."""

_MUTE = logging.Logger("conversations with agents of ElevenLabs", logging.CRITICAL + 1)
"""What is sent there belongs into no log: the signature in the address, and what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the agent is asked: who it is to be, what was said before ("" nothing), and the question."""

    instructions: str
    before: str
    question: str


class Conversation:
    """Made by `open`. Left half way, `abort` it; else `close`."""

    def __init__(self, socket: ClientConnection, deadlines: ThinkingDeadlines) -> None:
        self._socket, self._between = socket, deadlines.between
        self._over = False
        self._expires = asyncio.get_running_loop().call_later(KEPT, self.abort)

    @classmethod
    async def open(cls, url: str, deadlines: ThinkingDeadlines) -> Conversation:
        """Raises ProviderFailed, ProviderTimeout."""
        from websockets.asyncio.client import connect

        with failures.failures():
            socket = await connect(
                url, logger=_MUTE, max_size=LARGEST, open_timeout=deadlines.connect, close_timeout=GOODBYE
            )
        return cls(socket, deadlines)

    @property
    def alive(self) -> bool:
        from websockets.protocol import State

        return not self._over and self._socket.state is State.OPEN

    def abort(self) -> None:
        """Hang up, now."""
        self._over = True
        self._expires.cancel()
        self._socket.transport.abort()

    async def close(self) -> None:
        """Say goodbye; within a second, whatever the vendor does."""
        self._over = True
        self._expires.cancel()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self._socket.close()
        finally:
            self._socket.transport.abort()

    async def reply(self, task: Task, due: float) -> AsyncGenerator[str, None]:
        """The answer as it is written, its first words by `due` on the event loop's clock.

        Raises:
            BrokeOff: the conversation was lost. ProviderTimeout, ProviderFailed: also in the middle of the answer.
        """
        self._expires.cancel()
        loop, said = asyncio.get_running_loop(), ""
        await self._send(_opening(task.instructions), due)
        while True:
            event = await self._receive(due)
            match event.kind:
                case "conversation_initiation_metadata":
                    await self._ask(task, due)
                case "ping":
                    await self._send({"type": "pong", "event_id": event.id}, due)
                case "client_tool_call":
                    await self._send(_no_tool(event.id), due)
                case "client_error":
                    raise failures.refused()
            if piece := event.text if event.part else _rest(said, event.text):
                due, said = loop.time() + self._between, said + piece
                yield piece
            if event.ends and said.strip():
                return
            if event.ends and not event.part:
                raise failures.wordless()

    async def _ask(self, task: Task, due: float) -> None:
        from elevenlabs.conversational_ai import conversation as sdk

        if task.before:
            await self._send(sdk.ContextualUpdateClientToOrchestratorEvent(text=task.before).to_dict(), due)
        await self._send(sdk.UserMessageClientToOrchestratorEvent(text=task.question).to_dict(), due)

    async def _send(self, message: Mapping[str, Any], due: float) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout_at(due):
                await self._socket.send(json.dumps(message))
        except TimeoutError:
            raise failures.too_slow() from None
        except ConnectionClosed as error:
            raise _ended(error) from None

    async def _receive(self, due: float) -> _Event:
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout_at(due):
                raw = await self._socket.recv()
        except TimeoutError:
            raise failures.too_slow() from None
        except ConnectionClosed as error:
            raise _ended(error) from None
        return _event(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """What the vendor says: the next `text` of an answer if it is a `part`, else all of it; `ends`: with that it is
    over. `id` of what wants an answer."""

    kind: str
    text: str = ""
    part: bool = False
    ends: bool = False
    id: Any = None


def _event(raw: str | bytes) -> _Event:
    """Raises ProviderFailed where it is none."""
    try:
        message = json.loads(raw)
        kind = str(message["type"])
        match kind:
            case "ping":
                return _Event(kind=kind, id=message["ping_event"]["event_id"])
            case "client_tool_call":
                return _Event(kind=kind, id=message["client_tool_call"]["tool_call_id"])
            case "agent_chat_response_part":
                part = message["text_response_part"]
                return _Event(kind=kind, text=str(part["text"]), part=True, ends=part.get("type") == "stop")
            case "agent_response":
                return _Event(kind=kind, text=str(message["agent_response_event"]["agent_response"]), ends=True)
            case "agent_response_correction":
                event = message["agent_response_correction_event"]
                return _Event(kind=kind, text=str(event["corrected_agent_response"]), ends=True)
        return _Event(kind=kind)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise failures.nonsense() from None


def _rest(said: str, whole: str) -> str:
    """What of the `whole` answer was not said yet; nothing where it has become another one meanwhile."""
    begun, whole = said.strip(), whole.strip()
    if not begun:
        return whole
    return whole[len(begun) :] if whole.startswith(begun) and said == said.rstrip() else ""


def _opening(instructions: str) -> dict[str, Any]:
    """How a conversation begins: in text, with the instructions of this one instead of the agent's, which waits."""
    from elevenlabs import types

    data = types.ConversationInitiationClientDataRequestInput(
        conversation_config_override=types.ConversationConfigClientOverrideInput(
            agent=types.AgentConfigOverrideInput(
                first_message="", prompt=types.PromptAgentApiModelOverrideInput(prompt=instructions)
            ),
            conversation=types.ConversationConfigOverride(text_only=True),
        )
    )
    return {"type": "conversation_initiation_client_data", **data.dict()}


def _no_tool(call: str) -> dict[str, Any]:
    return {"type": "client_tool_result", "tool_call_id": call, "result": "There is no such tool.", "is_error": True}


def _ended(error: ConnectionClosed) -> ProviderFailed:
    """Why the vendor hung up, as far as its words can be told apart."""
    reason = error.rcvd.reason.lower() if error.rcvd else ""
    if "override" in reason:
        return failures.no_override()
    if "quota" in reason or "credit" in reason:
        return failures.refused("quota_exceeded")
    if "auth" in reason:
        return failures.refused("auth_error")
    return BrokeOff()
