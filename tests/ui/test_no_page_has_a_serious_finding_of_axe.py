"""axe-core on every page, light on a desktop and dark on a phone: nothing serious, nothing critical."""

import asyncio
from pathlib import Path

from axe_playwright_python import async_playwright as axe
from playwright.async_api import Browser, Page

from tests.ui.every_page import Address, furnished, opened

AXE = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
DRESSES = (("light", {"width": 1440, "height": 900}), ("dark", {"width": 390, "height": 844}))
"""Each look and each size once: what is in the way of reading depends on the look, what does not fit on the size."""
GRAVE = {"serious", "critical"}
AT_ONCE = 3
"""Pages that are looked at side by side: one waits for its server while another computes."""
RUN = """() => axe.run(document, { resultTypes: ["violations"], preload: false })
    .then(({ violations }) => violations.flatMap(({ impact, id, nodes }) =>
        nodes.map(({ target, any }) => [impact, id, target.join(" "), any[0]?.message ?? ""])))"""


async def findings(page: Page) -> list[str]:
    """The grave ones: what, where and why."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await page.evaluate(RUN)
    return [f"{id} at {target}: {why}" for impact, id, target, why in found if impact in GRAVE]


async def looked_at(page: Page, url: str) -> list[str]:
    """What axe finds at an address in each look and each size."""
    grave = []
    await opened(page, url)
    for look, size in DRESSES:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=look, reduced_motion="reduce")
        await page.wait_for_function(
            "dark => document.body.classList.contains('body--dark') === dark", arg=look == "dark"
        )
        grave += [f"{look}: {finding}" for finding in await findings(page)]
    return grave


async def test_no_page_has_a_serious_or_critical_finding(tmp_path: Path, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    context = await browser.new_context()

    async def look(url: str, left: list[Address]) -> None:
        page = await context.new_page()
        while left:
            address = left.pop()
            if grave := await looked_at(page, url + address.path):
                found[address.path] = grave

    async with furnished(tmp_path) as (running, every):
        left = list(every)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(look(running.url, left))
    assert not found, "\n".join(f"{path}\n  " + "\n  ".join(grave) for path, grave in found.items())
