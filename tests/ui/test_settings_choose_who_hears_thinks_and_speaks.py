"""Settings: who hears, thinks and speaks is chosen for each mode, checked and tried; no key is ever shown."""

from __future__ import annotations

import asyncio

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from engine.engines import PREFERENCE
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


def told(user: User) -> str:
    """All words of the page."""
    return "\n".join(str(getattr(element, "text", "")) for element in user.find(ui.element).elements)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DEEPGRAM_API_KEY", KEY)
    monkeypatch.setenv("DEEPGRAM_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_CHAT_MODEL", "gpt-4o")
    return monkeypatch


async def test_without_a_key_everything_is_here_and_the_variables_are_named(user: User) -> None:
    await user.open("/settings")
    await user.should_see("No key: set DEEPGRAM_API_KEY.")
    await user.should_see("Nothing: no sound, no text, no statistics.")
    assert list(options(user, "Pitch: hears")) == ["auto", "offline"]
    assert options(user, "Talk: all in one")["offline"] == "The three above"


@pytest.fixture
def with_keys(keys: pytest.MonkeyPatch, user: User) -> User:
    """The keys are there before the pages are."""
    return user
