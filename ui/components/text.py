"""HTML elements with a text in them, by their tag: `text("h1", "Pitches")`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Text(TextElement):
    """An element `tag` that shows `words`; a screen reader gets the tag's meaning."""

    def __init__(self, tag: str, words: str) -> None:
        super().__init__(tag=tag, text=words)


def text(tag: str, words: str, classes: str = "") -> Text:
    """A `Text` with its classes."""
    element = Text(tag, words)
    element.classes(classes)
    return element


def tab_title(words: str = "") -> None:
    """What the browser's tab, its history and a screen reader call this page."""
    ui.page_title(f"{words} · Rostrum" if words else "Rostrum")


def button(words: str, classes: str, on_click: Callable[[], object]) -> Text:
    """A button with `words` on it; its look comes from `classes`."""
    element = text("button", words, classes).props("type=button")
    element.on("click", on_click)
    return element


def counted(number: int, noun: str) -> str:
    """ "1 sentence", "4 sentences"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def when(moment: datetime, now: datetime) -> str:
    """A past moment as a person says it."""
    local, today = moment.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    clock = f"{local:%H:%M}"
    if days <= 0:
        return f"Today, {clock}"
    return f"Yesterday, {clock}" if days == 1 else f"{local.day} {local:%B}, {clock}"
