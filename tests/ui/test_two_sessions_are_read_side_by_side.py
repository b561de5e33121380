"""The page that compares two sessions: what changed, in words and with n, and why the rest is not compared."""

from __future__ import annotations

import asyncio

from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from engine.clock import wall
from engine.messages import Said
from engine.providers.base import Word
from engine.records import Aim
from engine.store import Store
from tests.ui.conftest import built
from tests.ui.kept_sessions import kept

SENTENCE = "we build a tool that helps teams plan their week and see what matters before it is late"


def spoken(store: Store, id: str, *, ums: int, capability: str = "verbatim") -> str:
    """A session of ten turns, 18 words each, the first `ums` of which begin with one."""
    store.sessions.begin(id, Aim(), wall(), f"Session {id}")
    store.sessions.set_heard(id, capability=capability, separate=True)
    for turn in range(10):
        words = [*(["um"] * (turn < ums)), *SENTENCE.split()]
        at = 10.0 * turn
        timed = tuple(
            Word(text=word, start=at + 0.4 * i, end=at + 0.4 * i + 0.3, confidence=0.9) for i, word in enumerate(words)
        )
        store.add_line(id, Said(speaker="user", text=" ".join(words), start=at, end=timed[-1].end, words=timed), wall())
    return id


def drawn(user: User) -> str:
    return "".join(element.content for element in user.find(ui.html).elements)


async def test_what_changed_is_said_with_what_it_rests_on(user: User, store: Store) -> None:
    before, after = spoken(store, "before", ums=9), spoken(store, "after", ums=2)
    await user.open(f"/compare/{before}/{after}")
    await user.should_see("Two sessions side by side")
    await user.should_see("Better")
    table = drawn(user)
    for words in ("4.8 %", "1.1 %", "3.7 points less", "189 words", "182 words"):
        assert words in table
    await user.should_see("about the same")


async def test_the_order_of_the_address_does_not_matter(user: User, store: Store) -> None:
    before, after = spoken(store, "before", ums=9), spoken(store, "after", ums=2)
    await user.open(f"/compare/{after}/{before}")
    await user.should_see("Better")
    assert "3.7 points less" in drawn(user)


async def test_what_cannot_be_compared_says_why(user: User, store: Store) -> None:
    before, after = spoken(store, "before", ums=9), spoken(store, "after", ums=2, capability="stripped")
    await user.open(f"/compare/{before}/{after}")
    await user.should_see("Fillers were heard better in one of them than in the other")
    await user.should_see("Fillers: it depends on how well fillers were heard.")
    await user.should_see("Your share of talking: ")
    assert "points less" not in drawn(user)


async def test_another_session_can_be_put_in_its_place(user: User, store: Store) -> None:
    ids = [spoken(store, id, ums=3) for id in ("one", "two", "three")]
    await user.open(f"/compare/{ids[0]}/{ids[2]}")
    await user.should_see("Its report")
    [earlier] = [element for element in user.find(ui.element).elements if element.props.get("id") == "side-earlier"]
    offered = {option.props["value"] for option in earlier.default_slot.children}
    assert offered == {"one", "two"}, "not the one it is compared with"
    UserInteraction(user, {earlier}, None).trigger("change", "two")
    assert user.client is not None
    async with asyncio.timeout(5):
        while user.client.sub_pages_router.current_path != "/compare/two/three":
            await asyncio.sleep(0.01)
    await built()
    await user.should_see("Its report")


async def test_a_session_that_is_gone_leads_back(user: User, store: Store) -> None:
    await user.open(f"/compare/{spoken(store, 'one', ums=1)}/nobody")
    await user.should_see("One of these sessions is not here")


async def test_the_last_two_are_a_click_away(user: User, store: Store) -> None:
    ids = [kept(store, 3 - i, wpm=150 + i) for i in range(3)]
    kept(store, 0, mode="interview", wpm=150)
    await user.open("/progress?mode=conversation&heard=verbatim")
    await user.should_see("Compare two sessions")
    assert f"/compare/{ids[1]}/{ids[2]}" in [str(link.props["href"]) for link in user.find(ui.link).elements]
