"""A page in a window that gives it no microphone moves to the machine's own sound, in the middle of a conversation."""

from playwright.async_api import Browser

from tests.ui.scripted import Peer, stage

SITUATION = {"inputs": ["Built-in"], "outputs": ["Speakers"], "input": "Built-in", "output": "Speakers"}


async def test_the_same_conversation_goes_on_with_what_the_machine_hears_and_sounds(browser: Browser) -> None:
    async def begun(peer: Peer) -> None:
        await peer.tell("ready", conversation="c1", returned=False, sentences=["One.", "Two."], mark=1, voices=[])

    async def moved(peer: Peer) -> None:
        hello = next(said for said in peer.said if said["type"] == "hello")
        assert (hello["sound"], hello["conversation"]) == ("machine", "c1")
        await peer.tell("ready", conversation="c1", returned=True, sentences=["One.", "Two."], mark=1, voices=[])
        await peer.tell("machine", **SITUATION, listening="", headset=False, problem="")
        await peer.until(lambda said: any(one["type"] == "microphone" and one["open"] for one in said))
        await peer.tell("machine", **SITUATION, listening="open", headset=False, problem="")
        await peer.until(lambda said: any(one["type"] == "microphone" and one["live"] for one in said))
        await peer.line(1, 1, generation=2)
        await peer.tell("position", generation=2, seconds=0.5, sounding=True, level=0.2)

    async with stage(browser, begun, moved) as page:
        await page.evaluate("window.session = open_session({ machine: 'fallback' })")
        await page.wait_for_function("events.some((event) => event.type === 'ready')")
        await page.evaluate("session.keepMicrophone(true)")
        await page.wait_for_function("session.position.seconds === 0.5")
        assert await page.evaluate("[session.live, session.current().mark, session.machine.situation.input]") == [
            True,
            1,
            "Built-in",
        ]
        assert await page.evaluate("events.filter(({ type, code }) => type === 'problem' && code).length") == 0


async def test_what_is_wrong_with_the_machines_sound_is_shown_as_it_says(browser: Browser) -> None:
    async def without(peer: Peer) -> None:
        await peer.tell("ready", conversation="c1", returned=False, sentences=["One."], mark=1, voices=[])
        await peer.until(lambda said: any(one["type"] == "microphone" and one["open"] for one in said))
        problem = "No microphone was found on this machine."
        await peer.tell("machine", **SITUATION, listening="failed", headset=False, problem=problem)
        await peer.until(lambda said: any(one["type"] == "ask" for one in said))
        assert peer.mic == 0

    async with stage(browser, without) as page:
        await page.evaluate("window.session = open_session({ machine: 'always' })")
        await page.wait_for_function("events.some((event) => event.type === 'ready')")
        assert await page.evaluate("session.keepMicrophone(true).then(() => session.keepOpen)") is False
        problems = await page.evaluate("events.filter(({ type }) => type === 'problem').map(({ code }) => code)")
        assert problems == ["No microphone was found on this machine."]
        await page.evaluate("session.ask('Why?')")
