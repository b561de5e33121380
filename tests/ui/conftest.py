"""A simulated user for the pages, and a real browser for what only a browser can do.

`scripted.stage` serves the voice link's own JavaScript with a scripted server, without NiceGUI; `rostrum` is the whole
program in a process of its own. Both it and the browsers take seconds to start, so there is one of each for all tests
of a process: a test has a fresh profile of the browser, but finds in the program's store what others left there.
"""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from nicegui import Client, app, background_tasks
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation
from playwright.async_api import Browser, BrowserType, async_playwright

from engine.store import Store
from tests.e2e.browser import Running, executable, server

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BROWSERS = {"browser", "deaf_browser"}
PATIENCE = 10.0
"""Seconds for what a page is about to show, on a busy machine; nothing here measures time."""
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


async def built() -> None:
    """Wait for pages that are built in a task."""
    async with asyncio.timeout(PATIENCE):
        while any(task.get_name().startswith("building sub_page") for task in background_tasks.running_tasks):
            await asyncio.sleep(0.005)


class Visitor(User):
    """Waits for a page that is built in a task, and longer than 0.3 s for what it is about to see."""

    async def open(self, path: str, **more: bool) -> Client:
        client = await super().open(path, **more)
        await built()
        return client

    async def should_see(self, *target: object, retries: int = round(PATIENCE / 0.1), **more: object) -> None:
        await super().should_see(*target, retries=retries, **more)

    async def should_not_see(self, *target: object, retries: int = round(PATIENCE / 0.05), **more: object) -> None:
        await super().should_not_see(*target, retries=retries, **more)


@pytest.fixture(scope="session")
def imported() -> None:
    """After every page NiceGUI's simulation collects garbage; what was imported by now it need not look through."""
    gc.collect()
    gc.freeze()


@pytest.fixture
async def user(imported: None, store: Store, caplog: pytest.LogCaptureFixture) -> AsyncIterator[User]:
    """Somebody who visits the pages. An error in the log fails the test."""
    async with user_simulation(main_file=Path(__file__).parent / "pages_app.py") as simulated:
        user = Visitor(simulated.http_client)
        user.javascript_rules[re.compile(DRAFT)] = lambda _: {}
        yield user
        await asyncio.sleep(0.01)  # while something is about to be sent, Python 3.11 may lose a cancellation
    assert not [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    app.routes.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses a browser shares the event loop that it was started in."""
    for item in items:
        if BROWSERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chrome() -> AsyncIterator[BrowserType]:
    async with async_playwright() as playwright:
        yield playwright.chromium


@asynccontextmanager
async def started(chrome: BrowserType, *flags: str) -> AsyncIterator[Browser]:
    browser = await chrome.launch(executable_path=executable(chrome), args=[*QUIET, *flags])
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hearing(chrome: BrowserType) -> AsyncIterator[Browser]:
    async with started(
        chrome, "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"
    ) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(hearing: Browser) -> AsyncIterator[Browser]:
    """Chromium with a microphone (a fake device that beeps) that pages have to ask for, and no tap needed for sound."""
    yield hearing
    for context in hearing.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def deaf_browser(chrome: BrowserType) -> AsyncIterator[Browser]:
    """Chromium on a machine without a microphone."""
    async with started(chrome) as browser:
        yield browser


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with server(tmp_path_factory.mktemp("rostrum"), OFFLINE_VOICE="espeak") as running:
        yield running


@pytest.fixture
def rostrum(program: Running) -> str:
    """The address of the whole program, offline."""
    return program.url


@pytest.fixture
def written(program: Running) -> Iterator[Store]:
    """The store that the whole program reads."""
    store = Store(program.folder / "rostrum.db")
    yield store
    store.close()
