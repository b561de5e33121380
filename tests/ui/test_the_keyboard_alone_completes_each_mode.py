"""Pitch, talk and coach from Home to their ends with no pointer: keys only, on the whole program."""

from playwright.async_api import Browser, Page, expect

from engine.store import Store
from tests.ui import every_page

PATIENCE = 60_000
"""ms for what has to be spoken first."""
STOPS = 60
"""Presses of Tab after which something cannot be reached."""


async def opened(browser: Browser, url: str, *, microphone: bool = False) -> Page:
    context = await browser.new_context(permissions=["microphone"] if microphone else [])
    page = await context.new_page()
    await every_page.opened(page, url)
    return page


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus."""
    for _ in range(STOPS):
        await page.keyboard.press("Tab")
        held = await page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent"
            " ?? document.activeElement.textContent).trim()"
        )
        if held.startswith(name):
            return
    raise AssertionError(f"{STOPS} presses of Tab do not lead to {name!r}")


async def test_a_pitch_is_opened_played_asked_and_heard_to_go_on(rostrum: str, browser: Browser) -> None:
    page = await opened(browser, rostrum)
    await tab_to(page, "Pitches")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Pitches", level=1)).to_be_visible()
    await tab_to(page, "Rostrum in one minute")
    await page.keyboard.press("Enter")
    await expect(page.locator(".stage")).to_be_visible()
    await page.keyboard.press("Space")
    await page.wait_for_function("window.rostrumVoice?.rendered.some(run => run.mark === 1)", timeout=PATIENCE)
    await tab_to(page, "Type a question")
    await page.keyboard.type("How much does it cost?")
    await page.keyboard.press("Enter")
    await page.wait_for_function(
        "rostrumVoice.messages.some(m => m.type === 'resumed' && m.reason === 'answered')", timeout=PATIENCE
    )
    await page.keyboard.press("Escape")  # leaves the field
    await page.keyboard.press("Escape")
    await expect(page.locator(".stage")).to_have_attribute("data-face", "paused")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".stage-label")).to_contain_text("Sentence")


async def test_a_talk_is_picked_begun_typed_and_ended(rostrum: str, browser: Browser) -> None:
    page = await opened(browser, f"{rostrum}/talk")
    await tab_to(page, "Sceptical investor")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk-stage")).to_be_visible()
    if await page.locator(".talk-stage").get_attribute("data-begun") == "false":
        await page.keyboard.press("Space")
    await expect(page.locator(".turn.agent").first).to_be_visible(timeout=PATIENCE)
    await tab_to(page, "Type instead of speaking")
    await page.keyboard.type("We bake bread for two hundred offices.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.you")).to_contain_text("bread")
    await tab_to(page, "End the talk")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk-end h1")).to_be_focused()
    await tab_to(page, "Read what was said")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said")).to_contain_text("bread", timeout=PATIENCE)


async def test_a_session_is_set_up_coached_and_finished(rostrum: str, browser: Browser, written: Store) -> None:
    page = await opened(browser, f"{rostrum}/coach", microphone=True)
    await tab_to(page, "Networking at a hackathon")
    await page.keyboard.press("Space")
    await tab_to(page, "Start without a check")
    await page.keyboard.press("Enter")
    await expect(page.locator(".coach-stage")).to_have_attribute("data-face", "listening", timeout=PATIENCE)
    await page.keyboard.press("m")
    await expect(page.locator(".coach-stage")).to_have_attribute("data-face", "muted")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.coach-sure")).to_be_visible()
    await tab_to(page, "Finish")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/**", timeout=PATIENCE)
    await expect(page.locator(".report")).to_be_visible(timeout=PATIENCE)
