"""A server on this machine that speaks HTTP/1.1 and WebSocket by hand, so that it can misbehave in every way."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from tests.vendors.faults import HTML, Faults

MUTE = logging.Logger("emulated vendors", logging.CRITICAL + 1)
"""What they are told belongs into no log: tests look for it there."""
REFUSALS = {401: "invalid_api_key", 429: "rate_limit_exceeded", 500: "server_error"}


class Over(Exception):
    """Nothing more happens on this connection."""


@dataclass(eq=False)
class Request:
    """What was asked, when (event loop's clock), and `gone`: when the client closed before all was answered."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    head: bytes
    at: float
    body: bytes = b""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    gone_at: float = 0.0

    @property
    def json(self):
        return json.loads(self.body)

    def left(self, at: float):
        """The client closed at `at`."""
        self.gone_at = at
        self.gone.set()


@dataclass(eq=False)
class Connection:
    opened: float
    closed: float | None = None


class Link:
    """One connection; what is written on it misbehaves as `faults` say."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.faults = Faults()
        self.request: Request | None = None
        self.pieces = 0
        self.chunked = False

    async def read_request(self) -> Request:
        head = await self.reader.readuntil(b"\r\n\r\n")
        line, *lines = head.decode().split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines if each)}
        url = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self.request = Request(method, url.path, query, headers, head, asyncio.get_running_loop().time())
        self.request.body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        self.pieces = 0
        return self.request

    async def rest(self, seconds: float):
        """Wait; raises Over where the client leaves meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                left = await self.reader.read(1) == b""
        except TimeoutError:
            return
        if left:
            self.request.left(asyncio.get_running_loop().time())
        raise Over

    async def refuse(self, status: int, code: str | None = None, param: str | None = None):
        echoed = self.request.headers.get("authorization", "").removeprefix("Bearer ")
        error = {"message": f"No: sk-secret {echoed}", "type": "x", "code": code or REFUSALS.get(status)}
        body = HTML if status == 502 else json.dumps({"error": error | {"param": param}})
        extra = {"retry-after": str(self.faults.rate_limited)} if status == 429 else {}
        kind = "text/html" if status == 502 else "application/json"
        await self.whole(body.encode(), kind, status, **extra)

    async def whole(self, body: bytes, kind: str = "application/json", status: int = 200, **headers: str):
        self.writer.write(_head(status, kind, {"content-length": str(len(body))} | headers) + body)
        await self.writer.drain()

    async def begin(self, kind: str):
        """The head of an answer that comes in pieces."""
        self.chunked = True
        self.writer.write(_head(200, kind, {"transfer-encoding": "chunked"}))
        await self.writer.drain()
        if self.faults.silent_peer:
            await self.rest(3600)
        await self.rest(self.faults.slow_first_byte or 0.0001)

    async def piece(self, data: bytes):
        """The next piece of such an answer, as the faults allow."""
        await self.misbehave()
        self.pieces += 1
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self.writer.drain()
        await self.rest(0.0001)

    async def misbehave(self):
        if self.pieces == self.faults.stall:
            await self.rest(3600)
        if self.pieces == self.faults.cut:
            self.cut()
        if self.pieces == self.faults.clean_early_end:
            await self.end()
            raise Over

    def cut(self):
        self.writer.transport.abort()
        raise Over

    async def end(self):
        if self.chunked:
            self.writer.write(b"0\r\n\r\n")
            await self.writer.drain()
        self.chunked = False


class Socket:
    """A WebSocket that was accepted on `link`. `recv` is None at its end; `closed_with`: the client's close code."""

    def __init__(self, link: Link):
        self.link = link
        self.closed_with: int | None = None
        self._protocol = ServerProtocol(max_size=None, logger=MUTE)
        self._frames: list[Frame] = []

    async def accept(self):
        self._protocol.receive_data(self.link.request.head)
        (request,) = self._protocol.events_received()
        self._protocol.send_response(self._protocol.accept(request))
        await self._flush()
        if self.link.faults.silent_peer:
            await self.silence()

    async def silence(self):
        """Take what comes, answer nothing, not even a close."""
        while await self.link.reader.read(65536):
            pass
        raise Over

    async def recv(self) -> str | bytes | None:
        while True:
            while self._frames:
                frame = self._frames.pop(0)
                if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
                    return frame.data.decode() if frame.opcode is Opcode.TEXT else bytes(frame.data)
                if frame.opcode is Opcode.CLOSE:
                    self.closed_with = int.from_bytes(frame.data[:2], "big")
                    return None
            data = await self.link.reader.read(65536)
            if not data:
                return None
            self._protocol.receive_data(data)
            self._frames += [event for event in self._protocol.events_received() if isinstance(event, Frame)]
            await self._flush()

    async def send(self, text: str):
        if self._protocol.state is not State.OPEN:
            raise Over
        self._protocol.send_text(text.encode())
        await self._flush()

    async def close(self, code: int, reason: str = ""):
        """Say goodbye, as a server does, and hang up."""
        if self._protocol.state is not State.OPEN:
            raise Over
        self._protocol.send_close(code, reason)
        await self._flush()
        raise Over

    def cut(self):
        self.link.cut()

    async def _flush(self):
        for data in self._protocol.data_to_send():
            if data:
                self.link.writer.write(data)
        await self.link.writer.drain()


def _head(status: int, kind: str, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'No'}", f"content-type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Server:
    """`faults` may be changed while it runs. `requests` are all that came, `connections` when each came and went."""

    faults: Faults = field(default_factory=Faults)
    requests: list[Request] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    port: int = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def open(self) -> int:
        """How many connections there are just now."""
        return sum(connection.closed is None for connection in self.connections)

    async def answer(self, link: Link, request: Request):
        """What a vendor does with a request that is not refused."""
        raise NotImplementedError

    async def refuse(self, link: Link, status: int):
        """How a vendor says no."""
        await link.refuse(status)

    async def serve(self, reader, writer):
        loop = asyncio.get_running_loop()
        connection, link = Connection(loop.time()), Link(reader, writer)
        self.connections.append(connection)
        try:
            while True:
                async with asyncio.timeout(self.faults.idle_close):
                    request = await link.read_request()
                self.requests.append(request)
                link.faults = self.faults if self.faults.strikes() else Faults()
                if link.faults.slow_headers:
                    await link.rest(link.faults.slow_headers)
                if link.faults.status:
                    await self.refuse(link, link.faults.status)
                else:
                    await self.answer(link, request)
                    await link.end()
        except (Over, TimeoutError, asyncio.IncompleteReadError):
            pass
        except ConnectionError:
            if link.request:
                link.request.left(loop.time())
        finally:
            connection.closed = loop.time()
            writer.close()


@asynccontextmanager
async def serving(server: Server):
    """`server` on a free port of this machine, while the context lasts. What went wrong in it fails the test."""
    tasks: dict[asyncio.Task, None] = {}

    async def serve(reader, writer):
        tasks[asyncio.current_task()] = None
        with suppress(asyncio.CancelledError):  # asyncio's streams would make a noise about it
            await server.serve(reader, writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 24)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in ends:
        if isinstance(fault, Exception):
            raise fault
