"""Takes the pictures in docs/images, light and dark, both sizes: `python -m tests.e2e.take_screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page

from engine.audio import silence
from tests.e2e.browser import MICROPHONE_RATE, ROOT, microphone, page, server

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


async def take(url: str, look: str, size: str) -> None:
    async def picture(name: str) -> None:
        await tab.screenshot(path=IMAGES / f"{name}-{look}-{size}.png")

    with tempfile.TemporaryDirectory() as folder:
        quiet = microphone(Path(folder), silence(1.0, MICROPHONE_RATE), before=60.0)
        async with page(Path(folder), microphone=quiet, viewport=SIZES[size], color_scheme=look) as tab:
            await tab.goto(url)
            await tab.wait_for_load_state("networkidle")
            await picture("home")
            await tab.goto(f"{url}/pitch/rostrum?mark=5")
            await tab.locator(".play").click()
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 6 && run.to - run.from > 2)")
            await picture("pitch")
            await tab.get_by_label("Type a question").fill("How much does it cost?")
            await tab.keyboard.press("Enter")
            await tab.get_by_label("Type a question").blur()
            await tab.wait_for_function(
                "rostrumVoice.rendered.some(run => run.mark === 'user_response' && run.to - run.from > 1.2)"
            )
            await picture("answer")
            await tab.goto(f"{url}/talk")
            await tab.wait_for_load_state("networkidle")
            await picture("people")
            await talk(tab, url, picture)


async def talk(tab: Page, url: str, picture: Callable[[str], Awaitable[None]]) -> None:
    """A few turns with the investor, who is cut off once."""
    await tab.goto(f"{url}/talk/investor")
    await tab.get_by_role("button", name="Start talking").click()
    await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 'opening' && run.to - run.from > 1.5)")
    await tab.get_by_role("button", name="Interrupt").click()
    await tab.get_by_label("Type instead of speaking").fill("We bake bread for two hundred offices, every morning.")
    await tab.keyboard.press("Enter")
    await tab.get_by_label("Type instead of speaking").blur()
    await tab.wait_for_function(
        "rostrumVoice.rendered.some(run => run.mark === 'user_response' && run.to - run.from > 1.2)"
    )
    await picture("talk")
    await tab.get_by_role("button", name="End the talk").click()
    await tab.get_by_role("link", name="Read what was said").wait_for()
    await asyncio.sleep(1)  # the last words are on their way to the history
    await picture("talked")


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for look in ("light", "dark"):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
                await take(running.url, look, size)


if __name__ == "__main__":
    asyncio.run(main())
