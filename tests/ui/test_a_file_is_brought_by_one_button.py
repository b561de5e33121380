"""What only a browser shows of bringing a file: the choice that opens at the click, and what comes of it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from engine import persona_file
from engine.store import Store
from ui import i18n

DROPPED = """(name) => {
  const files = new DataTransfer();
  files.items.add(new File(["{}"], name));
  return files;
}"""
OVER = "(button, dataTransfer) => button.dispatchEvent(new DragEvent('dragover', { dataTransfer, cancelable: true }))"
NORA = {"name": "Nora of the file", "who": "You are Nora.", "questions": ["Why?"]}


async def opened(browser: Browser, url: str) -> Page:
    """A page whose choice of a file is left to the test from the start: Playwright takes a moment to arrange that."""
    page = await browser.new_page()
    page.on("filechooser", lambda _: None)
    await page.goto(url)
    return page


async def choose(page: Page, button: str, file: Path) -> None:
    """By keyboard, and in the time in which the browser lets a page open the choice."""
    await page.get_by_role("button", name=button, exact=True).focus()
    async with page.expect_file_chooser() as waiting:
        await page.keyboard.press("Enter")
    await (await waiting.value).set_files(file)


async def test_somebody_comes_from_a_file(browser: Browser, rostrum: str, written: Store, tmp_path: Path) -> None:
    nora = written.people.add(NORA)
    file = tmp_path / "nora.persona.json"
    file.write_text(persona_file.written(nora), encoding="utf-8")
    written.people.remove(nora.id)

    page = await opened(browser, f"{rostrum}/talk")
    await choose(page, "Import from a file", file)
    await expect(page.get_by_label("Name")).to_have_value(NORA["name"])
    [came] = [one for one in written.people.all() if one.name == NORA["name"]]
    assert page.url == f"{rostrum}/talk/people/{came.id}"
    written.people.remove(came.id)


async def test_what_is_no_persona_is_refused_with_a_reason(browser: Browser, rostrum: str, tmp_path: Path) -> None:
    page = await opened(browser, f"{rostrum}/talk")
    for name, text, why in (
        ("notes.txt", "I am Nora.", "expected .json or .toml, at most 300 kB"),
        ("long.json", "{}" * 150_001, "expected .json or .toml, at most 300 kB"),
        ("nora.json", "{}", "name: this is missing"),
    ):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        await choose(page, "Import from a file", file)
        refused = page.get_by_role("alert").filter(has_text=why)
        await expect(refused).to_be_visible()
        await page.reload()


async def test_a_file_that_is_dropped_on_the_button_is_taken_or_refused_in_the_language_of_the_page(
    browser: Browser, rostrum: str
) -> None:
    context = await browser.new_context()
    await context.add_cookies([{"name": i18n.COOKIE, "value": "de", "url": rostrum}])
    page = await context.new_page()
    await page.goto(f"{rostrum}/talk")
    button = page.get_by_role("button", name="Aus einer Datei holen")
    for name, why in (
        ("notes.txt", "Nicht übernommen. Die Datei: erwartet wird .json oder .toml, höchstens 300 kB."),
        ("nora.json", "name: this is missing"),
    ):
        dropped = await page.evaluate_handle(DROPPED, name)
        assert not await button.evaluate(OVER, dropped), "else the browser opens the file itself"
        await button.dispatch_event("drop", {"dataTransfer": dropped})
        await expect(page.get_by_role("alert").filter(has_text=why)).to_be_visible()


async def test_material_comes_from_a_file(browser: Browser, rostrum: str, tmp_path: Path) -> None:
    page = await opened(browser, f"{rostrum}/talk/people/new")
    for name, said in (
        ("cv.pdf", "The file: expected .txt or .md or .markdown or .html or .htm, at most 400 kB."),
        ("long.txt", "The file: expected .txt or .md or .markdown or .html or .htm, at most 400 kB."),
    ):
        file = tmp_path / name
        file.write_text("a b " * 100_001, encoding="utf-8")
        await choose(page, "From a file", file)
        await expect(page.get_by_text(said, exact=True)).to_be_visible()

    cv = tmp_path / "my cv.md"
    cv.write_text("- Led a team of five engineers at Acme", encoding="utf-8")
    await choose(page, "From a file", cv)
    await expect(page.get_by_label("Text of piece 1")).to_have_value("- Led a team of five engineers at Acme")
    await expect(page.get_by_text("What was your part in it?")).to_be_visible()
    await expect(page.get_by_text("The file: expected")).to_have_count(0)
