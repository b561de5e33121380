"""Agents of ElevenLabs: signed addresses over HTTP, conversations in text over sockets.

What the client says is checked with the SDK's types and classes; what an agent says, by the SDK's own reading of it.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import get_args

from elevenlabs import types
from elevenlabs.conversational_ai import conversation as sdk

from engine import clock
from tests.vendors.elevenlabs import KEY, ElevenLabs, Session
from tests.vendors.elevenlabs_sockets import checked
from tests.vendors.http_and_sockets import Link, Over, Request, Socket, serving

AGENT = "agent_0123456789abcdefghijklmnopqr"
SIGNATURE = "cvtkn_a-signature-that-is-never-shown"
KINDS = set(get_args(get_args(types.ClientEvent)[0]))


@dataclass
class Agents(ElevenLabs):
    """`replies`: what the agent writes, in pieces, to one question after the other, the last one again; `whole`: each
    is told at its end, too, and `parts`: piece by piece. `public`: talks without a signature. `overrides`: may be told
    what to do. `closes`: hangs up with that code and reason instead of answering. `pings`: asks for signs of life.
    `calls`: asks for a tool of the client's before it answers."""

    replies: list[tuple[str, ...]] = field(default_factory=lambda: [("Ask about ", "Maya’s pilot.")])
    parts: bool = True
    whole: bool = True
    public: bool = False
    overrides: bool = True
    closes: tuple[int, str] | None = None
    pings: bool = True
    calls: bool = False
    corrects: bool = False

    async def answer(self, link: Link, request: Request):
        if request.path == "/v1/convai/conversation/get-signed-url":
            await self._sign(link, request)
        elif request.path == "/v1/convai/conversation":
            await self._talk(link, request)
        else:
            await super().answer(link, request)

    async def _sign(self, link: Link, request: Request):
        if request.headers.get("xi-api-key") != KEY:
            await self.refuse(link, 401)
            return
        if request.query["agent_id"] != AGENT:
            detail = {"status": "agent_not_found", "message": f"No: {KEY}"}
            await link.whole(json.dumps({"detail": detail}).encode(), status=404)
            return
        url = f"ws://127.0.0.1:{self.port}/v1/convai/conversation?agent_id={AGENT}&conversation_signature={SIGNATURE}"
        types.ConversationSignedUrlResponseModel.model_validate({"signed_url": url}, strict=True)
        await link.whole(json.dumps({"signed_url": url}).encode())

    async def _talk(self, link: Link, request: Request):
        session = Session(request.path, request.query)
        self.sessions.append(session)
        socket = Socket(link)
        try:
            await socket.accept()
            signed = request.query.get("conversation_signature") == SIGNATURE
            if request.query["agent_id"] != AGENT or not (signed or self.public):
                await socket.close(3000, "This agent requires authentication.")
            await Talking(self, session, socket).run()
            raise Over
        finally:
            session.ended = clock.now()

    def next_reply(self) -> tuple[str, ...]:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def from_client(message: dict) -> dict:
    """A message to an agent."""
    kind = message["type"]
    if kind == "conversation_initiation_client_data":
        value = {name: each for name, each in message.items() if name != "type"}
        checked(types.ConversationInitiationClientDataRequestInput, value)
    elif kind in {"user_message", "contextual_update"}:
        made = {
            "user_message": sdk.UserMessageClientToOrchestratorEvent,
            "contextual_update": sdk.ContextualUpdateClientToOrchestratorEvent,
        }[kind]
        assert made(message["text"]).to_dict() == message
    elif kind == "pong":
        assert set(message) == {"type", "event_id"}
    else:
        assert kind == "client_tool_result"
        assert set(message) == {"type", "tool_call_id", "result", "is_error"}
    assert kind in {each.value for each in sdk.ClientToOrchestratorEvent}
    return message


class _Reader:
    """What the SDK calls with what it reads."""

    def __init__(self):
        self.read = []

    def __getattr__(self, name):
        if name.startswith("callback_"):
            return True
        return lambda *values: self.read.append((name, values))


def from_agent(message: dict) -> dict:
    """A message of an agent's."""
    assert message["type"] in KINDS
    reader = _Reader()
    state = SimpleNamespace(_conversation_id=None, _last_interrupt_id=0)
    sdk.BaseConversation._handle_message_core(state, message, reader)
    silent = {"conversation_initiation_metadata", "client_error", "agent_response_complete", "vad_score"}
    assert bool(reader.read) is (message["type"] not in silent), "the SDK reads it"
    return message


class Talking:
    """One conversation."""

    def __init__(self, vendor: Agents, session: Session, socket: Socket):
        self.vendor, self.session, self.socket = vendor, session, socket
        self.faults = socket.link.faults
        self.pieces = 0
        self.begun = False

    async def run(self):
        idle = self.faults.session_limit or self.faults.idle_close
        try:
            async with asyncio.timeout(idle):
                while (raw := await self.socket.recv()) is not None:
                    await self._take(self.session.take(from_client(json.loads(raw))))
        except TimeoutError:
            await self.socket.close(1000)

    async def _take(self, message: dict):
        if message["type"] == "conversation_initiation_client_data":
            await self._begin(message)
        elif message["type"] == "user_message":
            assert self.begun
            await self._answer()

    async def _begin(self, message: dict):
        override = message["conversation_config_override"]
        if override["agent"] and not self.vendor.overrides:
            await self.socket.close(1008, "Override for field 'prompt' is not allowed by config.")
        assert override["conversation"]["text_only"] is True
        assert override["agent"]["first_message"] == ""
        assert not self.begun, "one conversation has one beginning"
        self.begun = True
        event = {"conversation_id": "conv_1", "agent_output_audio_format": "pcm_16000"}
        await self.say("conversation_initiation_metadata", conversation_initiation_metadata_event=event)
        if self.vendor.pings:
            await self.say("ping", ping_event={"event_id": 1, "ping_ms": 20})

    async def _answer(self):
        if self.vendor.closes:
            await self.socket.close(*self.vendor.closes)
        if self.vendor.calls:
            call = {"tool_name": "look_up", "tool_call_id": "call_1", "parameters": {}}
            await self.say("client_tool_call", client_tool_call=call)
            result = self.session.take(from_client(json.loads(await self.socket.recv())))
            while result["type"] != "client_tool_result":
                result = self.session.take(from_client(json.loads(await self.socket.recv())))
            assert result["is_error"]
        await self._wait(self.faults.slow_first_byte)
        reply = self.vendor.next_reply()
        if self.vendor.parts:
            await self.say("agent_chat_response_part", text_response_part={"type": "start", "text": ""})
            for piece in reply:
                await self._piece(piece)
            await self._misbehave()
            await self.say("agent_chat_response_part", text_response_part={"type": "stop", "text": ""})
        else:
            await self._misbehave()
        whole = "".join(reply)
        if self.vendor.corrects:
            event = {"original_agent_response": f"{whole} And more.", "corrected_agent_response": whole}
            await self.say("agent_response_correction", agent_response_correction_event=event)
        elif self.vendor.whole:
            await self.say("agent_response", agent_response_event={"agent_response": whole, "event_id": 2})

    async def _piece(self, text: str):
        await self._misbehave()
        self.pieces += 1
        await self.say("agent_chat_response_part", text_response_part={"type": "delta", "text": text})
        await self._wait(self.vendor.pace)

    async def _wait(self, seconds: float):
        """Write; whoever leaves meanwhile is written to no more."""
        try:
            async with asyncio.timeout(seconds or 0.0001):
                while (raw := await self.socket.recv()) is not None:
                    self.session.take(from_client(json.loads(raw)))
        except TimeoutError:
            return
        raise Over

    async def _misbehave(self):
        faults = self.faults
        if faults.malformed_frame and self.pieces == 0:
            await self.socket.send('{"type": "agent_chat_resp')
        if faults.error_event and self.pieces == 0:
            await self.say("client_error", client_error_event={"message": f"No: {KEY}"})
        if self.pieces == faults.stall:
            await self.socket.silence()
        if self.pieces == faults.cut:
            self.socket.cut()
        if self.pieces == faults.clean_early_end:
            await self.socket.close(1000)

    async def say(self, kind: str, **fields):
        await self.socket.send(json.dumps(from_agent({"type": kind} | fields)))


@asynccontextmanager
async def emulated(**options):
    async with serving(Agents(**options)) as emulator:
        yield emulator
