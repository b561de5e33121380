"""WCAG 2.2 contrast, computed from the tokens that the pages use."""

import re
from itertools import pairwise

import pytest

from ui import theme
from ui.theme import PALETTES, contrast

TEXT, CONTROL = 4.5, 3.0
"""Ratios that level AA asks for: text of any size, and what marks a control."""


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


SET_BY_COMPONENTS = {"--done", "--share", "--left", "--right", "--at", "--weeks", "--shape", "--pencil"}
"""A slider, a share of the time, a band and the place in it, the width of a calendar, signs."""


def test_every_size_is_one_of_the_scale() -> None:
    """A size that a sheet writes by itself grows with the window, or is part of a letter's own (em)."""
    fixed = re.compile(r"font-size: (?!2\.35rem)[\d.]+(?:rem|px)")  # Quasar's switch is as large as its type
    for sheet in theme.SHEETS:
        assert not fixed.findall((theme.STATIC / sheet).read_text()), sheet


def test_every_token_that_is_used_is_there() -> None:
    known = set(re.findall(r"(--[a-z0-9-]+):", theme.stylesheet()))
    for sheet in theme.SHEETS:
        text = (theme.STATIC / sheet).read_text()
        of_its_own = set(re.findall(r"(--[a-z0-9-]+):", text)) | SET_BY_COMPONENTS
        # with a fallback it may be missing
        used = set(re.findall(r"var\((--[a-z0-9-]+)\)", text))
        assert used <= known | of_its_own, f"{sheet}: {used - known - of_its_own}"


def test_sizes_and_spaces_go_up_in_steps_that_can_be_told_apart() -> None:
    for scale in (list(theme.TEXT.values()), list(theme.SPACE)):
        assert all(larger - smaller >= 0.0625 for smaller, larger in pairwise(scale)), scale
