"""The report in a real browser: what a click, a key and a correction do."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from engine.desk import Desk
from engine.store import Store
from tests.ui import a_session

WATCH = """() => {
  window.sought = [];
  document.querySelector("audio.sound").addEventListener("seeking", ({ target }) => sought.push(target.currentTime));
  window.lit = [];
  new MutationObserver(() => lit.push(document.querySelector(".w.now")?.innerText))
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ["class"] });
}"""
"""Where the sound is sent to, and which words are lit: in a moment it is another one."""


async def opened(
    browser: Browser, url: str, store: Store, tab: str, *, recorded: bool = True, **options
) -> tuple[Page, str]:
    id = a_session.write(store, recorded=recorded)
    page = await browser.new_page(**options)
    await page.goto(f"{url}/report/{id}?tab={tab}")
    await page.locator(f"#panel-{tab}").wait_for()
    if recorded:
        await page.evaluate(WATCH)
        await page.wait_for_function("document.querySelector('audio.sound').readyState > 0")
    return page, id


WORD = """([line, word]) => {
  const text = [...document.querySelectorAll(".lines p")].find((each) => each.innerText.includes(line));
  const letters = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (letters.nextNode()) {
    const at = letters.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(letters.currentNode, at);
    range.setEnd(letters.currentNode, at + word.length);
    const { left, top, width, height } = range.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  }
}"""
"""Where a word of a line is on the screen: it is no element of its own."""


FILLER = """([seconds, at]) => {
  const scroll = document.querySelector(".report-timeline .scroll");
  const track = document.querySelector(".lane-fillers .track").getBoundingClientRect();
  const x = scroll.getBoundingClientRect().left - scroll.scrollLeft + (at / seconds) * scroll.scrollWidth;
  const y = track.top + track.height / 2;
  return document.elementFromPoint(x, y)?.matches(".mark.filler") && [x, y];
}"""
"""Where the moment of a filler is on the screen, once it is drawn there: it is no element of its own."""


async def sought(page: Page) -> float:
    """Where the sound was sent to last."""
    await page.wait_for_function("sought.length")
    return await page.evaluate("sought.splice(0).at(-1)")


async def drawn(page: Page, seconds: float, at: float) -> tuple[float, float]:
    """Where a filler of a session of so many `seconds` is on the screen, once it is drawn there."""
    await page.locator(".lane-cues").scroll_into_view_if_needed()
    return await (await page.wait_for_function(FILLER, arg=[seconds, at])).json_value()


def marks(store: Store, id: str, layer: str) -> list[float]:
    return [mark.start for mark in Desk(store).dossier(id).analysis.marks if mark.layer == layer]


async def test_a_filler_on_the_timeline_is_heard_by_click_and_by_key(
    browser: Browser, rostrum: str, written: Store
) -> None:
    page, id = await opened(browser, rostrum, written, "timeline")
    fillers, seconds = marks(written, id, "filler"), Desk(written).dossier(id).material.seconds
    x, y = await drawn(page, seconds, fillers[3])
    await page.mouse.move(x, y)
    await expect(page.locator(".lane-fillers .track")).to_have_attribute("title", re.compile("filler “"))
    await page.mouse.click(x, y)
    assert await sought(page) == pytest.approx(fillers[3], abs=0.3)
    await page.wait_for_function("!document.querySelector('audio.sound').paused")
    lane = page.get_by_role("slider", name="Fillers")
    await lane.press("ArrowRight")
    await expect(lane).to_have_attribute("aria-valuetext", re.compile("filler “"))
    await lane.press("Enter")
    assert await sought(page) == pytest.approx(fillers[4], abs=0.3)
    for _ in range(4):
        await page.get_by_role("button", name="Zoom in").click()
    await lane.press("End")
    x, y = await drawn(page, seconds, fillers[-1])
    await page.mouse.click(x, y)
    assert await sought(page) == pytest.approx(fillers[-1], abs=0.3)
    await page.get_by_text("The same as a table").click()
    await expect(page.get_by_role("row").filter(has_text="filler “").first).to_be_visible()


async def test_a_word_is_heard_and_lit_and_a_line_is_corrected(browser: Browser, rostrum: str, written: Store) -> None:
    page, id = await opened(browser, rostrum, written, "transcript")
    [line] = [line for line in written.lines(id) if line.text.startswith("Two hundred?")]
    await page.locator(".lines p", has_text="Two hundred?").scroll_into_view_if_needed()
    x, y = await page.evaluate(WORD, ["Two hundred?", "hundred?"])
    await page.mouse.move(x, y)
    await expect(page.locator(".lines .pointed")).to_have_text("hundred?")
    await page.mouse.click(x, y)
    assert await sought(page) == pytest.approx(line.words[1].start - 0.2, abs=0.02)
    await page.wait_for_function("lit.includes('hundred?')")
    await page.evaluate("document.querySelector('audio.sound').pause()")

    share = page.locator(".figures div", has_text="share").locator("b")
    before = await share.inner_text()
    basically = page.locator("li.user", has_text="So basically")
    await page.get_by_label("Search what was said").fill("So basically")
    await basically.hover()
    await basically.locator(".who").click()
    await expect(share).not_to_have_text(before)
    await expect(page.locator("li.partner", has_text="So basically")).to_be_visible()

    fillers = page.locator(".layer", has_text="Fillers")
    count = int(await fillers.get_attribute("data-count") or 0)
    await page.get_by_label("Search what was said").fill("I will um")
    line = page.locator("li.user", has_text="I will um")
    await line.hover()
    await line.get_by_role("button", name="Edit").click()
    await page.locator("textarea").fill("I will ask her. Thank you, Sam.")
    await page.keyboard.press("Enter")
    await expect(fillers).to_have_attribute("data-count", str(count - 1))

    await page.get_by_label("Search what was said").fill("the phone")
    await expect(page.locator(".search output")).to_contain_text("1 of")
    await expect(page.locator(".lines .hit").first).to_be_visible()


PLAY = """([seconds]) => {
  const sound = document.querySelector("audio.sound");
  sound.currentTime = seconds;
  return sound.play();
}"""
UNTOUCHED = "performance.now() > 4500"
"""Nobody scrolled for so long that the page follows the sound."""


async def test_a_selection_outlasts_the_pointer_and_the_sound(browser: Browser, rostrum: str, written: Store) -> None:
    page, id = await opened(browser, rostrum, written, "transcript")
    [line] = [line for line in written.lines(id) if line.text.startswith("Two hundred?")]
    await page.locator(".lines p", has_text="Two hundred?").scroll_into_view_if_needed()
    for word, act in (("How", page.mouse.down), ("that", page.mouse.up)):
        await page.mouse.move(*await page.evaluate(WORD, ["Two hundred?", word]), steps=4)
        await act()
    selected = await page.evaluate("getSelection().toString()")
    assert "did it get" in selected
    for word in ("did", "get", "hundred?"):
        await page.mouse.move(*await page.evaluate(WORD, ["Two hundred?", word]))
    await page.evaluate(PLAY, [line.start])
    await page.wait_for_function("end => document.querySelector('audio.sound').currentTime > end", arg=line.end)
    assert await page.evaluate("getSelection().toString()") == selected

    await page.evaluate("getSelection().removeAllRanges()")
    await page.wait_for_function("document.querySelector('.w.now')")
    await page.mouse.move(*await page.evaluate(WORD, ["Two hundred?", "get"]))
    await expect(page.locator(".lines .pointed")).to_have_text("get")


async def test_the_sound_is_followed_to_a_line_far_away_but_not_from_one_that_is_edited(
    browser: Browser, rostrum: str, written: Store
) -> None:
    page, id = await opened(browser, rostrum, written, "transcript", viewport={"width": 1440, "height": 420})
    last = written.lines(id)[-1]
    row = page.locator("li", has_text=last.text)
    await page.wait_for_function(UNTOUCHED)
    await page.locator(".lines .at").first.focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    box = page.locator("textarea")
    await box.fill("Hi, I am Samuel.")
    await page.evaluate(PLAY, [last.start])
    await page.wait_for_function("at => document.querySelector('audio.sound').currentTime > at", arg=last.start + 0.3)
    await expect(box).to_be_focused()
    await expect(box).to_be_in_viewport()

    await page.evaluate("document.querySelector('audio.sound').pause()")
    await box.press("Escape")
    for at in (0.0, last.start):
        await page.evaluate(PLAY, [at])
        await page.wait_for_function("at => document.querySelector('audio.sound').currentTime > at", arg=at + 0.2)
    await expect(row.locator(".at")).to_be_in_viewport()


async def test_without_a_recording_a_moment_is_read_and_no_tab_is_wider_than_a_phone(
    browser: Browser, rostrum: str, written: Store
) -> None:
    phone = {"width": 390, "height": 844}
    page, _ = await opened(browser, rostrum, written, "conversation", recorded=False, viewport=phone)
    await expect(page.get_by_text("Nothing was recorded of this session.")).to_be_visible()
    await page.get_by_text("Read the 10 moments").click()
    await page.get_by_role("button", name="Read the moment at 0:23").click()
    await expect(page.locator("#tab-transcript")).to_have_attribute("aria-selected", "true")
    await expect(page.locator("li.sought")).to_contain_text("Two hundred?")
    await page.locator("#tab-transcript").focus()
    for tab in ("timeline", "delivery", "conversation", "exports", "summary"):
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(f"#tab-{tab}")).to_be_focused()
        await expect(page.locator(f"#panel-{tab}")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
