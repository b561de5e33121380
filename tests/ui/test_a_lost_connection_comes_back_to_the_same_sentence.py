import pytest
from playwright.async_api import Browser

from tests.ui.scripted import Peer, stage

STATES = "events.filter((event) => event.type === 'connection').map((event) => event.state)"


@pytest.mark.parametrize(("code", "state"), [(1012, "restarting"), (1011, "lost")])
async def test_the_page_reconnects_and_goes_on_where_it_was(browser: Browser, code: int, state: str) -> None:
    async def before(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 2, generation=0)
        await peer.tone(0.4, generation=0)
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.1)
        await peer.socket.close(code)

    async def after(peer: Peer) -> None:
        assert peer.said[0]["mark"] == 2
        await peer.ready()
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 2, generation=0)
        await peer.tone(0.2, generation=0)
        await peer.tell("done")
        await peer.until(lambda _: bool(peer.played(0)) and peer.played(0)[-1] > 0.199)
        await peer.tell("end")

    async with stage(browser, before, after) as page:
        await page.evaluate("() => { window.session = open_session({}); session.play(); }")
        await page.wait_for_function("rostrumVoice.messages.some((message) => message.type === 'end')")
        assert await page.evaluate(STATES) == ["open", state, "open"]


async def test_a_conversation_that_waited_goes_on_by_itself_and_is_told_what_was_heard(browser: Browser) -> None:
    told = {}

    async def before(peer: Peer) -> None:
        await peer.tell("ready", conversation="here", returned=False, sentences=["One.", "Two."], voices=[])
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.line(1, 2, generation=3)
        await peer.tone(0.4, generation=3)
        await peer.until(lambda _: bool(peer.played(3)) and peer.played(3)[-1] > 0.1)
        await peer.socket.close(1011)

    async def after(peer: Peer) -> None:
        told.update(peer.said[0])
        await peer.tell("ready", conversation="here", returned=True, sentences=["One.", "Two."], voices=[])
        await peer.until(lambda said: any(message["type"] == "pause" for message in said))
        await peer.line(1, 2, generation=4)
        await peer.tone(0.2, generation=4)
        await peer.tell("done")
        await peer.until(lambda _: bool(peer.played(4)) and peer.played(4)[-1] > 0.199)
        assert "play" not in [message["type"] for message in peer.said], "it goes on by itself"
        await peer.tell("end")

    async with stage(browser, before, after) as page:
        await page.evaluate("() => { window.session = open_session({}); session.play(); }")
        await page.wait_for_function("events.some((event) => event.state === 'lost')")
        rendered = await page.evaluate("rostrumVoice.rendered.at(-1).to")
        await page.evaluate("session.pause()")
        await page.wait_for_function("rostrumVoice.messages.some((message) => message.type === 'end')")
    assert (told["conversation"], told["generation"]) == ("here", 3)
    assert 0.1 < float(str(told["seconds"])) <= 0.4
    assert float(str(told["seconds"])) >= rendered - 0.001


async def test_a_conversation_that_is_over_gives_way_to_another(browser: Browser) -> None:
    async def before(peer: Peer) -> None:
        await peer.tell("ready", conversation="here", returned=False, sentences=["One.", "Two."], voices=[])
        await peer.socket.close(1012)

    async def over(peer: Peer) -> None:
        await peer.tell("ready", conversation="here", returned=False, sentences=["One.", "Two."], voices=[])

    async def after(peer: Peer) -> None:
        assert "conversation" not in peer.said[0]
        await peer.tell("ready", conversation="there", returned=False, sentences=["One.", "Two."], voices=[])
        await peer.until(lambda said: any(message["type"] == "play" for message in said))
        await peer.tell("end")

    async with stage(browser, before, over, after) as page:
        await page.evaluate("() => { window.session = open_session({}); session.play(); }")
        await page.wait_for_function("rostrumVoice.messages.some((message) => message.type === 'end')")


async def test_a_conversation_that_goes_on_elsewhere_is_not_fought_over(browser: Browser) -> None:
    async def part(peer: Peer) -> None:
        await peer.ready()
        await peer.socket.close(1000, "this conversation goes on in another connection")

    async with stage(browser, part) as page:
        await page.evaluate("() => { window.session = open_session({}); }")
        await page.wait_for_function("events.some((event) => event.state === 'refused')")
        assert await page.evaluate("events.at(-1).reason") == "this conversation goes on in another connection"
        await page.wait_for_timeout(600)
        assert await page.evaluate("session.link.socket.readyState") == 3


async def test_a_question_typed_without_a_connection_is_asked_when_it_is_back(browser: Browser) -> None:
    async def before(peer: Peer) -> None:
        await peer.ready()
        await peer.socket.close(1011)

    async def after(peer: Peer) -> None:
        await peer.ready()
        await peer.until(lambda said: {"type": "ask", "text": "Who pays?"} in said)
        await peer.tell("end")

    async with stage(browser, before, after) as page:
        await page.evaluate("() => { window.session = open_session({}); }")
        await page.wait_for_function("events.some((event) => event.state === 'lost')")
        await page.evaluate("session.ask('Who pays?')")
        await page.wait_for_function("rostrumVoice.messages.some((message) => message.type === 'end')")


async def test_a_refused_pitch_is_not_asked_for_again(browser: Browser) -> None:
    async def refuse(peer: Peer) -> None:
        await peer.socket.close(1008, "Pitch not found")

    async with stage(browser, refuse) as page:
        await page.evaluate("() => { window.session = open_session({}); }")
        await page.wait_for_function("events.some((event) => event.state === 'refused')")
        assert await page.evaluate("events.at(-1).reason") == "Pitch not found"
