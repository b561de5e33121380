"""Every page on contact sheets in docs/images, light and dark, on a desktop and on a phone:
`python -m tests.e2e.take_contact_sheet`. With `--keep FOLDER` the pictures are kept there one by one, too."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Page

from tests.e2e.browser import ROOT, page
from tests.e2e.take_screenshots import IMAGES, SIZES
from tests.ui.every_page import Address, furnished, opened
from ui import theme

LOOKS = ("light", "dark")
DRESSED = "dark => document.body.classList.contains('body--dark') === dark"
SETTLED = 0.3
"""Seconds for what follows the size of the window."""
HEIGHT = 400
"""Pixels of a picture on the sheet; its width follows."""
ROWS = 5
"""Pages below each other on a sheet; there are two of them side by side."""
GAP, CAPTION = 24, 34
COLOURS = 256
"""Of a sheet: enough for flat pages, and a third of the size."""
FONT = ROOT / "data" / "fonts" / "inter-semibold.ttf"


async def take(tab: Page, url: str, every: Sequence[Address], folder: Path) -> None:
    """One picture of each page in each look and each size."""
    for address in every:
        await opened(tab, url + address.path)
        for size, viewport in SIZES.items():
            await tab.set_viewport_size(viewport)
            for look in LOOKS:
                await tab.emulate_media(color_scheme=look)
                await tab.wait_for_function(DRESSED, arg=look == "dark")
                await asyncio.sleep(SETTLED)
                await tab.screenshot(path=folder / f"{address.name}-{look}-{size}.png")


def row(address: Address, folder: Path) -> Image.Image:
    """The four pictures of a page side by side, its address above."""
    names = [f"{address.name}-{look}-{size}.png" for size in SIZES for look in LOOKS]
    shown = [Image.open(folder / name).convert("RGB") for name in names]
    shown = [
        each.resize((round(each.width * HEIGHT / each.height), HEIGHT), Image.Resampling.LANCZOS) for each in shown
    ]
    width = sum(each.width for each in shown) + GAP * (len(shown) - 1)
    strip = Image.new("RGB", (width, HEIGHT + CAPTION), theme.LIGHT.sunken)
    ImageDraw.Draw(strip).text((0, 4), address.name, theme.LIGHT.ink, ImageFont.truetype(FONT, 20))
    left = 0
    for each in shown:
        strip.paste(each, (left, CAPTION))
        left += each.width + GAP
    return strip


def sheet(rows: Sequence[Image.Image]) -> Image.Image:
    """Rows in two columns."""
    columns = [rows[:ROWS], rows[ROWS:]]
    width, height = rows[0].size
    size = (2 * width + 4 * GAP, ROWS * (height + GAP) + GAP)
    whole = Image.new("RGB", size, theme.LIGHT.sunken)
    for number, column in enumerate(columns):
        for place, each in enumerate(column):
            whole.paste(each, (GAP + number * (width + 2 * GAP), GAP + place * (height + GAP)))
    return whole


def bind(rows: Sequence[Image.Image]) -> None:
    """Write the sheets."""
    for number, first in enumerate(range(0, len(rows), 2 * ROWS), start=1):
        whole = sheet(rows[first : first + 2 * ROWS])
        whole.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(IMAGES / f"contact-sheet-{number}.png", optimize=True)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.take_contact_sheet", description=__doc__)
    parser.add_argument("--keep", type=Path)
    kept = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as pictures:
        folder = kept or Path(pictures)
        folder.mkdir(parents=True, exist_ok=True)
        async with furnished(Path(data)) as (running, every), page(Path(data), reduced_motion="reduce") as tab:
            await take(tab, running.url, every, folder)
        rows = [row(address, folder) for address in every]
    bind(rows)


if __name__ == "__main__":
    asyncio.run(main())
