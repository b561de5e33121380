"""ElevenLabs' two sockets: speech with contexts, and Scribe."""

from __future__ import annotations

import asyncio
import base64
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elevenlabs import types

from engine import clock
from tests.vendors.elevenlabs import CHARACTER, KEY
from tests.vendors.http_and_sockets import Socket

if TYPE_CHECKING:
    from tests.vendors.elevenlabs import ElevenLabs, Session

MOST = 5
LEAST = 0.3
"""Seconds of audio that can be committed."""


def checked(kind, value: dict) -> dict:
    """`value`, if it is a `kind` and nothing more."""
    names = {field.alias or name for name, field in kind.model_fields.items()} | set(kind.model_fields)
    assert set(value) <= names, f"{set(value) - names} is not of {kind.__name__}"
    kind.model_validate(value, strict=True)
    return value


def from_client(message: dict) -> dict:
    """A message to the socket of contexts."""
    if "close_socket" in message:
        return checked(types.CloseSocket, message)
    if "close_context" in message:
        return checked(types.CloseContext, message)
    if message.get("text") == "":
        return checked(
            types.KeepContextAlive if "context_id" in message else types.WebsocketTtsClientMessageMulti, message
        )
    if message.get("text") == " ":
        return checked(types.InitializeConnectionMulti, message)
    return checked(types.SendTextMulti, message)


@dataclass
class Speech:
    """What is still to be said in a context, and when its next piece is."""

    text: str
    parts: list
    speed: float
    due: float


class Speaking:
    """One socket of contexts, which takes turns among them: in one task, so that a test can count the others."""

    def __init__(self, vendor: ElevenLabs, session: Session, socket: Socket):
        self.vendor, self.session, self.socket = vendor, session, socket
        self.faults = socket.link.faults
        self.speeds: dict[str, float] = {}
        self.closing: set[str] = set()
        self.speaking: dict[str, Speech] = {}
        self.pieces = 0

    async def run(self):
        assert self.session.query["output_format"] == "pcm_24000"
        idle = self.faults.idle_close or float(self.session.query.get("inactivity_timeout", 20))
        last = clock.now()
        while True:
            due = min((speech.due for speech in self.speaking.values()), default=last + idle)
            try:
                async with asyncio.timeout_at(due):
                    raw = await self.socket.recv()
            except TimeoutError:
                if not self.speaking:
                    await self.fail("input_timeout_exceeded")
                await self._say_next()
                continue
            if raw is None:
                return
            last = clock.now()
            message = self.session.take(from_client(json.loads(raw)))
            if message.get("close_socket"):
                await self.socket.close(1000)
            if context := message.get("context_id"):
                await self._take(context, message)

    async def _take(self, context: str, message: dict):
        contexts = self.session.contexts
        if message.get("close_context"):
            self.closing.add(context)
            if context in contexts and context not in self.speaking:
                await self._end(context)
        elif context in self.closing:
            await self.fail("invalid_message")
        elif message["text"] == " ":
            if len(contexts) >= MOST:
                await self.fail("max_active_conversations")
            contexts[context] = ""
            self.session.most = max(self.session.most, len(contexts))
            self.speeds[context] = message.get("voice_settings", {}).get("speed", 1.0)
            assert 0.7 <= self.speeds[context] <= 1.2
        elif message["text"]:
            assert message["text"].endswith(" ")
            contexts[context] += message["text"]
            if message.get("flush"):
                text, speed = contexts[context][:-1], self.speeds[context]
                due = clock.now() + self.faults.slow_first_byte
                self.speaking[context] = Speech(text, self.vendor.parts(text, speed), speed, due)

    async def _say_next(self):
        context = min(self.speaking, key=lambda name: self.speaking[name].due)
        speech = self.speaking[context]
        well = await self._goes_well(context)
        self.pieces += 1
        if not well:
            speech.due = math.inf
            return
        part, audio = speech.parts.pop(0)
        value: dict = {"audio": base64.b64encode(audio).decode(), "contextId": context, "alignment": None}
        if timed := self.vendor.times(speech.text, part, speech.speed):
            value["alignment"] = {
                "chars": timed[0],
                "charStartTimesMs": [round(start * 1000) for start in timed[1]],
                "charDurationsMs": [round(CHARACTER / speech.speed * 1000) for _ in timed[1]],
            }
        await self.socket.send(json.dumps(checked(types.AudioOutputMulti, value)))
        speech.due = clock.now() + self.vendor.pace
        if not speech.parts:
            del self.speaking[context]
            if context in self.closing:
                await self._end(context)

    async def _goes_well(self, context: str) -> bool:
        faults = self.faults
        if faults.malformed_frame and self.pieces == 0:
            await self.socket.send('{"audio": "AAAA", "contextId')
        if faults.error_event and self.pieces == 0:
            await self.fail(self.vendor.error)
        if self.pieces == faults.cut:
            self.socket.cut()
        if self.pieces == faults.clean_early_end:
            await self._end(context)
        return self.pieces not in (faults.stall, faults.clean_early_end)

    async def _end(self, context: str):
        self.session.contexts.pop(context)
        await self.socket.send(json.dumps(checked(types.FinalOutputMulti, {"isFinal": True, "contextId": context})))

    async def fail(self, code: str):
        await self.socket.send(json.dumps({"message": f"No: {KEY}", "error": code, "code": 1008}))
        await self.socket.close(1008, code)


class Transcribing:
    """One session of Scribe."""

    def __init__(self, vendor: ElevenLabs, session: Session, socket: Socket):
        self.vendor, self.session, self.socket = vendor, session, socket
        self.faults = socket.link.faults
        self.began = 0.0
        self.interim = ""
        self.results = 0

    @property
    def seconds(self) -> float:
        return len(self.session.audio) / 2 / 16_000

    @property
    def _stretch(self) -> bytes:
        return bytes(self.session.audio[round(self.began * 32_000) :])

    async def run(self):
        opened = clock.now()
        await self._start()
        while True:
            limits = [opened + self.faults.session_limit] if self.faults.session_limit else []
            limits += [clock.now() + self.faults.idle_close] if self.faults.idle_close else []
            try:
                async with asyncio.timeout_at(min(limits, default=None)):
                    raw = await self.socket.recv()
            except TimeoutError:
                if self.faults.session_limit and clock.now() >= opened + self.faults.session_limit:
                    await self.fail("session_time_limit_exceeded")
                await self.socket.close(1000)
            if raw is None:
                return
            await self._take(self.session.take(checked(types.InputAudioChunkPayload, json.loads(raw))))

    async def _start(self):
        query = self.session.query
        assert query["model_id"] == "scribe_v2_realtime"
        assert query["audio_format"] == "pcm_16000"
        assert query["commit_strategy"] == "manual"
        assert query["no_verbatim"] == "false", "every filler word is asked for"
        config = {"sample_rate": 16_000, "audio_format": "pcm_16000", "commit_strategy": "manual"}
        await self.say(types.SessionStartedPayload, "session_started", session_id="s1", config=config)

    async def _take(self, message: dict):
        assert message["sample_rate"] == 16_000
        self.session.audio += base64.b64decode(message["audio_base_64"], validate=True)
        own = self.vendor.commits_itself
        if own and self.seconds - self.began >= own:
            await self._commit()
        elif message["commit"]:
            if self.seconds - self.began < LEAST - 1e-6:
                await self.fail("commit_throttled", 1000)
            await self._commit()
        elif self.vendor.talkative:
            await self._interim()

    async def _interim(self):
        words = self.vendor.understand(self._stretch)
        text = " ".join(word for word, _, end in words if end <= self.seconds - self.began)
        if text and text != self.interim:
            self.interim = text
            await self._misbehave()
            await self.say(types.PartialTranscriptPayload, "partial_transcript", text=text)

    async def _commit(self):
        await self._misbehave(final=True)
        words = self.vendor.understand(self._stretch, final=True)
        offset = self.began if self.vendor.since == "session" else 0.0
        self.began, self.interim = self.seconds, ""
        text = " ".join(word for word, _, _ in words)
        if self.vendor.plain:
            await self.say(types.CommittedTranscriptPayload, "committed_transcript", text=text)
        if self.vendor.timed and self.session.query.get("include_timestamps") == "true":
            timed: list[dict] = []
            for word, start, end in words:
                if timed:
                    timed.append({"text": " ", "start": timed[-1]["end"], "end": offset + start, "type": "spacing"})
                word = {"text": word, "start": offset + start, "end": offset + end, "type": "word"}
                timed.append(word | {"logprob": math.log(0.9)})
            await self.say(
                types.CommittedTranscriptWithTimestampsPayload,
                "committed_transcript_with_timestamps",
                text=text,
                language_code="en",
                words=timed,
            )

    async def _misbehave(self, *, final: bool = False):
        faults = self.faults
        if faults.malformed_frame and self.results == 0:
            await self.socket.send('{"message_type": "partial_tr')
        if faults.error_event and self.results == 0:
            await self.fail(self.vendor.error)
        if self.results == faults.stall:
            await self.socket.silence()
        if self.results == faults.cut:
            self.socket.cut()
        if self.results == faults.clean_early_end:
            await self.socket.close(1000)
        if final:
            await asyncio.sleep(faults.slow_first_byte)
        self.results += 1

    async def say(self, kind, message_type: str, **fields):
        await self.socket.send(json.dumps(checked(kind, {"message_type": message_type} | fields)))

    async def fail(self, code: str, close: int = 1008):
        kinds = {"commit_throttled": types.ScribeThrottledErrorPayload}
        kind = kinds.get(code) or getattr(
            types, f"Scribe{''.join(map(str.title, code.removesuffix('_error').split('_')))}ErrorPayload"
        )
        await self.say(kind, code, error=f"No: {KEY}")
        await self.socket.close(close, code)


async def transcribe(vendor: ElevenLabs, session: Session, socket: Socket):
    await Transcribing(vendor, session, socket).run()
