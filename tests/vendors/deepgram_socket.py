"""A socket of Deepgram's on this machine: what comes over it is checked with the SDK's own types, and recorded."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from deepgram.listen.v1 import types as listen_v1
from deepgram.listen.v2 import types as listen_v2
from deepgram.speak.v2 import types as speak_v2
from websockets.protocol import State

from tests.vendors.http_and_sockets import Link, Over, Socket

KEY = "dg-right-key"
REQUEST = "2479c8c8-8185-40ac-9ac6-f0874419f793"


@dataclass(eq=False)
class Session:
    """What came over one socket. Times are of the event loop's clock."""

    path: str
    query: list[tuple[str, str]]
    opened: float
    audio: bytearray = field(default_factory=bytearray)
    messages: list[dict] = field(default_factory=list)
    sent: int = 0
    closed: float | None = None
    closed_with: int | None = None

    @property
    def kinds(self) -> list[str]:
        return [message["type"] for message in self.messages]

    def asked(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


class Wire(Socket):
    """A socket whose messages are checked, recorded, and misbehave as told."""

    def __init__(self, link: Link, session: Session):
        super().__init__(link)
        self.session, self.faults = session, link.faults
        self.pieces = 0
        self.mute = False
        self.sequence = 0
        self.lag = 0.0
        """Seconds by which everything is told late."""

    async def tell(self, kind, frame: dict):
        kind.model_validate(frame)
        await self._before()
        if self.lag:
            asyncio.get_running_loop().call_later(self.lag, self._tell_late, json.dumps(frame))
        elif not self.mute:
            await self.send(json.dumps(frame))

    def _tell_late(self, text: str):
        if self._protocol.state is State.OPEN and not self.link.writer.is_closing():
            self._protocol.send_text(text.encode())
            self.link.writer.write(b"".join(self._protocol.data_to_send()))

    async def sing(self, data: bytes):
        await self._before()
        if not self.mute:
            if self._protocol.state is not State.OPEN:
                raise Over
            self.session.sent += len(data)
            self._protocol.send_binary(data)
            await self._flush()

    async def _before(self):
        """A piece is about to be sent: see what has to go wrong."""
        if self.pieces == 0:
            await asyncio.sleep(self.faults.slow_first_byte)
            if self.faults.malformed_frame:
                for nonsense in ("{not json", "[1, 2]", '{"type": "Results"}', '{"type": "TurnInfo", "event": 3}'):
                    await self.send(nonsense)
            if self.faults.error_event:
                await self.error()
        self.mute = self.mute or self.pieces == self.faults.stall
        if self.pieces == self.faults.cut:
            self.cut()
        if self.pieces == self.faults.clean_early_end:
            await self.close(1000)
        self.pieces += 1

    async def error(self):
        sort = {
            "/v1/listen": (listen_v1.ListenV1Error, {"variant": "X", "description": f"secret {KEY}", "message": "m"}),
            "/v2/listen": (listen_v2.ListenV2FatalError, {"sequence_id": 1, "code": "INTERNAL_SERVER_ERROR"}),
            "/v2/speak": (speak_v2.SpeakV2Error, {"code": "NET-0002"}),
        }
        kind, frame = sort[self.session.path]
        frame = {"type": "Error", "description": f"secret {KEY}"} | frame
        kind.model_validate(frame)
        await self.send(json.dumps(frame))
        await self.close(1011, "NET-0002")

    async def messages(self, **kinds):
        """What comes: audio, or a message as a dict, one of `kinds`. Ends with the connection, as the vendor would."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.faults.session_limit if self.faults.session_limit else None
        while True:
            idle = loop.time() + self.faults.idle_close if self.faults.idle_close else None
            due = min((when for when in (ends, idle) if when is not None), default=None)
            try:
                async with asyncio.timeout_at(due):
                    came = await self.recv()
            except TimeoutError:
                await self.close(1011, "NET-0003" if due == ends else "NET-0001")
            if came is None:
                return
            if isinstance(came, bytes):
                self.session.audio += came
                yield came
                continue
            message = json.loads(came)
            kinds[message["type"]].model_validate(message)
            self.session.messages.append(message | {"at": loop.time()})
            yield message
