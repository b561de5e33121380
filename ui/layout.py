"""What surrounds every page: header, navigation, the badge that says who hears, thinks and speaks, light and dark."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from engine.engines import COACH, MODES, PITCH, TALK
from ui import i18n, icons, theme
from ui.components import behind_a_click, plotted
from ui.components.keyboard_map import keyboard_map
from ui.components.text import link, tab_title, text
from ui.i18n import own, t
from ui.pages import (
    api_guide,
    coach,
    coach_check,
    coach_live,
    compare,
    history,
    history_meeting,
    home,
    my_words,
    persona_editor,
    pitch_editor,
    pitch_player,
    pitches,
    progress,
    rehearse,
    rehearse_live,
    rehearse_pair,
    rehearse_take,
    report,
    settings,
    style,
    talk,
    talk_stage,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nicegui.page_arguments import RouteMatch

    from engine.providers.base import About
    from ui.studio import Studio

LOOKS = {"": None, "light": False, "dark": True}
"""What the cookie `look` may say, and what that is to Quasar; None follows the system."""
WAYS = {"/pitches": "Pitches", "/talk": "Talk", "/coach": "Coach", "/progress": "Progress", "/history": "History"}
OF_MODES = {"/pitch": PITCH, "/talk": TALK, "/coach": COACH}
"""Whose engines the badge names, by the beginning of an address."""
TASKS = {"hears": "Hears you", "thinks": "Answers you", "speaks": "Speaks"}


def shell(studio: Studio) -> None:
    """The page: its parts change without a reload, so that a click on one page lets the next one sound."""
    theme.apply()
    i18n.apply()
    behind_a_click.apply()
    plotted.apply()
    chosen = top(studio)
    content = ui.element("div")
    ui.skip_link(t("Skip to content"), target=content).classes("skip")
    with content:
        Pages(addresses(studio, chosen))
    foot()


def addresses(studio: Studio, chosen: Callable[[], object]) -> dict[str, Callable[..., object]]:
    """Every page by its address; `ui.app` serves the same. `chosen` is called when others were chosen to hear, think
    or speak."""
    return {
        "/": lambda: home.build(studio),
        "/pitches": lambda: pitches.build(studio),
        "/pitches/new": lambda: pitch_editor.build(studio, None),
        "/pitches/{pitch}/edit": lambda pitch: pitch_editor.build(studio, pitch),
        "/pitch/{pitch}": lambda pitch, play="", mark="": pitch_player.build(studio, pitch, play, mark),
        "/rehearse/{pitch}": lambda pitch: rehearse.build(studio, pitch),
        "/rehearse/{pitch}/{take}": lambda take, start="": rehearse_live.build(studio, take, start),
        "/takes/{take}": lambda take: rehearse_take.build(studio, take),
        "/takes/{one}/{other}": lambda one, other: rehearse_pair.build(studio, one, other),
        "/talk": lambda: talk.build(studio),
        "/talk/people/new": lambda like="": persona_editor.build(studio, None, like),
        "/talk/people/{persona}": lambda persona: persona_editor.build(studio, persona, ""),
        "/talk/{persona}": lambda persona, start="": talk_stage.build(studio, persona, start),
        "/coach": lambda: coach.build(studio),
        "/coach/check": lambda: coach_check.build(studio),
        "/coach/{session}": lambda session, start="": coach_live.build(studio, session, start),
        api_guide.PATH: lambda: api_guide.build(studio),
        "/progress": lambda mode="", heard="": progress.build(studio, mode, heard),
        "/compare/{one}/{other}": lambda one, other: compare.build(studio, one, other),
        "/words": lambda: my_words.build(studio),
        "/settings": lambda: settings.build(studio, chosen),
        "/history": lambda kind="", q="": history.build(studio, kind, q),
        "/history/{meeting}": lambda meeting: history_meeting.build(studio, meeting),
        "/report/{session}": lambda session, tab="": report.build(studio, session, tab),
        **({"/style": style.build} if studio.settings.development else {}),
    }


def top(studio: Studio) -> Callable[[], object]:
    """The header: where one can go, who is at work, and the look. What it returns shows anew who is at work."""
    look = ui.context.client.request.cookies.get("look", "") if ui.context.client.request else ""
    dark = ui.dark_mode(LOOKS.get(look))
    with ui.element("header").classes("top"):
        ui.link("Rostrum", "/").classes("name")
        with ui.element("nav").classes("ways"):
            ways = {path: link(name, path).classes("way") for path, name in WAYS.items()}
        ui.element("div").classes("spring")
        working = ui.refreshable(badge)
        working(at_work(studio, ui.context.client.sub_pages_router.current_path))
        named = f'title="{t("Settings")}" aria-label="{t("Settings")}"'
        with ui.link(target="/settings").classes("badge look").props(named) as gear:
            ui.html(icons.svg("tune", ""), sanitize=False)
        look_switch(dark, look)
    _follow({**ways, "/settings": gear})

    router = ui.context.client.sub_pages_router

    def follow(path: str = "") -> None:
        working.refresh(at_work(studio, path or router.current_path))

    router.on_path_changed(follow)
    return follow


class Pages(ui.sub_pages):
    """The pages by their addresses, and a kind word for an address that leads nowhere. It is busy while parts of a page
    still come."""

    def _render_page(self, match: RouteMatch) -> bool:
        rendered = super()._render_page(match)
        for task in self._active_tasks:
            task.add_done_callback(self._show_busy)
        self._show_busy()
        return rendered

    def _show_busy(self, _: object = None) -> None:
        if not self.is_deleted:
            self.props["data-busy"] = str(any(not task.done() for task in self._active_tasks)).lower()

    def _render_404(self) -> None:
        self._cancel_active_tasks()  # of the page whose address this one begins with: it would appear below
        tab_title("Not here")
        with ui.element("div").classes("empty head"):
            text("h1", "There is no such page")
            text("p", "The address may have a slip in it. Nothing of yours is lost.", "soft")
            link("To the first page", "/").classes("button")


def at_work(studio: Studio, path: str) -> Mapping[str, About]:
    """Who works on the page at `path`; where that is of no mode, whoever of all modes is not on this machine."""
    for way, mode in OF_MODES.items():
        if path.startswith(way):
            return studio.about(mode)
    modes = [studio.about(mode) for mode in MODES]
    return {task: next((of[task] for of in modes if not of[task].local), modes[0][task]) for task in TASKS}


def badge(engines: Mapping[str, About]) -> None:
    """Which engines are at work, in a word or two; the whole of it behind a click."""
    said = summary(engines)
    short = said.split(",", maxsplit=1)[0]
    text("button", own(said), "badge").props(f"type=button popovertarget=engines data-short='{short}'")
    told = "".join(_at(title, engines[task]) for task, title in TASKS.items())
    with ui.element("div").classes("badge-panel").props("id=engines popover=auto"):
        ui.html(told, sanitize=False, tag="template")
        link("Choose others", "/settings")


def _at(title: str, about: About) -> str:
    """Who does a task, as HTML: it comes into the document once the badge is opened."""
    place = t("On this machine") if about.local else t("In the cloud")
    where = f"{place}, {t(about.caveat)}" if about.caveat else place
    return f"<div><strong>{t(title)}</strong><p>{escape(about.label)}</p><p class=faint>{escape(where)}</p></div>"


def summary(engines: Mapping[str, About]) -> str:
    """The badge's words: where the engines are, and what the user has to know of their limits."""
    local = [about.local for about in engines.values()]
    where = t("Offline") if all(local) else t("Cloud") if not any(local) else t("Part cloud")
    caveat = engines["hears"].caveat
    return f"{where}, {t(caveat)}" if caveat else where


def look_switch(dark: ui.dark_mode, look: str) -> None:
    """Steps through following the system, light and dark; the browser remembers it in a cookie."""
    order = list(LOOKS)
    words = {"": "Colours follow the system", "light": "Light colours", "dark": "Dark colours"}
    state = {"look": look if look in LOOKS else ""}

    def step() -> None:
        state["look"] = order[(order.index(state["look"]) + 1) % len(order)]
        dark.value = LOOKS[state["look"]]
        name(words[state["look"]])
        cookie = f"look={state['look']}; path=/; max-age=31536000; samesite=lax"
        ui.run_javascript(f"document.cookie = {json.dumps(cookie)}")

    def name(words: str) -> None:
        button.props["title"] = button.props["aria-label"] = t(words)

    with ui.element("button").classes("badge look").props("type=button").on("click", step) as button:
        ui.html(icons.svg("half_moon"), sanitize=False)
    name(words[state["look"]])


def foot() -> None:
    """Under every page but the stages: what the keys do, and the language."""
    with ui.element("footer").classes("foot"):
        keyboard_map()
        link("For other programs", api_guide.PATH).classes("quiet")
        chosen = i18n.language()
        with ui.element("div").classes("languages").props(f'role=group aria-label="{t("Language")}"'):
            for code, name in i18n.LANGUAGES.items():
                choice = text("button", own(name), "quiet").props(f"type=button lang={code}")
                choice.props(f"aria-pressed={str(chosen == code).lower()}")
                choice.on("click", lambda code=code: _speak(code))
        text("p", "Your partner speaks English, and reports are written in it.", "faint")


def _speak(code: str) -> None:
    """The page is built anew, in another language; the browser remembers it in a cookie."""
    cookie = f"{i18n.COOKIE}={code}; path=/; max-age=31536000; samesite=lax"
    ui.run_javascript(f"document.cookie = {json.dumps(cookie)}; location.reload()")


def _follow(ways: Mapping[str, ui.link]) -> None:
    """Mark the way that leads to the page being shown."""

    def mark(path: str) -> None:
        for target, way in ways.items():
            here = path.split("?", maxsplit=1)[0].startswith(target)
            way.classes(add="here" if here else "", remove="" if here else "here")

    router = ui.context.client.sub_pages_router
    router.on_path_changed(mark)
    mark(router.current_path)
