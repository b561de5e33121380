"""Asserted from what the playback worklet rendered and from what the page reported about it."""

from playwright.async_api import Browser, Page

from tests.ui.scripted import SILENCE, Peer, stage

SILENT_SINCE_LINE = """rostrumVoice.levels.filter(
  (level) => level.to === 0 && level.t > rostrumVoice.messages.find((message) => message.type === "line").t)"""
START = "() => { window.session = open_session({}); session.play(); }"


async def told(page: Page, kind: str) -> None:
    await page.wait_for_function(f"rostrumVoice.messages.some((message) => message.type === '{kind}')")


async def test_every_second_that_was_sent_is_rendered_and_reported(browser: Browser) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 1, generation=0)
        await peer.tone(0.5, generation=0, rate=22_050)
        await peer.line(2, 2, generation=0, at=0.5)
        await peer.tone(0.5, generation=0, rate=16_000)
        await peer.tell("done")
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.9995)
        assert peer.played(0) == sorted(peer.played(0))
        assert peer.played(0)[-1] <= 1.0
        await peer.tell("end")

    async with stage(browser, script) as page:
        await page.evaluate(START)
        await told(page, "end")
        await page.wait_for_function("rostrumVoice.rendered.at(-1).to > 0.999")
        runs = await page.evaluate("rostrumVoice.rendered")
    assert [(run["line"], run["mark"]) for run in runs] == [(1, 1), (2, 2)]
    assert min(run["rms"] for run in runs) > 0.1


async def test_a_clear_silences_and_frames_of_the_old_generation_stay_silent(browser: Browser) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 1, generation=0)
        await peer.tone(5.0, generation=0)
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.3)
        await peer.tell("clear", generation=1)
        await peer.tone(2.0, generation=0)
        last = peer.played(0)[-1]
        await peer.until(lambda said: said[-1]["type"] == "played" and peer.played(0)[-1] > last)
        await peer.line(2, 2, generation=1)
        await peer.tone(0.3, generation=1, peak=2000)
        await peer.tell("done")
        await peer.until(lambda _: bool(peer.played(1)) and peer.played(1)[-1] > 0.299)
        await peer.tell("end")

    async with stage(browser, script) as page:
        await page.evaluate(START)
        await told(page, "end")
        trace = await page.evaluate(
            "({ levels: rostrumVoice.levels, clears: rostrumVoice.clears, runs: rostrumVoice.rendered })"
        )
    [cleared] = trace["clears"]
    assert cleared["generation"] == 0
    assert cleared["silent"] - cleared["received"] <= 3.5
    old = [level for level in trace["levels"] if level["generation"] == 0]
    # The first piece of the new generation may hold the 3 ms of fading out, which were heard of the old one.
    assert 0 <= cleared["seconds"] - old[-1]["to"] <= 0.004
    assert cleared["seconds"] < 1
    between = [level for level in trace["levels"] if level["generation"] == 1 and level["to"] == 0][1:]
    assert all(level["rms"] < SILENCE for level in between)
    assert [run["line"] for run in trace["runs"]] == [1, 2]
    assert trace["runs"][1]["rms"] < 0.05, "a loud frame of the old generation sounded in the new one"


async def test_pausing_is_silent_before_the_server_answers_and_loses_nothing_if_it_never_does(browser: Browser) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 1, generation=0)
        await peer.tone(1.0, generation=0)
        await peer.tell("done")
        await peer.until(lambda said: any(message["type"] == "pause" for message in said))
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.999)
        await peer.tell("end")

    async with stage(browser, script) as page:
        await page.evaluate(START)
        await page.wait_for_function("rostrumVoice.levels.some((level) => level.to > 0.3)")
        await page.evaluate("session.pause()")
        await told(page, "end")
        levels = await page.evaluate("rostrumVoice.levels.filter((level) => level.from > 0.2)")
    standing = [level for level in levels if level["to"] == level["from"] < 0.99]
    assert len(standing) > 5, "the pause was not silent"
    assert all(level["rms"] < SILENCE for level in standing)


async def test_seeking_while_nothing_sounds_does_not_wait_for_a_clear(browser: Browser) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "seek" for message in said))
        await peer.line(1, 1, generation=0)
        await peer.tone(0.2, generation=0)
        await peer.tell("done")
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.199)
        await peer.tell("end")

    async with stage(browser, script) as page:
        await page.evaluate("async () => { window.session = open_session({}); await session.sound(); }")
        await told(page, "ready")
        await page.evaluate("session.seek(1)")
        await told(page, "end")
        standing = await page.evaluate(SILENT_SINCE_LINE)
    assert len(standing) < 15, "held back although nothing was sounding"


async def test_words_light_up_by_the_position_that_was_rendered(browser: Browser) -> None:
    async with stage(browser) as page:
        found = await page.evaluate(
            """() => {
              const words = [{ first: 0, last: 2, start: 0, end: 0.2 }, { first: 3, last: 6, start: 0.3, end: 0.5 }];
              const entry = { at: 2, offset: 0.25, words };   // after a pause: goes on 0.25 s into the line
              return [2, 2.06, 2.3].map((seconds) => voice.spoken(entry, seconds));
            }"""
        )
    assert found == [[2, 2], [6, 2], [6, 6]]
