"""The connection under the sockets of Deepgram's SDK, in place of its own: that one cannot be closed within a deadline
while it opens, compresses what does not compress, and logs what is said."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_MUTE = logging.Logger("deepgram's sockets", logging.CRITICAL + 1)
"""The WebSocket library writes every frame and header to its log; what is said belongs into none."""


class Link:
    """What the SDK is given as its transport. Made closed; `open` it."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url, self._headers = url, headers
        self._socket: ClientConnection | None = None
        self._close = 0.0

    async def open(self, *, handshake: float, close: float) -> None:
        """Connect within `handshake` seconds; closing will take `close` at most."""
        from websockets.asyncio.client import connect

        self._close = close
        self._socket = await connect(
            self._url,
            additional_headers=self._headers,
            open_timeout=handshake,
            close_timeout=close,
            compression=None,
            logger=_MUTE,
        )

    @property
    def is_open(self) -> bool:
        from websockets.protocol import State

        return self._socket is not None and self._socket.state is State.OPEN

    async def send(self, data: str | bytes) -> None:
        assert self._socket
        await self._socket.send(data)

    async def recv(self) -> str | bytes:
        assert self._socket
        return await self._socket.recv()

    async def close(self) -> None:
        """Say goodbye; hang up on whoever does not answer in time, or when cancelled."""
        if self._socket is None:
            return
        hang_up = asyncio.get_running_loop().call_later(self._close, self.abort)
        try:
            await self._socket.close()
        except BaseException:
            self.abort()
            raise
        finally:
            hang_up.cancel()

    def abort(self) -> None:
        """Hang up, now."""
        if self._socket is not None:
            self._socket.transport.abort()
