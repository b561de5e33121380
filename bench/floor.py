"""The floor: the least Python that holds a spoken conversation over the page's voice link, to compare Rostrum with.

    python -m bench.floor '{"activity": "silero"}'

Detector, ears, language model and voice in a row on a bare ASGI socket, with the same scripted providers, pieces and
lead as `bench.server`; a voice cuts the answer off. No turns to judge, no word heard is known, nothing is kept or told.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import aclosing

from starlette.types import ASGIApp, Receive, Scope, Send

from bench.server import Script, main, providers, serve
from engine.audio import HEARING_RATE, Pcm
from engine.providers.base import Expectation, Listening, Prompt, Voice
from engine.providers.registry import Providers

HEADER = struct.Struct("<II")
PIECE, LEAD = 0.04, 0.4
"""Seconds of audio in a frame, and by how much they are sent before they sound."""


class Call:
    """One caller."""

    def __init__(self, given: Providers, patience: float, listening: Listening, send: Send) -> None:
        self._given, self._patience, self._listening, self._send = given, patience, listening, send
        self._detector = given.activity.open()
        self._pause: asyncio.TimerHandle | None = None
        self._turn = 0
        self._generation = 1
        self._reply: asyncio.Task[None] | None = None

    async def hear(self, data: bytes) -> None:
        pcm = Pcm(data, HEARING_RATE)
        for edge in self._detector.feed(pcm):
            if self._pause:
                self._pause.cancel()
            if edge.onset:
                await self.silence()
            else:
                self._pause = asyncio.get_running_loop().call_later(self._patience, self._finish)
        if self._detector.speaking:
            self._listening.push(pcm, self._turn)

    def _finish(self) -> None:
        self._listening.finish(self._turn)
        self._turn += 1

    async def silence(self) -> None:
        if self._reply and not self._reply.done():
            self._reply.cancel()
            self._generation += 1
            await self._text(type="clear", generation=self._generation)

    async def answer(self) -> None:
        """For ever, whatever is understood."""
        async for transcript in self._listening:
            if transcript.text:
                await self.silence()
                self._reply = asyncio.create_task(self._say(transcript.text))

    async def _say(self, question: str) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time()
        async for pcm in self._speech(question):
            size = round(PIECE * pcm.rate) * 2
            for at in range(0, len(pcm.data), size):
                piece = pcm.data[at : at + size]
                ends = max(ends, loop.time())
                if ends - LEAD > loop.time():
                    await asyncio.sleep(ends - LEAD - loop.time())
                ends += len(piece) / 2 / pcm.rate
                await self._send({"type": "websocket.send", "bytes": HEADER.pack(self._generation, pcm.rate) + piece})

    async def _speech(self, question: str) -> AsyncIterator[Pcm]:
        """Each sentence as soon as it is written."""
        sentence = ""
        async with aclosing(self._given.partner.reply(Prompt(instructions="", question=question))) as pieces:
            async for piece in pieces:
                sentence += piece
                if sentence.endswith("."):
                    async with aclosing(self._given.speech.speak(sentence, Voice())) as chunks:
                        async for chunk in chunks:
                            yield chunk.pcm
                    sentence = ""

    async def _text(self, **message: object) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(message)})

    async def run(self, receive: Receive) -> None:
        """Until the caller leaves."""
        answering = asyncio.create_task(self.answer())
        try:
            while (message := await receive())["type"] == "websocket.receive":
                if message.get("bytes"):
                    await self.hear(message["bytes"])
                elif '"hello"' in message["text"]:
                    await self._text(type="ready")
        finally:
            answering.cancel()
            if self._pause:
                self._pause.cancel()
            if self._reply:
                self._reply.cancel()


def app(given: Providers, patience: float) -> ASGIApp:
    async def serve_one(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            given.activity.open()  # loads the model
            while (message := await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": f"{message['type']}.complete"})
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            async with given.ears.listen(Expectation()) as listening:
                await Call(given, patience, listening, send).run(receive)

    return serve_one


async def floor(script: Script) -> None:
    await serve(app(providers(script), script.patience or 0.0))


if __name__ == "__main__":
    main(floor)
