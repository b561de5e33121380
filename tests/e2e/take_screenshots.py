"""Takes the pictures in docs/images, light and dark, both sizes: `python -m tests.e2e.take_screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.e2e.browser import ROOT, page, server

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


async def take(url: str, look: str, size: str) -> None:
    async def picture(name: str) -> None:
        await tab.screenshot(path=IMAGES / f"{name}-{look}-{size}.png")

    with tempfile.TemporaryDirectory() as folder:
        async with page(Path(folder), viewport=SIZES[size], color_scheme=look) as tab:
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


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for look in ("light", "dark"):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
                await take(running.url, look, size)


if __name__ == "__main__":
    asyncio.run(main())
