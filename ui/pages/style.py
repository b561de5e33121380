"""The style page, for developers: tokens, icons, and every component in each of its states, light and dark."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from html import escape
from pathlib import Path

from nicegui import ui

from engine.analysis.values import Band
from engine.clock import wall
from engine.progress import Direction, Point, Trend
from engine.records import Sample
from ui import icons, theme
from ui.components import specimens
from ui.components.specimens import Faces
from ui.components.text import tab_title, text
from ui.pages import progress_plot

GROUNDS = ("paper", "raised", "sunken")
WRITTEN = ("ink", "soft", "faint", "accent", "listening", "thinking", "danger")
FILLED = {"accent_ink": "accent", "paper": "listening"}
"""Text on a filled control, and what fills it."""
AA_TEXT = 4.5
FOLDER = Path(specimens.__file__).parent
STATES = {"": "", "as-hovered": "hovered", "as-focused": "focused"}
"""Classes by which a control looks like in a state, and what that is called."""
BUTTONS = {
    "button": "Write a pitch",
    "button main": "Save",
    "button danger": "Delete it",
    "quiet": "Edit",
    "chip": "Job interview",
    "badge": "Offline",
    "moment": "1:24",
}
"""What can be pressed, by its classes, and its words."""


def build() -> None:
    """The page's content."""
    tab_title("Style")
    ui.add_css(scoped() + forced() + (FOLDER / "specimens.css").read_text(encoding="utf-8"))
    with ui.element("div").classes("style"):
        with ui.element("div").classes("head"), ui.element("div"):
            text("h1", "Style")
            text("p", "What every page is made of, in each of its states. Served with DEVELOPMENT=1 only.", "soft")
        _section("Colours", {look: colours(look) for look in theme.PALETTES})
        _section("Type", dict.fromkeys(theme.PALETTES, type_scale()))
        _section("Space", dict.fromkeys(theme.PALETTES, space_scale()))
        _section("Icons", dict.fromkeys(theme.PALETTES, icon_set()))
        _section("Buttons", dict.fromkeys(theme.PALETTES, buttons()))
        _section("Parts", dict.fromkeys(theme.PALETTES, (FOLDER / "specimens.html").read_text(encoding="utf-8")))
        _section("Charts", dict.fromkeys(theme.PALETTES, f"<div class='progress tall'>{chart()}</div>"))
        _section("Stages", dict.fromkeys(theme.PALETTES, ""), faces=True)


def _section(title: str, shown: dict[str, str], *, faces: bool = False) -> None:
    with ui.element("section"):
        text("h2", title)
        with ui.element("div").classes("specimens"):
            for look, html in shown.items():
                with ui.element("div").classes(f"specimen {look}"):
                    if faces:
                        Faces()
                    else:
                        ui.html(html, sanitize=False)


def scoped() -> str:
    """The tokens of each look for what stands in `.specimen`, whichever the page is in."""
    return "".join(f".specimen.{look}{{{theme.variables(palette)}}}" for look, palette in theme.PALETTES.items())


def forced() -> str:
    """What the sheets say of a hovered control, for one that only looks hovered."""
    rules = []
    for sheet in theme.SHEETS:
        found = re.findall(r"^([^@{}\n]*:hover[^{}\n]*)(\{[^}]*\})", (theme.STATIC / sheet).read_text(), re.MULTILINE)
        rules += [selector.replace(":hover", ".as-hovered") + body for selector, body in found]
    return "".join(rules)


def colours(look: str) -> str:
    """Every text on every ground with its contrast, and text on what is filled."""
    palette = asdict(theme.PALETTES[look])
    head = "".join(f"<th scope=col>{ground} {palette[ground]}</th>" for ground in GROUNDS)
    rows = "".join(
        f"<tr><th scope=row>{written} {palette[written]}</th>"
        + "".join(_pair(palette, written, ground) for ground in GROUNDS)
        + "</tr>"
        for written in WRITTEN
    )
    filled = "".join(
        f"<td>{written} on {ground}</td>{_pair(palette, written, ground)}" for written, ground in FILLED.items()
    )
    edges = ", ".join(f"{ground} {theme.contrast(palette['edge'], palette[ground]):.1f}" for ground in GROUNDS[:2])
    return (
        f"<table><thead><tr><th>{look}</th>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<table><tbody><tr>{filled}</tr></tbody></table><p class=faint>The edge of a control on {edges}</p>"
    )


def _pair(palette: dict[str, str], written: str, ground: str) -> str:
    ratio = theme.contrast(palette[written], palette[ground])
    verdict = "AA" if ratio >= AA_TEXT else "too low"
    return f'<td style="color:{palette[written]};background:{palette[ground]}">{ratio:.1f} {verdict}</td>'


def type_scale() -> str:
    """Each size with its name."""
    rows = "".join(
        f'<p style="font-size:var(--text-{name})">{name} {size} rem: one thing to do, and it is speaking, 1234</p>'
        for name, size in theme.TEXT.items()
    )
    return f"<h1>A heading that grows with the window</h1><h2>A heading of a part</h2>{rows}"


def space_scale() -> str:
    """Each step as a bar of its width."""
    rows = "".join(
        f'<tr><th scope=row>--space-{step}</th><td>{size} rem</td><td><i style="width:{size}rem"></i></td></tr>'
        for step, size in enumerate(theme.SPACE, 1)
    )
    return f"<table class=space><tbody>{rows}</tbody></table>"


def buttons() -> str:
    """Each in each of its states."""
    found = ""
    for classes, words in BUTTONS.items():
        pressed = "".join(
            f'<span><button type=button class="{classes} {state}">{words}</button> <small>{name}</small></span>'
            for state, name in STATES.items()
        )
        off = f'<span><button type=button class="{classes}" disabled>{words}</button> <small>disabled</small></span>'
        found += f"<h3>{classes}</h3><div class=row>{pressed}{off}</div>"
    return found


def icon_set() -> str:
    """Each with its name."""
    each = (f"<span>{icons.svg(name)}<small>{escape(name)}</small></span>" for name in icons.shapes())
    return f"<div class=icons>{''.join(each)}</div>"


def chart() -> str:
    """The one theme of the charts: a trend with its own band, its median, a bound, and points of every kind."""
    shown = trend()
    return progress_plot.plot(shown, far=True) + progress_plot.bands(shown) + progress_plot.table(shown)


def trend() -> Trend:
    """Eight sessions: inside the band and outside it, and one that is only a hint."""
    values = (171.0, 168.0, 175.0, 160.0, 158.0, 162.0, 155.0, 149.0)
    return Trend(
        measure="wpm",
        unit="wpm",
        points=tuple(_point(days, value) for days, value in enumerate(values)),
        usual=161.0,
        own=Band(low=154.0, high=170.0),
        direction=Direction.DOWN,
        better=True,
        text="Your pace went down over eight sessions.",
    )


def _point(days: int, value: float) -> Point:
    begun = wall() - timedelta(days=20 - 2 * days)
    sample = Sample(value=value, unit="wpm", n=40 if days == 2 else 312, of="words", sure=days != 2, high=165.0)
    return Point(meeting=f"{days}", title="A coffee", begun=begun, sample=sample)
