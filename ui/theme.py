"""The look, once: colours and type as CSS variables, light and dark. No other file names a colour.

A colour is used through its role (`var(--ink)`, `var(--accent)`). `tests/ui/test_contrast.py` computes WCAG contrast
from the same values, so that a prettier colour nobody can read does not get in.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from nicegui import ui

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/_rostrum"
SHEETS = (
    "rostrum.css",
    "stage.css",
    "talk.css",
    "history.css",
    "coach.css",
    "report.css",
    "progress.css",
    "api.css",
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
        f"body{{{variables(LIGHT)}color-scheme:light}}"
        f"body.body--dark{{{variables(DARK)}color-scheme:dark}}"
    )


def apply() -> None:
    """Put the look into the page being built."""
    ui.add_head_html(f'<link rel="preload" href="{STATIC_URL}/inter.woff2" as="font" type="font/woff2" crossorigin>')
    ui.add_head_html(f"<style>{stylesheet()}</style>")
    for sheet in SHEETS:
        version = int((STATIC / sheet).stat().st_mtime)
        ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/{sheet}?{version}">')
