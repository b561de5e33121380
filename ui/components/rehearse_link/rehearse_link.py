"""The prompter as an element of a page: sound, words and levels stay in the browser, on a socket of their own."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from ui.components.coach_link.coach_link import PATH


class RehearseLink(ui.element, component="rehearse_link.js", esm={"rostrum-rehearse": "web"}):
    """Listens to take `take` and follows its speaker through `sentences`; `shares`: the seconds that each may take.
    `start` begins to listen at once where the browser allows it. A take that is finished leads to its own page.

    Its JavaScript also stands on "rostrum-voice" and "rostrum-coach", which come with `VoiceLink` and `CoachLink`."""

    def __init__(self, take: str, *, sentences: Sequence[str], shares: Sequence[float], start: bool = False) -> None:
        super().__init__()
        self._props.update({"path": PATH, "take": take, "sentences": list(sentences), "start": start})
        self._props["shares"] = [round(share, 3) for share in shares]
