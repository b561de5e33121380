"""Settings and the history: what is kept where, taking it along, deleting it, and what a session cost."""

from __future__ import annotations

import asyncio

import pytest
from nicegui import ui
from nicegui.testing import User

from engine.bills import Item
from engine.store import Store
from tests.exports.sessions import write as finished
from ui.pages.settings_keeping import EXPORT, size


async def test_what_is_kept_is_counted_and_gone_when_all_of_it_is_deleted(user: User, store: Store) -> None:
    finished(store, sound=True)
    await user.open("/settings")
    await user.should_see("1 session: transcripts")
    await user.should_see("1 session with sound")
    await user.should_see("1 pitch with notes and questions, 0 people of your own.")
    await user.should_see("the file rostrum.db in the folder")
    links = {link.text: str(link.props["href"]) for link in user.find(ui.link).elements}
    assert links["Take everything along"] == EXPORT
    assert {"/words", "/coach/check", "/history"} <= set(links.values())

    user.find("Delete every session").click()
    await user.should_see("Delete the whole history?")
    assert store.archive.meetings()
    user.find("Delete everything").click()
    async with asyncio.timeout(5):
        while store.archive.meetings():
            await asyncio.sleep(0.01)
    await user.should_see("0 sessions: transcripts")
    await user.should_see("0 sessions with sound, 0 kB")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_RECORDINGS_DAYS", "30")
    monkeypatch.setenv("MAX_COST_PER_SESSION", "0.25")


async def test_the_days_and_the_limit_are_those_of_the_settings(limits: None, user: User) -> None:
    await user.open("/settings")
    await user.should_see("for 30 days (KEEP_RECORDINGS_DAYS)")
    await user.should_see("$0.25 a session")


async def test_a_session_says_what_it_cost_and_one_that_cost_nothing_says_nothing(user: User, store: Store) -> None:
    id = finished(store)
    await user.open(f"/history/{id}")
    await user.should_not_see("$")
    heard = Item(provider="deepgram", label="nova-3 at Deepgram", unit="seconds heard", amount=126.0, usd=0.03)
    store.bills.add(id, [heard])
    await user.open(f"/history/{id}")
    await user.should_see("About $0.03: 2.1 minutes heard by nova-3 at Deepgram.")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 kB"), (1499, "1 kB"), (3_400_000, "3.4 MB"), (2 * 10**9, "2.0 GB")]
)
def test_sizes_are_written_for_people(count: int, words: str) -> None:
    assert size(count) == words
