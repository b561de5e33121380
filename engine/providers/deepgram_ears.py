"""Deepgram's Nova hears: word for word, "um" and "uh" included, each with its time."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from engine.audio import HEARING_RATE
from engine.providers.base import Expectation, Listening
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_hearing import Hearing, Segment, Turn
from engine.providers.deepgram_stream import StreamListening
from engine.providers.deepgram_wire import DEEPGRAM, Deepgram, Message, Socket, about
from engine.providers.key_terms import key_terms

NAME = "deepgram"
MODEL = "nova-3"
ENDPOINTING = 300
"""Milliseconds of silence after which what was said is final; the vendor's 10 cut sentences into pieces."""


class DeepgramEars:
    """`SpeechToText` by Deepgram's `/v1/listen`. One connection a conversation, open while it lasts."""

    def __init__(
        self, *, key: str, base_url: str = DEEPGRAM, model: str = MODEL, deadlines: HearingDeadlines | None = None
    ) -> None:
        self.about = about(NAME, model, base_url, "sound")
        self._model = model
        self._deadlines = deadlines or HearingDeadlines()
        self._wire = Deepgram(key=key, base_url=base_url, about=self.about)

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return StreamListening(self._wire, _Nova(self._model, expect), self.about, self._deadlines)

    async def warm(self) -> None:
        """Load the SDK, in a thread."""
        await self._wire.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._wire.check()

    async def close(self) -> None:
        await self._wire.close()


class _Nova:
    def __init__(self, model: str, expect: Expectation) -> None:
        self._query: dict[str, Any] = {
            "model": model,
            "encoding": "linear16",
            "sample_rate": HEARING_RATE,
            "channels": 1,
            "interim_results": True,
            "punctuate": True,
            "endpointing": ENDPOINTING,
            "language": expect.language,
        }
        if model.startswith("nova-3") and (terms := key_terms(expect)):
            self._query["keyterm"] = list(terms)
        if expect.language.startswith("en"):
            # The SDK does not know this one; without it "um" and "uh" are left out.
            self._query["request_options"] = {"additional_query_parameters": {"filler_words": "true"}}

    def connect(self, sdk: Any) -> AbstractAsyncContextManager[Any]:  # noqa: ANN401 (the SDK's client)
        socket: AbstractAsyncContextManager[Any] = sdk.listen.v1.connect(**self._query)
        return socket

    def take(self, message: Message, hearing: Hearing | None) -> None:
        if hearing is None or message["type"] != "Results":
            return
        start = float(message["start"]) - hearing.base
        end = start + float(message["duration"])
        if end <= 0.0:
            return  # of a turn that was given up
        heard = message["channel"]["alternatives"][0]
        segment = Segment.of(heard["transcript"], heard["words"], hearing.base)
        hearing.until = max(hearing.until, end)
        if message["is_final"]:
            hearing.segments.append(segment)
            hearing.pending, hearing.settled = Segment(), end
            hearing.closed = hearing.closed or bool(message.get("from_finalize"))
        else:
            hearing.pending = segment

    async def end(self, socket: Socket, turn: Turn, hearing: Hearing) -> int:
        await socket.sdk.send_finalize()
        return 0

    async def stay(self, socket: Socket) -> None:
        await socket.sdk.send_keep_alive()
