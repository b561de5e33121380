"""A server that speaks the wire of streamed Chat Completions on a real socket, and misbehaves on demand.

Every chunk of a good reply is checked with the SDK's own types, which are strict when asked to be.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from openai.types.chat import ChatCompletionChunk


def chunk(delta, finish_reason=None):
    """One chunk as the vendor sends it."""
    value = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1764000000,
        "model": "test-model",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}],
    }
    ChatCompletionChunk.model_validate(value, strict=True)
    return value


def reply(*texts, finish_reason="stop"):
    """The events of a whole reply."""
    chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": text}) for text in texts)]
    return [*map(json.dumps, [*chunks, chunk({}, finish_reason)]), "[DONE]"]


@dataclass
class ChatServer:
    """`events`: what is sent, as the data of server-sent events; a number waits so many seconds, None cuts the
    connection. `status` other than 200: refuse with `body`. `gone` is set when the client closed in mid-reply."""

    events: list = field(default_factory=lambda: reply("Hello ", "there."))
    status: int = 200
    body: str = '{"error": {"message": "no: sk-secret", "type": "x", "code": null}}'
    requests: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                self.headers.append(
                    {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                )
                length = int(self.headers[-1].get("content-length", 0))
                self.requests.append(json.loads(await reader.readexactly(length)) | {"_line": lines[0]})
                if not await self._answer(reader, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader, writer):
        if self.status != 200:
            body = self.body.encode()
            writer.write(f"HTTP/1.1 {self.status} No\r\ncontent-type: application/json\r\ncontent-length: ".encode())
            writer.write(f"{len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            return True
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for event in self.events:
            if event is None:
                return False
            if isinstance(event, int | float):
                if await self._client_leaves_within(reader, event):
                    return False
                continue
            data = f"data: {event}\n\n".encode()
            writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _client_leaves_within(self, reader, seconds):
        try:
            left = await asyncio.wait_for(reader.read(1), seconds) == b""
        except TimeoutError:
            return False
        if left:
            self.gone.set()
        return left


@asynccontextmanager
async def chat_server(**made):
    server = ChatServer(**made)
    tasks = set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        await server.serve(reader, writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
