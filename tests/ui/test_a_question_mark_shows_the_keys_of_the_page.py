"""The keyboard map, the skip link, and that no key is taken from who is typing: in Chromium, on the whole program."""

from playwright.async_api import Browser, Page, expect

from tests.ui import every_page


async def opened(browser: Browser, url: str) -> Page:
    page = await browser.new_page()
    await every_page.opened(page, url)
    return page


async def test_it_has_the_keys_of_the_page_that_is_shown_and_esc_closes_it(rostrum: str, browser: Browser) -> None:
    page = await opened(browser, f"{rostrum}/pitch/rostrum")
    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    await expect(keys).to_contain_text("The sentence before, the sentence after")
    await page.keyboard.press("Escape")
    await expect(page.locator(".keyboard-map")).to_have_count(0)
    await page.get_by_role("link", name="History").click()
    await expect(page.get_by_role("heading", level=1, name="History")).to_be_visible()
    await page.keyboard.press("?")
    await expect(keys).to_contain_text("Everywhere")
    await expect(keys).not_to_contain_text("On this page")


async def test_the_stage_does_not_hear_keys_while_the_map_is_open(rostrum: str, browser: Browser) -> None:
    page = await opened(browser, f"{rostrum}/pitch/rostrum")
    await page.keyboard.press("?")
    await expect(page.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Escape")
    await expect(page.locator(".keyboard-map")).to_have_count(0)
    await expect(page.locator(".stage-label")).to_have_text("Sentence 1 of 14")


async def test_a_question_mark_that_is_typed_is_a_question_mark(rostrum: str, browser: Browser) -> None:
    page = await opened(browser, f"{rostrum}/pitch/rostrum")
    field = page.get_by_label("Type a question")
    await field.focus()
    await page.keyboard.type("Much ? m p ")
    await expect(field).to_have_value("Much ? m p ")
    await expect(page.locator(".keyboard-map")).to_have_count(0)
    assert not await page.evaluate("rostrumVoice.session.wanted"), "Space did not play"


async def test_the_first_tab_offers_to_skip_to_the_content_and_every_stop_can_be_seen(
    rostrum: str, browser: Browser
) -> None:
    page = await opened(browser, rostrum)
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    stops = []
    for _ in range(14):
        await page.keyboard.press("Tab")
        stops.append(await page.evaluate(SEEN))
    names = [name for name, _ in stops]
    assert names.index("Pitches") < names.index("History") < next(i for i, name in enumerate(names) if "sample" in name)
    assert all(ring for name, ring in stops if name), stops


SEEN = """() => {
  const it = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(it);
  const name = it === document.body ? "" : (it.getAttribute("aria-label") ?? it.textContent.trim());
  return [name, outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
}"""


async def test_nothing_moves_where_less_motion_is_asked_for(rostrum: str, browser: Browser) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    for path in ("/", "/pitch/rostrum", "/talk/investor", "/progress"):
        page = await context.new_page()
        await every_page.opened(page, rostrum + path)
        moving = await page.evaluate(
            "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each)).filter("
            "({ animationName: name, transitionDuration: long }) => name !== 'none' || parseFloat(long) > 0).length"
        )
        assert not moving, path
