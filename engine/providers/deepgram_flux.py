"""Deepgram's Flux hears, and has an opinion of when somebody is done.

Who decides that is the engine's own turn machine, which is told Flux's opinion. And where Flux took the turn to be over
before the engine did, and nothing was said since, its transcript is final the moment it is asked for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from engine.audio import HEARING_RATE, silence
from engine.providers.base import EndOfTurn, Expectation, Listening
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_hearing import Hearing, Segment, Turn
from engine.providers.deepgram_stream import StreamListening
from engine.providers.deepgram_wire import DEEPGRAM, Deepgram, Message, Socket, about
from engine.providers.key_terms import key_terms

NAME = "deepgram-flux"
MODEL, OTHER_LANGUAGES = "flux-general-en", "flux-general-multi"
SURE, EAGER = 0.7, 0.5
"""How sure Flux is when it says that a turn is over, and when it says so with reservations (0 to 1)."""
TAIL = silence(0.4, HEARING_RATE).data
"""Sent after a turn: Flux ends one with what it has understood by then, and this makes it understand the rest."""
FLUSH = 0.3
"""Seconds that this may take."""
GRANTED = 0.1
"""Seconds at the end of a turn that Flux need not have told of: no word is that short."""


class DeepgramFlux:
    """`SpeechToText` by Deepgram's `/v2/listen`. One connection a conversation, open while it lasts."""

    def __init__(
        self, *, key: str, base_url: str = DEEPGRAM, model: str = MODEL, deadlines: HearingDeadlines | None = None
    ) -> None:
        known = about(NAME, model, base_url, "sound")
        self.about = replace(known, caveat="; ".join(filter(None, (known.caveat, 'may leave out "um" and "uh"'))))
        self._model = model
        self._deadlines = deadlines or HearingDeadlines()
        self._wire = Deepgram(key=key, base_url=base_url, about=self.about)

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return StreamListening(self._wire, _Flux(self._model, expect), self.about, self._deadlines)

    async def warm(self) -> None:
        """Load the SDK, in a thread."""
        await self._wire.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._wire.check()

    async def close(self) -> None:
        await self._wire.close()


class _Flux:
    def __init__(self, model: str, expect: Expectation) -> None:
        english = expect.language.startswith("en")
        self._query: dict[str, Any] = {
            "model": OTHER_LANGUAGES if model == MODEL and not english else model,
            "encoding": "linear16",
            "sample_rate": HEARING_RATE,
            "eot_threshold": SURE,
            "eager_eot_threshold": EAGER,
        }
        if self._query["model"] == OTHER_LANGUAGES:
            self._query["language_hint"] = [expect.language]
        if terms := key_terms(expect):
            self._query["keyterm"] = list(terms)
        self._asked: deque[Hearing] = deque()
        """Of which turns the end was demanded and is not confirmed yet."""
        self._part = -1
        """Number of Flux's own turn that is going on."""
        self._eager = False
        """It is over, with reservations."""

    def connect(self, sdk: Any) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401 (the SDK's client)
        self._asked.clear()
        self._part, self._eager = -1, False
        socket: AbstractAsyncContextManager[Any] = sdk.listen.v2.connect(**self._query)
        return socket

    def take(self, message: Message, hearing: Hearing | None) -> None:
        match message["type"]:
            case "Warning" if message["code"] == "FORCE_END_TURN_NO_ACTIVE_TURN":
                self._confirmed()
            case "TurnInfo":
                if hearing is not None and float(message["audio_window_end"]) > hearing.base:
                    self._heard(message, hearing)
                if message["event"] == "EndOfTurn" and message.get("trigger") == "manual":
                    self._confirmed()

    def _heard(self, message: Message, hearing: Hearing) -> None:
        segment = Segment.of(message["transcript"], message["words"], hearing.base)
        event, part = message["event"], int(message["turn_index"])
        until = float(message["audio_window_end"]) - hearing.base
        if part != self._part:
            self._part = part
            if hearing.pending.text:
                hearing.segments.append(hearing.pending)
        hearing.pending, hearing.until = segment, max(hearing.until, until)
        if event == "EndOfTurn":
            hearing.segments.append(segment)
            hearing.pending = Segment()
        self._eager = event == "EagerEndOfTurn" or (self._eager and event == "Update")
        hearing.settled = until + GRANTED if self._eager or not hearing.pending.text else 0.0
        hearing.end_of_turn = _opinion(event, hearing.end_of_turn)

    def _confirmed(self) -> None:
        if self._asked:
            self._asked.popleft().closed = True

    async def end(self, socket: Socket, turn: Turn, hearing: Hearing) -> int:
        sent = 0
        if not turn.over.is_set():
            await socket.sdk.send_media(TAIL)
            sent = len(TAIL)
            await _reach(hearing, turn)
        self._asked.append(hearing)
        await socket.sdk.send_force_end_turn()
        return sent

    async def stay(self, socket: Socket) -> None:
        """Nothing to do: the connection's own pings count."""


def _opinion(event: str, before: EndOfTurn) -> EndOfTurn:
    """What Flux thinks of the end of the turn after `event`."""
    match event:
        case "EagerEndOfTurn":
            return EndOfTurn.LIKELY
        case "EndOfTurn":
            return EndOfTurn.OVER
        case "TurnResumed":
            return EndOfTurn.RESUMED
        case "Update" if before is not EndOfTurn.RESUMED:
            return before  # it says nothing of that: what it thinks anew has an event of its own
    return EndOfTurn.UNKNOWN


async def _reach(hearing: Hearing, turn: Turn) -> None:
    """Wait until Flux has told of all of the turn."""
    try:
        async with asyncio.timeout(FLUSH):
            while hearing.until < turn.seconds and not turn.over.is_set():
                hearing.told.clear()
                await hearing.told.wait()
    except TimeoutError:
        return
