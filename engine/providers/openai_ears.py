"""Ears at any OpenAI-compatible `/audio/transcriptions`: a finished turn is sent as a WAV file. Its words are written
while they come, where the server streams them, and have times where it knows them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from math import exp
from typing import TYPE_CHECKING, Any

from engine.audio import HEARING_RATE, Pcm, silence
from engine.media.encode import encode_wav
from engine.providers.base import Expectation, Listening, Transcript, Word
from engine.providers.deadlines import HearingDeadlines
from engine.providers.openai_hearing import follows, is_echo, told
from engine.providers.openai_server import OpenAiServer
from engine.providers.openai_turns import WholeTurns

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import AsyncAPIResponse

NAME = "openai"
MODEL = "gpt-transcribe"
CAVEAT = "your voice is sent there ({})"
SHORTEST = 0.2
"""Seconds: less is filled up with silence; OpenAI refuses what is shorter than 0.1."""

STREAMED: Mapping[str, Any] = {"stream": True}
TIMED: Mapping[str, Any] = {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
PLAIN: Mapping[str, Any] = {}


class OpenAiEars:
    """`key` may be empty where `base_url` names a server that wants none. `model` by its name there; of those of OpenAI
    none but whisper-1 knows the times of words. Nothing is loaded before `warm` or the first turn."""

    def __init__(
        self, *, key: str = "", base_url: str = "", model: str = MODEL, deadlines: HearingDeadlines | None = None
    ) -> None:
        self._deadlines = deadlines or HearingDeadlines()
        self._server = OpenAiServer(
            name=NAME,
            key=key,
            base_url=base_url,
            model=model,
            connect=self._deadlines.handshake,
            caveat=CAVEAT,
            resource="audio.transcriptions",
        )
        self._ways = [STREAMED if follows(model) else TIMED, PLAIN]
        """How to ask, best first; what the server does not understand is not tried again."""
        self.about = self._server.about

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return WholeTurns(partial(self._hear, expect))

    async def warm(self) -> None:
        """Import the SDK and make the client, in a thread."""
        await self._server.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there, or that does not do it; costs nothing."""
        await self._server.serves()
        await self._server.shutdown_date()

    async def shutdown_date(self) -> str | None:
        """As `OpenAiServer.shutdown_date`."""
        return await self._server.shutdown_date()

    async def close(self) -> None:
        await self._server.close()

    async def _hear(self, expect: Expectation, turn: int, pcm: Pcm, tell: Callable[[str], None]) -> Transcript:
        """What was said in a turn at 16 kHz; `tell` is told what is understood so far."""
        await self.warm()
        pcm = Pcm(pcm.data + silence(max(0.0, SHORTEST - pcm.seconds), HEARING_RATE).data, HEARING_RATE)
        with self._server.faults():
            async with asyncio.timeout(self._deadlines.final + self._deadlines.catch_up * pcm.seconds):
                found = await self._ask(expect, encode_wav(pcm), tell)
            if is_echo(self._server.model, found["text"]):
                found = {"text": ""}
            words, sure = _words(found), _confidence(found)
        return Transcript(turn=turn, text=found["text"], final=True, words=words, confidence=sure)

    async def _ask(self, expect: Expectation, wav: bytes, tell: Callable[[str], None]) -> dict[str, Any]:
        import openai

        while True:
            way = self._ways[0]
            try:
                return await self._ask_so(way, expect, wav, tell)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if way is PLAIN:
                    raise
                if self._ways[0] is way:
                    self._ways.pop(0)

    async def _ask_so(
        self, way: Mapping[str, Any], expect: Expectation, wav: bytes, tell: Callable[[str], None]
    ) -> dict[str, Any]:
        client = await self._server.client()
        model = self._server.model
        request = {"model": model, "file": ("turn.wav", wav, "audio/wav"), **told(model, expect), **way}
        ask = client.audio.transcriptions.with_streaming_response.create
        async with AsyncExitStack() as stack:
            response = await self._server.answered(lambda: stack.enter_async_context(ask(**request)))
            kind = response.headers.get("content-type", "")
            if kind.startswith("text/event-stream"):
                return {"text": await self._follow(response, tell)}
            data = await response.read()
            if kind.startswith("text/plain"):
                return {"text": data.decode().strip()}
            found: dict[str, Any] = json.loads(data)
            return found | {"text": found["text"].strip()}

    async def _follow(self, response: AsyncAPIResponse[Any], tell: Callable[[str], None]) -> str:
        """Words as they come; the whole text at its end. Some servers send bare pieces without saying what they are."""
        text, bare = "", False
        events: AsyncIterator[Any] = aiter(await response.parse())
        async for event in events:
            kind = getattr(event, "type", None)
            if kind == "transcript.text.done":
                return str(event.text).strip()
            bare = bare or kind is None
            text += event.text if kind is None else event.delta if kind == "transcript.text.delta" else ""
            tell(text.strip())
        if not bare:
            raise self._server.broke_off()
        return text.strip()


def _words(found: Mapping[str, Any]) -> tuple[Word, ...]:
    """Words with their times, written as in the text where they can be told apart there."""
    known = found.get("words") or []
    written = found["text"].split()
    if len(written) != len(known):
        written = [word["word"].strip() for word in known]
    words = []
    for text, word in zip(written, known, strict=True):
        start = max(0.0, float(word["start"]))
        sure = min(1.0, max(0.0, float(word.get("probability", 1.0))))
        words.append(Word(text=text, start=start, end=max(start, float(word["end"])), confidence=sure))
    return tuple(words)


def _confidence(found: Mapping[str, Any]) -> float:
    """How sure the model was that there was speech and that it was this, 1 where it does not say."""
    segments = found.get("segments") or []
    seconds = sum(segment["end"] - segment["start"] for segment in segments)
    if seconds <= 0.0:
        return 1.0
    return float(
        sum(
            (segment["end"] - segment["start"])
            / seconds
            * exp(min(0.0, segment.get("avg_logprob", 0.0)))
            * (1.0 - segment.get("no_speech_prob", 0.0))
            for segment in segments
        )
    )
