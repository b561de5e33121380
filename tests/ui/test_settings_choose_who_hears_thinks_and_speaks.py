"""Settings: who hears, thinks and speaks is chosen for each mode, checked and tried; no key is ever shown."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from engine.engines import PITCH, PREFERENCE
from engine.store import Store
from tests.vendors.deepgram import deepgram
from ui.components.text import Text

KEY = "a-secret-that-nobody-is-to-see"


def labelled(user: User, label: str) -> UserInteraction:
    [element] = [each for each in user.find(ui.element).elements if each.props.get("aria-label") == label]
    return UserInteraction(user, {element}, None)


def options(user: User, label: str) -> dict[str, str]:
    """What a choice offers, by the values."""
    [select] = labelled(user, label).elements
    return {child.props["value"]: child.text for child in select.default_slot.children if isinstance(child, Text)}


def choose(user: User, label: str, value: str) -> None:
    [select] = labelled(user, label).elements
    assert value in options(user, label)
    for listener in select._event_listeners.values():
        if listener.type == "change":
            select._handle_event({"listener_id": listener.id, "args": value})


async def eventually(store: Store, expected: object) -> None:
    async with asyncio.timeout(5):
        while store.preference(PREFERENCE) != expected:
            await asyncio.sleep(0.01)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DEEPGRAM_API_KEY", KEY)
    monkeypatch.setenv("DEEPGRAM_BASE_URL", "http://deepgram.invalid")
    monkeypatch.setenv("OPENAI_CHAT_MODEL", "gpt-4o")
    return monkeypatch


@pytest.fixture
async def answering(keys: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Deepgram is there, and knows the key."""
    async with deepgram(key=KEY) as server:
        keys.setenv("DEEPGRAM_BASE_URL", server.url)
        yield


async def test_without_a_key_everything_is_here_and_the_variables_are_named(user: User) -> None:
    await user.open("/settings")
    await user.should_see("No key: set DEEPGRAM_API_KEY.")
    await user.should_see("Nothing: no sound, no text, no statistics.")
    assert list(options(user, "Pitch: hears")) == ["auto", "offline"]
    assert options(user, "Talk: all in one")["offline"] == "The three above"


async def test_a_choice_is_of_one_mode_holds_at_once_and_is_shown(keys: object, user: User, store: Store) -> None:
    await user.open("/settings")
    await user.should_see("Pitch: nova-3 at")
    assert options(user, "Pitch: hears") == {
        "auto": "Automatic: Deepgram",
        "offline": "On this machine",
        "deepgram": "Deepgram",
    }
    choose(user, "Pitch: hears", "offline")
    await eventually(store, {PITCH: {"hear": "offline"}})
    await user.should_not_see("Pitch: nova-3 at")
    await user.should_see("Talk: nova-3 at")
    choose(user, "Pitch: hears", "auto")
    await eventually(store, {PITCH: {}})
    await user.should_see("Pitch: nova-3 at")


async def test_a_key_is_said_to_be_there_and_never_shown(keys: object, user: User) -> None:
    client = await user.open("/settings")
    await user.should_see("DEEPGRAM_API_KEY is set.")
    more = next(element for element in user.find(ui.element).elements if element.tag == "details")
    for listener in more._event_listeners.values():
        more._handle_event({"listener_id": listener.id, "args": {}})
    await user.should_see("XI_MODEL_ID")
    everything = "".join(str(element._to_dict()) for element in client.elements.values())
    assert "DEEPGRAM_API_KEY" in everything
    assert KEY not in everything


async def test_a_vendor_that_does_not_answer_is_told_when_it_is_checked(keys: object, user: User) -> None:
    await user.open("/settings")
    labelled(user, "Check whether Deepgram works").click()
    await user.should_see("Hears: nova-3 at")
    await user.should_see("cannot be reached")
    assert "disabled" not in next(iter(labelled(user, "Check whether Deepgram works").elements)).props


async def test_a_vendor_that_answers_works(answering: object, user: User) -> None:
    await user.open("/settings")
    labelled(user, "Check whether Deepgram works").click()
    await user.should_see("Hears: works")
    await user.should_see("Speaks: works")


async def test_a_sentence_is_heard_in_the_chosen_voice(user: User) -> None:
    await user.open("/settings")
    labelled(user, "Try it: hear a sentence as in Pitch").click()
    [sound] = labelled(user, "A sentence as in Pitch").elements
    async with asyncio.timeout(20):
        while not str(sound.props.get("src", "")).startswith("data:audio/mpeg;base64,"):
            await asyncio.sleep(0.05)
    assert len(base64.b64decode(str(sound.props["src"]).partition(",")[2])) > 10_000, "more than silence"
    assert "unheard" not in sound.classes
