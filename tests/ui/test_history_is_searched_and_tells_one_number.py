"""The history as a list: what is looked for in it, the one number of each session, and what it says of recordings."""

from __future__ import annotations

import pytest
from nicegui import ui
from nicegui.testing import User
from playwright.async_api import Browser, expect

from engine.clock import wall
from engine.records import PastMeeting, TranscriptLine
from engine.store import Store
from tests.ui.kept_sessions import kept
from ui.components.text import Text
from ui.pages.history import retention
from ui.pages.history_listing import Found, place


def links(user: User) -> list[str]:
    return [str(link.props["href"]) for link in user.find(ui.link).elements]


def told(user: User) -> list[str]:
    return [each.text for each in user.find(Text).elements]


async def test_a_coached_session_is_listed_and_leads_to_its_report(user: User, store: Store) -> None:
    id = kept(store, title="Coffee with Sam", wpm=150)
    await user.open("/history?kind=coach")
    await user.should_see("Coffee with Sam")
    await user.should_see("Coached, 9 s, 1 turn")
    assert f"/report/{id}" in links(user)
    assert f"/history/{id}" not in links(user)


async def test_a_kind_without_sessions_says_how_to_begin(user: User, store: Store) -> None:
    kept(store, title="Coffee with Sam")
    await user.open("/history?kind=talk")
    await user.should_see("No talk yet.")
    await user.should_not_see("Coffee with Sam")
    assert "/history?kind=coach" in links(user)


async def test_words_are_looked_for_in_titles_and_transcripts(user: User, store: Store) -> None:
    kept(store, title="Coffee with Sam", said="the pilot in Leeds went well")
    kept(store, title="A walk", said="nothing of it")
    await user.open("/history")
    field = user.find("Search titles and transcripts")
    field.type("LEEDS pilot")
    await user.should_not_see("A walk")
    await user.should_see("Coffee with Sam")
    assert "0:02 You: the pilot in " in told(user)
    assert "Leeds" in told(user), "as it was said"
    assert "/history?kind=coach&q=LEEDS+pilot" in links(user), "another kind is searched for the same"
    field.clear()
    field.type("walk")
    await user.should_see("A walk")
    await user.should_not_see("Coffee with Sam")


async def test_a_search_stands_in_the_address(user: User, store: Store) -> None:
    kept(store, title="Coffee with Sam", said="the pilot in Leeds went well")
    kept(store, title="A walk")
    await user.open("/history?q=leeds")
    await user.should_see("Coffee with Sam")
    await user.should_not_see("A walk")
    [field] = user.find(ui.input).elements
    assert field.value == "leeds"


async def test_finding_nothing_says_so_and_keeps_the_field(user: User, store: Store) -> None:
    kept(store)
    await user.open("/history?q=zebra")
    await user.should_see("Nothing holds “zebra”")
    assert user.find(ui.input).elements
    await user.should_not_see("Delete everything")


async def test_each_session_has_the_number_of_what_is_looked_after(user: User, store: Store) -> None:
    ids = [kept(store, 3 - i, wpm=150 + i, filler_percentage=7 + i) for i in range(3)]
    other = kept(store, mode="interview", wpm=151, talk_share=60)
    nothing = kept(store)
    await user.open("/history")
    for words in ("7 %", "8 %", "9 %", "Fillers", "151 words a minute"):
        await user.should_see(words)
    assert all(links(user).count(f"/report/{id}") == 2 for id in [*ids, other])
    assert links(user).count(f"/report/{nothing}") == 1, "nothing was measured"


async def test_home_has_the_focus_and_the_same_numbers(user: User, store: Store) -> None:
    ids = [kept(store, 3 - i, filler_percentage=7 + i) for i in range(3)]
    await user.open("/")
    await user.should_see("The focus of the week")
    await user.should_see("Fillers: 8 % in your last 3 sessions; up to 4.5 is usual.")
    await user.should_see("9 %")
    assert {"/progress", *(f"/report/{id}" for id in ids)} <= set(links(user))


async def test_home_has_no_focus_before_anything_was_measured(user: User, store: Store) -> None:
    kept(store)
    await user.open("/")
    await user.should_see("Last sessions")
    await user.should_not_see("The focus of the week")


def test_what_is_kept_of_the_sound_is_one_sentence() -> None:
    assert retention(None) == "Sound is kept only of sessions that you chose to record, until you delete it."
    assert retention(1).endswith("and deleted after 1 day; the transcripts stay.")
    assert retention(30).endswith("and deleted after 30 days; the transcripts stay.")


def line(text: str, speaker: str = "user", start: float = 3.0) -> TranscriptLine:
    return TranscriptLine(
        id=1, speaker=speaker, text=text, start=start, end=start + 1, mark=None, interrupted=False, at=wall()
    )


@pytest.fixture
def meeting(store: Store) -> PastMeeting:
    return store.archive.meeting(kept(store))


def test_words_side_by_side_are_preferred_to_one_of_them(meeting: PastMeeting) -> None:
    lines = [line("the office is closed"), line("Our Leeds office", "partner", 65.0)]
    found = place(meeting, lines, "leeds  office")
    assert found == Found(at="1:05", who="They", before="Our ", word="Leeds office", after="")


def test_a_long_line_is_cut_at_whole_words(meeting: PastMeeting) -> None:
    found = place(meeting, [line(f"{'before ' * 40}zebra {'behind ' * 40}")], "zebra")
    assert found is not None
    assert found.before.startswith("… before")
    assert found.after.endswith("behind …")
    assert len(found.before + found.word + found.after) < 160


def test_what_stands_in_the_title_alone_has_no_line(meeting: PastMeeting) -> None:
    assert place(meeting, [line("we make cups")], "coffee") is None


async def test_going_back_from_a_report_finds_the_same_search(browser: Browser, rostrum: str, written: Store) -> None:
    kept(written, title="Coffee with Zenobia", wpm=150)
    kept(written, title="A walk")
    page = await browser.new_page()
    await page.goto(f"{rostrum}/history")
    await page.get_by_label("Search titles and transcripts").press_sequentially("zenobia")
    await page.wait_for_url(f"{rostrum}/history?q=zenobia")
    await expect(page.locator(".session")).to_have_count(1)
    await page.get_by_label("To the report on Coffee with Zenobia").click()
    await page.wait_for_url("**/report/*")
    await page.go_back()
    await expect(page.locator(".session")).to_have_count(1)
    assert page.url == f"{rostrum}/history?q=zenobia"
