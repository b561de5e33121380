"""A simulated user for the pages, and a real browser for what only a browser can do.

`stage` serves the voice link's own JavaScript together with a scripted server, without NiceGUI; `rostrum` is the whole
program in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from nicegui import app
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation
from playwright.async_api import Browser, async_playwright

from engine.store import Store

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FAKE_DEVICE = "--use-fake-device-for-media-stream"
DRAFT = r"Object\.fromEntries"
"""The script by which the editor asks the browser for words that were never saved."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the pages read; it holds the sample pitch."""
    path = tmp_path / "rostrum.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    store = Store(path)
    yield store
    store.close()


@pytest.fixture
async def user(store: Store, caplog: pytest.LogCaptureFixture) -> AsyncIterator[User]:
    """Somebody who visits the pages. An error in the log fails the test."""
    async with user_simulation(main_file=Path(__file__).parent / "pages_app.py") as user:
        import re

        user.javascript_rules[re.compile(DRAFT)] = lambda _: {}
        yield user
    assert not [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    app.routes.clear()


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the browser tests need one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *flags])
        yield browser
        await browser.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium with a microphone (a fake device that beeps), which pages have to ask for."""
    async with chromium(FAKE_DEVICE) as browser:
        yield browser


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
async def rostrum(tmp_path: Path) -> AsyncIterator[str]:
    """The address of the whole program, offline, with a database of its own."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))}
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/rostrum.db", "OFFLINE_VOICE": "espeak"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "main.py", "--port", str(port), "--no-browser"), cwd=ROOT, env=kept | own
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await answers(address, process)
        yield address
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def answers(address: str, process: asyncio.subprocess.Process) -> None:
    """Wait until the program serves. It opens its port first, so that a request simply waits."""
    transport = httpx.AsyncHTTPTransport(retries=20)
    async with asyncio.timeout(30), httpx.AsyncClient(transport=transport, timeout=30) as client:
        while process.returncode is None:
            try:
                await client.get(address)
            except httpx.ConnectError:
                continue
            return
    pytest.fail(f"main.py ended with {process.returncode}")
