"""Takes the pictures of the report's tabs in docs/images, light and dark, both sizes:
`python -m tests.e2e.take_report_screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from engine.desk import Desk
from engine.store import Store
from tests.e2e.browser import page, server
from tests.e2e.take_screenshots import IMAGES, SIZES
from tests.ui import a_session
from ui.pages.report import TABS


async def reported(folder: Path) -> str:
    """A session in the database of `folder`, with its report."""
    store = Store(folder / "rostrum.db")
    try:
        id = a_session.write(store, recorded=True)
        await Desk(store, None).finish(id)
    finally:
        store.close()
    return id


async def take(address: str, look: str, size: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with page(Path(folder), viewport=SIZES[size], color_scheme=look) as tab:
            for name in TABS:
                await tab.goto(f"{address}?tab={name}")
                await tab.locator(f"#panel-{name}").wait_for()
                await tab.wait_for_load_state("networkidle")
                await tab.wait_for_function("document.querySelector('audio.sound').readyState > 0")
                await tab.screenshot(path=IMAGES / f"report-{name}-{look}-{size}.png")


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
        id = await reported(Path(folder))
        for look in ("light", "dark"):
            for size in SIZES:
                await take(f"{running.url}/report/{id}", look, size)


if __name__ == "__main__":
    asyncio.run(main())
