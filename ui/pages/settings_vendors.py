"""Vendors: whether there is a key, whether it works, and which models are about to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from engine.clock import wall
from engine.errors import ProviderFailed
from engine.settings import KEYS, Settings
from ui.components.text import Text, button, text
from ui.pages.settings_engines import LEGS

if TYPE_CHECKING:
    from engine.engines import Ending
    from ui.studio import Studio

WORKS = "works"
NOTE = "A key is a line in the file .env or in the environment, read at the start. It is never shown here."


def build(studio: Studio, changed: Callable[[], object]) -> None:
    """The part of the page; `changed` is called when one of them was found to work, or not."""
    endings = studio.engines.endings()
    with ui.element("section").classes("setting"):
        text("h2", "Vendors and keys")
        text("p", NOTE, "soft note")
        with ui.element("div").classes("entries"):
            for vendor in KEYS:
                _vendor(studio, vendor, endings if vendor == "OpenAI" else (), changed)


def _vendor(studio: Studio, vendor: str, endings: Sequence[Ending], changed: Callable[[], object]) -> None:
    legs = [leg for leg, names in studio.engines.there().items() if vendor.lower() in names]
    with ui.element("div").classes("entry vendor"):
        with ui.element("div").classes("grow"):
            text("b", vendor)
            text("p", _key(studio.settings, vendor, there=bool(legs)), "faint")
            for ending in endings:
                text("p", _ended(ending), "ending")
            results = ui.element("div").props("role=status")
        if legs:
            _check(studio, vendor, legs, results, changed)


def _check(
    studio: Studio, vendor: str, legs: Sequence[str], results: ui.element, changed: Callable[[], object]
) -> None:
    async def check() -> None:
        act.props("disabled")
        act.set_text("Checking …")
        try:
            found = await asyncio.gather(*(_result(studio, leg, vendor.lower()) for leg in legs))
        finally:
            act.props(remove="disabled")
            act.set_text("Check")
        results.clear()
        with results:
            for leg, result in zip(legs, found, strict=True):
                text("p", f"{LEGS[leg]}: {result}", "works" if result == WORKS else "ending")
        changed()

    act: Text = button("Check", "button", check)
    act.props["aria-label"] = f"Check whether {vendor} works"


async def _result(studio: Studio, leg: str, vendor: str) -> str:
    try:
        await studio.engines.check(leg, vendor)
    except ProviderFailed as error:
        return str(error)
    return WORKS


def _key(settings: Settings, vendor: str, *, there: bool) -> str:
    """Never its value."""
    names = KEYS[vendor]
    found = [name.upper() for name in names if getattr(settings, name)]
    if found:
        return f"{found[0]} is set."
    if there:
        return "A server of your own, or a key for one task: see below what is set."
    return f"No key: set {names[0].upper()}."


def _ended(ending: Ending) -> str:
    over = ending.date <= wall().date()
    day = f"{ending.date.day} {ending.date:%B %Y}"
    return (
        f"{ending.model} {'was' if over else 'will be'} shut down on {day}: set {ending.setting} to {ending.successor}."
    )
