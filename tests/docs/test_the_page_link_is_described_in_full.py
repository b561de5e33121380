"""docs/page-link.md against both ends of the link: the codec in engine/wire/page.py and the browser's JavaScript."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import websockets

from engine.audio import HEARING_RATE, silence
from engine.messages import Output
from engine.providers.scripted import ScriptedEars
from engine.wire.page import PageCodec
from tests.docs.documents import ROOT, differences
from tests.wire.serving import serving, voice

DOCUMENT = (ROOT / "docs" / "page-link.md").read_text(encoding="utf-8")
CODE = ast.parse((ROOT / "engine" / "wire" / "page.py").read_text(encoding="utf-8"))
BROWSER = ROOT / "ui" / "components" / "voice_link"
FRAME = 0.02


def examples(section: str) -> dict[str, list[dict[str, object]]]:
    """The examples in a section's table, by type: one each, but for the frames that differ by what it is about."""
    table = DOCUMENT.split(f"## {section}\n")[1].split("\n## ")[0]
    cells = [row.split(" | ")[0].removeprefix("| ").strip("`") for row in table.splitlines() if row.startswith("| `{")]
    found: dict[str, list[dict[str, object]]] = {}
    for cell in cells:
        example = json.loads(cell)
        found.setdefault(str(example["type"]), []).append(example)
    assert {kind for kind, some in found.items() if len(some) > 1} <= {"hello", "ready"}, "each type has one row"
    return found


def machine_examples() -> tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    """The same of the section about the machine's own sound: from the page, and to it."""
    section = DOCUMENT.split("## Sound on the machine itself\n")[1].split("\n## ")[0]
    tables = section.split("| server to page |")
    rows = [[json.loads(each) for each in re.findall(r"^\| `(\{.*?\})` \|", table, re.MULTILINE)] for table in tables]
    return tuple({str(example["type"]): example for example in some} for some in rows)


FROM_PAGE, TO_PAGE = examples("Page to server"), examples("Server to page")
FROM_MACHINES_PAGE, MACHINE_TO_PAGE = machine_examples()


def understood() -> set[str]:
    """The types for which `decode` has a case, and the first message's."""
    [decode] = [node for node in ast.walk(CODE) if isinstance(node, ast.FunctionDef) and node.name == "decode"]
    cases = {
        node.value.value
        for node in ast.walk(decode)
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant)
    }
    from engine.wire import page

    return {str(case) for case in cases} | set(page._PLAIN) | {"hello"}


def sent() -> set[str]:
    """The types that the code builds: by name, and those that an output's class stands for."""
    by_name = {
        node.args[0].value
        for node in ast.walk(CODE)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "_json"
        and isinstance(node.args[0], ast.Constant)
    }
    from engine.wire import page

    return {str(name) for name in by_name} | set(page._NAMES.values())


def javascript() -> str:
    """Of whoever uses the link: the coach's page speaks the coach's protocol, and a report none."""
    users = (BROWSER, BROWSER.parent / "talk_link")
    return "\n".join(path.read_text(encoding="utf-8") for user in users for path in sorted(user.rglob("*.js")))


def test_it_lists_exactly_what_the_server_understands_and_sends():
    assert set(FROM_PAGE) == understood()
    assert set(TO_PAGE) == sent()


def test_it_lists_exactly_what_the_browser_sends():
    session = (BROWSER / "web" / "session.js").read_text(encoding="utf-8")
    link = (BROWSER / "web" / "link.js").read_text(encoding="utf-8")
    types = re.findall(r"(?:send|tell)\(\{ type: \"(\w+)\"", session + link)
    assert {*types, "hello"} == set(FROM_PAGE)
    back = re.search(r"const back = \{ (.*?) \};", session)
    hello = re.search(r"return \{ type: \"hello\", (.*?), \.\.\.back \};", session)
    assert back and hello
    named = set(re.findall(r"(\w+)(?=[,:]|$)", f"{hello[1]}, {back[1]}")) - {"MIC_RATE"}
    assert named == {name for example in FROM_PAGE["hello"] for name in example} - {"type"}


def test_the_browser_waits_for_nothing_that_is_never_sent():
    own = {"connection", "sounding", "problem", "microphone", "level", "speaker", "audio", "began", "quiet", "machine"}
    handled = set(re.findall(r"message\.type === \"(\w+)\"", javascript())) - MACHINE_TO_PAGE.keys()
    handled |= set(re.findall(r"^    on_(\w+)\(", javascript(), re.MULTILINE)) - own
    assert len(handled) > 10
    assert handled <= set(TO_PAGE) | {"ask"}, "what was typed and could not be sent is looked for by its type"


def test_every_example_is_understood_as_it_stands():
    codec = PageCodec(HEARING_RATE)
    for kind, [example, *_] in FROM_PAGE.items():
        if kind != "hello":
            assert len(codec.decode(json.dumps(example))) == 1, kind


def test_every_state_reason_and_stage_is_named():
    from engine.floor import Verdict
    from engine.journal import STAGES
    from engine.limits import Reminder
    from engine.messages import CLOSING, OPENING, REMINDER, State

    for name in (*(reminder.value for reminder in Reminder), "turn", "stop", "go_on"):
        assert f"`{name}`" in DOCUMENT, name
    for mark in (OPENING, REMINDER, CLOSING):
        assert f'`"{mark}"`' in DOCUMENT, mark
    reasons = {verdict.value for verdict in Verdict} - {"turn", "stop", "go_on"} | {"answered"}
    for name in (*(state.value for state in State), *reasons, *(name for name, _ in STAGES)):
        assert f"`{name}`" in DOCUMENT, name


def test_every_output_has_a_frame():
    from engine.coach.messages import CoachOutput
    from engine.messages import Speech, WordsTimed
    from engine.rehearsal.messages import Placed
    from engine.wire import page

    assert {*page._NAMES, Speech, WordsTimed} == set(Output.__args__) - {*CoachOutput.__args__, Placed}


class Murmuring(ScriptedEars):
    """Lets the first words of a turn be seen before the rest."""

    @asynccontextmanager
    async def listen(self, expect):
        async with super().listen(expect) as listening:
            push, begun = listening.push, set()

            def pushed(pcm, turn):
                push(pcm, turn)
                if turn not in begun:
                    begun.add(turn)
                    listening.interim(turn, "how much")

            listening.push = pushed
            yield listening


@dataclass
class Page:
    """A page without a browser: plays what it gets as fast as it comes, and reports it."""

    socket: websockets.ClientConnection
    texts: list[dict[str, object]] = field(default_factory=list)
    generation: int = 1
    seconds: float = 0.0

    async def say(self, kind, **change):
        await self.socket.send(json.dumps(FROM_PAGE[kind][0] | change))

    async def until(self, kind, **more):
        async with asyncio.timeout(15):
            while True:
                frame = await self.socket.recv()
                if isinstance(frame, bytes):
                    await self.heard(frame)
                    continue
                self.texts.append(json.loads(frame))
                if {"type": kind, **more}.items() <= self.texts[-1].items():
                    return self.texts[-1]

    async def heard(self, frame):
        generation, rate = struct.unpack_from("<II", frame)
        assert generation >= self.generation
        self.seconds = (self.seconds if generation == self.generation else 0.0) + (len(frame) - 8) / 2 / rate
        self.generation = generation
        await self.say("played", generation=generation, seconds=self.seconds)

    async def speak(self, seconds):
        for pcm in [voice(FRAME)] * round(seconds / FRAME) + [silence(FRAME, HEARING_RATE)] * round(1.0 / FRAME):
            await self.socket.send(pcm.data)


def test_the_frames_of_the_machines_own_sound_are_those_of_its_code():
    from dataclasses import fields

    from engine.local_audio.hardware import Situation
    from engine.local_audio.playback import Heard
    from engine.local_audio.sound import ECHO, Level
    from engine.wire import machine

    shapes = {
        machine._NAMES[kind.__name__]: {field.name for field in fields(kind)} for kind in (Situation, Heard, Level)
    }
    assert {kind: set(example) - {"type"} for kind, example in MACHINE_TO_PAGE.items()} == shapes
    script = (BROWSER / "web" / "machine.js").read_text(encoding="utf-8")
    assert set(re.findall(r"send\(\{ type: \"(\w+)\"", script)) == set(FROM_MACHINES_PAGE)
    assert f"{ECHO} s after" in DOCUMENT


async def test_every_frame_of_a_whole_conversation_has_the_shape_that_is_shown(tmp_path):
    ears = Murmuring(says=["how much does it cost", "mm-hm"])
    async with serving(tmp_path, ears=ears) as server:
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/voice") as socket:
            page = Page(socket)
            await page.say("hello", pitch=server.pitch)
            await page.until("ready")
            await page.say("ping")
            await page.say("play")
            await page.until("line", mark=2)
            await page.speak(0.5)
            await page.until("resumed", reason="answered")
            await page.say("set")
            await page.say("seek")
            await page.say("ask")
            await page.until("said", speaker="agent", mark="user_response", text="It is free.")
            await page.say("pause")
            await page.until("state", state="paused")
            await page.say("talk")
            await page.say("talk", pressed=False)
            await page.say("play", type="nonsense")
            await page.until("error")
            await page.say("play")
            await page.until("end")
        assert {text["type"] for text in page.texts} == set(TO_PAGE) - {"limit"}, "all that is listed was seen"
        for text in page.texts:
            _assert_as_shown(text)


async def test_a_talk_that_is_left_by_accident_and_come_back_to_has_the_frames_that_are_shown(tmp_path):
    async with serving(tmp_path, ears=Murmuring(says=["how much does it cost"])) as server:
        address = f"ws://127.0.0.1:{server.port}/voice"
        socket = await websockets.connect(address)
        page = Page(socket)
        await socket.send(json.dumps(FROM_PAGE["hello"][1]))
        first = await page.until("ready")
        await page.say("hold")
        await page.say("hold", on=False)
        await page.say("patience", seconds=0.3)
        await page.say("play")
        await page.until("said", mark="opening")
        await page.speak(0.5)
        await page.until("reply", complete=True, text="It is free.")
        await page.say("cancel")
        socket.transport.abort()
        async with websockets.connect(address) as again:
            back = Page(again)
            await again.send(json.dumps(FROM_PAGE["hello"][2] | {"conversation": first["conversation"]}))
            second = await back.until("ready")
            assert (first["returned"], second["returned"]) == (False, True)
            assert second["conversation"] == first["conversation"]
            await back.say("ask")
            await back.until("said", speaker="agent")
        for text in page.texts + back.texts:
            _assert_as_shown(text)


def test_a_limit_has_the_frame_that_is_shown():
    from engine.limits import Reminder
    from engine.messages import LimitNear

    [frame] = PageCodec(HEARING_RATE).encode(LimitNear(reason=Reminder.STILL_THERE, seconds=40.0))
    assert json.loads(frame) == TO_PAGE["limit"][0]


def _assert_as_shown(text: dict[str, object]) -> None:
    """It has the keys of an example of its type, and values of the same kinds."""
    shown = [example for example in TO_PAGE[str(text["type"])] if example.keys() == text.keys()]
    assert shown, text
    assert not [wrong for wrong in differences(text, shown[0]) if not _may_differ(wrong)], text


def _may_differ(difference: str) -> bool:
    """A mark is a number, a name or none; a list may be empty."""
    return difference.startswith(".mark: ") or ": nothing is like" in difference


async def test_the_socket_closes_with_the_codes_that_are_listed(tmp_path):
    async with serving(tmp_path) as server:
        address = f"ws://127.0.0.1:{server.port}/voice"
        for first in ('{"type":"play"}', '{"type":"hello","pitch":"nobody"}', '{"type":"hello","speed":3}'):
            async with websockets.connect(address) as socket:
                await socket.send(first)
                assert await closed(socket) == 1008
        last = await websockets.connect(address)
        await last.send(json.dumps({"type": "hello"}))
        await last.recv()
    assert await closed(last) == 1012


async def closed(socket) -> int:
    """The code with which the server closes."""
    async with asyncio.timeout(10):
        while True:
            try:
                await socket.recv()
            except websockets.ConnectionClosed as end:
                assert end.rcvd is not None, "with a proper Close frame"
                return end.rcvd.code
