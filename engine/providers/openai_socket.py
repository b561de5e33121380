"""One Realtime session over a WebSocket: opened and closed within bounds, its faults as ours."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from engine.providers.openai_server import OpenAiServer

if TYPE_CHECKING:
    from openai.resources.realtime.realtime import AsyncRealtimeConnection

RENEWED = 55 * 60.0
"""Seconds after which a session is to be replaced by a new one when there is a moment: the vendor ends it after 60
minutes, wherever it is."""

_MUTE = logging.Logger("sockets of OpenAI", logging.CRITICAL + 1)
"""The WebSocket library writes every frame and header to its log; what is said belongs into none."""


class RealtimeSocket:
    """A session; `opened` by the event loop's clock. Closing takes `close` seconds at most. `free` is for whoever keeps
    it: nobody waits for anything on it."""

    def __init__(self, server: OpenAiServer, connection: AsyncRealtimeConnection, close: float) -> None:
        self.opened = asyncio.get_running_loop().time()
        self.free = True
        self._server = server
        self._connection = connection
        self._close = close

    async def send(self, event: Mapping[str, Any]) -> None:
        """Raises ProviderFailed where the connection is lost."""
        with socket_faults(self._server):
            await self._connection.send_raw(json.dumps(event))  # its `send` looks through each event for 0.3 ms

    async def recv(self) -> Any | None:  # noqa: ANN401 (the SDK's union of events, which it does not check)
        """The next event, None where the server said goodbye. Cancelling it loses nothing.

        Raises:
            ProviderFailed: the connection is lost, or what came is no event. An `error` event is an event.
        """
        from websockets.exceptions import ConnectionClosedOK

        with socket_faults(self._server):
            try:
                return await self._connection.recv()
            except ConnectionClosedOK:
                return None

    @property
    def alive(self) -> bool:
        from websockets.protocol import State

        return self._connection._connection.state is State.OPEN

    def abort(self) -> None:
        """Hang up, now."""
        transport = self._connection._connection.transport
        transport.abort()

    async def close(self) -> None:
        """Say goodbye; hang up on whoever does not answer in time, or when cancelled."""
        hang_up = asyncio.get_running_loop().call_later(self._close, self.abort)
        try:
            await self._connection.close()
        except BaseException:
            self.abort()
            raise
        finally:
            hang_up.cancel()


async def open_realtime(
    server: OpenAiServer, session: Mapping[str, Any], *, handshake: float, close: float
) -> RealtimeSocket:
    """A session of the settings `session`, greeted by the server within `handshake` seconds. What it thinks of the
    settings follows as an event.

    Raises:
        ProviderTimeout, ProviderFailed: nobody is there, or nobody who wants to speak.
    """
    client = await server.client()
    options = {"open_timeout": handshake, "close_timeout": close, "max_queue": None, "logger": _MUTE}
    if session["type"] == "transcription":
        manager = client.realtime.connect(
            extra_query={"intent": "transcription"}, websocket_connection_options=cast("Any", options)
        )
    else:
        manager = client.realtime.connect(model=server.model, websocket_connection_options=cast("Any", options))
    socket: RealtimeSocket | None = None
    try:
        with socket_faults(server):
            async with asyncio.timeout(handshake):
                socket = RealtimeSocket(server, await manager.enter(), close)
                greeting = await socket.recv()
                if greeting is None or greeting.type == "error":
                    raise server.reported(greeting and greeting.error.code)
                await socket.send({"type": "session.update", "session": session})
    except BaseException:
        if socket is not None:
            socket.abort()
        raise
    return socket


@contextmanager
def socket_faults(server: OpenAiServer) -> Iterator[None]:
    """As `OpenAiServer.faults`, and what the WebSocket library raises."""
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

    with server.faults():
        try:
            yield
        except ConnectionClosed as error:
            if error.rcvd is not None and error.rcvd.reason.startswith("invalid_request_error."):
                raise server.reported(error.rcvd.reason.partition(".")[2]) from None
            raise server.broke_off() from None
        except InvalidStatus as error:
            raise server.refused(error.response.status_code, _code(error.response.body)) from None
        except (InvalidHandshake, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise server.unreachable() from None


def _code(body: bytes | bytearray | None) -> str | None:
    """The vendor's name for why it refused."""
    try:
        error = json.loads(body or b"")["error"]
        return str(error["code"])
    except (ValueError, LookupError, TypeError):
        return None
