"""The stage of a talk in Chromium, on the whole program."""

import json

from playwright.async_api import Browser, Page, expect

TALK = "/talk/partner"


async def begun(page: Page, url: str, path: str = TALK, says: str = "I am Sam") -> None:
    await page.goto(url + path)
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.locator(".turn.agent").first).to_contain_text(says)


def sent(page: Page) -> list[dict[str, object]]:
    """What the page says on its voice link, from now on."""
    said: list[dict[str, object]] = []

    def listen(socket) -> None:
        socket.on(
            "framesent", lambda frame: isinstance(frame, str) and frame[:1] == "{" and said.append(json.loads(frame))
        )

    page.on("websocket", listen)
    return said


async def test_a_denied_microphone_is_said_and_typing_works(rostrum: str, browser: Browser) -> None:
    page = await (await browser.new_context(permissions=[])).new_page()
    await begun(page, rostrum)
    await expect(page.get_by_role("alert")).to_contain_text("does not allow the microphone")
    await page.get_by_label("Type instead of speaking").fill("I would like to talk about bread")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.you")).to_contain_text("bread")
    await page.wait_for_function("rostrumVoice.messages.some(m => m.type === 'line' && m.mark === 'user_response')")


async def test_space_held_talks_m_mutes_and_escape_stops(rostrum: str, browser: Browser) -> None:
    page = await (await browser.new_context(permissions=["microphone"])).new_page()
    await page.add_init_script("localStorage.setItem('rostrum.talk', JSON.stringify({ handsFree: false }))")
    face = page.locator(".talk-stage")
    await begun(page, rostrum)
    await page.keyboard.press("Escape")
    await expect(face).to_have_attribute("data-face", "paused")
    await page.keyboard.press("Space")
    await expect(face).to_have_attribute("data-face", "push")
    await page.keyboard.down("Space")
    await expect(face).to_have_attribute("data-face", "listening")
    await page.wait_for_function("rostrumVoice.micFrames > 10")
    await page.keyboard.up("Space")
    assert not await page.evaluate("rostrumVoice.session.live")
    await page.get_by_text("Settings").click()
    await page.get_by_label("Hands-free").click()
    await page.keyboard.press("Escape")
    await page.wait_for_function("rostrumVoice.session.live")
    await page.keyboard.press("m")
    assert not await page.evaluate("rostrumVoice.session.live")
    await expect(page.get_by_role("button", name="Unmute", exact=True)).to_be_visible()


async def test_patience_and_the_hold_reach_the_conversation(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    said = sent(page)
    await begun(page, rostrum)
    await page.get_by_label("How long may I pause?").fill("2.5")
    await expect(page.locator("output")).to_have_text("2.5 s, all the time you need")
    await page.get_by_role("button", name="Still thinking").click()
    await page.get_by_role("button", name="I have finished").click()
    await expect(page.get_by_role("button", name="Still thinking")).to_be_visible()
    for frame in ({"type": "patience", "seconds": 2.5}, {"type": "hold", "on": True}, {"type": "hold", "on": False}):
        assert frame in said


async def test_the_button_cuts_off_what_is_being_said(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await begun(page, rostrum, "/talk/investor", "I have read nothing")  # there is much more to come
    await page.get_by_role("button", name="Interrupt").click()
    await expect(page.locator(".turn .cut")).to_have_text("cut off")
    await page.wait_for_function("rostrumVoice.clears.length === 1")


async def test_a_limit_is_announced_in_words(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await begun(page, rostrum)
    await page.evaluate("rostrumVoice.session.heard({ type: 'limit', reason: 'still_there', seconds: 40 })")
    await expect(page.locator(".talk-note")).to_contain_text("ends in 40 seconds")


async def test_the_first_line_says_who_thinks(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(rostrum + TALK)
    await expect(page.locator(".talk-stage > :first-child")).to_contain_text("Offline partner")


async def test_the_same_talk_in_a_second_tab_goes_on_there(rostrum: str, browser: Browser) -> None:
    context = await browser.new_context()
    first, second = await context.new_page(), await context.new_page()
    await begun(first, rostrum)
    await first.evaluate("dispatchEvent(new Event('pagehide'))")
    kept = await first.evaluate("sessionStorage.getItem('rostrum.talk.partner')")
    await second.add_init_script(f"sessionStorage.setItem('rostrum.talk.partner', {json.dumps(kept)})")
    await second.goto(rostrum + TALK)
    await expect(second.locator(".turn").first).to_contain_text("Hello")
    await expect(first.locator(".talk-face")).to_contain_text("goes on in another connection")


async def test_a_talk_that_was_lost_is_said_to_begin_anew(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await begun(page, rostrum)
    await page.wait_for_function("rostrumVoice.messages.some(m => m.type === 'said')")  # what nobody heard is not kept
    before = await page.evaluate("rostrumVoice.session.conversation")
    await page.evaluate("rostrumVoice.session.heard({ type: 'ready', returned: false, conversation: 'gone' })")
    await expect(page.get_by_role("alert")).to_contain_text("begins anew")
    await expect(page.locator(".turn")).to_have_count(2)
    assert await page.evaluate("rostrumVoice.session.conversation") not in (before, "gone")


async def test_a_reload_after_the_server_forgot_the_talk_says_so(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    kept = "JSON.stringify({ at: Date.now(), conversation: 'gone_gone_gone_gone', generation: 0, seconds: 0 })"
    await page.add_init_script(f"sessionStorage.setItem('rostrum.talk.partner', {kept})")
    await page.goto(rostrum + TALK)
    await expect(page.get_by_role("alert")).to_contain_text("begins anew")
    await expect(page.get_by_role("button", name="Start talking")).to_be_visible()


async def test_held_to_talk_and_muted_are_said_in_the_hint(rostrum: str, browser: Browser) -> None:
    page = await (await browser.new_context(permissions=["microphone"])).new_page()
    await begun(page, rostrum)
    await page.wait_for_function("rostrumVoice.session.live")
    await page.keyboard.press("m")
    await page.get_by_label("Type instead of speaking").fill("I would like to talk about bread")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk-face")).to_contain_text("You are muted")
    await page.get_by_label("Type instead of speaking").blur()
    await page.keyboard.down("Space")
    await expect(page.locator(".talk-face")).to_contain_text("Let go when you have finished")
    await page.keyboard.up("Space")


async def test_a_click_from_home_starts_the_talk_and_a_reload_does_not(rostrum: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(rostrum)
    await page.get_by_role("link", name="Talk with Sam").click()
    await page.wait_for_function("window.rostrumVoice?.rendered.some(run => run.mark === 'opening')")
    await page.get_by_role("button", name="End the talk").click()
    await expect(page.get_by_role("button", name="Talk again")).to_be_visible()
    await page.reload()
    await expect(page.locator(".talk-stage")).to_have_attribute("data-face", "ready")
