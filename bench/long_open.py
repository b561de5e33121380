"""A page with a live conversation that is left open: what its browser holds as time goes by. Somebody types a line
every few seconds and is answered aloud. `--minutes 60` for an hour; growth is judged from the first minute on."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from playwright.async_api import CDPSession, Page, async_playwright

from bench.browser import FLAGS, chromium
from tests.e2e.browser import server

LINES = (
    "We bake bread for two hundred offices, every morning.",
    "Each of them pays us by the month, and most have stayed for a year.",
    "I would like to hire two bakers and a driver.",
    "What would you want to know before you put money in?",
)
EVERY = 8.0
"""Seconds from one line to the next."""
LOOKS = 10
"""Measurements, spread evenly."""


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.long_open", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    seconds = 60 * parser.parse_args().minutes
    flags = [*FLAGS, "--js-flags=--expose-gc"]
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), OFFLINE_VOICE="espeak") as running:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=flags)
            page = await browser.new_page()
            await page.goto(f"{running.url}/talk/partner")
            await page.get_by_role("button", name="Start talking").click()
            await watch(page, await page.context.new_cdp_session(page), seconds)
            await browser.close()


async def watch(page: Page, browser: CDPSession, seconds: float) -> None:
    """Talk, and print a row now and then."""
    await browser.send("Performance.enable")
    print(f"{'minute':>8}{'heap (MiB)':>12}{'nodes':>8}{'listeners':>11}{'elements':>10}{'turns':>8}")
    began, said = time.monotonic(), 0
    rows: list[tuple[float, dict[str, float]]] = []
    while (passed := time.monotonic() - began) < seconds:
        if passed >= len(rows) * seconds / LOOKS:
            rows.append((passed, await held(page, browser, said)))
        if await page.get_by_role("button", name="Talk again").count():  # a talk lasts an hour at most
            await page.get_by_role("button", name="Talk again").click()
        await page.get_by_label("Type instead of speaking").fill(LINES[said % len(LINES)])
        await page.keyboard.press("Enter")
        said += 1
        await asyncio.sleep(EVERY)
    last = await held(page, browser, said)
    first = next((row for passed, row in rows if passed >= 60), rows[-1][1])
    heap, nodes = last["JSHeapUsedSize"] - first["JSHeapUsedSize"], last["Nodes"] - first["Nodes"]
    print(f"since the first minute: heap {heap / 2**20:+.1f} MiB, nodes {nodes:+.0f}, in {said} turns")


async def held(page: Page, browser: CDPSession, said: int) -> dict[str, float]:
    """What the page holds once nothing that can be thrown away is left."""
    await browser.send("HeapProfiler.collectGarbage")
    answer = await browser.send("Performance.getMetrics")
    found = {metric["name"]: float(metric["value"]) for metric in answer["metrics"]}
    elements = await page.evaluate("document.querySelectorAll('*').length")
    minute = float(await page.evaluate("performance.now() / 60000"))
    print(
        f"{minute:>8.1f}{found['JSHeapUsedSize'] / 2**20:>12.1f}{found['Nodes']:>8.0f}"
        f"{found['JSEventListeners']:>11.0f}{elements:>10}{said:>8}",
        flush=True,
    )
    return found


if __name__ == "__main__":
    asyncio.run(main())
