"""The stage as an element of a page: sound runs over its own socket, only rare events reach Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import events, ui

from engine.settings import Settings
from engine.wire.guard import LOOPBACK, LOOPBACK_ORIGIN
from ui import i18n

PATH = "/voice"


class VoiceLink(ui.element, component="voice_link.js", esm={"rostrum-voice": "web"}):
    """Plays `pitch` from sentence `mark` (from 1) and takes questions by voice or keyboard.

    `autoplay` begins at once where the browser allows sound without a further tap. `machine`: see `machine_sound`.
    `on_question` is told after each question that was asked, `on_line` the sentence (from 1) that it has come to,
    `on_finished` that it was heard to its end.
    """

    def __init__(
        self,
        *,
        pitch: str,
        sentences: Sequence[str],
        mark: int = 1,
        autoplay: bool = False,
        machine: str = "",
        on_question: Callable[[], object] | None = None,
        on_line: Callable[[int], object] | None = None,
        on_finished: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._props["machine"] = machine
        self._props.update({"path": PATH, "pitch": pitch, "mark": mark, "autoplay": autoplay})
        self._props["words"] = dict(i18n.words("voice_link"))
        self._props["sentences"] = list(sentences)
        if on_question:
            self.on("question", lambda _: on_question())
        if on_finished:
            self.on("finished", lambda _: on_finished())
        if on_line:
            self.on("line", lambda event: on_line(_mark(event)))


def machine_sound(settings: Settings) -> str:
    """Whether this page's sound is on this machine: "always", as a "fallback" where its window gives no microphone, or
    not at all, as where it is shown on another machine. Needs NiceGUI's context."""
    request = ui.context.client.request
    here = request is not None and request.client is not None and request.client.host in LOOPBACK
    if not here or not LOOPBACK_ORIGIN.fullmatch(f"http://{request.headers.get('host', '')}"):
        return ""
    return "always" if settings.local_audio else "fallback" if settings.native else ""


def _mark(event: events.GenericEventArguments) -> int:
    return int(event.args)
