"""`/style` is there with DEVELOPMENT=1 only, and shows what the tokens and the icons are."""

import pytest
from nicegui import ui
from nicegui.testing import User

from ui import icons, theme


async def test_nobody_else_finds_it(user: User) -> None:
    assert (await user.http_client.get("/style")).status_code == 404


@pytest.fixture
def developing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVELOPMENT", "1")


async def test_it_shows_every_token_in_both_looks(developing: None, user: User) -> None:
    client = await user.open("/style")
    shown = [element.content for element in client.elements.values() if isinstance(element, ui.html)]
    for palette in theme.PALETTES.values():
        assert any(
            palette.ink in html and f"{theme.contrast(palette.ink, palette.paper):.1f} AA" in html for html in shown
        )
    for name in (*theme.TEXT, *(f"--space-{step}" for step in range(1, len(theme.SPACE) + 1)), *icons.shapes()):
        assert sum(name in html for html in shown) >= len(theme.PALETTES), name
    assert not any("too low" in html for html in shown)


def test_icons_are_what_the_components_import() -> None:
    assert {"play", "microphone", "half_moon", "pencil"} <= icons.shapes().keys()
    assert all(path.startswith("M") for path in icons.shapes().values())
    with pytest.raises(KeyError):
        icons.svg("nothing of the kind")
