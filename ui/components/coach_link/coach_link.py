"""A coached session as an element of a page: sound, words, cues and levels stay in the browser, on a socket of their
own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

PATH = "/ws"


class CoachLink(ui.element, component="coach_link.js", esm={"rostrum-coach": "web"}):
    """Listens to session `session` and shows its cues.

    `cues`: "calm", "normal" or "off"; `ear`: they are whispered, too; `fluency`: none of them is about fillers, pauses
    or pace. `partner`: what captions call the other person. `goal` and `consent` stand
    where the cues come while there is none. `start` begins to listen at once where the browser allows it. `on_manner`
    is told what of `cues` and `ear` was changed meanwhile.

    Its JavaScript also stands on "rostrum-voice", which comes with `VoiceLink`."""

    def __init__(
        self,
        session: str,
        *,
        cues: str,
        ear: bool,
        fluency: bool,
        partner: str,
        goal: str,
        consent: str,
        start: bool = False,
        on_manner: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        super().__init__()
        self._props.update({"path": PATH, "session": session, "partner": partner, "goal": goal, "consent": consent})
        self._props.update({"cues": cues, "ear": ear, "fluency": fluency, "start": start})
        if on_manner:
            self.on("manner", lambda event: on_manner(event.args))
