"""One conversation's session with a Realtime model that hears and replies. Its ears are those of a transcription
session; what it remembers is made to agree with the history before each reply: a new session is as good as an old one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from engine.errors import ProviderFailed
from engine.providers.base import ChatLine, Expectation, Prompt, Uttered, Voice
from engine.providers.deadlines import DialogueDeadlines
from engine.providers.openai_dialogue_items import Event, Items
from engine.providers.openai_dialogue_response import Response
from engine.providers.openai_hearing import told
from engine.providers.openai_live_listening import LiveListening
from engine.providers.openai_prompt import instructions, newest
from engine.providers.openai_realtime_voice import FASTEST, SLOWEST
from engine.providers.openai_reciting import RATE
from engine.providers.openai_server import OpenAiServer
from engine.providers.openai_socket import RealtimeSocket

MOST_TOKENS = 4096
"""Of one reply; the vendor takes no larger number."""


class DialogueSession(LiveListening):
    """`transcriber` writes down what is heard. `voices`: names that the server knows, the default one first."""

    def __init__(
        self,
        server: OpenAiServer,
        deadlines: DialogueDeadlines,
        expect: Expectation,
        *,
        transcriber: str,
        voices: Sequence[str],
        voice: Voice,
    ) -> None:
        super().__init__(server, deadlines.hearing, expect)
        self._speaking = deadlines.speaking
        self._transcriber = transcriber
        self._voices = voices
        self._voice = voice if voice.name in voices else replace(voice, name=voices[0])
        self._told_to = ""
        self._items = Items()
        self._skipped = 0
        """Lines of the history that are too old to be told to the present session."""
        self._response: Response | None = None
        """What is being said at the other end, wanted or not: nothing else may be asked for."""
        self._last: Response | None = None
        """What was asked for last in the present session."""
        self._numbers = count(1)
        self._over = False
        self._news = asyncio.Event()

    async def __aenter__(self) -> DialogueSession:
        await super().__aenter__()
        return self

    # ---- replies ----------------------------------------------------------------------------------------------------

    async def reply(self, prompt: Prompt, voice: Voice) -> AsyncGenerator[Uttered, None]:
        """As `Conversing.reply`."""
        loop, response = asyncio.get_running_loop(), None
        try:
            await self._quiet()
            response = self._ask(prompt, voice)
            until = loop.time() + self._speaking.first
            while (piece := await self._next(response, until)) is not None:
                yield piece
                await asyncio.sleep(0)  # much may have come meanwhile: nobody else is to wait for all of it
                until = loop.time() + self._speaking.between if response.seconds else until
        except ProviderFailed as fault:
            self._turns.die(fault)
            raise
        finally:
            if response is not None and response is self._response:
                self._stop(response)

    def heard(self, seconds: float, text: str) -> None:
        """As `Conversing.heard`."""
        if self._last:
            self._last.heard += seconds
            if item := self._items.find(self._last.item):
                item.text = f"{item.text} {text}".strip()

    async def _next(self, response: Response, until: float) -> Uttered | None:
        try:
            async with asyncio.timeout_at(until):
                piece = await response.pieces.get()
        except TimeoutError:
            raise self._server.late() from None
        if isinstance(piece, ProviderFailed):
            raise piece
        return piece

    async def _quiet(self) -> None:
        """Wait for a session in which nothing is being said. One that does not stop is hung up on.

        Raises:
            ProviderTimeout, ProviderFailed: there is none.
        """
        if self._response and not await self._within(self._speaking.interrupt) and self._socket:
            self._socket.abort()
        if not await self._within(self._speaking.handshake):
            raise self._trouble or self._server.late()

    async def _within(self, seconds: float) -> bool:
        """Whether a reply can be asked for by then."""
        try:
            async with asyncio.timeout(seconds):
                while self._socket is None or self._response is not None:
                    if self._over:
                        return False
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _ask(self, prompt: Prompt, voice: Voice) -> Response:
        """Everything that a reply needs, in one go: the connection keeps the order."""
        self._adopt(prompt, voice)
        self._truncate()
        lines = [*prompt.history, *([ChatLine(role="user", text=prompt.question)] if prompt.question else [])]
        if self._last is None:
            self._skipped = len(lines)
        self._skipped = min(self._skipped, len(lines) - len(newest(lines)))
        for event in self._items.match(lines[self._skipped :]):
            self._request(event)
        self._response = self._last = Response(self._server, f"ask:{next(self._numbers)}")
        most = {} if prompt.most_tokens is None else {"max_output_tokens": min(MOST_TOKENS, prompt.most_tokens)}
        self._request({"type": "response.create", "event_id": self._response.asked, "response": most})
        return self._response

    def _truncate(self) -> None:
        """What was not heard of the last reply the session is to forget; of which nothing was heard, altogether."""
        last = self._last
        item = self._items.find(last.item) if last else None
        if last and item and item.counts and (cut := last.cut_at) is not None:
            where = {"item_id": item.id, "content_index": 0, "audio_end_ms": cut}
            self._request({"type": "conversation.item.truncate", "event_id": f"truncate:{item.id}"} | where)

    def _adopt(self, prompt: Prompt, voice: Voice) -> None:
        """Tell the session what has changed in how it is to be. Its voice is settled once it has spoken."""
        settled = self._last is not None or voice.name not in self._voices
        name = self._voice.name if settled else voice.name
        before = self._told_to, self._voice
        self._told_to, self._voice = instructions(prompt), Voice(name=name, speed=voice.speed)
        if (self._told_to, self._voice) != before:
            self._request({"type": "session.update", "session": self._settings()})

    def _stop(self, response: Response) -> None:
        response.stopped = True
        named = {"response_id": response.id} if response.id else {}
        self._request({"type": "response.cancel"} | named)

    def _request(self, event: Event) -> None:
        self._requests.append(event)
        self._turns.changed.set()

    # ---- the connection ---------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        sound = {"type": "audio/pcm", "rate": RATE}
        hears = {"format": sound, "transcription": self._transcription(), "turn_detection": None}
        speed = min(FASTEST, max(SLOWEST, self._voice.speed))
        speaks = {"format": sound, "speed": speed}
        if self._server.official or not self._plain:  # others have voices of their own
            speaks["voice"] = self._voice.name
        session = {
            "type": "realtime",
            "output_modalities": ["audio"],
            "instructions": self._told_to,
            "audio": {"input": hears, "output": speaks},
        }
        thinks = self._server.model.startswith("gpt-realtime-2") and not self._plain
        return session | ({"reasoning": {"effort": "minimal"}} if thinks else {})

    def _transcription(self) -> dict[str, Any]:
        model = {"model": self._transcriber}
        if self._plain:
            return model
        return model | (told(self._transcriber, self._expect) if self._server.official else {})

    async def _hear(self) -> None:
        try:
            await super()._hear()
        finally:
            self._over = True
            self._news.set()

    @property
    def _waits(self) -> bool:
        return super()._waits or self._response is not None

    async def _receive(self, socket: RealtimeSocket) -> None:
        self._news.set()
        fault = self._server.broke_off()
        try:
            await super()._receive(socket)
        except ProviderFailed as failed:
            fault = failed
            raise
        finally:
            self._forget(fault)

    def _forget(self, fault: ProviderFailed) -> None:
        """The connection is lost, and all that the session knew."""
        if self._response:
            self._response.fail(fault)
        self._response = self._last = None
        self._items = Items()
        self._news.set()

    # ---- what comes -------------------------------------------------------------------------------------------------

    def _take(self, event: Any) -> None:  # noqa: ANN401 (the SDK's union of events, which it does not check)
        with self._server.faults():
            match event.type:
                case "response.created":
                    self._begin(event.response.id)
                case "response.done":
                    if self._response and event.response.id == self._response.id:
                        self._response.end(event.response)
                        self._free()
                case "input_audio_buffer.committed":
                    self._items.add(event.item_id, "user", after=getattr(event, "previous_item_id", None))
                case "conversation.item.input_audio_transcription.completed":
                    if item := self._items.find(event.item_id):
                        item.text = event.transcript.strip()
                case kind if kind.startswith("response."):
                    self._grow(event)
        super()._take(event)

    def _begin(self, id: str) -> None:
        """A response has a name; one that nobody asked for is stopped."""
        if self._response is None:
            self._response = Response(self._server, "")
            self._response.id = id
            self._stop(self._response)
        elif self._response.id is None:
            self._response.id = id

    def _grow(self, event: Any) -> None:  # noqa: ANN401 (as above)
        """Whatever is not of the response that is being said comes too late."""
        response = self._response
        if response is None or response.id is None or getattr(event, "response_id", None) != response.id:
            return
        item = getattr(event, "item_id", None)
        if item and response.item is None:
            response.item = item
            self._items.add(item, "assistant")
        response.take(event)

    def _free(self) -> None:
        self._response = None
        self._news.set()

    def _err(self, error: Any) -> None:  # noqa: ANN401 (as above)
        what, _, item = (error.event_id or "").partition(":")
        if error.code == "response_cancel_not_active":
            if self._response and self._response.stopped:
                self._free()
        elif what == "truncate":
            if found := self._items.find(item):
                found.spoilt = True
        elif what in ("create", "delete"):
            self._items.remove(item)
        elif self._response and error.event_id == self._response.asked:
            self._response.fail(self._server.reported(error.code))
            self._free()
        else:
            super()._err(error)
