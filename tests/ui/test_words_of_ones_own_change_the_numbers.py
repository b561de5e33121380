"""Words that somebody wants counted as fillers, or let pass: all numbers follow."""

from __future__ import annotations

import asyncio

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from engine.desk import Desk
from engine.progress import catch_up
from engine.store import Store
from tests.ui.kept_sessions import kept
from tests.ui.test_two_sessions_are_read_side_by_side import spoken
from ui.components.text import Text
from ui.pages.my_words import Words, phrase_of


def percentage(store: Store, id: str) -> float:
    return Desk(store).dossier(id).analysis.measures["filler_percentage"].value or 0.0


def kept_percentage(store: Store) -> float:
    [summary] = store.sessions.summaries()
    return summary.measures["filler_percentage"].value


def labelled(user: User, kind: type[ui.element], label: str) -> UserInteraction:
    [element] = [element for element in user.find(kind).elements if element.props.get("aria-label") == label]
    return UserInteraction(user, {element}, None)


def add(user: User, name: str, words: str) -> ui.input:
    """Type it and press Enter; the field."""
    field = labelled(user, ui.input, f"{name}: a word or a phrase").type(words).trigger("keydown.enter")
    [element] = field.elements
    return element


def act(user: User, label: str) -> None:
    labelled(user, Text, label).click()


async def test_a_word_that_is_added_is_counted_at_once_and_in_the_trends(user: User, store: Store) -> None:
    id, desk = spoken(store, "one", ums=4), Desk(store)
    catch_up(store, desk)
    before = kept_percentage(store)
    await user.open("/words")
    await user.should_see("2.2 % fillers")
    field = add(user, "Count as fillers", " Their  Week. ")
    await user.should_see("7.6 % fillers")
    assert desk.own_fillers() == (("their week",), ())
    assert percentage(store, id) == pytest.approx(100 * 14 / 184)
    assert field.value == "", "the next one can be typed"
    assert kept_percentage(store) == before, "still there until it is measured again"
    catch_up(store, desk)
    assert kept_percentage(store) == pytest.approx(percentage(store, id))


async def test_a_word_that_was_counted_is_let_pass_with_a_click(user: User, store: Store) -> None:
    spoken(store, "one", ums=4)
    await user.open("/words")
    await user.should_see("4 ×")
    act(user, "Let pass: um")
    await user.should_see("0 % fillers")
    assert Desk(store).own_fillers() == ((), ("um",))
    act(user, "Take “um” off the list")
    await user.should_see("2.2 % fillers")
    assert Desk(store).own_fillers() == ((), ())


async def test_a_watched_word_is_let_pass_by_watching_it_no_more(user: User, store: Store) -> None:
    Desk(store).set_own_fillers(["their week"], [])
    spoken(store, "one", ums=0)
    await user.open("/words")
    await user.should_see("10 ×")
    act(user, "Let pass: their week")
    await user.should_see("0 % fillers")
    assert Desk(store).own_fillers() == ((), ())


async def test_without_a_session_the_lists_can_be_written_all_the_same(user: User, store: Store) -> None:
    await user.open("/words")
    await user.should_see("Let pass")
    await user.should_not_see("In your last session")
    add(user, "Let pass", "well")
    async with asyncio.timeout(5):
        while not Desk(store).own_fillers()[1]:
            await asyncio.sleep(0.01)
    assert Desk(store).own_fillers() == ((), ("well",))


async def test_the_page_is_reached_from_progress(user: User, store: Store) -> None:
    kept(store, 0, wpm=150)
    await user.open("/progress")
    await user.should_see("My words")
    assert "/words" in [str(link.props["href"]) for link in user.find(ui.link).elements]


def test_a_phrase_is_on_one_list_only() -> None:
    words = Words(watch=("so",), ignore=()).passing("so")
    assert words == Words(watch=(), ignore=("so",))
    assert words.counting("so") == Words(watch=("so",), ignore=())
    assert words.counting("so").counting("so") == Words(watch=("so",), ignore=())


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [("  To be   honest, ", "to be honest"), ("“Super!”", "super"), ("…", ""), ("o'clock", "o'clock")],
)
def test_what_is_typed_is_compared_as_it_is_said(typed: str, phrase: str) -> None:
    assert phrase_of(typed) == phrase
