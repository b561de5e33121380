"""Takes the pictures of Progress, of two sessions side by side and of the history in docs/images, light and dark, both
sizes: `python -m tests.e2e.take_progress_screenshots`. Twelve sessions of six weeks, of which the numbers were kept."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from engine.store import Store
from tests.e2e.browser import page, server
from tests.e2e.take_screenshots import IMAGES, SIZES
from tests.ui.kept_sessions import kept

DAYS = (41, 38, 34, 31, 27, 24, 20, 17, 12, 8, 4, 1)
TITLES = ("A coffee with Maya", "Meetup at the library", "Call with the lab", "Lunch with Ben")


def practised(folder: Path) -> list[str]:
    """Somebody who says um less from week to week, and asks more."""
    store = Store(folder / "rostrum.db")
    try:
        return [
            kept(
                store,
                days,
                title=TITLES[number % len(TITLES)],
                filler_percentage=6.2 - 0.3 * number + 0.4 * (number % 3),
                wpm=172 - 1.5 * number + 6 * (number % 2),
                talk_share=66 - number + 4 * (number % 2),
                questions=3 + number // 2,
                patience=0.2 + 0.04 * number,
                pitch_variation=2.0 + 0.1 * (number % 4),
            )
            for number, days in enumerate(DAYS)
        ]
    finally:
        store.close()


async def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        ids = practised(Path(data))
        with server(Path(data)) as running:
            paths = {"progress": "/progress", "compared": f"/compare/{ids[0]}/{ids[-1]}", "history": "/history"}
            for look in ("light", "dark"):
                for size, viewport in SIZES.items():
                    with tempfile.TemporaryDirectory() as folder:
                        async with page(Path(folder), viewport=viewport, color_scheme=look) as tab:
                            for name, path in paths.items():
                                await tab.goto(running.url + path)
                                await tab.wait_for_load_state("networkidle")
                                await asyncio.sleep(1)
                                await tab.screenshot(path=IMAGES / f"{name}-{look}-{size}.png")


if __name__ == "__main__":
    asyncio.run(main())
