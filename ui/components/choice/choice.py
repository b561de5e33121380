"""One of a few, as buttons of which one is pressed."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Choice(ui.radio, component="choice.js"):
    """Radio buttons of the browser's own, a quarter as many elements as Quasar's. `options`: what is shown by what is
    chosen; `title` names the group."""

    def __init__(self, options: Mapping[str, str] | Mapping[bool, str], *, value: object, title: TextElement) -> None:
        super().__init__(dict(options), value=value)
        self.tag = self.component.tag if self.component else self.tag  # ui.radio sets Quasar's
        self.props(f"aria-labelledby={title.html_id}")
