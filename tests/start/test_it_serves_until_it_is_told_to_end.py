import asyncio
import base64
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import websockets

from tests.start.conftest import PATIENCE, Served, free_port

Serve = Callable[..., Served]


def test_it_says_where_it_is_and_who_hears_thinks_and_speaks(serve: Serve, client: httpx.Client) -> None:
    served = serve("--no-browser")
    assert served.printed[0] == f"Rostrum is at http://127.0.0.1:{served.port}\n"
    assert [part.partition(":")[0] for part in served.printed[1].split(" · ")] == ["hears", "thinks", "speaks"]
    assert client.get(served.url()).status_code == 200
    page = client.get(served.url("/"), headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "content-security-policy" in page.headers
    assert "server" not in page.headers
    assert client.get(served.url("/api/nope")).json() == {"detail": "Not Found"}
    assert served.stop()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_code_0_and_nothing_to_complain_about(serve: Serve, number: int) -> None:
    served = serve("--no-browser")
    code, printed = served.stop(number)
    assert code == 0
    assert len(printed.splitlines()) == 2, printed


async def test_a_signal_ends_open_sockets_too_and_says_that_the_server_restarts(serve: Serve) -> None:
    served = await asyncio.to_thread(serve, "--no-browser")
    async with websockets.connect(f"ws://127.0.0.1:{served.port}/ws/pitch", proxy=None) as pitch:
        await pitch.send('{"event": "start"}')
        await pitch.recv()
        ending = asyncio.create_task(asyncio.to_thread(served.stop))
        with pytest.raises(websockets.ConnectionClosed):
            while True:
                await pitch.recv()
        assert pitch.close_code == 1012
        code, printed = await ending
    assert code == 0, printed
    assert "Traceback" not in printed


def test_what_was_added_is_there_after_a_restart(serve: Serve, client: httpx.Client) -> None:
    first = serve("--no-browser")
    added = client.post(first.url("/api/v1/pitches"), json={"title": "Cups", "text": "Buy cups."})
    first.stop(signal.SIGKILL)
    second = serve("--no-browser")
    assert added.json() in client.get(second.url("/api/v1/pitches")).json()
    second.stop()


def test_compat_ports_serve_the_same_app_in_the_same_process(serve: Serve, client: httpx.Client) -> None:
    other = free_port()
    served = serve("--no-browser", COMPAT_PORTS=f"{other}")
    added = client.post(served.url("/api/v1/pitches"), json={"title": "Cups", "text": "Buy cups."}).json()
    assert added in client.get(f"http://127.0.0.1:{other}/api/v1/pitches").json()
    assert served.printed[0] == f"Rostrum is at http://127.0.0.1:{served.port}, :{other}\n"
    served.stop()


@pytest.mark.skipif(os.name == "nt", reason="BROWSER names a program on POSIX")
def test_it_opens_the_page_once_it_serves_unless_told_not_to(
    serve: Serve, client: httpx.Client, tmp_path: Path
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/opened"\n')
    browser.chmod(0o755)
    screen = {"BROWSER": str(browser), "DISPLAY": ":99"}

    silent = serve("--no-browser", **screen)
    assert client.get(silent.url()).status_code == 200
    silent.stop()
    assert not (tmp_path / "opened").exists()

    os.mkfifo(tmp_path / "opened")
    served = serve(**screen)
    opened = subprocess.run(["cat", tmp_path / "opened"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert opened.stdout == f"http://127.0.0.1:{served.port}\n"
    served.stop()


async def test_pages_of_other_sites_cannot_open_any_of_its_sockets(serve: Serve) -> None:
    served = await asyncio.to_thread(serve, "--no-browser")
    for path in ("/ws/pitch", "/voice", "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(f"ws://127.0.0.1:{served.port}{path}", origin="https://evil.example", proxy=None)
        assert refused.value.response.status_code == 403
    await asyncio.to_thread(served.stop)


async def test_a_token_is_asked_for_at_every_socket(serve: Serve) -> None:
    served = await asyncio.to_thread(serve, "--no-browser", ACCESS_TOKEN="sesame")
    for path in ("/ws/pitch", "/voice", "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(f"ws://127.0.0.1:{served.port}{path}", proxy=None)
        assert refused.value.response.status_code == 401
    address = f"ws://127.0.0.1:{served.port}/ws/pitch"
    async with websockets.connect(address, subprotocols=["bearer", "sesame"], proxy=None) as browser:
        assert browser.subprotocol == "bearer"
    await asyncio.to_thread(served.stop)


async def test_a_message_of_20_mb_is_read(serve: Serve) -> None:
    served = await asyncio.to_thread(serve, "--no-browser")
    async with websockets.connect(f"ws://127.0.0.1:{served.port}/ws/pitch", proxy=None) as pitch:
        await pitch.send('{"event": "user_audio", "audio": "' + base64.b64encode(bytes(15_000_000)).decode() + '"}')
        await pitch.send("not json")
        assert '"error"' in str(await pitch.recv())
    await asyncio.to_thread(served.stop)
