"""Many callers in one process: the page's voice link on bare sockets, so that they cost little beside the server.

A caller speaks in a recorded human voice, falls silent, hears the answer out, waits a little and speaks again. It plays
what it gets in real time and reports it every 50 ms, as the page does; between its words there is a faint hiss.
"""

from __future__ import annotations

import asyncio
import json
import random
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from bench.client import FRAME, HEADER, RATE
from bench.recordings import pcm, readings

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
"""WebSocket opcodes."""
REPORTS = 0.1
SPEAKS, PAUSE = 2.0, 0.5
"""Seconds that a caller speaks, and waits once an answer is over."""
UNANSWERED = 8.0
"""Seconds after which an answer is taken not to come."""
QUIET = 1.0
"""Seconds without audio after which an answer is over: longer than any lead."""


def frame(opcode: int, payload: bytes) -> bytes:
    """As a client sends it. The mask is 0: allowed, and it costs nothing."""
    length = struct.pack("!B", 0x80 | len(payload)) if len(payload) < 126 else struct.pack("!BH", 0xFE, len(payload))
    return bytes((0x80 | opcode,)) + length + bytes(4) + payload


def voices() -> list[list[bytes]]:
    """WebSocket frames of 20 ms, of each recording its first seconds; none where there are no recordings."""
    size = round(RATE * FRAME) * 2
    found = [pcm(reading.path).data[: round(RATE * SPEAKS) * 2] for reading in readings()]
    return [[frame(BINARY, data[at : at + size]) for at in range(0, len(data) - size + 1, size)] for data in found]


def hiss() -> list[bytes]:
    """A second of a quiet room."""
    noise = (np.random.default_rng(1).standard_normal((50, round(RATE * FRAME))) * 3).astype("<i2")
    return [frame(BINARY, row.tobytes()) for row in noise]


@dataclass(slots=True)
class Turn:
    """What a caller said and how it was answered. Seconds on this process's clock."""

    began: float
    ended: float = 0.0
    answered: float = 0.0
    late: list[float] = field(default_factory=list)
    """By how much each piece but the first came after it should have sounded."""
    said_at: float | None = None
    """When the server says that the listener began, in seconds since the conversation did."""


class Caller(asyncio.Protocol):
    def __init__(self, voices: Sequence[Sequence[bytes]], quiet: Sequence[bytes], dice: random.Random) -> None:
        self.turns: list[Turn] = []
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()
        self._voices, self._quiet, self._dice = voices, quiet, dice
        self._speaks: Iterator[bytes] = iter(())
        self._buffer = bytearray()
        self._shaken = False
        self._ticks = 0
        self._speaks_at = 0.0
        self._generation, self._got, self._played, self._last = 1, 0.0, 0.0, 0.0
        self._audio_at = 0.0
        self._sounded = 0.0
        """Seconds of audio of this answer."""

    # ---- the socket -------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._transport.write(
            b"GET /voice HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def connection_lost(self, _: Exception | None) -> None:
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._shaken:
            _, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self._shaken, self._buffer = True, rest
            self._tell(type="hello", talk="", mic_rate=RATE)
        while taken := self._frame():
            del self._buffer[:taken]

    def _frame(self) -> int:
        """Take the first frame; how many bytes it had, 0 where it is not complete."""
        buffer = self._buffer
        if len(buffer) < 4:
            return 0
        start, size = (4, struct.unpack_from("!H", buffer, 2)[0]) if buffer[1] == 126 else (2, buffer[1])
        if len(buffer) < start + size:
            return 0
        payload = bytes(buffer[start : start + size])
        match buffer[0] & 15:
            case 2:
                self._audio(payload, time.monotonic())
            case 1:
                self._text(payload)
            case 9:
                self._transport.write(frame(PONG, payload))
            case 8:
                self._transport.close()
        return start + size

    def _tell(self, **message: object) -> None:
        self._transport.write(frame(TEXT, json.dumps(message).encode()))

    # ---- what is heard ----------------------------------------------------------------------------------------------

    def _text(self, payload: bytes) -> None:
        kind = payload[:24]
        if b'"ready"' in kind:
            self.ready.set()
        elif b'"clear"' in kind:
            self._generation = json.loads(payload)["generation"]
            self._got = self._played = 0.0
        elif b'"said","speaker":"user"' in payload[:40] and self.turns:
            self.turns[-1].said_at = json.loads(payload)["start"]

    def _audio(self, payload: bytes, now: float) -> None:
        generation, rate = HEADER.unpack_from(payload)
        if generation != self._generation:
            self._generation, self._got, self._played = generation, 0.0, 0.0
        seconds = (len(payload) - HEADER.size) / 2 / rate
        if self._played >= self._got:
            self._last = now
        self._got += seconds
        self._audio_at = now
        turn = self.turns[-1] if self.turns else None
        if not turn or not turn.ended:
            return
        if turn.answered:
            turn.late.append(now - turn.answered - self._sounded)
        else:
            turn.answered, self._sounded = now, 0.0
        self._sounded += seconds

    # ---- what is said -----------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Send the next microphone frame, and what has been played."""
        if self.gone.is_set() or not self.ready.is_set():
            return
        self._ticks += 1
        spoken = next(self._speaks, None)
        if spoken is None:
            self._fall_silent(now)
            spoken = self._quiet[self._ticks % len(self._quiet)]
        self._transport.write(spoken)
        if self._played < self._got and now - self._last >= min(REPORTS, self._got - self._played):
            self._played = min(self._got, self._played + now - self._last)
            self._last = now
            self._tell(type="played", generation=self._generation, seconds=round(self._played, 4))

    def _fall_silent(self, now: float) -> None:
        """Nothing is left to say for now: note it, and decide when to speak again."""
        turn = self.turns[-1] if self.turns else None
        if turn is None:
            self._speaks_at = self._speaks_at or now + self._dice.random() * 5.0  # not all at once
        elif not turn.ended:
            turn.ended = now
            self._speaks_at = now + UNANSWERED
        elif turn.answered:
            over = turn.answered + self._sounded
            self._speaks_at = max(over, self._audio_at + QUIET) + PAUSE
        if self._speaks_at and now >= self._speaks_at:
            self.turns.append(Turn(began=now))
            self._speaks = iter(self._dice.choice(self._voices))

    def leave(self) -> None:
        with suppress(OSError):
            self._transport.write(frame(CLOSE, struct.pack("!H", 1000)))
            self._transport.close()


class Crowd:
    """Callers of one server, their frames spread evenly over the 20 ms. Use as `async with`."""

    PHASES = 10

    def __init__(self, port: int) -> None:
        self.callers: list[Caller] = []
        self.lateness: list[float] = []
        """By how much this process was late itself, of late."""
        self._port = port
        self._voices, self._quiet = voices(), hiss()
        self._dice = random.Random(1)

    @property
    def can_speak(self) -> bool:
        """There are recordings."""
        return bool(self._voices)

    async def __aenter__(self) -> Crowd:
        self._pacing = asyncio.create_task(self._pace())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pacing.cancel()
        for caller in self.callers:
            caller.leave()
        await asyncio.gather(self._pacing, return_exceptions=True)

    async def grow(self, count: int) -> None:
        """Until there are `count` callers."""
        loop = asyncio.get_running_loop()
        while len(self.callers) < count:
            _, caller = await loop.create_connection(self._caller, "127.0.0.1", self._port)
            async with asyncio.timeout(10):
                await caller.ready.wait()
            self.callers.append(caller)

    def _caller(self) -> Caller:
        return Caller(self._voices, self._quiet, random.Random(self._dice.random()))

    async def _pace(self) -> None:
        step, number, began = FRAME / self.PHASES, 0, time.monotonic()
        while True:
            due = began + number * step
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            self.lateness.append(now - due)
            for caller in self.callers[number % self.PHASES :: self.PHASES]:
                caller.tick(now)
            number += 1
