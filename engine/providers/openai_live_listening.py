"""One conversation's ear over a Realtime transcription session: what is sent, and what is understood."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import Expectation, Listening, Transcript
from engine.providers.deadlines import HearingDeadlines
from engine.providers.openai_hearing import told
from engine.providers.openai_live_turns import RATE, LiveTurn, LiveTurns
from engine.providers.openai_server import OpenAiServer
from engine.providers.openai_socket import RENEWED, RealtimeSocket, open_realtime

SECOND = 2 * RATE
"""Bytes."""
PIECE = SECOND // 25
"""Bytes of audio that are worth a message while more is to come: 40 ms."""
LARGEST = SECOND // 2


class LiveListening:
    """A connection that is lost is opened again, and told once more what it has not answered."""

    def __init__(self, server: OpenAiServer, deadlines: HearingDeadlines, expect: Expectation) -> None:
        self._server, self._deadlines, self._expect = server, deadlines, expect
        self._turns = LiveTurns(deadlines, self._late)
        self._group = asyncio.TaskGroup()
        self._task: asyncio.Task[None] | None = None
        self._socket: RealtimeSocket | None = None
        self._trouble: ProviderFailed | None = None
        """Why nobody hears just now."""
        self._requests: deque[dict[str, Any]] = deque()
        """Events that are not about what is said; those for a connection that was lost go with it."""
        self._plain = False
        """The server does not take what would prepare it."""

    def push(self, pcm: Pcm, turn: int) -> None:
        self._turns.push(pcm, turn)

    def finish(self, turn: int) -> None:
        self._turns.finish(turn)

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return self

    async def __anext__(self) -> Transcript:
        heard = await self._turns.heard.get()
        if heard is None:
            self._turns.heard.put_nowait(None)
            raise StopAsyncIteration
        if isinstance(heard, ProviderFailed):
            raise heard
        return heard

    async def __aenter__(self) -> Listening:
        await self._group.__aenter__()
        self._task = self._group.create_task(self._hear(), name="live ears")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task
        self._task.cancel()
        await self._group.__aexit__(None, None, None)
        self._turns.close()

    async def _hear(self) -> None:
        """Connect, and again whenever the connection is lost, until that is of no use."""
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            began = loop.time()
            try:
                await self._converse()
            except ProviderFailed as fault:
                self._trouble = fault
                if not fault.retryable:
                    self._turns.die(fault)
                    return
            failures = 0 if loop.time() - began > self._deadlines.steady else failures + 1
            if failures:
                wait = self._deadlines.backoff * 2 ** min(failures - 1, 10)
                await asyncio.sleep(min(wait, self._deadlines.longest_backoff))

    async def _converse(self) -> None:
        """One connection, to its end. Raises ProviderFailed."""
        settings, limits = self._settings(), self._deadlines
        socket = await open_realtime(self._server, settings, handshake=limits.handshake, close=limits.close)
        self._socket, self._trouble = socket, None
        self._requests.clear()
        self._turns.rewind()
        sending = self._group.create_task(self._send(socket), name="to live ears")
        try:
            await self._receive(socket)
        finally:
            self._socket = None
            sending.cancel()
            await socket.close()

    def _settings(self) -> dict[str, Any]:
        prepared = {} if self._plain else told(self._server.model, self._expect)
        heard = {
            "format": {"type": "audio/pcm", "rate": RATE},
            "transcription": {"model": self._server.model, **prepared},
            "turn_detection": None,
        }
        return {"type": "transcription", "audio": {"input": heard}}

    def _late(self) -> ProviderFailed:
        """Why a turn got no answer. Whoever did not give it is hung up on: what follows of it would be too late."""
        if self._socket is not None:
            self._socket.abort()
        return self._trouble or self._server.late()

    @property
    def _waits(self) -> bool:
        """The other end owes something: no moment to leave it for a new session."""
        return bool(self._turns.waiting)

    # ---- what is sent -----------------------------------------------------------------------------------------------

    async def _send(self, socket: RealtimeSocket) -> None:
        """Whatever the other end has not got yet. That the connection is lost the other direction finds out."""
        try:
            while True:
                self._turns.changed.clear()
                if self._requests:
                    await socket.send(self._requests.popleft())
                elif self._turns.dropped:
                    self._turns.dropped, self._turns.clearing = False, self._turns.clearing + 1
                    await socket.send({"type": "input_audio_buffer.clear"})
                elif turn := next((turn for turn in self._turns.waiting if _is_due(turn)), None):
                    await self._send_of(turn, socket)
                else:
                    await self._turns.changed.wait()
        except ProviderFailed:
            return

    async def _send_of(self, turn: LiveTurn, socket: RealtimeSocket) -> None:
        if turn.sent < len(turn.data):
            piece = bytes(turn.data[turn.sent : turn.sent + LARGEST])
            turn.sent += len(piece)
            await socket.send({"type": "input_audio_buffer.append", "audio": b64encode(piece).decode()})
        else:
            turn.committed = True
            await socket.send({"type": "input_audio_buffer.commit"})

    # ---- what is understood -----------------------------------------------------------------------------------------

    async def _receive(self, socket: RealtimeSocket) -> None:
        """Until the server says goodbye, or the session is old and nothing is waited for. Raises ProviderFailed."""
        renew = socket.opened + RENEWED
        while True:
            try:
                async with asyncio.timeout_at(renew):
                    event = await socket.recv()
            except TimeoutError:
                if not self._waits:
                    return
                renew += self._deadlines.final
                continue
            if event is None:
                return
            self._take(event)

    def _take(self, event: Any) -> None:  # noqa: ANN401 (the SDK's union of events, which it does not check)
        with self._server.faults():
            match event.type:
                case "conversation.item.input_audio_transcription.delta":
                    if turn := self._turns.of(event.item_id):
                        self._turns.grow(turn, event.delta or "")
                case "conversation.item.input_audio_transcription.completed":
                    if turn := self._turns.of(event.item_id):
                        self._turns.settle(turn, event.transcript)
                case "conversation.item.input_audio_transcription.failed":
                    if turn := self._turns.of(event.item_id):
                        self._turns.fail(turn, self._server.reported(event.error.code))
                case "input_audio_buffer.committed":
                    self._turns.clearing = 0
                    self._turns.of(event.item_id)
                case "input_audio_buffer.cleared":
                    self._turns.clearing = max(0, self._turns.clearing - 1)
                case "error":
                    self._err(event.error)

    def _err(self, error: Any) -> None:  # noqa: ANN401 (as above)
        """Raises ProviderFailed, but where a turn was too short to be understood."""
        if error.code == "input_audio_buffer_commit_empty":
            if turn := next((turn for turn in self._turns.waiting if turn.committed and turn.item is None), None):
                self._turns.settle(turn, turn.understood)
            return
        if (error.param or "").startswith("session"):
            if self._plain:
                raise self._server.failed("does not take the settings of the session", retryable=False)
            self._plain = True  # the next connection asks for less
        raise self._server.reported(error.code)


def _is_due(turn: LiveTurn) -> bool:
    """Whether there is something of `turn` to send."""
    if turn.final is not None or turn.committed:
        return False
    return turn.finished or len(turn.data) - turn.sent >= PIECE
