"""The stage of a talk as an element of a page: sound, words and levels stay in the browser, on their own socket."""

from __future__ import annotations

from nicegui import ui

from engine.records import Persona
from ui import i18n
from ui.components.voice_link.voice_link import PATH


class TalkLink(ui.element, component="talk_link.js", esm={"rostrum-talk": "web"}):
    """A talk with `persona`. `start` begins at once where the browser allows sound without a further tap. `interrupts`:
    how hard they cut in, "": as they do by themselves. `machine`: see `machine_sound`.

    Its JavaScript also stands on "rostrum-voice", which comes with `VoiceLink`."""

    def __init__(self, persona: Persona, *, start: bool = False, interrupts: str = "", machine: str = "") -> None:
        super().__init__()
        self._props.update({"path": PATH, "persona": persona.id, "name": persona.name, "scene": persona.scene})
        self._props["words"] = {**i18n.words("voice_link"), **i18n.words("talk_link")}
        self._props["hardness"] = interrupts or persona.interrupts
        self._props.update({"opens": bool(persona.opening), "start": start, "machine": machine})
