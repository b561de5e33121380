"""HTML elements with a text in them, by their tag: `text("h1", "Pitches")`. What they show is looked up in the language
of the page (`ui.i18n`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from ui.i18n import t

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Text(TextElement):
    """An element `tag` that shows `words`; a screen reader gets the tag's meaning."""

    def __init__(self, tag: str, words: str) -> None:
        super().__init__(tag=tag, text=t(words))


def text(tag: str, words: str, classes: str = "") -> Text:
    """A `Text` with its classes."""
    element = Text(tag, words)
    element.classes(classes)
    return element


def tab_title(words: str = "") -> None:
    """What the browser's tab, its history and a screen reader call this page."""
    ui.page_title(f"{t(words)} · Rostrum" if words else "Rostrum")


def button(words: str, classes: str, on_click: Callable[[], object]) -> Text:
    """A button with `words` on it; its look comes from `classes`."""
    element = text("button", words, classes).props("type=button")
    element.on("click", on_click)
    return element


def link(words: str, target: str) -> ui.link:
    """A link with `words` on it."""
    return ui.link(t(words), target)


def counted(number: int, noun: str) -> str:
    """ "1 sentence", "4 sentences"."""
    return t(f"{{number}} {noun}" if number == 1 else f"{{number}} {noun}s", number=number)


def when(moment: datetime, now: datetime) -> str:
    """A past moment as a person says it."""
    local, today = moment.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    clock = f"{local:%H:%M}"
    if days <= 0:
        return t("Today, {clock}", clock=clock)
    if days == 1:
        return t("Yesterday, {clock}", clock=clock)
    return t("{day} {month}, {clock}", day=local.day, month=t(MONTHS[local.month - 1]), clock=clock)
