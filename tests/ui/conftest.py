"""A simulated user for the pages, and a real browser for what only a browser can do.

`scripted.Stage` serves the voice link's own JavaScript with a scripted server, without NiceGUI; `rostrum` is the whole
program in a process of its own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nicegui import app
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation
from playwright.async_api import Browser, async_playwright

from bench.browser import chromium
from engine.store import Store
from tests.e2e.browser import server

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
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
        user.javascript_rules[re.compile(DRAFT)] = lambda _: {}
        yield user
        await asyncio.sleep(0.01)  # while something is about to be sent, Python 3.11 may lose a cancellation
    assert not [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    app.routes.clear()


@asynccontextmanager
async def opened(*flags: str) -> AsyncIterator[Browser]:
    if not chromium():
        pytest.skip("no Chromium on this machine: the browser tests need one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *flags])
        yield browser
        await browser.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium with a microphone (a fake device that beeps) that pages have to ask for, and no tap needed for sound."""
    async with opened("--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required") as browser:
        yield browser


@pytest.fixture
async def deaf_browser() -> AsyncIterator[Browser]:
    """Chromium on a machine without a microphone."""
    async with opened() as browser:
        yield browser


@pytest.fixture
def rostrum(tmp_path: Path) -> Iterator[str]:
    """The address of the whole program, offline, with a database of its own."""
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        yield running.url
