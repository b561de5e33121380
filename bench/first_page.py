"""How soon the first page can be used in a browser that was never there, and how large each page is. Goals: usable
within 1.5 s; at most 300 elements, of the document and of NiceGUI, which are what the event loop pays for."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright

from bench.browser import FLAGS, chromium
from tests.ui.every_page import EXEMPT, MOST, furnished, opened, sizes

RUNS = 7
PATIENCE_MS = 30_000
USABLE = """() => window.socket?.connected && document.querySelector("a.begin")?.getBoundingClientRect().width > 0"""


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with furnished(Path(folder)) as (running, every), async_playwright() as playwright:
            await cold(playwright, running.url)
            browser = await launched(playwright)
            page = await browser.new_page()
            print(f"\n{'page':<28}{'document':>10}{'NiceGUI':>10}   (at most {MOST})")
            for address in every:
                await opened(page, running.url + address.path)
                document, nicegui = await sizes(page)
                over = "  over" if max(document, nicegui) > MOST and address.name not in EXEMPT else ""
                print(f"{address.name:<28}{document:>10}{nicegui:>10}{over}", flush=True)
            await browser.close()


async def launched(playwright: Playwright) -> Browser:
    return await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)


async def cold(playwright: Playwright, url: str) -> None:
    """Each run is a browser of its own, with nothing in its caches."""
    seconds = []
    for _ in range(RUNS):
        browser = await launched(playwright)
        page = await browser.new_page()
        await page.goto("about:blank")
        began = time.perf_counter()
        await page.goto(url, wait_until="commit")
        await page.wait_for_function(USABLE, timeout=PATIENCE_MS)
        seconds.append(time.perf_counter() - began)
        await browser.close()
    median, least, most = statistics.median(seconds), min(seconds), max(seconds)
    print(f"{'':<44}{'median':>9}{'min':>9}{'max':>9}   ({RUNS} browsers)")
    print(f"{'address to a first page that can be used (s)':<44}{median:>9.2f}{least:>9.2f}{most:>9.2f}")


if __name__ == "__main__":
    asyncio.run(main())
