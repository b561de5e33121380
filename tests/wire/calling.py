"""A caller: a client of `/conversation` that notes what it gets and when, and speaks."""

import asyncio
import base64
import json
import time
from contextlib import asynccontextmanager
from pathlib import Path

import websockets

from engine.audio import Pcm, resample, silence
from engine.media import RawFormat, sniff
from engine.media.g711 import mulaw_encode
from tests.wire.serving import voice

GOLDEN = Path(__file__).parent / "golden" / "vocode"
FRAME = 0.02


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


def hosted(opening="Hello there.", **config):
    """A hosted start: 16 kHz both ways, raw."""
    formats = {"sampling_rate": 16_000, "audio_encoding": "linear16"} | config
    agent = {"type": "agent_chat_gpt", "initial_message": {"type": "message_base", "text": opening}}
    return {
        "type": "websocket_start",
        "transcriber_config": {"type": "transcriber_deepgram", **formats},
        "agent_config": agent,
        "synthesizer_config": {"type": "synthesizer_azure", **formats},
        "conversation_id": None,
    }


class Caller:
    """`got`: (when, message) in order."""

    def __init__(self, socket):
        self.socket, self.got, self.start = socket, [], {}

    async def send(self, message):
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def begin(self, message=None, **changes):
        """Send a start, by default the document's; the answer, which has to be ready."""
        self.start = {**(message or golden("start")), **changes}
        await self.send(self.start)
        message = await self.next()
        assert message["type"] == "websocket_ready", message
        return message

    async def begin_again(self):
        """Send the document's start once more, in mid-call."""
        self.start = golden("start")
        await self.send(self.start)
        await self.until("ready")

    async def next(self, seconds=5):
        message = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        self.got.append((time.monotonic(), message))
        return message

    async def until(self, kind, seconds=10, **fields):
        async with asyncio.timeout(seconds):
            while True:
                message = await self.next(seconds)
                if message["type"] == f"websocket_{kind}" and fields.items() <= message.items():
                    return message

    async def quiet(self, seconds=0.5):
        """Wait until nothing has come for so long."""
        try:
            while True:
                await self.next(seconds)
        except TimeoutError:
            return

    async def closed(self, seconds=10):
        """Wait for the end, noting all before it: code and reason."""
        try:
            while True:
                await self.next(seconds)
        except websockets.ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else None

    async def speak(self, seconds=0.6, pause=1.2):
        """Talk, then be silent, in real time, as the start has declared, while anybody is there."""
        config = self.start.get("input_audio_config") or self.start.get("transcriber_config") or {}
        rate, mulaw = config.get("sampling_rate", 16_000), config.get("audio_encoding") == "mulaw"
        for pcm in (*[voice(FRAME)] * round(seconds / FRAME), *[silence(FRAME, 16_000)] * round(pause / FRAME)):
            data = resample(pcm, rate).data
            try:
                await self.audio(mulaw_encode(data) if mulaw else data)
            except websockets.ConnectionClosed:
                return
            await asyncio.sleep(FRAME)

    async def audio(self, data):
        await self.send({"type": "websocket_audio", "data": base64.b64encode(data).decode()})

    # ---- what was got -----------------------------------------------------------------------------------------------

    @property
    def kinds(self):
        return [message["type"].removeprefix("websocket_") for _, message in self.got]

    @property
    def chunks(self):
        """(when, bytes) of audio."""
        return [(at, base64.b64decode(m["data"])) for at, m in self.got if m["type"] == "websocket_audio"]

    @property
    def transcripts(self):
        return [(m["sender"], m["text"]) for _, m in self.got if m["type"] == "websocket_transcript"]

    def pcm(self):
        """All raw audio, as the start has declared it."""
        config = self.start.get("output_audio_config") or self.start.get("synthesizer_config") or {}
        rate = config.get("sampling_rate", 16_000)
        data = b"".join(data for _, data in self.chunks)
        assert sniff(data) is None
        return Pcm(RawFormat(encoding=config.get("audio_encoding", "linear16"), rate=rate).mono(data), rate)


@asynccontextmanager
async def call(server, path="conversation", **options):
    url = f"ws://127.0.0.1:{server.port}/{path}"
    async with websockets.connect(url, max_size=None, **options) as socket:
        yield Caller(socket)
