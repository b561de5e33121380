"""Whatever is sent to a client that reads nothing has a deadline, its refusal too."""

import asyncio

from starlette.websockets import WebSocketState

from engine import clock
from engine.errors import NotFound
from engine.wire import socket
from tests.virtual_time import run


class Stuck:
    """A connection whose network takes no frame."""

    application_state = client_state = WebSocketState.CONNECTED

    async def accept(self):
        pass

    async def send_text(self, *_):
        await asyncio.Event().wait()

    close = send_bytes = send_text


def test_a_refusal_that_is_not_taken_is_given_up():
    async def scene():
        websocket, began = Stuck(), clock.now()

        async def refuse(error):
            await socket.send(websocket, str(error))

        async with asyncio.timeout(300), socket.opened(websocket, refuse):
            raise NotFound("there is nobody of that name")
        assert clock.now() - began <= socket.SEND_WITHIN + socket.CLOSE_WITHIN

    run(scene())
