"""Every page visited once, light on a desktop and dark on a phone: axe-core finds nothing serious and nothing critical,
and nothing is larger than the event loop and a phone can carry."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python import async_playwright as axe
from playwright.async_api import Browser, Page

from tests.ui.every_page import EXEMPT, MOST, Address, furnished, opened, sizes

AXE = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
DRESSES = (
    {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True},
)
"""Each look and each size once: what is in the way of reading depends on the look, what does not fit on the size. A
phone shows what elsewhere comes when it is pointed at."""
GRAVE = {"serious", "critical"}
AT_ONCE = 3
"""Pages that are looked at side by side: one waits for its server while another computes."""
RUN = """() => axe.run(document, { resultTypes: ["violations"], preload: false })
    .then(({ violations }) => violations.flatMap(({ impact, id, nodes }) =>
        nodes.map(({ target, any }) => [impact, id, target.join(" "), any[0]?.message ?? ""])))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was seen at an address: the grave `findings` of axe, the most elements of the `document` and of
    `nicegui`."""

    findings: list[str]
    document: int
    nicegui: int


async def findings(page: Page) -> list[str]:
    """The grave ones: what, where and why."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await page.evaluate(RUN)
    return [f"{id} at {target}: {why}" for impact, id, target, why in found if impact in GRAVE]


async def visit(pages: Sequence[Page], url: str) -> Visit:
    """An address in each of `DRESSES`."""
    grave, counted = [], []
    for page, dress in zip(pages, DRESSES, strict=True):
        look = dress["color_scheme"]
        await opened(page, url)
        await page.wait_for_function(
            "dark => document.body.classList.contains('body--dark') === dark", arg=look == "dark"
        )
        counted.append(await sizes(page))
        grave += [f"{look}: {finding}" for finding in await findings(page)]
    documents, nicegui = zip(*counted, strict=True)
    return Visit(findings=grave, document=max(documents), nicegui=max(nicegui))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visits(hearing: Browser, tmp_path_factory: pytest.TempPathFactory) -> Mapping[Address, Visit]:
    """What was seen at every address."""
    seen: dict[Address, Visit] = {}
    contexts = [await hearing.new_context(reduced_motion="reduce", **dress) for dress in DRESSES]

    async def look(url: str, left: list[Address]) -> None:
        pages = [await context.new_page() for context in contexts]
        while left:
            address = left.pop()
            seen[address] = await visit(pages, url + address.path)

    async with furnished(tmp_path_factory.mktemp("every_page")) as (running, every):
        left = list(every)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(look(running.url, left))
    for context in contexts:
        await context.close()
    return seen


def test_no_page_has_a_serious_or_critical_finding(visits: Mapping[Address, Visit]) -> None:
    found = {address.path: visit.findings for address, visit in visits.items() if visit.findings}
    assert not found, "\n".join(f"{path}\n  " + "\n  ".join(grave) for path, grave in found.items())


def test_no_page_has_more_elements_than_it_may(visits: Mapping[Address, Visit]) -> None:
    large = {
        address.path: (visit.document, visit.nicegui)
        for address, visit in visits.items()
        if max(visit.document, visit.nicegui) > MOST and address.name not in EXEMPT
    }
    assert not large, f"elements of the document and of NiceGUI, at most {MOST}: {large}"
