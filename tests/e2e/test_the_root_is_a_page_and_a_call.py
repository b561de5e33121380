"""`/` on the real server: a page for a browser that gets it, a conversation for a program that opens a WebSocket."""

import json

import httpx
import websockets

from tests.e2e.browser import server
from tests.wire.calling import golden


async def test_both_at_once(tmp_path):
    with server(tmp_path) as running:
        async with websockets.connect(running.url.replace("http", "ws")) as socket:
            await socket.send(json.dumps(golden("start")))
            assert json.loads(await socket.recv())["type"] == "websocket_ready"
            async with httpx.AsyncClient() as http:
                page = await http.get(running.url)
            assert page.headers["content-type"].startswith("text/html") and "Rostrum" in page.text
            assert json.loads(await socket.recv())["type"] == "websocket_audio"
