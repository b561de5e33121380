"""The live view of the coach in Chromium, on the whole program; what only the coach would say is handed to the page."""

import json
import re
import struct
import urllib.request

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

ASKED = {
    "type": "suggestion",
    "id": 1,
    "kind": "content",
    "text": "Ask what surprised them",
    "asked": False,
    "seconds": 0.6,
}
CALL = """
  navigator.mediaDevices.getDisplayMedia = async () => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: 440 });
    const shared = context.createMediaStreamDestination();
    tone.connect(shared);
    tone.start();
    const picture = document.createElement("canvas");
    picture.getContext("2d");
    for (const track of picture.captureStream().getTracks()) shared.stream.addTrack(track);
    window.call = shared.stream;
    return shared.stream;
  };
"""
"""A call whose sound the browser shares: a tone."""
TAP = """
  for (const type of ["keydown", "keyup"])
    document.body.dispatchEvent(new KeyboardEvent(type, { key: "p", code: "KeyP", bubbles: true }));
"""
"""A tap on a key, however slow the machine is: a longer one would be a key that is held."""
SILENT_ROOM = """
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const shared = context.createMediaStreamDestination();
    new ConstantSourceNode(context, { offset: 0 }).connect(shared);
    return shared.stream;
  };
"""


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> BrowserContext:
    """Somebody who has allowed the microphone."""
    return await browser.new_context(permissions=["microphone"])


def created(url: str, **more: str) -> str:
    """The id of a new session."""
    body = json.dumps({"context": "A meetup", "goal": "Ask three questions", "user_name": "Asha"} | more).encode()
    request = urllib.request.Request(f"{url}/session", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["session_id"]


class Sent:
    """What the page says on its socket: JSON messages, and the samples."""

    def __init__(self, page: Page) -> None:
        self.messages: list[dict[str, object]] = []
        self.audio: list[bytes] = []
        page.on(
            "websocket", lambda socket: "/ws/" in socket.url and socket.on("framesent", lambda frame: self.take(frame))
        )

    def take(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.audio.append(frame)
        else:
            self.messages.append(json.loads(frame))

    def of(self, kind: str) -> list[dict[str, object]]:
        return [message for message in self.messages if message["type"] == kind]


async def listening(context: BrowserContext, url: str, *scripts: str, **more: str) -> tuple[Page, Sent]:
    """A page that listens."""
    page = await context.new_page()
    for script in scripts:
        await page.add_init_script(script)
    sent = Sent(page)
    await page.goto(f"{url}/coach/{created(url, **more)}")
    await page.get_by_role("button", name="Start listening").click()
    await expect(page.locator(".coach-stage")).to_have_attribute("data-face", "listening")
    return page, sent


async def heard(page: Page, *messages: dict[str, object]) -> None:
    for message in messages:
        await page.evaluate("(message) => rostrumCoach.session.heard(message)", message)


def line(number: int, speaker: str, text: str) -> dict[str, object]:
    return {"type": "transcript", "line": number, "speaker": speaker, "text": text}


async def test_one_cue_stands_in_one_place_and_fades(rostrum: str, context: BrowserContext) -> None:
    page, sent = await listening(context, rostrum)
    place, rest = page.locator(".coach-now"), page.locator(".coach-rest")
    await expect(rest).to_contain_text("I have a coach listening along")
    await heard(page, line(1, "user", "Hello."))
    await expect(rest).to_contain_text("Ask three questions")
    await heard(page, ASKED | {"seconds": 30})
    await expect(place).to_contain_text("Ask what surprised them")
    await expect(place).to_contain_text("Say next")
    where = await place.bounding_box()
    size = await place.locator("p").evaluate("(words) => parseFloat(getComputedStyle(words).fontSize)")
    assert size >= 20
    await heard(page, ASKED | {"text": "Slower", "kind": "wpm", "seconds": 30})
    await expect(place).to_contain_text("Slower")
    assert await place.bounding_box() == where
    assert await place.locator("p").count() == 1
    await heard(page, ASKED)
    await expect(place).to_be_hidden()  # after its seconds
    await heard(page, {"type": "fixed", "kind": "wpm"})
    await expect(page.locator(".coach-fixed")).to_have_text("Better")
    assert await place.bounding_box() == where
    assert sent.of("config")[0] == {
        "type": "config",
        "sample_rate": 16000,
        "channels": ["user"],
        "interim": True,
        "speakers": True,
        "cues": "calm",
        "ear": False,
        "fluency": False,
    }
    assert {len(frame) for frame in sent.audio} == {512}, "16 ms of one channel"


async def test_captions_say_who_and_one_click_corrects_it(rostrum: str, context: BrowserContext) -> None:
    page, sent = await listening(context, rostrum, participants="Maya, runs a lab")
    await heard(
        page, line(7, "user", "We have two bakeries."), {"type": "interim", "speaker": "partner", "text": "and"}
    )
    lines = page.locator(".coach-lines p")
    await expect(lines.nth(1)).to_have_class("live partner")
    await heard(page, line(8, "partner", "And a mill."))
    await expect(lines).to_have_count(2)
    await lines.first.get_by_role("button", name="You said this. Change the speaker.").click()
    await expect(lines.first.get_by_role("button")).to_contain_text("Maya")
    assert sent.of("correct") == [{"type": "correct", "line": 7, "speaker": "partner"}]
    await heard(page, {"type": "relabelled", "line": 8, "speaker": "user"})
    await expect(lines.nth(1).get_by_role("button")).to_contain_text("You")
    await heard(page, {"type": "shortened", "line": 8, "text": "And a", "end": 2.0}, line(9, "partner", "mill."))
    await expect(lines).to_have_text([re.compile("We have two bakeries.$"), re.compile("And a$"), re.compile("mill.$")])


async def test_keys_say_who_speaks_mute_help_and_ask_before_finishing(rostrum: str, context: BrowserContext) -> None:
    page, sent = await listening(context, rostrum)
    await page.keyboard.down("p")
    await page.wait_for_timeout(500)  # held, not tapped
    await page.keyboard.up("p")
    for _ in ("they speak from now on", "and no more"):
        await page.evaluate(TAP)
    await page.keyboard.press("Space")
    await page.keyboard.press("m")
    await expect(page.locator(".coach-state strong")).to_have_text("Muted")
    sent.audio.clear()
    await page.wait_for_function(
        "(from) => rostrumCoach.frames > from + 40", arg=await page.evaluate("rostrumCoach.frames")
    )
    assert len(sent.audio) > 15
    assert not any(any(frame) for frame in sent.audio[-15:]), "nothing of a muted microphone is sent; time goes on"
    assert [said["speaker"] for said in sent.of("speaking")] == ["partner", "user", "partner", "user"]
    assert sent.of("help") == [{"type": "help"}]
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert not sent.of("stop")


async def test_the_sound_of_a_call_is_a_channel_of_its_own(rostrum: str, context: BrowserContext) -> None:
    page, sent = await listening(context, rostrum, CALL, SILENT_ROOM)
    await page.get_by_role("button", name="Share a call").click()
    await expect(page.get_by_role("button", name="They speak")).to_be_hidden()
    assert sent.of("config")[-1]["channels"] == ["user", "partner"]
    sent.audio.clear()
    await page.wait_for_function(
        "(from) => rostrumCoach.frames > from + 30", arg=await page.evaluate("rostrumCoach.frames")
    )
    frame = sent.audio[-1]
    samples = struct.unpack(f"<{len(frame) // 2}h", frame)
    assert len(samples) == 512
    assert max(samples[1::2]) > 10_000, "the tone is on the right"
    assert not any(samples[0::2]), "and the silent room on the left"
    assert await page.evaluate("call.getVideoTracks().every((track) => track.readyState === 'ended')")
    await page.evaluate("call.getAudioTracks()[0].onended()")  # the call was hung up
    await expect(page.get_by_role("button", name="They speak")).to_be_visible()
    assert sent.of("config")[-1]["channels"] == ["user"]


async def test_a_whisper_falls_silent_within_a_frame(rostrum: str, context: BrowserContext) -> None:
    page, _ = await listening(context, rostrum)
    tone = "coachTone"
    await page.evaluate(
        """(name) => {
          const [rate, count] = [8000, 8000];
          const bytes = new DataView(new ArrayBuffer(44 + 2 * count));
          const text = (at, words) => [...words].forEach((letter, i) => bytes.setUint8(at + i, letter.charCodeAt(0)));
          text(0, "RIFF"); bytes.setUint32(4, 36 + 2 * count, true); text(8, "WAVEfmt "); bytes.setUint32(16, 16, true);
          bytes.setUint16(20, 1, true); bytes.setUint16(22, 1, true); bytes.setUint32(24, rate, true);
          bytes.setUint32(28, 2 * rate, true); bytes.setUint16(32, 2, true); bytes.setUint16(34, 16, true);
          text(36, "data"); bytes.setUint32(40, 2 * count, true);
          for (let i = 0; i < count; i++) bytes.setInt16(44 + 2 * i, 9000 * Math.sin(i / 4), true);
          window[name] = btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
        }""",
        tone,
    )
    sounds = "rostrumCoach.sounds.map((sound) => sound.what)"
    await page.evaluate(f"rostrumCoach.session.heard({{ type: 'audio', format: 'wav', data: {tone} }})")
    await page.wait_for_function(f"{sounds}.includes('began')")
    stopped = await page.evaluate(
        """() => {
          const { source } = rostrumCoach.session.whisper.sounding;
          const asked = source.context.currentTime;
          return new Promise((done) => {
            source.onended = () => done(source.context.currentTime - asked);
            rostrumCoach.session.heard({ type: "hush" });
          });
        }"""
    )
    assert stopped < 0.5, "long before its second was over"
    # one that is told to be silent before it could begin never sounds
    await page.evaluate(
        f"rostrumCoach.session.heard({{ type: 'audio', data: {tone} }}); rostrumCoach.session.heard({{ type: 'hush' }})"
    )
    await heard(page, {"type": "earcon"})
    await page.wait_for_function(f"{sounds}.includes('earcon')")
    assert await page.evaluate(sounds) == ["began", "hushed", "earcon"]


async def test_a_lost_connection_comes_back_by_itself_and_says_so(rostrum: str, context: BrowserContext) -> None:
    page, sent = await listening(context, rostrum)
    face = page.locator(".coach-stage")
    await heard(page, line(1, "user", "What this server never heard."))
    await page.evaluate("rostrumCoach.session.link.abandon()")
    await expect(page.locator(".coach-note")).to_contain_text("Connected again")
    await expect(face).to_have_attribute("data-face", "listening")
    await expect(page.locator(".coach-lines p")).to_have_count(0)  # the transcript is what the server has
    assert len(sent.of("config")) == 2
    await page.route_web_socket("**/ws/*", lambda socket: socket.close())
    await page.evaluate("rostrumCoach.session.link.abandon()")
    await expect(face).to_have_attribute("data-face", "offline")
    await expect(page.get_by_role("alert")).to_contain_text("It comes back by itself")
    await expect(page.get_by_role("button", name="Help me")).to_be_disabled()


async def test_finishing_leads_to_the_report_and_a_failure_can_be_tried_again(
    rostrum: str, context: BrowserContext
) -> None:
    page, sent = await listening(context, rostrum)
    answers = [500, 200]
    await page.route("**/finish", lambda route: route.fulfill(status=answers.pop(0), json={}))
    await page.get_by_role("button", name="Finish").click()
    await expect(page.get_by_role("alert")).to_contain_text("Everything that was said is kept")
    assert sent.of("stop")
    session = page.url.rsplit("/", 1)[-1]
    await page.get_by_role("button", name="Try again").click()
    await page.wait_for_url(f"**/report/{session}")


async def test_a_denied_microphone_is_said_and_can_be_tried_again(rostrum: str, context: BrowserContext) -> None:
    await context.clear_permissions()
    page = await context.new_page()
    await page.goto(f"{rostrum}/coach/{created(rostrum)}")
    await page.get_by_role("button", name="Start listening").click()
    await expect(page.get_by_role("alert")).to_contain_text("does not allow the microphone")
    await expect(page.locator(".coach-state strong")).to_have_text("Not hearing you")
    await expect(page.get_by_role("button", name="Try the microphone again")).to_be_enabled()
