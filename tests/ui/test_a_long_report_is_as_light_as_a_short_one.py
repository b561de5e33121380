"""Half an hour of talking in a real browser: what is not in view is not in the document, and is found nevertheless."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from engine.desk import Desk
from engine.store import Store
from tests.ui import a_session
from tests.ui.every_page import MOST, opened, sizes

TIMES = 9
"""Of a conversation of three minutes."""
SCREEN = {"width": 1440, "height": 900}


async def light(page: Page) -> None:
    """Not more elements than any page may have."""
    document, nicegui = await sizes(page)
    assert max(document, nicegui) <= MOST


@pytest.fixture(scope="module")
def long(program) -> str:
    """The id of a session of half an hour."""
    store = Store(program.folder / "rostrum.db")
    try:
        return a_session.write(store, times=TIMES)
    finally:
        store.close()


async def test_a_transcript_is_read_to_its_end_and_searched_within_a_few_rows(
    browser: Browser, rostrum: str, written: Store, long: str
) -> None:
    lines = written.lines(long)
    assert lines[-1].end > 1700 and sum(len(line.words) for line in lines) > 4000
    page = await browser.new_page(viewport=SCREEN)
    await opened(page, f"{rostrum}/report/{long}?tab=transcript")
    rows = page.locator(".lines li")
    await expect(rows.first).to_have_attribute("aria-setsize", str(len(lines)))
    await light(page)

    for part in (0.5, 1.0, 0.25):
        await page.evaluate("part => scrollTo(0, part * document.documentElement.scrollHeight)", part)
        await page.wait_for_function("document.elementFromPoint(720, 450)?.closest('.lines li')")
        await light(page)
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator(f'.lines li[aria-posinset="{len(lines)}"]')
    await expect(last).to_contain_text(lines[-1].text)
    await expect(last).to_be_in_viewport()

    await page.get_by_label("Search what was said").fill("the council sent")
    await expect(page.locator(".search output")).to_have_text(f"1 of {TIMES}")
    for nth in range(2, 5):
        await page.get_by_label("Search what was said").press("Enter")
        await expect(page.locator(".search output")).to_have_text(f"{nth} of {TIMES}")
        await expect(page.locator(".lines .hit.first")).to_be_in_viewport()
        await light(page)


async def test_its_rows_are_reached_by_the_keyboard_one_after_the_other(
    browser: Browser, rostrum: str, written: Store, long: str
) -> None:
    page = await browser.new_page(viewport=SCREEN)
    await opened(page, f"{rostrum}/report/{long}?tab=transcript")
    await page.locator(".lines .at").first.focus()
    for place, line in enumerate(written.lines(long)[:30], 1):
        row = page.locator(f'.lines li[aria-posinset="{place}"]')
        await expect(row.locator(".at")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(row.locator(".who")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(row.get_by_role("button", name="Edit what was said")).to_be_focused()
        await expect(row).to_contain_text(line.text.split()[0])
        await page.keyboard.press("Tab")
    await light(page)


async def test_where_fingers_may_touch_every_line_can_be_corrected(browser: Browser, rostrum: str, long: str) -> None:
    context = await browser.new_context(viewport=SCREEN, has_touch=True)
    page = await context.new_page()
    await opened(page, f"{rostrum}/report/{long}?tab=transcript")
    rows = page.locator(".lines li")
    assert await page.locator(".lines .edit").count() == await rows.count() > 10
    await light(page)
    for part in (0.5, 1.0):
        await page.evaluate("part => scrollTo(0, part * document.documentElement.scrollHeight)", part)
        await page.wait_for_function("document.elementFromPoint(720, 450)?.closest('.lines li')")
        await light(page)
    await rows.last.get_by_role("button", name="Edit").tap()
    await expect(page.locator("textarea")).to_be_focused()


async def test_a_row_higher_than_the_view_is_passed_by_the_keyboard(
    browser: Browser, rostrum: str, written: Store
) -> None:
    id = a_session.write(written)
    third = written.lines(id)[2]
    Desk(written).change_line(id, third.id, text=" ".join(["bicycle"] * 250))
    page = await browser.new_page(viewport={"width": 1440, "height": 320})
    await opened(page, f"{rostrum}/report/{id}?tab=transcript")
    for way, presses, places in (("Tab", 3, (1, 2, 3, 4, 5)), ("Shift+Tab", 1, (5, 4, 3, 2, 1))):
        await page.locator(f'.lines li[aria-posinset="{places[0]}"] .at').focus()
        for place in places:
            await expect(page.locator(f'.lines li[aria-posinset="{place}"] .at')).to_be_focused()
            for _ in range(presses):
                await page.keyboard.press(way)


async def test_a_line_that_is_edited_stays_however_far_one_looks_away(
    browser: Browser, rostrum: str, long: str
) -> None:
    page = await browser.new_page(viewport=SCREEN)
    await opened(page, f"{rostrum}/report/{long}?tab=transcript")
    first = page.locator('.lines li[aria-posinset="1"]')
    await first.hover()
    await first.get_by_role("button", name="Edit").click()
    box = page.locator("textarea")
    await box.fill("Hi, I am Samuel.")
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await page.wait_for_function("document.elementFromPoint(720, 450)?.closest('.lines li')?.ariaPosInSet > 50")
    await expect(box).to_be_focused()
    await page.get_by_label("Search what was said").fill("the council sent")
    for _ in range(3):
        await page.get_by_label("Search what was said").press("Enter")
    await expect(page.locator(".lines .hit.first")).to_be_in_viewport()
    await expect(box).to_have_value("Hi, I am Samuel.")
    await box.press("Escape")
    await expect(box).to_have_count(0)
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await light(page)


@pytest.mark.parametrize("tab", ["timeline", "delivery", "conversation"])
async def test_its_other_parts_are_light(browser: Browser, rostrum: str, long: str, tab: str) -> None:
    page = await browser.new_page(viewport=SCREEN)
    await opened(page, f"{rostrum}/report/{long}?tab={tab}")
    await light(page)
