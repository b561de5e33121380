"""`hello` with `"sound":"machine"`: the conversation of a page whose sound runs over the server's own devices."""

import asyncio
import json
import threading
import time
from contextlib import asynccontextmanager

import numpy
import pytest
import websockets

from engine.local_audio.devices import Device, NoSound
from engine.wire import machine
from tests.wire.serving import serving

LOUD = 0x2000


class Stream:
    """A device in real time, on a thread of its own, as PortAudio has them."""

    alive = True

    def __init__(self, device, call):
        self.device = device
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()

    @property
    def now(self):
        return time.monotonic()

    def _run(self, call):
        while not self._ended.wait(0.01):
            call(round(0.01 * self.device.rate))

    def close(self):
        self._ended.set()
        self._thread.join()


class Card:
    """One speaker and one microphone; `voice`: somebody speaks into it."""

    def __init__(self):
        self.voice = False
        self.open: list[str] = []
        self.loudest = 0

    def inputs(self):
        return [Device(index=0, name="Microphone", rate=16_000, channels=1, default=True)]

    def outputs(self):
        return [Device(index=1, name="Speaker", rate=16_000, channels=1, default=True)]

    def rescan(self):
        pass

    def play(self, device, render):
        def call(frames):
            self.loudest = max(self.loudest, int(numpy.abs(render(frames, time.monotonic())).max()))

        self.open.append(device.name)
        return Stream(device, call)

    def record(self, device, take):
        self.open.append(device.name)
        return Stream(device, lambda frames: take(numpy.full(frames, LOUD * self.voice, "<i2").tobytes()))


class Page:
    def __init__(self, socket):
        self.socket = socket
        self.texts = []

    async def say(self, kind, **fields):
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def until(self, kind, **more):
        async with asyncio.timeout(20):
            while True:
                frame = await self.socket.recv()
                assert isinstance(frame, str), "no audio goes over the socket"
                self.texts.append(json.loads(frame))
                if {"type": kind, **more}.items() <= self.texts[-1].items():
                    return self.texts[-1]


@asynccontextmanager
async def page(server, origin=None, **hello):
    address = f"127.0.0.1:{server.port}"
    async with websockets.connect(f"ws://{address}/voice", origin=origin or f"http://{address}") as socket:
        here = Page(socket)
        await here.say("hello", pitch=server.pitch, sound="machine", **hello)
        yield here


@pytest.fixture
def card(monkeypatch):
    there = Card()
    monkeypatch.setattr(machine, "_portaudio", lambda: there)
    return there


async def test_a_pitch_sounds_is_interrupted_at_the_microphone_and_goes_on(tmp_path, card):
    async with serving(tmp_path, local_audio=True) as server, page(server) as here:
        assert (await here.until("machine"))["output"] == "Speaker"
        assert card.open == ["Speaker"], "the microphone is opened when it is asked for"
        await here.say("machine", headset=True)
        await here.say("microphone", open=True, live=True)
        await here.until("machine", listening="open", headset=True)
        await here.say("play")
        await here.until("line", mark=2)
        assert card.loudest > 0
        card.voice = True
        cleared = await here.until("clear")
        await asyncio.sleep(0.5)
        card.voice = False
        cut = await here.until("said", speaker="agent")
        assert cut["interrupted"] or cut["mark"] == 1
        await here.until("resumed", reason="answered")
        await here.until("position", generation=cleared["generation"])
        await here.until("end")
        assert any(text["type"] == "level" and text["peak"] > 0.1 for text in here.texts)


async def test_a_second_page_is_told_and_may_type_and_the_first_hands_over_when_it_leaves(tmp_path, card, monkeypatch):
    monkeypatch.setattr(machine, "LET_GO_WITHIN", 0.2)
    async with serving(tmp_path, local_audio=True) as server:
        async with page(server) as first:
            await first.until("machine", output="Speaker")
            async with page(server) as second:
                assert "Another page" in (await second.until("machine"))["problem"]
                await second.say("ask", text="What does it cost?")
                await second.until("said", speaker="agent", mark="user_response", text="It is free.")
        monkeypatch.undo()
        monkeypatch.setattr(machine, "_portaudio", lambda: card)
        async with page(server) as third:
            await third.until("machine", output="Speaker", problem="")


async def test_devices_that_were_picked_are_remembered(tmp_path, card):
    async with serving(tmp_path, local_audio=True, audio_output="from the settings") as server:
        async with page(server) as here:
            await here.until("machine")
            await here.say("machine", input="Microphone", output="Speaker")
            await here.until("machine", input="Microphone")
            await here.say("machine", output=3)
            assert (await here.until("error"))["code"] == "bad_input"
        for _ in range(200):
            if server.studio.store.preference("sound.output") == "Speaker":
                break
            await asyncio.sleep(0.02)
        assert server.studio.store.preference("sound.output") == "Speaker"
        assert server.studio.store.preference("sound.input") == "Microphone"


async def test_without_portaudio_typing_works(tmp_path, monkeypatch):
    def none():
        raise NoSound("Sound on this machine needs PortAudio.")

    monkeypatch.setattr(machine, "_portaudio", none)
    async with serving(tmp_path, native=True) as server, page(server) as here:
        assert (await here.until("machine"))["problem"] == "Sound on this machine needs PortAudio."
        await here.say("ask", text="What does it cost?")
        await here.until("said", speaker="agent", mark="user_response", text="It is free.")


@pytest.mark.parametrize(("origin", "wanted"), [("https://studio.example", True), (None, False)])
async def test_a_page_from_elsewhere_or_unasked_may_not_have_it(tmp_path, card, origin, wanted):
    origins = ("https://studio.example",)
    async with serving(tmp_path, local_audio=wanted, allowed_origins=origins) as server, page(server, origin) as here:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await here.until("ready")
        assert closed.value.rcvd.code == 1008 and "this machine" in closed.value.rcvd.reason
        assert not card.open
