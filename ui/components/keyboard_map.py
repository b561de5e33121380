"""What the keys do on a page: `?` shows it, Esc closes it. A page declares its own keys while it is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nicegui import Client, ui

from ui.components.text import button, text
from ui.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is on the keys, one or several that do alike, and what they do."""

    keys: tuple[str, ...]
    does: str


STAGE = (
    Key(keys=("Space",), does="Hold to talk, tap to play or pause"),
    Key(keys=("←", "→"), does="The sentence before, the sentence after"),
    Key(keys=("M",), does="Mute the microphone"),
    Key(keys=("Esc",), does="Stop"),
)
TALK = (
    Key(keys=("Space",), does="Hold to talk, tap to cut in or go on"),
    Key(keys=("M",), does="Mute the microphone"),
    Key(keys=("Esc",), does="Stop"),
)
COACH = (
    Key(keys=("Space",), does="Help: what could I say?"),
    Key(keys=("P",), does="They speak: hold it, or tap it"),
    Key(keys=("M",), does="Mute the microphone"),
    Key(keys=("Esc",), does="Finish"),
)
REPORT = (
    Key(keys=("←", "→"), does="The tab before, the tab after; on the timeline: the moment"),
    Key(keys=("Home", "End"), does="The first tab, the last tab"),
    Key(keys=("Enter",), does="Hear the moment that has the focus"),
)
EVERYWHERE = (
    Key(keys=("Tab",), does="Go to the next control; with Shift to the one before"),
    Key(keys=("Enter",), does="Press what has the focus"),
    Key(keys=("?",), does="Show the keys of this page"),
    Key(keys=("Esc",), does="Close what is open"),
)
LISTEN = """<script>
document.addEventListener("keydown", (event) => {
  const typing = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(typing)) return;
  if (!document.querySelector(".q-dialog, dialog[open]")) emitEvent("keys_asked");
});
</script>"""
_declared: WeakKeyDictionary[Client, dict[str, tuple[Key, ...]]] = WeakKeyDictionary()
"""By the page's address, for each window."""


def declare(keys: Iterable[Key]) -> None:
    """What the keys do on the page being built."""
    client = ui.context.client
    _declared.setdefault(client, {})[_path(client)] = tuple(keys)


def declared() -> tuple[Key, ...]:
    """What the page that is shown has declared."""
    client = ui.context.client
    return _declared.get(client, {}).get(_path(client), ())


def keyboard_map() -> None:
    """A button that shows the map, and the key that does the same."""
    ui.add_body_html(LISTEN)
    ui.on("keys_asked", show)
    button("Keyboard", "quiet", show).props("aria-keyshortcuts=?")


def show() -> None:
    """The map over the page. It goes with a click beside it, too."""
    dialog = ui.dialog(value=True)
    dialog.props["aria-label"] = t("Keyboard")
    dialog.on("hide", dialog.delete)
    with dialog, ui.element("div").classes("sheet keyboard-map"):
        text("h2", "Keyboard")
        own = declared()
        if own:
            _rows("On this page", own)
        _rows("Everywhere", EVERYWHERE)
        text("p", "While you type, every key writes.", "faint")
        with ui.element("div").classes("ends"):
            button("Close", "button", dialog.close).props("autofocus")


def _rows(heading: str, keys: Iterable[Key]) -> None:
    text("h3", heading)
    with ui.element("dl"):
        for key in keys:
            with ui.element("dt"):
                for name in key.keys:
                    text("kbd", name)
            text("dd", key.does)


def _path(client: Client) -> str:
    return client.sub_pages_router.current_path.partition("?")[0]
