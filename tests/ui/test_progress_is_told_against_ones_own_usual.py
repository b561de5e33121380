"""The progress page: the focus of the week, days of practice, and plots whose dots lead to reports."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from nicegui import ui
from nicegui.testing import User
from playwright.async_api import Browser, Page, expect

from engine.progress import Trend, trends
from engine.records import Summary
from engine.store import Store
from tests.progress.sessions import series, summary
from tests.ui import a_session, every_page
from tests.ui.kept_sessions import kept
from ui.components.text import Text
from ui.pages.progress_plot import axis, bands, plot, table
from ui.pages.progress_practice import calendar


def shown(user: User) -> str:
    """Everything that is drawn."""
    return "".join(element.content for element in user.find(ui.html).elements)


def links(user: User) -> list[str]:
    return [str(link.props["href"]) for link in user.find(ui.link).elements]


def trend(summaries: list[Summary]) -> Trend:
    [found] = trends(summaries, "conversation", "verbatim")
    return found


async def test_without_a_session_it_says_what_to_do_next(user: User) -> None:
    await user.open("/progress")
    await user.should_see("It begins with one conversation.")
    assert "/coach" in links(user)
    await user.should_not_see("The focus of the week")


async def test_the_focus_comes_first_with_its_trend_and_a_drill(user: User, store: Store) -> None:
    ids = [kept(store, 6 - i, filler_percentage=9.0 - i, wpm=150 + i) for i in range(5)]
    await user.open("/progress")
    await user.should_see("The focus of the week")
    await user.should_see("Fillers: 6 % in your last 3 sessions; up to 4.5 is usual. One thing to try this week.")
    await user.should_see("Drill: ")
    drawn = shown(user)
    of_focus, of_pace = dots(drawn)
    assert [dot["href"] for dot in of_focus] == [dot["href"] for dot in of_pace] == [f"/report/{id}" for id in ids]
    assert "Band: up to 4.5" in drawn, "of the focus"
    assert "Your usual: 122 to 182, median 152" in drawn, "of the pace"


async def test_a_trend_is_said_in_a_sentence_that_says_whether_it_is_good(user: User, store: Store) -> None:
    for i in range(6):
        kept(store, 6 - i, filler_percentage=4.0 - 0.4 * i, longest_monologue=30 + i)
    await user.open("/progress")
    await user.should_see("It is where it should be: keep doing what you do.")
    await user.should_see("Rising, from about 30 s to 35 s over 6 sessions.")


async def test_with_few_sessions_it_says_how_many_more_a_trend_takes(user: User, store: Store) -> None:
    ids = [kept(store, 1, wpm=150), kept(store, 0, wpm=160)]
    await user.open("/progress")
    await user.should_see("2 more sessions of this kind, and a trend can be told.")
    assert all(f"/report/{id}" in shown(user) for id in ids)
    assert not [each.text for each in user.find(Text).elements if "so far; a trend takes" in each.text]


async def test_one_session_is_numbers_and_a_way_to_its_report(user: User, store: Store) -> None:
    id = kept(store, 0, wpm=150, questions=3)
    await user.open("/progress")
    await user.should_see("3 more sessions of this kind")
    await user.should_see("Inside the band, 130 to 190; from 300 words.")
    await user.should_see("From 300 turns.")
    assert f"/report/{id}" in links(user)
    assert "class=plot" not in shown(user)


async def test_a_kind_is_chosen_only_where_there_are_several(user: User, store: Store) -> None:
    kept(store, 3, wpm=150)
    await user.open("/progress")
    await user.should_not_see("Conversation")
    kept(store, 2, mode="interview", wpm=141)
    kept(store, 1, capability="stripped", wpm=142)
    await user.open("/progress?mode=interview&heard=verbatim")
    for words in ("Interview", "Conversation, every um heard", "Conversation, ums left out", "141 words a minute"):
        await user.should_see(words)
    await user.should_not_see("142 words a minute")
    assert "/progress?mode=conversation&heard=stripped" in links(user)


async def test_what_never_changes_is_a_sentence_and_no_plot(user: User, store: Store) -> None:
    for i in range(4):
        kept(store, i, wpm=150 + i, interruptions=0)
    await user.open("/progress")
    await user.should_see("The same in every session: interruptions 0.")


async def test_other_measures_are_there_for_whoever_asks(user: User, store: Store) -> None:
    for i in range(4):
        kept(store, i, wpm=150 + i, vocabulary=0.7 + i / 100)
    await user.open("/progress")
    await user.should_not_see("Variety of words")
    user.find("Show 1 more measure").click()
    await user.should_see("Variety of words")


async def test_a_session_nobody_has_summarised_is_measured_and_then_shown(user: User, store: Store) -> None:
    id = a_session.write(store)
    await user.open("/progress")
    await user.should_see("Measuring 1 earlier session…")
    await user.should_see("3 more sessions of this kind")
    await user.should_not_see("Measuring")
    [measured] = store.sessions.summaries()
    assert measured.meeting == id
    await user.should_see(f"{measured.measures['wpm'].value:.0f} words a minute")


async def test_a_title_cannot_become_a_part_of_the_page(user: User, store: Store) -> None:
    for i in range(2):
        kept(store, i, title='<img src=x onerror="alert(1)">', wpm=150 + i)
    await user.open("/progress")
    assert "<img" not in shown(user)
    assert "&lt;img" in shown(user)


def test_every_value_and_round_numbers_are_on_the_axis() -> None:
    for values in ([120, 250, 130, 140, 150], [0, 0, 0, 1], [0.21, 0.22, 0.2, 0.2], [5, 5, 5.0001]):
        drawn = axis(trend(series("talk_share", values)))
        assert all(0 <= drawn.up(value) <= 100 for value in values)
        ticks = drawn.ticks("%")
        assert 2 <= len(ticks) <= 4
        assert all(drawn.least <= tick <= drawn.most for tick in ticks)
        assert drawn.least >= 0


def test_a_small_change_does_not_look_like_a_great_one() -> None:
    drawn = axis(trend(series("talk_share", [50, 50.5])))
    assert drawn.up(50) - drawn.up(50.5) < 5


def test_times_are_read_in_minutes() -> None:
    drawn = plot(trend(series("longest_monologue", [40, 100, 130])))
    assert ">1:00</span>" in drawn
    assert ">2:00</span>" in drawn


def test_a_dot_tells_whether_it_is_inside_the_band_and_whether_it_counts() -> None:
    sessions = [*series("wpm", [150, 230]), summary(2, sure=False, wpm=150)]
    drawn = plot(trend(sessions))
    [found] = dots(drawn)
    assert [(dot["classes"].split(), dot["href"]) for dot in found] == [
        (["inside"], "/report/day0"),
        (["outside"], "/report/day1"),
        (["inside", "hint"], "/report/day2"),
    ]
    for dot in found:
        assert re.search(rf'class="mark {dot["classes"]}" d="M{dot["x"]} {dot["y"]}h', drawn)


def test_the_table_has_the_latest_first_and_marks_hints() -> None:
    rows = table(trend([*series("wpm", [150, 160]), summary(2, sure=False, wpm=170)])).split("<tr>")[2:]
    assert [re.search(r"\d+ words a minute", row)[0] for row in rows] == [
        f"{n} words a minute" for n in (170, 160, 150)
    ]
    assert "300 words, a hint" in rows[0]
    assert "a hint" not in rows[1]


def test_what_is_drawn_is_named_only_when_it_is_drawn() -> None:
    assert bands(trend(series("wpm", [150, 160]))).count("<span") == 1, "the band alone"
    assert "Your median: 155" in bands(trend(series("wpm", [150, 160, 150, 160])))
    assert "Your usual: 124 to 186, median 155" in bands(trend(series("wpm", [150, 160, 155, 150, 160])))


TODAY = date(2026, 11, 19)
"""A Thursday."""


@pytest.mark.parametrize(("days", "weeks"), [([], 5), ([0], 5), ([40], 7), ([400], 13)])
def test_the_calendar_begins_where_practice_does(days: list[int], weeks: int) -> None:
    drawn = calendar({TODAY - timedelta(days=back) for back in days}, TODAY)
    assert len(told(drawn)) == weeks


def test_the_calendar_marks_days_and_leaves_the_future_out() -> None:
    drawn = calendar({TODAY, TODAY - timedelta(days=3)}, TODAY)
    assert 'aria-label="Days with a session in the last 5 weeks: 16 November, 19 November"' in drawn
    *_, week = told(drawn)
    assert week == ["16 November: practised", "17 November: no session", "18 November: no session",
                    "19 November: practised"]  # fmt: skip
    squares = {kind: path.count("M") for kind, path in re.findall(r'<path class=(\w+) d="([^"]*)"', drawn)}
    assert squares == {"off": 4 * 7 + 2, "on": 2, "today": 1}


PLACE = """(nth) => {
  const field = document.querySelector(".plot .field");
  const { left, top, width, height } = field.getBoundingClientRect();
  const { x, y } = JSON.parse(field.querySelector("[data-dots]").dataset.dots)[nth];
  return [left + (x / 100) * width, top + (y / 100) * height];
}"""
"""Where the `nth` dot of the first plot is on the screen: it is no element of its own."""
TOLD = "getComputedStyle(document.querySelector('.plot .dot'), '::after').display !== 'none'"
"""Whether what is told of a dot is shown."""


async def plotted(browser: Browser, url: str, mode: str) -> Page:
    """With a plot in view."""
    page = await browser.new_page()
    await every_page.opened(page, f"{url}/progress?mode={mode}&heard=verbatim")
    await page.locator(".plot").first.scroll_into_view_if_needed()
    assert not await page.evaluate(TOLD)
    return page


async def test_a_dot_is_pointed_at_left_and_clicked(browser: Browser, rostrum: str, written: Store) -> None:
    ids = [kept(written, 6 - i, mode="interview", wpm=150 + 3 * i) for i in range(5)]
    page = await plotted(browser, rostrum, "interview")
    link, places = page.locator(".plot .dot").first, [await page.evaluate(PLACE, nth) for nth in range(5)]
    for nth in (1, 3):
        await page.mouse.move(*places[nth])
        await expect(link).to_have_attribute("href", f"/report/{ids[nth]}")
        await expect(link).to_have_attribute("data-tip", re.compile(f"{150 + 3 * nth} words a minute"))
        assert await page.evaluate(TOLD)
    await page.mouse.move(5, 5)
    assert not await page.evaluate(TOLD)

    x, y = places[2]
    await page.mouse.move(x, y)
    await page.keyboard.down("Control")
    await page.mouse.click(x + 15, y + 15)
    await page.keyboard.up("Control")
    assert "/progress" in page.url and len(page.context.pages) == 1
    await page.mouse.click(x + 15, y + 15)
    await page.wait_for_url(f"**/report/{ids[2]}")


async def test_the_arrow_keys_go_from_dot_to_dot(browser: Browser, rostrum: str, written: Store) -> None:
    ids = [kept(written, 6 - i, mode="sales", wpm=150 + 3 * i) for i in range(5)]
    page = await plotted(browser, rostrum, "sales")
    link = page.locator(".plot .dot").first
    await link.focus()
    for key, at in (("ArrowLeft", -2), ("ArrowLeft", -3), ("ArrowRight", -2), ("End", -1), ("ArrowLeft", -2)):
        await page.keyboard.press(key)
        await expect(link).to_have_attribute("href", f"/report/{ids[at]}")
    await link.dispatch_event("keydown", {"key": "ArrowLeft", "altKey": True})
    await expect(link).to_have_attribute("href", f"/report/{ids[-2]}")
    assert await page.evaluate(TOLD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/report/{ids[-2]}")


def told(drawn: str) -> list[list[str]]:
    """What a calendar says of each day, by weeks."""
    [days] = re.findall(r'data-days="([^"]*)"', drawn)
    return json.loads(unescape(days))


def dots(drawn: str) -> list[list[dict]]:
    """The points of each plot."""
    return [json.loads(unescape(each)) for each in re.findall(r'data-dots="([^"]*)"', drawn)]
