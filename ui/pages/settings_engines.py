"""Who hears, thinks and speaks in each mode: chosen, shown as it comes out, and tried."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import run, ui

from engine.engines import COACH, MODES, NAMES, PITCH, TALK
from engine.errors import ProviderFailed, RostrumError
from engine.media.encode import encode_mp3
from engine.settings import KEYS
from ui.components.text import Text, button, text

if TYPE_CHECKING:
    from engine.providers.base import About
    from ui.studio import Studio

TITLES = {PITCH: "Pitch", TALK: "Talk", COACH: "Coach"}
LEGS = {"hear": "Hears", "think": "Thinks", "speak": "Speaks", "converse": "All in one"}
ROLES = {"hear": "hears", "think": "thinks", "speak": "speaks"}
VENDORS = {name.lower(): name for name in KEYS}
AUTO, OFFLINE = "auto", "offline"
SENTENCES = {
    PITCH: "Every great talk begins with one clear sentence.",
    TALK: "Good to meet you. What are you working on?",
    COACH: "Take a breath, and ask an open question.",
}
WARMED_WITHIN = 20.0
"""Seconds that are waited for whoever was chosen; a session loads what is still missing."""
CHOSEN = "(event) => emit(event.target.value)"
OPENED = """({ target: select }) => {
    for (const voice of JSON.parse(select.dataset.voices ?? "[]")) select.add(new Option(voice, voice));
    delete select.dataset.voices;
}"""
"""A vendor may have a hundred voices: the list has them once somebody turns to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One choice of one mode: `options` by what is kept, `chosen` one of them."""

    options: Mapping[str, str]
    chosen: str


def legs(studio: Studio, mode: str) -> dict[str, Leg]:
    """What could be chosen in `mode`, and what is."""
    there, choice = studio.engines.there(), studio.engines.choice(mode)
    found = {}
    for name in LEGS:
        if name == "converse" and mode != TALK:
            continue
        chosen, setting = ",".join(getattr(choice, name)), ",".join(getattr(studio.settings, NAMES[name]))
        keys = dict.fromkeys([AUTO, OFFLINE, *there[name], setting, chosen])
        found[name] = Leg(options={key: _called(name, key, there[name]) for key in keys}, chosen=chosen)
    return found


def _called(leg: str, key: str, there: tuple[str, ...]) -> str:
    if key == OFFLINE:
        return "The three above" if leg == "converse" else "On this machine"
    if key == AUTO:
        first = VENDORS[there[0]] if there else "the three above" if leg == "converse" else "on this machine"
        return f"Automatic: {first}"
    names = key.split(",")
    known = {AUTO: "automatic", OFFLINE: "on this machine"} | VENDORS
    missing = "" if set(names) <= {AUTO, OFFLINE, *there} else " (no key)"
    return ", then ".join(known.get(name, name) for name in names) + missing


def build(studio: Studio, changed: Callable[[], object], follow: Callable[[Callable[[], object]], None]) -> None:
    """The part of the page; `changed` is called when somebody else was chosen, and what it is given to `follow` is to
    be called when somebody was, or when a vendor was found to work or not."""
    with ui.element("section").classes("setting wide"):
        text("h2", "Who hears, thinks and speaks")
        text("p", "For each way to practise. A session that is going on keeps those it has.", "soft note")
        with ui.element("div").classes("modes"):
            for mode in MODES:
                follow(_mode(studio, mode, changed))


def _mode(studio: Studio, mode: str, changed: Callable[[], object]) -> Callable[[], object]:
    """What is shown of it anew: the words only, so that nobody loses the focus or what they listen to."""
    with ui.element("div").classes("mode"):
        text("h3", TITLES[mode])
        notes = {name: _leg(studio, mode, name, leg, changed) for name, leg in legs(studio, mode).items()}
        voices = _try(studio, mode)

    def show() -> None:
        about = at_work(studio, mode)
        for name, note in notes.items():
            note.set_text(told(about[name]) if name in about else "")
        voices()

    show()
    return show


def at_work(studio: Studio, mode: str) -> dict[str, About]:
    """Who does what in `mode`, by the fields of a choice; who does all in one only where somebody does."""
    about = studio.engines.about(mode)
    whole = studio.engines.of(mode).dialogue if mode == TALK else None
    return {leg: about[role] for leg, role in ROLES.items()} | ({"converse": whole.about} if whole else {})


def _leg(studio: Studio, mode: str, name: str, leg: Leg, changed: Callable[[], object]) -> Text:
    """The control, and the words below it, which are still to be filled in."""

    async def choose(value: str) -> None:
        as_set = ",".join(getattr(studio.settings, NAMES[name]))
        try:
            chosen = await run.io_bound(lambda: studio.engines.choose(mode, **{name: "" if value == as_set else value}))
            changed()
            ui.notify(f"{TITLES[mode]}: from the next session on.")
            async with asyncio.timeout(WARMED_WITHIN):
                await studio.engines.warm(chosen)
        except TimeoutError:
            pass
        except RostrumError as error:
            ui.notify(str(error))
        changed()

    with ui.element("div").classes("leg"):
        id = f"{mode}-{name}"
        text("label", LEGS[name]).props(f"for={id}")
        select = ui.element("select").props(f"id={id}")
        select.props["aria-label"] = f"{TITLES[mode]}: {LEGS[name].lower()}"
        select.on("change", lambda event: choose(str(event.args)), js_handler=CHOSEN)
        with select:
            for key, words in leg.options.items():
                option = text("option", words)
                option.props["value"] = key
                if key == leg.chosen:
                    option.props("selected")
        return text("p", "", "faint")


def told(about: About) -> str:
    """Who it is, where, and what a user has to know of it."""
    place = "on this machine" if about.local else "in the cloud"
    return f"{about.label}, {place}" + (f": {about.caveat}" if about.caveat else "") + "."


def _try(studio: Studio, mode: str) -> Callable[[], object]:
    """A sentence in the chosen voice; shows other voices when it is called and there are others."""
    state = {"voice": ""}

    async def speak() -> None:
        act.props("disabled")
        status.set_text("One moment …")
        told: list[str] = []
        try:
            pcm = await studio.engines.say(
                mode, SENTENCES[mode], state["voice"], lambda notice: told.append(str(notice))
            )
            file = base64.b64encode(await asyncio.to_thread(encode_mp3, pcm)).decode()
        except ProviderFailed as error:
            status.set_text(f"It did not work: {error}")
        else:
            sound.props["src"] = f"data:audio/mpeg;base64,{file}"
            sound.classes(remove="unheard")
            status.set_text(" ".join(told))
        finally:
            act.props(remove="disabled")

    with ui.element("div").classes("trying"):
        voices = ui.refreshable(_voices)
        shown = studio.engines.voices(mode)
        voices(mode, shown, state)
        act: Text = button("Try it", "button", speak)
        act.props["aria-label"] = f"Try it: hear a sentence as in {TITLES[mode]}"
        sound = ui.element("audio").classes("unheard").props("controls autoplay")
        sound.props["aria-label"] = f"A sentence as in {TITLES[mode]}"
        status = text("p", "", "faint").props("role=status")

    def show() -> None:
        nonlocal shown
        if (now := studio.engines.voices(mode)) != shown:
            shown, state["voice"] = now, ""
            voices.refresh(mode, now, state)

    return show


def _voices(mode: str, voices: Sequence[str], state: dict[str, str]) -> None:
    if len(voices) < 2 or mode == COACH:
        return
    select = ui.element("select")
    select.props["aria-label"] = f"{TITLES[mode]}: a voice to try"
    select.on("change", lambda event: state.update(voice=str(event.args)), js_handler=CHOSEN)
    for event in ("pointerdown", "focus"):
        select.on(event, js_handler=OPENED)
    default, *others = voices
    select.props["data-voices"] = json.dumps(others)
    with select:
        text("option", f"{default}, the default").props["value"] = ""
