"""A plain client of `/api/conversation`, and a mind that shows whom it answers."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager

import websockets

from engine.audio import resample
from engine.providers.scripted import ScriptedMind
from engine.wire.conversation_codec import RATE
from tests.wire.serving import recording, voice

TRANSCRIPT = "conversation.item.input_audio_buffer.transcript"
DELTA, DONE = "response.output_text.delta", "response.output_text.done"
AUDIO, AUDIO_DONE = "conversation.item.response.output_audio.delta", "conversation.item.response.output_audio.done"
CLEARED = "output_audio_buffer.cleared"
PATH = "/api/conversation"


class EchoMind(ScriptedMind):
    """Says what it was asked."""

    async def reply(self, prompt):
        self.asked.append(prompt)
        await asyncio.sleep(self.first_after)
        yield f"You said {prompt.question}."


def kind(event):
    """An event's type, or that of what it wraps; `ack`: a response that is no answer."""
    if event["type"] == "response" and "text" not in event:
        return "ack"
    return event["data"]["type"] if event["type"] == "openai_response" else event["type"]


class Talker:
    """Keeps all it gets; `until` waits for an event of a kind, or with that message."""

    def __init__(self, socket):
        self.socket, self.got = socket, []

    async def send(self, message):
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def say(self, seconds=1.0):
        await self.send({"messageType": "audio", "audioData": base64.b64encode(recording(seconds)).decode()})

    async def type(self, text):
        await self.send({"messageType": "text", "audioData": text})

    async def next(self, seconds=10):
        event = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        self.got.append(event)
        return event

    async def until(self, what, seconds=15):
        async with asyncio.timeout(seconds):
            while True:
                event = await self.next(seconds)
                if what in (kind(event), event.get("message")):
                    return event

    async def all_until(self, what):
        """The kinds of all events up to that one, the same ones in a row as one."""
        first = len(self.got)
        await self.until(what)
        kinds = [kind(event) for event in self.got[first:]]
        return [one for i, one in enumerate(kinds) if i == 0 or kinds[i - 1] != one]

    def texts(self, what="response"):
        """Of answers, or of what the user said."""
        if what == "response":
            return [event["text"] for event in self.got if kind(event) == what]
        return [event["data"]["transcript"] for event in self.got if kind(event) == what]

    @property
    def kinds(self):
        return [kind(event) for event in self.got]


def samples(seconds):
    """A voice as 16-bit samples at 24 kHz, without a header."""
    return resample(voice(seconds), RATE).data


@asynccontextmanager
async def talking(server, query="", path=PATH, **options):
    async with websockets.connect(f"ws://127.0.0.1:{server.port}{path}{query}", max_size=None, **options) as socket:
        yield Talker(socket)
