"""The look, once: colours, sizes of type and spaces as CSS variables, light and dark. No other file names a colour.

A colour is used through its role (`var(--ink)`, `var(--accent)`), a size through its use (`var(--text-note)`), a space
through its step (`var(--space-3)`). `contrast` is what the tests and the style page compute from the same values, so
that a prettier colour nobody can read does not get in.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from nicegui import ui

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/_rostrum"
SHEETS_URL = f"{STATIC_URL}/sheets.css"
SHEETS = (
    "reset.css",
    "rostrum.css",
    "stage.css",
    "talk.css",
    "history.css",
    "coach.css",
    "report.css",
    "progress.css",
    "api.css",
    "rehearse.css",
    "settings.css",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one mode, as `#rrggbb`. Grounds: `paper` the page, `raised` what can be picked up, `sunken` what
    takes text. `ink`, `soft` and `faint` are for text on any of them, `line` only separates, `edge` marks a control."""

    paper: str
    raised: str
    sunken: str
    line: str
    edge: str
    ink: str
    soft: str
    faint: str
    accent: str
    accent_ink: str
    listening: str
    thinking: str
    danger: str


LIGHT = Palette(
    paper="#faf6ee",
    raised="#fffdf9",
    sunken="#f3ecdf",
    line="#e4dac9",
    edge="#92836d",
    ink="#211b15",
    soft="#544a3e",
    faint="#6c6152",
    accent="#a63c1c",
    accent_ink="#fffaf2",
    listening="#22694a",
    thinking="#7f5300",
    danger="#a01f2b",
)
DARK = Palette(
    paper="#171310",
    raised="#201b16",
    sunken="#110e0b",
    line="#362e26",
    edge="#7f7262",
    ink="#f4ebde",
    soft="#c2b6a5",
    faint="#a09382",
    accent="#f2946a",
    accent_ink="#1d0f07",
    listening="#80cba5",
    thinking="#e6ba63",
    danger="#ff9f9b",
)


PALETTES = {"light": LIGHT, "dark": DARK}
TEXT = {
    "tiny": 0.75,
    "small": 0.8125,
    "note": 0.875,
    "aside": 0.9375,
    "body": 1.0625,
    "lead": 1.1875,
    "large": 1.3125,
    "figure": 1.5,
}
"""Sizes of type in rem. Headings and what is read from afar grow with the window, in the style sheets."""
SPACE = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
"""Steps of space in rem, the first is `--space-1`; less than a step only where type has to sit right."""
SHAPE = {
    "measure": "72rem",
    "gap": "clamp(1rem, 2.5vw, 2rem)",
    "radius": "0.875rem",
    "radius-small": "0.6rem",
    "pill": "99px",
}
"""How wide a page gets, how far it stays from the window's edge, and how round things are."""


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours `#rrggbb`, from 1 to 21. AA asks for 4.5 for text, 3 for a control."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def sizes() -> str:
    """Type, space and shape as CSS declarations, the same in both modes."""
    type_ = {f"--text-{name}": f"{size}rem" for name, size in TEXT.items()}
    space = {f"--space-{step}": f"{size}rem" for step, size in enumerate(SPACE, 1)}
    shape = {f"--{name}": size for name, size in SHAPE.items()}
    return "".join(f"{name}:{size};" for name, size in {**type_, **space, **shape}.items())


def variables(palette: Palette) -> str:
    """The palette as CSS declarations; Quasar's brand colours follow it."""
    own = {f"--{name.replace('_', '-')}": colour for name, colour in asdict(palette).items()}
    quasar = {
        "--q-primary": palette.accent,
        "--q-negative": palette.danger,
        "--q-positive": palette.listening,
        "--q-dark": palette.raised,
        "--q-dark-page": palette.paper,
    }
    return "".join(f"{name}:{colour}!important;" for name, colour in {**own, **quasar}.items())


def stylesheet() -> str:
    """Tokens and font face: everything in `static/rostrum.css` stands on these."""
    return (
        f"@font-face{{font-family:Inter;src:url({STATIC_URL}/inter.woff2) format('woff2');"
        "font-weight:100 900;font-display:swap}"
        f":root{{{sizes()}}}"
        f"body{{{variables(LIGHT)}color-scheme:light}}"
        f"body.body--dark{{{variables(DARK)}color-scheme:dark}}"
    )


def apply() -> None:
    """Put the look into the page being built."""
    ui.add_head_html(f'<link rel="preload" href="{STATIC_URL}/inter.woff2" as="font" type="font/woff2" crossorigin>')
    ui.add_head_html(f"<style>{stylesheet()}</style>")
    ui.add_head_html(f'<link rel="stylesheet" href="{SHEETS_URL}?{_version()}">')


@cache
def sheets() -> str:
    """All of `SHEETS` in one, read once: a browser asks for few files at a time."""
    return "\n".join((STATIC / sheet).read_text(encoding="utf-8") for sheet in SHEETS)


@cache
def _version() -> str:
    return hashlib.sha256(sheets().encode()).hexdigest()[:16]
