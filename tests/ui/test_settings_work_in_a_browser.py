"""What only a browser shows of Settings: choosing, hearing a sentence, and the file with everything."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.async_api import Browser, expect

from engine.engines import PITCH, PREFERENCE
from engine.store import Store
from tests.e2e.browser import server
from tests.ui.every_page import MOST, opened, sizes

NOBODY = {"OPENAI_API_KEY": "no-key", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
"""A key, and a vendor at whose address nobody answers."""


async def test_a_choice_is_made_a_sentence_is_heard_and_everything_is_taken_along(
    browser: Browser, rostrum: str, written: Store
) -> None:
    page = await browser.new_page()
    await page.goto(f"{rostrum}/pitches")
    await page.get_by_role("link", name="Settings", exact=True).click()
    await page.get_by_label("Pitch: hears").select_option("offline")
    await expect(page.get_by_text("Pitch: from the next session on.")).to_be_visible()
    assert written.preference(PREFERENCE)[PITCH] == {"hear": "offline"}
    await expect(page.get_by_label("Pitch: hears")).to_have_value("offline")
    await page.get_by_label("Pitch: hears").select_option("auto")
    await expect(page.get_by_label("Pitch: hears")).to_have_value("auto")

    await page.get_by_label("Try it: hear a sentence as in Talk").click()
    await page.wait_for_function("[...document.querySelectorAll('audio')].some(sound => sound.currentTime > 0.3)")

    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Take everything along").click()
    file = await (await waiting.value).path()
    assert "rostrum.json" in zipfile.ZipFile(file).namelist()


async def test_the_badge_leads_to_settings(browser: Browser, rostrum: str) -> None:
    page = await browser.new_page()
    await page.goto(rostrum)
    await page.locator(".badge").first.click()
    await page.get_by_role("link", name="Choose others").click()
    await expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


async def test_a_vendors_voices_are_listed_once_somebody_turns_to_them(browser: Browser, tmp_path: Path) -> None:
    with server(tmp_path, OFFLINE_VOICE="espeak", **NOBODY) as running:
        page = await browser.new_page()
        await opened(page, f"{running.url}/settings")
        await page.get_by_label("Talk: speaks").select_option("openai")
        voices = page.get_by_label("Talk: a voice to try")
        await expect(voices.locator("option")).to_have_count(1)
        assert max(await sizes(page)) <= MOST
        await voices.focus()
        await voices.select_option("sage")
        await expect(voices).to_have_value("sage")
        await expect(page.get_by_label("Talk: speaks")).to_have_value("openai")
        await voices.select_option("")
        await expect(voices).to_have_value("")
