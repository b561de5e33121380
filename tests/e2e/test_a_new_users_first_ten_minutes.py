"""Somebody new walks through everything, on a desktop and on a phone: no error in the console, no request that fails,
none to another host."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Request, Response, expect

from tests.e2e.browser import page, server
from tests.ui.every_page import furnished, opened

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ABSENT = {"/no/such/page"}
"""Addresses that are meant to lead nowhere."""


class Watched:
    """What a window asked for and what came of it."""

    def __init__(self, tab: Page) -> None:
        self.hosts: set[str] = set()
        self.failed: list[str] = []
        tab.on("request", self._asked)
        tab.on("requestfailed", self._broke)
        tab.on("response", self._answered)
        tab.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).hostname or ""))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(request.url).hostname or "")

    def _broke(self, request: Request) -> None:
        # a page that is left takes what it was still asking for with it
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and urlsplit(response.url).path not in ABSENT:
            self.failed.append(f"{response.status} {response.url}")


@pytest.mark.parametrize("size", SIZES)
async def test_the_way_from_the_first_page_to_the_first_report(tmp_path, size):
    """By clicks, as one goes: hear and interrupt the sample, talk, be coached, read what came of it, look around."""
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        async with page(tmp_path, viewport=SIZES[size]) as tab:
            watched = Watched(tab)
            await tab.goto(running.url)
            await tab.get_by_role("link", name="Hear the sample pitch").click()
            await tab.wait_for_function("window.rostrumVoice?.rendered.some(run => run.rms > 0.003)")
            await tab.get_by_label("Type a question").fill("How much does it cost?")
            await tab.keyboard.press("Enter")
            await tab.get_by_text("Rostrum costs nothing").first.wait_for()
            await tab.locator(".top .name").click()
            await tab.get_by_role("link", name="Talk with Sam").click()
            await tab.locator(".turn.agent").first.wait_for()
            await tab.get_by_label("Type instead of speaking").fill("I would like to talk about bread")
            await tab.keyboard.press("Enter")
            await expect(tab.locator(".turn.you")).to_contain_text("bread")
            await tab.get_by_role("button", name="End the talk").click()
            await tab.get_by_role("link", name="Read what was said").click()
            await expect(tab.locator(".said")).to_contain_text("bread")
            await tab.goto(f"{running.url}/coach")
            await tab.get_by_role("button", name="Networking at a hackathon").click()
            await tab.get_by_text("Start without a check").click()
            await tab.get_by_role("button", name="Help me").wait_for()
            await tab.get_by_role("button", name="Finish").click()
            await tab.wait_for_url("**/report/**")
            await tab.locator(".report").wait_for()
            for name in ("Pitches", "Talk", "Coach", "Progress", "History"):
                await tab.locator(".top").get_by_role("link", name=name).click()
                await expect(tab).to_have_title(f"{name} · Rostrum")
            assert not tab.errors
            assert not watched.failed
            assert watched.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_with_something_on_it(tmp_path, size):
    async with furnished(tmp_path) as (running, every), page(tmp_path, viewport=SIZES[size]) as tab:
        watched = Watched(tab)
        wide = []
        for address in every:
            await opened(tab, running.url + address.path)
            if await tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(address.path)
        absent = [error for error in tab.errors if "404" in error]
        assert not [error for error in tab.errors if error not in absent]
        assert len(absent) == len(ABSENT), absent
        assert not watched.failed
        assert watched.hosts == {"127.0.0.1"}
        assert not wide, "these have to be scrolled sideways"
