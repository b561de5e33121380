"""The page for other programs in a real Chromium against the whole program: it connects, sends, sounds, and says what
went wrong; and neither it nor the reference asks another host for anything."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.docs.test_the_examples_of_the_api_page_run import example as filled_in
from tests.e2e.browser import server
from ui.pages.api_guide import protocols

SAYS = {  # by protocol: which message is sent, and what comes of it
    "pitch": ("Begin the pitch", '"mark": 1'),
    "realtime": ("Say something", "response.delta"),
    "conversation": ("Say something", "output_text.delta"),
    "vocode": ("Start the call", "websocket_transcript"),
    "coach": ("Ask for help", '"suggestion"'),
}

FILLED_IN = "async ([text, token]) => (await import('rostrum-api')).addressed(text, token)"


@asynccontextmanager
async def opened(browser, url, path="/api-guide"):
    """The page; `elsewhere` on it collects requests to other hosts, `errors` what went wrong in it."""
    context = await browser.new_context(permissions=["microphone"], viewport={"width": 1280, "height": 900})
    tab = await context.new_page()
    tab.elsewhere, tab.errors = [], []
    here = url.removeprefix("http")
    own = (f"http{here}", f"ws{here}", "data:", "blob:")
    tab.on("request", lambda request: request.url.startswith(own) or tab.elsewhere.append(request.url))
    tab.on("websocket", lambda socket: socket.url.startswith(own) or tab.elsewhere.append(socket.url))
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    await tab.goto(url + path)
    yield tab
    assert not tab.elsewhere
    assert not tab.errors
    await context.close()


async def choose(tab, protocol: str, message: str = "") -> None:
    await tab.locator(f"input[value={protocol}]").check(force=True)
    if message:
        await tab.get_by_label("Message").or_(tab.get_by_label("Call")).select_option(label=message)


def log(tab):
    return tab.locator(".api-log")


@pytest.mark.parametrize("protocol", SAYS)
async def test_it_connects_sends_sounds_and_ends(browser, rostrum, protocol):
    message, answer = SAYS[protocol]
    async with opened(browser, rostrum) as tab:
        await choose(tab, protocol, message)
        await tab.get_by_role("button", name="Connect", exact=True).click()
        await expect(tab.get_by_role("status").filter(has_text="Connected")).to_be_visible()
        await tab.get_by_role("button", name="Send").click()
        await expect(log(tab)).to_contain_text(answer)
        await tab.wait_for_function("rostrumConsole.player.at > 0 || rostrumConsole.player.sources.size > 0")
        await tab.get_by_role("button", name="Speak").click()
        await expect(log(tab)).to_contain_text("your microphone")
        await tab.get_by_role("button", name="Disconnect").click()
        await expect(tab.get_by_role("status").filter(has_text="Not connected")).to_be_visible()
        await expect(log(tab)).to_contain_text("closed (1000)")


async def test_a_coached_session_ends_with_its_report(browser, rostrum):
    async with opened(browser, rostrum) as tab:
        await choose(tab, "coach")
        await tab.get_by_role("button", name="Connect", exact=True).click()
        await expect(log(tab)).to_contain_text('"ready"')
        await tab.get_by_role("button", name="Finish").click()
        await expect(log(tab)).to_contain_text('"stars"')


async def test_a_call_over_http_is_sent_and_answered(browser, rostrum):
    async with opened(browser, rostrum) as tab:
        await choose(tab, "http", "All pitches")
        await tab.get_by_role("button", name="Send").click()
        await expect(log(tab)).to_contain_text("Rostrum in one minute")


async def test_what_is_wrong_is_said_with_what_to_do(browser, rostrum):
    async with opened(browser, rostrum) as tab:
        trouble = tab.get_by_role("alert")
        await tab.get_by_role("button", name="Connect", exact=True).click()
        text = tab.get_by_role("textbox", name="As JSON")
        await text.fill("{")
        await text.press("Control+Enter")
        await expect(trouble).to_contain_text("This is not JSON")
        await text.fill('{"event": "begin"}')
        await text.press("Control+Enter")
        await expect(tab.locator('[data-way="error"]')).to_contain_text("this event is not known")
        await expect(trouble).to_be_hidden()
        await choose(tab, "http")
        await text.fill('{"method": "GET", "path": "//example.org"}')
        await text.press("Control+Enter")
        await expect(trouble).to_contain_text("begins with one /")
        await text.fill('{"method": "GET", "path": "/api/v1/pitches/nothing"}')
        await text.press("Control+Enter")
        await expect(trouble).to_contain_text("404")


async def test_the_examples_have_the_address_of_the_page_and_can_be_copied(browser, rostrum):
    async with opened(browser, rostrum) as tab:
        port = int(rostrum.rpartition(":")[2])
        await tab.context.grant_permissions(["microphone", "clipboard-read", "clipboard-write"])
        for protocol in [*SAYS, "http"]:
            await choose(tab, protocol)
            for tongue in ("browser", "python", "shell"):
                await tab.locator(f"input[value={tongue}]").check(force=True)
                example = await tab.locator(".api pre").inner_text()
                assert example.strip() == filled_in(protocol, tongue, port)
                [told] = [one.examples[tongue] for one in protocols() if one.id == protocol]
                assert await tab.evaluate(FILLED_IN, [told, "secret"]) == filled_in(protocol, tongue, port, "secret")
        await tab.get_by_role("button", name="Copy the example").or_(tab.get_by_text("Copy the example")).click()
        assert (await tab.evaluate("navigator.clipboard.readText()")).strip() == example.strip()


async def test_everything_can_be_done_with_the_keyboard(browser, rostrum):
    async with opened(browser, rostrum) as tab:
        await tab.locator("input[value=pitch]").focus()
        await tab.keyboard.press("ArrowRight")
        await expect(tab.locator("input[value=realtime]")).to_be_checked()
        await tab.get_by_role("button", name="Connect", exact=True).focus()
        await tab.keyboard.press("Enter")
        await expect(tab.get_by_role("status").filter(has_text="Connected")).to_be_visible()
        await tab.get_by_role("textbox", name="As JSON").press("Control+Enter")
        await expect(log(tab)).to_contain_text("response.delta")


async def test_the_reference_is_shown_and_tries_a_call(browser, rostrum):
    async with opened(browser, rostrum, "/docs") as tab:
        await tab.get_by_text("All pitches, newest first").click()
        await tab.get_by_role("button", name="Execute").click()
        await expect(tab.locator(".live-responses-table .response").first).to_contain_text("200")


async def test_with_an_access_token_it_connects_all_the_same_and_says_where_programs_put_theirs(browser, tmp_path):
    with server(tmp_path, OFFLINE_VOICE="espeak", ACCESS_TOKEN="a-token-of-the-test") as running:
        async with opened(browser, running.url, "/api-guide?token=a-token-of-the-test") as tab:
            example = tab.locator(".api pre")
            await expect(example).to_contain_text("/ws/pitch?token=ACCESS_TOKEN")
            assert "a-token-of-the-test" not in await tab.content(), "the page is not told"
            await tab.get_by_label("Your access token").fill("a-token-of-the-test")
            await expect(example).to_contain_text("/ws/pitch?token=a-token-of-the-test")
            await tab.get_by_role("button", name="Connect", exact=True).click()
            await tab.get_by_role("button", name="Send").click()
            await expect(log(tab)).to_contain_text('"mark": 1')
            await tab.goto(running.url + "/docs")
            await tab.get_by_text("All pitches, newest first").click()
            await tab.get_by_role("button", name="Execute").click()
            await expect(tab.locator(".live-responses-table .response").first).to_contain_text("200")
