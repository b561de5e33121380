"""Names as long as they may be, on the narrowest screen: no page is wider than the screen."""

import json
import urllib.request

from playwright.async_api import Browser, expect

NAME = "Wolfeschlegelsteinhausenbergerdorff Ottilie von Hohenlangen"


def somebody(url: str) -> str:
    fields = {
        "name": NAME,
        "summary": "Chairwoman: " + "exact" * 30,
        "scene": "corridor" * 60,
        "who": "You are strict.",
    }
    body = json.dumps(fields | {"questions": ["Why?"]}).encode()
    request = urllib.request.Request(url + "/api/v1/personas", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)["id"]


async def test_nothing_is_wider_than_the_screen(rostrum: str, browser: Browser) -> None:
    persona = somebody(rostrum)
    page = await browser.new_page()

    async def fits() -> bool:
        for width in (360, 320):
            await page.set_viewport_size({"width": width, "height": 640})
            if not await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                return False
        return True

    for address in (
        "/",
        "/talk",
        f"/talk/people/{persona}",
        "/talk/nobody",
        "/coach",
        "/coach/check",
        "/words",
        "/no/such/page",
        f"/talk/{persona}",
    ):
        await page.goto(rostrum + address)
        await page.get_by_role("heading", level=1).wait_for()
        assert await fits(), address
    await page.get_by_label("Type instead of speaking").fill("w" * 300)
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.you")).to_contain_text("www")
    assert await fits(), "while it is spoken"
    await page.get_by_role("button", name="End the talk").click()
    await page.get_by_role("link", name="Read what was said").wait_for()
    assert await fits(), "when it is over"
    await page.get_by_role("link", name="Read what was said").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    for address in ("/history", f"/history?q={NAME[:40]}", "/"):
        await page.goto(rostrum + address)
        await page.get_by_text(NAME).wait_for()
        assert await fits(), f"{address} with a session"
