"""The history's two pages: what they say of a store, what they delete, and, in a real browser, how a line is heard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing import User
from playwright.async_api import Browser, expect

from engine.clock import wall
from engine.messages import QuestionAsked, Said
from engine.recording import Track
from engine.store import Store
from tests.store.sound import tone

LINES = (
    Said(speaker="agent", text="What do you do?", start=0.5, end=2.0),
    Said(speaker="user", text="we make cups", start=2.5, end=4.0),
    Said(speaker="agent", text="Cups that keep", start=4.5, end=6.0, interrupted=True),
    Said(speaker="user", text="exactly", start=6.0, end=7.0),
)

WATCH = """() => {
  window.lit = [];
  window.sought = [];
  document.querySelector("audio").addEventListener("seeking", ({ target }) => sought.push(target.currentTime));
  new MutationObserver((changes) => {
    for (const { target } of changes) if (target.matches(".line.now")) lit.push(target.innerText);
  }).observe(document.body, { subtree: true, attributeFilter: ["class"] });
}"""
"""Where the sound was sent to, and which lines were lit: in a moment it is another one."""


def talk(
    store: Store, *, title: str = "Morgan Reed", persona: str = "nobody", days: int = 0, sound: bool = False
) -> str:
    begun = wall() - timedelta(days=days)
    meeting = store.begin_meeting("talk", None, None, begun, persona, title).id
    for line in LINES:
        store.add_line(meeting, line, begun)
    if sound:
        folder = store.archive.recordings.folder
        folder.mkdir(exist_ok=True)
        track = Track(folder / f"{meeting}.user.ogg", 16_000)
        for second in range(8):
            track.push(tone(1.0), second + 1.0)
        track.close()
    return meeting


def pitch(store: Store) -> str:
    meeting = store.begin_meeting("pitch", "rostrum").id
    store.add_line(meeting, Said(speaker="agent", text="Think of it.", start=0.0, end=2.0, mark=1), wall())
    store.add_line(meeting, Said(speaker="user", text="who pays", start=2.0, end=3.0), wall())
    store.set_place(meeting, None, True)
    return meeting


def links(user: User) -> list[str]:
    return [str(link.props["href"]) for link in user.find(ui.link).elements]


async def test_an_empty_history_says_what_to_do_next(user: User) -> None:
    await user.open("/history")
    await user.should_see("Talk with somebody")
    await user.should_see("Hear a pitch")
    await user.should_not_see("Delete everything")


async def test_conversations_are_listed_by_day_with_what_there_is_to_know(user: User, store: Store) -> None:
    talked, pitched = talk(store, days=1, sound=True), pitch(store)
    await user.open("/history")
    for words in ("Today", "Yesterday", "Morgan Reed", "Talk, 7 s, 2 turns", "Recorded", "Rostrum in one minute"):
        await user.should_see(words)
    await user.should_see("Pitch, 3 s, 1 question, heard to the end")
    assert {f"/history/{pitched}", f"/history/{talked}"} <= set(links(user))


async def test_one_kind_can_be_picked(user: User, store: Store) -> None:
    talk(store)
    await user.open("/history?kind=pitch")
    await user.should_not_see("Morgan Reed")
    await user.should_see("Hear a pitch and cut in")
    await user.open("/history?kind=talk")
    await user.should_see("Morgan Reed")


async def test_older_ones_are_a_click_away(user: User, store: Store) -> None:
    for number in range(23):
        talk(store, title=f"Number {number}", days=number)
    await user.open("/history")
    await user.should_see("Number 19")
    await user.should_not_see("Number 20")
    user.find("Show earlier ones").click()
    await user.should_see("Number 22")
    await user.should_not_see("Show earlier ones")


async def test_a_transcript_shows_who_said_what_and_what_was_cut_off(user: User, store: Store) -> None:
    await user.open(f"/history/{talk(store)}")
    for words in ("Morgan Reed", "You", "What do you do?", "we make cups", "Cups that keep", "cut off", "0:02"):
        await user.should_see(words)
    await user.should_see("Save the transcript")
    for words in ("Save the recording", "Delete the recording", "Talk again"):
        await user.should_not_see(words)  # there is none, and nobody of that id


async def test_somebody_who_is_still_there_can_be_talked_with_again(user: User, store: Store) -> None:
    somebody = store.people.all()[0].id
    await user.open(f"/history/{talk(store, persona=somebody)}")
    await user.should_see("Talk again")
    assert f"/talk/{somebody}" in links(user)


async def test_a_pitch_shows_the_questions_of_that_time_only(user: User, store: Store) -> None:
    meeting = pitch(store)
    store.add_question("rostrum", QuestionAsked(text="Who pays for it?", answer="", answered=False))
    await user.open(f"/history/{meeting}")
    await user.should_see("Questions asked")
    await user.should_see("Who pays for it?")
    await user.should_see("Hear it again")
    earlier = store.begin_meeting("pitch", "rostrum", None, wall() - timedelta(days=1)).id
    store.add_line(earlier, Said(speaker="agent", text="Think of it.", start=0.0, end=2.0, mark=1), wall())
    await user.open(f"/history/{earlier}")
    await user.should_not_see("Questions asked")


async def test_a_recording_is_deleted_after_a_question_and_the_transcript_stays(user: User, store: Store) -> None:
    meeting = talk(store, sound=True)
    await user.open(f"/history/{meeting}")
    await user.should_see("Save the recording")
    user.find("Delete the recording").click()
    await user.should_see("Nobody can hear it any more")
    assert store.archive.meeting(meeting).recorded
    user.find("Delete it").click()
    await user.should_not_see("Save the recording")
    assert not store.archive.meeting(meeting).recorded
    await user.should_see("we make cups")


async def test_a_conversation_is_deleted_after_a_question(user: User, store: Store) -> None:
    meeting = talk(store, sound=True)
    await user.open(f"/history/{meeting}")
    user.find("Delete the conversation").click()
    await user.should_see("Its transcript and its recording will be gone")
    user.find("Delete it").click()
    await user.should_see("Talk with somebody")
    assert store.archive.meetings() == []


async def test_the_whole_history_is_deleted_after_a_question(user: User, store: Store) -> None:
    talk(store)
    pitch(store)
    await user.open("/history")
    user.find("Delete everything").click()
    await user.should_see("Delete the whole history?")
    user.find("Keep it").click()
    assert len(store.archive.meetings()) == 2


async def test_a_conversation_that_is_not_there_says_so(user: User) -> None:
    await user.open("/history/nobody")
    await user.should_see("This conversation is not here")


async def test_home_leads_to_the_last_sessions_of_both_kinds(user: User, store: Store) -> None:
    meetings = [talk(store), pitch(store)]
    await user.open("/")
    await user.should_see("2 turns")
    await user.should_see("1 question")
    assert {f"/history/{meeting}" for meeting in meetings} <= set(links(user))


@pytest.mark.parametrize("how", ["click", "Enter", " "])
async def test_a_line_is_heard_from_where_it_was_said(browser: Browser, rostrum: str, written: Store, how: str) -> None:
    meeting = talk(written, sound=True)
    page = await browser.new_page()
    await page.goto(f"{rostrum}/history/{meeting}")
    line = page.get_by_role("button", name="Cups that keep")
    await page.wait_for_function("document.querySelector('audio').readyState > 0")
    assert await page.evaluate("document.querySelector('audio').duration") == pytest.approx(8.0, abs=0.05)
    await page.evaluate(WATCH)
    if how == "click":
        await line.click()
    else:
        await line.press(how)
    await page.wait_for_function("lit.length > 1")
    first, second = (await page.evaluate("lit"))[:2]
    assert "Cups that keep" in first
    assert "exactly" in second, "it goes on by itself"
    assert await page.evaluate("sought") == [pytest.approx(4.5, abs=0.3)]


async def test_a_recording_that_went_missing_says_so(browser: Browser, rostrum: str, written: Store) -> None:
    meeting = talk(written, sound=True)
    [track] = written.archive.recordings.folder.glob(f"{meeting}.*")
    track.write_bytes(b"OggS, or is it?")
    page = await browser.new_page()
    await page.goto(f"{rostrum}/history/{meeting}")
    await expect(page.get_by_text("The recording cannot be played.")).to_be_visible()
