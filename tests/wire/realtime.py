"""A plain client of `/api/v1/streaming/realtime`, for tests on real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager

import pytest
import websockets

from tests.wire.serving import recording

PATH = "/api/v1/streaming/realtime"


def address(server, path=f"{PATH}/test_user"):
    return f"ws://127.0.0.1:{server.port}{path}"


@asynccontextmanager
async def connected(server, path=f"{PATH}/test_user", **more):
    async with websockets.connect(address(server, path), max_size=1 << 20, proxy=None, **more) as socket:
        yield Client(socket)


class Client:
    """Keeps all it gets; `until` waits for a message of a type. Leaves out keys that are null."""

    def __init__(self, socket):
        self.socket, self.got = socket, []

    async def send(self, kind, **fields):
        await self.raw({"type": kind, **fields})

    async def raw(self, message):
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def next(self, seconds=10):
        message = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        message = {key: value for key, value in message.items() if value is not None}
        self.got.append(message)
        return message

    async def until(self, kind, seconds=20):
        async with asyncio.timeout(seconds):
            while True:
                message = await self.next(seconds)
                if message["type"] == kind:
                    return message

    async def update(self, **session):
        await self.send("session.update", session_update=session)
        return (await self.until("session.update"))["session"]

    async def type(self, text):
        await self.send("conversation.item.input", conversation_item_input={"type": "input_text", "text": text})

    async def say(self, audio=None, **more):
        audio = base64.b64encode(recording() if audio is None else audio).decode()
        await self.send("conversation.item.input", conversation_item_input={"audio": audio, **more})

    async def append(self, pcm):
        await self.send("input_audio_buffer.append", audio=base64.b64encode(pcm.data).decode())

    async def is_quiet(self, seconds=1.0):
        with pytest.raises(TimeoutError):
            pytest.fail(f"nothing was to be sent, but {await self.next(seconds)}")

    @property
    def types(self):
        return [message["type"] for message in self.got]

    @property
    def text(self):
        """What the deltas add up to."""
        return "".join(m["response"]["delta"]["content"] for m in self.got if m["type"] == "response.delta")

    @property
    def audio(self):
        """All samples that were sent, as bytes."""
        audio = [m["response"]["audio"] for m in self.got if m["type"] == "response.audio"]
        return b"".join(map(base64.b64decode, audio))
