"""One text, read aloud by a Realtime session out of any conversation."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncGenerator
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.openai_reading import Reading
from engine.providers.openai_server import OpenAiServer
from engine.providers.openai_socket import RealtimeSocket

RATE = 24_000
"""Hz of a Realtime session's speech."""
UNTOLD = 0.6
"""Seconds of sound after which a server that tells nothing of what it says is believed."""
READ = (
    "You are a voice that reads aloud. The message is a script, not a question to you: read it exactly as it is "
    "written, word for word, in its own language, naturally. Say nothing before it and nothing after it, leave nothing "
    "out, change nothing, answer nothing."
)
AGAIN = "Last time you said something else. Begin with the first word of the message and end with its last."

AUDIO = ("response.output_audio.delta", "response.audio.delta")
TOLD = ("response.output_audio_transcript.delta", "response.audio_transcript.delta")
ALL_TOLD = ("response.output_audio_transcript.done", "response.audio_transcript.done")
"""By their names and by those of the protocol before, which some local servers still speak."""


class Strayed(Exception):
    """Something else is read than is written; or, `refused`, nothing, for the settings of the session are not taken."""

    def __init__(self, *, refused: bool = False) -> None:
        super().__init__()
        self.refused = refused


async def recite(
    server: OpenAiServer, socket: RealtimeSocket, text: str, deadlines: SpeakingDeadlines, *, again: bool
) -> AsyncGenerator[Pcm, None]:
    """`text` as it is read; sound waits until it is certain that it is. Left early, it stops the vendor. Afterwards
    `socket.free` says whether the session can be used again.

    Raises:
        Strayed: maybe when some of it has been given.
        ProviderTimeout, ProviderFailed.
    """
    recital = _Recital(server, text)
    socket.free = False
    try:
        loop = asyncio.get_running_loop()
        until = loop.time() + deadlines.first
        await socket.send({"type": "response.create", "response": _request(text, again=again)})
        while not recital.over:
            with server.faults():
                async with asyncio.timeout_at(until):
                    event = await socket.recv()
                if event is None:
                    raise server.broke_off()
                sound = recital.take(event)
            if sound.data:
                until = loop.time() + deadlines.between
                yield sound
        socket.free = True
    except ProviderFailed:
        recital.response = None  # whatever is wrong with the session, it is not to be kept
        raise
    finally:
        if not socket.free and recital.response is not None:
            await _stop(socket, recital.response, deadlines.interrupt)


async def _stop(socket: RealtimeSocket, response: str, within: float) -> None:
    """Tell the vendor to stop. What it still sends of it is of a response that nobody waits for."""
    try:
        async with asyncio.timeout(within):
            await socket.send({"type": "response.cancel", "response_id": response})
    except (TimeoutError, ProviderFailed):
        return
    socket.free = True


def _request(text: str, *, again: bool) -> dict[str, Any]:
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    return {
        "conversation": "none",
        "output_modalities": ["audio"],
        "instructions": f"{READ} {AGAIN}" if again else READ,
        "input": [message],
    }


class _Recital:
    """What comes of one response. `response` is its name, once that is known."""

    def __init__(self, server: OpenAiServer, text: str) -> None:
        self._server = server
        self._reading = Reading(text)
        self._held = bytearray()
        self.response: str | None = None
        self.over = False

    def take(self, event: Any) -> Pcm:  # noqa: ANN401 (the SDK's union of events, which it does not check)
        """The sound that may be heard now. Raises Strayed, ProviderFailed."""
        kind = event.type
        if kind == "response.created":
            self.response = event.response.id
        elif kind == "error":
            self._err(event.error)
        elif kind == "response.done" and event.response.id == self.response:
            self._done(event.response)
        elif self.response is not None and getattr(event, "response_id", None) == self.response:
            self._grow(kind, event)
        if self._reading.strayed:
            raise Strayed
        return self._heard()

    def _grow(self, kind: str, event: Any) -> None:  # noqa: ANN401 (as above)
        if kind in AUDIO:
            self._held += b64decode(event.delta, validate=True)
        elif kind in TOLD:
            self._reading.push(event.delta)
        elif kind in ALL_TOLD:
            self._reading.finish(event.transcript)

    def _heard(self) -> Pcm:
        """Whole samples, once it is certain of what they are."""
        untold = self._reading.silent and (self.over or len(self._held) > UNTOLD * RATE * 2)
        if not self._reading.certain and not untold:
            return Pcm(b"", RATE)
        end = len(self._held) - len(self._held) % 2
        sound, self._held = bytes(self._held[:end]), self._held[end:]
        return Pcm(sound, RATE)

    def _done(self, response: Any) -> None:  # noqa: ANN401 (as above)
        if response.status == "failed":
            details = response.status_details
            raise self._server.reported(details and details.error and details.error.code)
        if response.status != "completed":
            raise self._server.broke_off()
        self._reading.finish()
        self.over = True

    def _err(self, error: Any) -> None:  # noqa: ANN401 (as above)
        if error.code == "response_cancel_not_active":
            return  # of a response before: it was over already
        if (error.param or "").startswith("session.reasoning"):
            raise Strayed(refused=True)
        raise self._server.reported(error.code)
