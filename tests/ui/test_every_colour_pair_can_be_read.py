"""WCAG 2.2 contrast, computed from the tokens that the pages use."""

import re

import pytest

from ui import theme

TEXT, CONTROL = 4.5, 3.0
"""Ratios that level AA asks for: text of any size, and what marks a control."""
PALETTES = {"light": theme.LIGHT, "dark": theme.DARK}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_published_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", PALETTES)
@pytest.mark.parametrize("ground", ["paper", "raised", "sunken"])
@pytest.mark.parametrize("text", ["ink", "soft", "faint", "accent", "listening", "thinking", "danger"])
def test_text_can_be_read_on_every_ground(mode: str, ground: str, text: str) -> None:
    palette = PALETTES[mode]
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= TEXT


@pytest.mark.parametrize("mode", PALETTES)
def test_text_on_filled_controls_can_be_read(mode: str) -> None:
    palette = PALETTES[mode]
    assert contrast(palette.accent_ink, palette.accent) >= TEXT
    assert contrast(palette.paper, palette.listening) >= TEXT


@pytest.mark.parametrize("mode", PALETTES)
@pytest.mark.parametrize("ground", ["paper", "raised"])
def test_controls_can_be_told_from_the_ground(mode: str, ground: str) -> None:
    palette = PALETTES[mode]
    assert contrast(palette.edge, getattr(palette, ground)) >= CONTROL


def test_no_other_file_names_a_colour() -> None:
    named = re.compile(r"#[0-9a-f]{3,8}\b(?![^{};]*\{)|hsl\(|rgb\((?!0 0 0 /)")
    for sheet in theme.SHEETS:
        found = named.findall((theme.STATIC / sheet).read_text())
        assert not found, f"{sheet}: {found}"


def test_motion_stops_where_the_user_asked_for_less() -> None:
    assert "prefers-reduced-motion: reduce" in (theme.STATIC / "rostrum.css").read_text()
