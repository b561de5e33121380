"""The page's link where sound is on this machine and not in the browser: the same conversation and the same frames, but
none of audio. `docs/page-link.md` has those that come instead; `engine.local_audio` is what hears and sounds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import orjson

from engine.errors import BadInput, RostrumError
from engine.messages import Input, Output, Speech, TalkPressed, TalkReleased
from engine.wire import guard, socket
from engine.wire.outbox import Codec, Frame, Outbox, Reply
from engine.wire.page import LONGEST_NAME, PageCodec, parse

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.local_audio.devices import Card
    from engine.local_audio.hardware import Choice, Hardware
    from engine.local_audio.sound import Told
    from engine.meetings import Face, Meeting
    from engine.settings import Settings
    from engine.store import Store

MACHINE = "machine"
"""What `hello` says in `sound` to ask for it."""
LET_GO_WITHIN = 2.0
"""Seconds for the page before to let go of the devices, which takes well under one."""
PICKED = {"input": "sound.input", "output": "sound.output"}
"""Preferences: the devices that were picked last."""
TAKEN = "Another page of Rostrum has this machine's sound. Close it, then reload this one. You can read and type here."


class Ends:
    """Makes the server's ends of pages' links: plain ones, or with this machine's sound, for one page at a time. `card`
    is how the machine's sound is reached: PortAudio, unless a test says otherwise."""

    def __init__(self, settings: Settings, store: Store, card: Callable[[], Card] | None = None) -> None:
        self._settings, self._store = settings, store
        self._card = card or _portaudio
        self._free = asyncio.Lock()
        self._worker = ThreadPoolExecutor(1, "sound")

    @asynccontextmanager
    async def end(self, websocket: WebSocket, hello: Mapping[str, object], codec: PageCodec) -> AsyncIterator[End]:
        """While this lasts, the devices belong to this page, if it asks for them.

        Raises:
            BadInput: it may not have them.
        """
        if hello.get("sound") != MACHINE:
            yield End(codec)
            return
        if not self._may(websocket):
            raise BadInput("this machine's sound is for pages on it, after --local-audio or --native")
        from engine.local_audio.hardware import Hardware

        choice = await asyncio.to_thread(self._choice)
        async with AsyncExitStack() as exits:
            card, problem = await self._claim(exits)
            yield SoundingEnd(codec, Hardware(card, choice, problem), self._worker, self._keep)

    def _may(self, websocket: WebSocket) -> bool:
        """Whether it is a page on this machine. A proxy's address is this machine's too, its pages' origin not."""
        host = websocket.client.host if websocket.client else ""
        origin = guard.LOOPBACK_ORIGIN.fullmatch(websocket.headers.get("origin", ""))
        return (self._settings.local_audio or self._settings.native) and host in guard.LOOPBACK and bool(origin)

    async def _claim(self, exits: AsyncExitStack) -> tuple[Card | None, str]:
        """The machine's sound until `exits` end, or why there is none."""
        from engine.local_audio.devices import NoSound

        try:
            async with asyncio.timeout(LET_GO_WITHIN):
                await exits.enter_async_context(self._free)
        except TimeoutError:
            return None, TAKEN
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, self._card), ""
        except NoSound as problem:
            return None, str(problem)

    def _choice(self) -> Choice:
        from engine.local_audio.hardware import Choice

        picked = {side: str(self._store.preference(key) or "") for side, key in PICKED.items()}
        return Choice(
            input=picked["input"] or self._settings.audio_input, output=picked["output"] or self._settings.audio_output
        )

    def _keep(self, choice: Choice) -> None:
        """In the background: that a device was picked is worth no waiting, and no word where the disk refuses."""
        for side, key in PICKED.items():
            self._worker.submit(self._store.set_preference, key, getattr(choice, side))


class End:
    """The server's end of a page's link; sound runs over the socket."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.outbox = Outbox(codec)

    @property
    def face(self) -> Face:
        """What the meeting tells."""
        return self.outbox

    async def hold(self, websocket: WebSocket, meeting: Meeting) -> None:
        """See `socket.hold`."""
        await socket.hold(websocket, self.codec, self.outbox, meeting)


class SoundingEnd(End):
    """The same, with sound on this machine. `picked` is told which devices the page chose."""

    def __init__(
        self, codec: PageCodec, hardware: Hardware, worker: ThreadPoolExecutor, picked: Callable[[Choice], None]
    ) -> None:
        from engine.local_audio.sound import LocalSound

        super().__init__(_Codec(codec, self))
        self._sound = LocalSound(hardware, worker, post=self._post, tell=self._tell)
        self._picked = picked
        self._meeting: Meeting | None = None

    @property
    def face(self) -> Face:
        return self

    def put(self, output: Output) -> None:
        self._sound.put(output)
        if not isinstance(output, Speech):
            self.outbox.put(output)

    def part(self, reason: str, *, broken: bool = False) -> None:
        self.outbox.part(reason, broken=broken)

    async def hold(self, websocket: WebSocket, meeting: Meeting) -> None:
        self._meeting = meeting
        async with asyncio.TaskGroup() as group:
            sounding = group.create_task(self._sound.run(), name="sound")
            await socket.hold(websocket, self.codec, self.outbox, meeting, self)
            sounding.cancel()

    def take(self, message: Mapping[str, object]) -> bool:
        """What the page says of devices. Whether it was that."""
        match message.get("type"):
            case "microphone":
                self._sound.listen(open=message.get("open") is True, live=message.get("live") is True)
            case "machine":
                self._choose(message)
            case _:
                return False
        return True

    def press(self, pressed: bool) -> None:
        self._sound.press(pressed)

    def _choose(self, message: Mapping[str, object]) -> None:
        names = {
            side: name for side in PICKED if isinstance(name := message.get(side), str) and len(name) <= LONGEST_NAME
        }
        if any(side in message and side not in names for side in PICKED):
            raise BadInput(f'"input" and "output" are names of devices of at most {LONGEST_NAME} characters')
        before = self._sound.choice
        choice = replace(before, input=names.get("input", before.input), output=names.get("output", before.output))
        if "headset" in message:
            choice = replace(choice, headset=message["headset"] is True)
        self._sound.choose(choice)
        if names:
            self._picked(choice)

    def _post(self, message: Input) -> None:
        if self._meeting:
            self._meeting.take(message, self)

    def _tell(self, told: Told) -> None:
        self.outbox.tell(orjson.dumps({"type": _NAMES[type(told).__name__], **asdict(told)}).decode())


_NAMES = {"Situation": "machine", "Heard": "position", "Level": "level"}


class _Codec:
    """The page's dialect without audio."""

    def __init__(self, page: PageCodec, end: SoundingEnd) -> None:
        self._page, self._end = page, end

    def decode(self, frame: Frame) -> Sequence[Input | Reply]:
        if isinstance(frame, bytes):
            raise BadInput("this page's sound is on this machine: it sends none itself")
        if self._end.take(parse(frame)):
            return ()
        inputs = self._page.decode(frame)
        for one in inputs:
            if isinstance(one, (TalkPressed, TalkReleased)):
                self._end.press(isinstance(one, TalkPressed))
        return inputs

    def encode(self, output: Output) -> Sequence[Frame]:
        return self._page.encode(output)

    def slow(self, output: Output) -> bool:
        return self._page.slow(output)

    def refuse(self, error: RostrumError) -> Frame:
        return self._page.refuse(error)


def _portaudio() -> Card:
    from engine.local_audio.devices import PortAudio

    return PortAudio()
