"""The Realtime part of OpenAI's emulator: live transcription, reading aloud out of the conversation, and what
`openai_conversing` adds to it: conversations."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tests.vendors.faults import Faults
from tests.vendors.http_and_sockets import Link, Over, Request, Socket
from tests.vendors.openai_conversing import Kept, Remembered, create, delete, remember, respond, truncate
from tests.vendors.openai_frames import client_event, new_id, response_of, server_event

BYTES = 48
"""Of one millisecond of audio at 24 kHz."""
WORD_MS = 300
"""Of sound for each word that is understood while it is heard."""
PIECE = 4800
"""Bytes of audio in one delta."""
BETA = {"response.output_audio": "response.audio", "response.output_audio_transcript": "response.audio_transcript"}
EXPIRED = {"code": "session_expired", "message": "Your session hit the maximum duration of 60 minutes."}


class Spoilt(Exception):
    """An error was told instead of what was asked for."""


@dataclass(eq=False)
class Session:
    """One socket. `received`: all that the client sent; `settings`: of its last update; `cancelled`: the responses that
    it broke off, with the time of it."""

    vendor: object
    socket: Socket
    transcribing: bool
    model: str
    faults: Faults
    received: list[dict] = field(default_factory=list)
    settings: dict = field(default_factory=dict)
    cancelled: dict[str, float] = field(default_factory=dict)
    audio: bytearray = field(default_factory=bytearray)
    words: list[str] | None = None
    shown: int = 0
    item: str = field(default_factory=lambda: new_id("item"))
    pieces: int = 0
    refused: bool = False
    speaking: dict[str, asyncio.Task] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)

    async def send(self, kind: str, **fields):
        await self.socket.send(json.dumps(server_event(kind, **fields)))

    async def error(self, code: str, kind: str = "invalid_request_error", **more):
        self.vendor.errors.append(code)
        await self.send("error", error={"type": kind, "code": code, "message": "sk-secret"} | more)

    async def piece(self, kind: str, **fields):
        """An event that carries something, as the faults allow."""
        if self.pieces == 0 and self.faults.slow_first_byte:
            await self._late(self.faults.slow_first_byte)
        if self.pieces == 0 and self.faults.malformed_frame:
            await self.socket.send("{not json")
        if self.pieces == 0 and self.faults.error_event:
            self.pieces += 1
            await self.error("server_error", "server_error")
            raise Spoilt
        if self.pieces == self.faults.stall:
            await self._stall()
        if self.pieces == self.faults.cut:
            self.socket.cut()
        if self.pieces == self.faults.clean_early_end:
            await self.socket.close(1000)
        self.pieces += 1
        await self.tell(kind, **fields)

    async def tell(self, kind: str, **fields):
        """By the name that the protocol before had for it, where the vendor uses those."""
        event = server_event(kind, **fields)
        if self.vendor.beta_names:
            name, _, last = kind.rpartition(".")
            event["type"] = f"{BETA.get(name, name)}.{last}"
        await self.socket.send(json.dumps(event))

    async def _stall(self):
        """Say nothing more, not even goodbye, but take what comes."""
        await self._late(3600)

    async def _late(self, seconds: float):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if asyncio.current_task() in self.speaking.values() or seconds < 1:  # what comes is taken beside
                    await asyncio.sleep(seconds + 1)
                await self.socket.silence()

    # ---- understanding ----------------------------------------------------------------------------------------------

    async def append(self, event: dict):
        self.audio += base64.b64decode(event["audio"])
        if self.words is None and any(self.audio) and not self.refused:
            self.words = self.vendor.words_of(bytes(self.audio)).split()
        while self.words and self.shown < min(len(self.words), len(self.audio) // BYTES // WORD_MS):
            await self._show(self.item)

    async def _show(self, item: str):
        word, self.shown = self.words[self.shown], self.shown + 1
        where = {"item_id": item, "content_index": 0}
        await self.piece("conversation.item.input_audio_transcription.delta", delta=f"{word} ", **where)

    async def commit(self, event: dict):
        if len(self.audio) < 100 * BYTES:
            await self.error("input_audio_buffer_commit_empty")
            return
        self.vendor.heard.append(bytes(self.audio))
        after = self.remembered.last
        await self.send("input_audio_buffer.committed", item_id=self.item, previous_item_id=after)
        if not self.transcribing:
            await remember(self, Kept(self.item, "user", " ".join(self.words or ())))
        await asyncio.sleep(self.vendor.delays.final)
        while self.words and self.shown < len(self.words):
            await self._show(self.item)
        await self.piece(
            "conversation.item.input_audio_transcription.completed",
            item_id=self.item,
            content_index=0,
            transcript=" ".join(self.words or ()),
            usage={"type": "duration", "seconds": len(self.audio) / BYTES / 1000},
        )
        self._fresh()

    async def clear(self, event: dict):
        self._fresh()
        await self.send("input_audio_buffer.cleared")

    def _fresh(self):
        self.audio, self.words, self.shown, self.item = bytearray(), None, 0, new_id("item")

    # ---- reading aloud ----------------------------------------------------------------------------------------------

    async def read(self, event: dict):
        """Read the text of the request, sending faster than it sounds."""
        asked = event["response"]
        assert (asked["conversation"], asked["output_modalities"]) == ("none", ["audio"])
        (content,) = asked["input"][0]["content"]
        text, response, item = self.vendor.reading(content["text"]), new_id("resp"), new_id("item")
        self.speaking[response] = asyncio.current_task()
        await self.send("response.created", response=response_of(response, "in_progress"))
        try:
            await self._say(text, response, item)
        except asyncio.CancelledError:
            if response not in self.cancelled:
                raise
            details = {"type": "cancelled", "reason": "client_cancelled"}
            await self.send("response.done", response=response_of(response, "cancelled", details))
        else:
            await self.send("response.done", response=response_of(response, "completed"))
        finally:
            del self.speaking[response]

    async def _say(self, text: str, response: str, item: str):
        from tests.vendors.openai import signal

        speed = self.settings.get("audio", {}).get("output", {}).get("speed", 1.0)
        sound = signal(text, 24_000, speed)
        where = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        message = {"id": item, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        await self.send("response.output_item.added", response_id=response, output_index=0, item=message)
        await self.send("response.content_part.added", part={"type": "audio"}, **where)
        await asyncio.sleep(self.vendor.delays.sound)
        words = text.split(" ")
        steps = max(len(words), -(-len(sound) // PIECE))
        for number in range(steps):
            if number < len(words):
                word = f"{' ' if number else ''}{words[number]}"
                await self.send("response.output_audio_transcript.delta", delta=word, **where)
            if data := sound[number * PIECE : (number + 1) * PIECE]:
                await self.piece("response.output_audio.delta", delta=base64.b64encode(data).decode(), **where)
            await asyncio.sleep(self.vendor.pace)
        await self.send("response.output_audio.done", **where)
        await self.send("response.output_audio_transcript.done", transcript=text, **where)

    async def cancel(self, event: dict):
        response = event.get("response_id") or next(reversed(self.speaking), None)
        if response not in self.speaking:
            await self.error("response_cancel_not_active")
            return
        self.cancelled[response] = asyncio.get_running_loop().time()
        self.speaking[response].cancel()

    async def update(self, event: dict):
        self.settings = event["session"]
        transcription = self.settings.get("audio", {}).get("input", {}).get("transcription") or {}
        output = self.settings.get("audio", {}).get("output", {})
        if transcription and (unwanted := self.vendor.refuses & output.keys()):
            await self.error("invalid_value", param=f"session.audio.output.{unwanted.pop()}")
        elif unwanted := self.vendor.refuses & transcription.keys():
            self.refused = True
            param = f"session.audio.input.transcription.{unwanted.pop()}"
            await self.error("unknown_parameter", param=param)
        else:
            await self.send("session.updated", session=self.settings)

    async def follow(self, tasks: asyncio.TaskGroup):
        """Do what the client asks for, until it leaves."""
        handlers = {
            "session.update": self.update,
            "input_audio_buffer.append": self.append,
            "input_audio_buffer.commit": self.commit,
            "input_audio_buffer.clear": self.clear,
            "response.cancel": self.cancel,
            "conversation.item.create": partial(create, self),
            "conversation.item.delete": partial(delete, self),
            "conversation.item.truncate": partial(truncate, self),
        }
        while True:
            async with asyncio.timeout(self.faults.idle_close):
                text = await self.socket.recv()
            if text is None:
                raise Over
            event = client_event(text)
            self.received.append(event)
            if event["type"] == "response.create":
                out_of_it = event.get("response", {}).get("conversation") == "none"
                tasks.create_task(_unless_spoilt(self.read(event) if out_of_it else respond(self, event)))
            else:
                await _unless_spoilt(handlers[event["type"]](event))

    async def expire(self):
        await asyncio.sleep(self.faults.session_limit)
        await self.error(EXPIRED["code"])
        await self.socket.close(1001, EXPIRED["message"])


async def _unless_spoilt(doing):
    with suppress(Spoilt):
        await doing


async def converse(vendor, link: Link, request: Request):
    """A Realtime session from its handshake to its end."""
    transcribing = request.query.get("intent") == "transcription"
    assert transcribing or request.query["model"]
    assert "openai-beta" not in request.headers
    socket = Socket(link)
    await socket.accept()
    session = Session(vendor, socket, transcribing, request.query.get("model", ""), link.faults)
    vendor.sessions.append(session)
    kind = {"type": "transcription"} if transcribing else {"type": "realtime", "model": session.model}
    await session.send("session.created", session=kind)
    try:
        async with asyncio.TaskGroup() as tasks:
            if link.faults.session_limit is not None:
                tasks.create_task(session.expire())
            await session.follow(tasks)
    except* (Over, TimeoutError, ConnectionError):
        pass
    if session.words is not None:
        vendor.says.insert(0, " ".join(session.words))  # nobody was told
    request.left(asyncio.get_running_loop().time())
    raise Over
