"""A coached session in a real browser, from the form to the PDF, with a human voice in its microphone."""

import shutil
import subprocess

import pypdfium2
import pytest
from playwright.async_api import expect

from engine.audio import Pcm, silence
from tests.e2e.browser import human_voice, microphone, page, server

VOICES = ("austen-0880.wav", "austen-0890.wav", "austen-0920.wav")
HEARD = "was not"
"""Of the first recording, by a rough recogniser."""
HEARD_FROM = 0.2
"""Seconds before a moment from which the report lets it be heard."""
SOUND = "document.querySelector('audio.sound')"
WATCH = f"""() => {{
  window.sought = [];
  {SOUND}.addEventListener("seeking", ({{ target }}) => sought.push(target.currentTime));
}}"""


def spoken():
    voices = [human_voice(name) for name in VOICES]
    return Pcm(b"".join(voice.data + silence(1.0, voice.rate).data for voice in voices), voices[0].rate)


async def coached(tab):
    """From the form to the report: create, speak, see captions, ask for help once, finish."""
    await tab.get_by_label("The situation").fill("I read from a novel at a friend's house")
    await tab.get_by_label("Your goal").fill("Be heard, and ask what they think of it")
    await tab.get_by_label("Your name").fill("Alex")
    await tab.get_by_role("switch", name="Keep a recording").click()
    await tab.get_by_role("button", name="Start without a check").click()
    await expect(tab.get_by_text("Recording", exact=True)).to_be_visible()
    await tab.wait_for_function("rostrumCoach.messages.some((m) => m.type === 'interim' && m.text)", timeout=20_000)
    await expect(tab.locator(".coach-lines p.user:not(.live)").nth(len(VOICES) - 1)).to_be_visible(timeout=30_000)
    assert not await tab.evaluate("rostrumCoach.messages.some((m) => m.type === 'suggestion')"), (
        "none in the first 30 s"
    )
    await expect(tab.locator(".coach-now")).to_be_hidden()
    await tab.get_by_role("button", name="Help me").click()
    await expect(tab.locator(".coach-now p")).to_have_count(1)
    await expect(tab.locator(".coach-now")).to_be_visible()
    assert 0 < len((await tab.locator(".coach-now p").inner_text()).split()) <= 8
    await tab.get_by_role("button", name="Finish").first.click()
    await tab.wait_for_url("**/report/*", timeout=30_000)


async def put_in_an_um(tab):
    """The rough recogniser writes down no "um", and there is none in the recordings: so the transcript is corrected, as
    somebody would who heard one there."""
    await tab.get_by_role("tab", name="Transcript").click()
    line = tab.locator(".lines li").nth(1)
    text = await line.locator("p").inner_text()
    await line.hover()
    await line.get_by_role("button", name="Edit").click()
    first, _, rest = " ".join(text.split()).partition(" ")
    await tab.locator("textarea").fill(f"{first} um {rest}")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".layer", has_text="Fillers").first).to_have_attribute("data-count", "1")


async def hear_the_filler(tab):
    """A click on the only filler of the timeline is heard there: the audio element is sent to it, and plays past it."""
    await tab.get_by_role("tab", name="Timeline").click()
    await tab.wait_for_function(f"{SOUND}.readyState > 0")
    await tab.evaluate(WATCH)
    await tab.get_by_text("The same as a table").click()
    row = tab.get_by_role("row").filter(has_text="filler “").first
    at = float(await row.get_by_role("button").get_attribute("data-hear"))
    assert at > 3, "not at the beginning, where it would be heard in any case"
    await tab.locator(".lane-cues").scroll_into_view_if_needed()
    x, y = await tab.locator(".lane-fillers .mark.filler").evaluate(
        "mark => (({ left, top, height }) => [left, top + height / 2])(mark.getBoundingClientRect())"
    )
    await tab.mouse.click(x, y)
    await tab.wait_for_function("sought.length")
    assert await tab.evaluate("sought[0]") == pytest.approx(at - HEARD_FROM, abs=0.3)
    await tab.wait_for_function(f"!{SOUND}.paused && {SOUND}.currentTime > {at + 0.3}")


async def give_a_line_away(tab):
    """A line is the partner's after all: the numbers follow at once."""
    figures = tab.locator(".figures")
    before = await figures.inner_text()
    await tab.get_by_role("tab", name="Transcript").click()
    line = tab.locator(".lines li").nth(2)
    await line.hover()
    await line.locator(".who").click()
    await expect(tab.locator(".lines li.partner")).to_have_count(1)
    await expect(figures).not_to_have_text(before)


async def printed(tab, folder):
    """The exported PDF."""
    await tab.get_by_role("tab", name="Exports").click()
    async with tab.expect_download() as download:
        await tab.get_by_role("link", name="PDF").click()
    path = folder / "report.pdf"
    await (await download.value).save_as(path)
    return path


def assert_its_pages_are_not_empty(path, says):
    document = pypdfium2.PdfDocument(path)
    assert len(document) >= 1
    for sheet in document:
        assert len(set(sheet.render(scale=0.5, grayscale=True).to_numpy().flat)) > 8, "something is drawn on it"
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert says in " ".join(text.split())
    if shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "30", path, path.parent / "sheet"], check=True, timeout=20)
        assert len(list(path.parent.glob("sheet*.ppm"))) == len(document)


async def test_create_speak_finish_hear_a_filler_correct_the_speaker_and_print(tmp_path):
    with server(tmp_path) as running:
        async with page(tmp_path, microphone=microphone(tmp_path, spoken(), before=0.5)) as tab:
            await tab.goto(f"{running.url}/coach")
            await coached(tab)
            await expect(tab.get_by_role("tabpanel", name="Summary")).to_contain_text(HEARD)
            await put_in_an_um(tab)
            await hear_the_filler(tab)
            await give_a_line_away(tab)
            path = await printed(tab, tmp_path)
            assert not tab.errors and not tab.foreign
    assert_its_pages_are_not_empty(path, says=HEARD)
