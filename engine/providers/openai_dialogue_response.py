"""One reply of a Realtime session, as its events come."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from typing import Any

from engine.audio import SAMPLE_BYTES, Pcm
from engine.errors import ProviderFailed
from engine.providers.base import Uttered
from engine.providers.openai_reciting import ALL_TOLD, AUDIO, RATE, TOLD
from engine.providers.openai_server import OpenAiServer

ALL = 0.02
"""Seconds that may be missing of a reply that was heard to its end: less than a resampler keeps to itself."""


class Response:
    """`asked`: the event that asks for it, "" where nobody did. `pieces` is what came of it, None at its end. `seconds`
    of sound have come, of which `heard` were heard."""

    def __init__(self, server: OpenAiServer, asked: str) -> None:
        self.asked = asked
        self.pieces: asyncio.Queue[Uttered | ProviderFailed | None] = asyncio.Queue()
        self.id: str | None = None
        self.item: str | None = None
        self.seconds = 0.0
        self.heard = 0.0
        self.stopped = False
        """It was to be no longer than it was then."""
        self._server = server
        self._told = False
        self._odd = b""

    def take(self, event: Any) -> None:  # noqa: ANN401 (the SDK's union of events, which it does not check)
        """An event of this response."""
        if self.stopped:
            return
        if event.type in AUDIO:
            self._sound(self._odd + b64decode(event.delta, validate=True))
        elif event.type in TOLD:
            self._tell(event.delta or "")
        elif event.type in ALL_TOLD and not self._told:
            self._tell(event.transcript or "")

    def end(self, response: Any) -> None:  # noqa: ANN401 (as above)
        """The server says how it ended."""
        if self.stopped:
            self.pieces.put_nowait(None)
        elif response.status == "failed":
            details = response.status_details
            self.fail(self._server.reported(details and details.error and details.error.code))
        elif response.status == "cancelled":
            self.fail(self._server.broke_off())
        elif not self.seconds:
            self.fail(self._server.failed("answered without a word"))
        elif not self._told:
            self.fail(self._server.failed("does not tell what it says", retryable=False))
        else:
            self.pieces.put_nowait(None)

    def fail(self, fault: ProviderFailed) -> None:
        self.pieces.put_nowait(fault)

    @property
    def cut_at(self) -> int | None:
        """The millisecond up to which it was heard, where that was neither nothing nor all of it."""
        if not self.heard or (self.heard >= self.seconds - ALL and not self.stopped):
            return None
        return int(1000 * min(self.heard, self.seconds))

    def _sound(self, data: bytes) -> None:
        end = len(data) - len(data) % SAMPLE_BYTES
        self._odd = data[end:]
        if end:
            pcm = Pcm(data[:end], RATE)
            self.seconds += pcm.seconds
            self.pieces.put_nowait(Uttered(pcm=pcm))

    def _tell(self, text: str) -> None:
        self._told = self._told or bool(text.strip())
        self.pieces.put_nowait(Uttered(text=text))
