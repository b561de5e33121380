"""The whole program in Chromium. What is wrong is said in words, and a typed question is answered all the same."""

import re

from playwright.async_api import Browser, Page, expect

BLOCKED = """
  let tapped = false;
  addEventListener("pointerdown", () => (tapped = true), true);
  const resume = AudioContext.prototype.resume;
  AudioContext.prototype.resume = function () { return tapped ? resume.call(this) : new Promise(() => {}); };
  window.AudioContext = class extends AudioContext { constructor(options) { super(options); this.suspend(); } };
"""
"""What browsers do that want a gesture before sound; headless Chromium does not."""
SOUND = "rostrumVoice.levels.some((level) => level.rms > 0.01)"


async def ask(page: Page, question: str) -> None:
    await page.get_by_label("Type a question").fill(question)
    await page.keyboard.press("Enter")
    await expect(page.locator(".stage")).to_contain_text("costs nothing")


async def test_a_denied_microphone(rostrum: str, browser: Browser) -> None:
    page = await (await browser.new_context(permissions=[])).new_page()
    await page.goto(f"{rostrum}/pitch/rostrum")
    await page.get_by_label("Keep the microphone open").click()
    await expect(page.get_by_role("alert")).to_contain_text("does not allow the microphone")
    await expect(page.get_by_label("Keep the microphone open")).not_to_be_checked()
    await ask(page, "What does it cost?")


async def test_no_microphone_at_all(rostrum: str, deaf_browser: Browser) -> None:
    page = await (await deaf_browser.new_context(permissions=["microphone"])).new_page()
    await page.goto(f"{rostrum}/pitch/rostrum")
    await page.get_by_label("Keep the microphone open").click()
    await expect(page.get_by_role("alert")).to_contain_text("No microphone was found")
    await ask(page, "What does it cost?")


async def test_an_insecure_address(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
    await page.goto(f"{rostrum}/pitch/rostrum")
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("secure addresses")
    await ask(page, "What does it cost?")


async def test_sound_that_waits_for_a_tap(rostrum: str, deaf_browser: Browser) -> None:
    page = await deaf_browser.new_page()
    await page.add_init_script(BLOCKED)
    await page.goto(f"{rostrum}/pitch/rostrum?play=1")
    await expect(page.locator(".stage")).to_have_attribute("data-face", "tap")
    await page.get_by_role("button", name="Tap to hear it").click()
    await page.wait_for_function(SOUND)
    await expect(page.locator(".stage")).to_have_attribute("data-face", "speaking")


async def test_the_sample_sounds_after_one_click_from_home(rostrum: str, deaf_browser: Browser) -> None:
    page = await deaf_browser.new_page()
    foreign: list[str] = []
    page.on(
        "request", lambda request: request.url.startswith((rostrum, "data:", "blob:")) or foreign.append(request.url)
    )
    await page.goto(rostrum)
    await page.get_by_role("link", name=re.compile("Hear the sample pitch|Carry on|Hear it again")).first.click()
    await page.wait_for_function(f"window.rostrumVoice && {SOUND}")
    assert not foreign


async def test_the_keyboard_steers_the_stage(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{rostrum}/pitch/rostrum")
    face = page.locator(".stage")
    await expect(face).to_have_attribute("data-face", "idle")
    await page.keyboard.press("Space")
    await expect(face).to_have_attribute("data-face", "speaking")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".stage-label")).to_contain_text("Sentence 2")
    await page.keyboard.press("Escape")
    await expect(face).to_have_attribute("data-face", "paused")


async def test_holding_space_opens_the_microphone_until_it_is_released(rostrum: str, browser: Browser) -> None:
    page = await (await browser.new_context(permissions=["microphone"])).new_page()
    await page.goto(f"{rostrum}/pitch/rostrum")
    await expect(page.locator(".stage")).to_have_attribute("data-face", "idle")
    await page.keyboard.down("Space")
    await expect(page.locator(".stage")).to_have_attribute("data-face", "listening")
    await page.wait_for_function("rostrumVoice.micFrames > 10")
    await page.keyboard.up("Space")
    await expect(page.get_by_role("button", name="Hold to talk")).to_be_visible()
    assert not await page.evaluate("rostrumVoice.session.live")
