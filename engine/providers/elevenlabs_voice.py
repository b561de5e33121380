"""ElevenLabs' voices over HTTP: one request for each sentence, its speech streamed back with the times of its words."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from engine import clock
from engine.providers import elevenlabs_common as common
from engine.providers import elevenlabs_failures as failures
from engine.providers.base import SpeechChunk, Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.elevenlabs_speech import Speech, Timing
from engine.providers.waiting import in_time
from engine.spans import words_of

if TYPE_CHECKING:
    import httpx
    from elevenlabs.types import StreamingAudioChunkWithTimestampsResponse


class ElevenLabsVoice:
    """`voice`: name or id of the default voice. Nothing is loaded before `warm` or the first sentence."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str = common.BASE_URL,
        model: str = common.SPEECH_MODEL,
        voice: str = common.VOICE,
        deadlines: SpeakingDeadlines | None = None,
    ) -> None:
        self._account = common.Account(key=key, base_url=base_url, voice=voice, on_response=_check_lines)
        self._model = model
        self._deadlines = deadlines or SpeakingDeadlines()
        self.about = common.about(model, base_url, "what is said, as text,")

    def voices(self) -> Sequence[str]:
        return self._account.voices()

    async def warm(self) -> None:
        """Import the SDK, and ask for the voices. Raises ProviderFailed, ProviderTimeout."""
        await self._account.check()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._account.check()

    async def close(self) -> None:
        await self._account.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Cancelled or closed, it closes its connection at once.

        Raises:
            ProviderFailed, ProviderTimeout: also after some of it, and where the vendor ends before all is said.
        """
        if not words_of(text):
            return
        speech, answered = Speech(text), False
        due = clock.now() + self._deadlines.first
        for again in (True, False):
            try:
                with failures.failures():
                    async with aclosing(self._pieces(text, voice, due)) as pieces:
                        async for piece in pieces:
                            answered = True
                            if chunk := speech.take(*_read(piece)):
                                yield chunk
                break
            except failures.BrokeOff:
                # A connection that was kept from a sentence before may be closed by the vendor that very moment.
                if answered or not again:
                    raise
        if tail := speech.finish():
            yield tail

    async def _pieces(
        self, text: str, voice: Voice, due: float
    ) -> AsyncGenerator[StreamingAudioChunkWithTimestampsResponse, None]:
        """What the vendor sends, the first piece by `due`, each other one within its deadline (TimeoutError)."""
        client = await self._account.client()
        from elevenlabs import VoiceSettings

        speed = common.pace(voice.speed)
        stream = client.text_to_speech.stream_with_timestamps(
            self._account.voice(voice.name),
            text=text,
            model_id=self._model,
            output_format="pcm_24000",
            **({} if speed is None else {"voice_settings": VoiceSettings(speed=speed)}),
        )
        async with aclosing(in_time(stream, first=due - clock.now(), between=self._deadlines.between)) as pieces:
            async for piece in pieces:
                yield piece


def _read(piece: StreamingAudioChunkWithTimestampsResponse) -> tuple[str, Timing | None]:
    """The SDK does not check what a server sends: a piece of another shape lacks attributes, or their values."""
    try:
        audio, alignment = piece.audio_base_64, piece.alignment
        if not isinstance(audio, str):
            raise failures.nonsense()
        if alignment is None:
            return audio, None
        return audio, Timing(
            characters=alignment.characters,
            starts=alignment.character_start_times_seconds,
            ends=alignment.character_end_times_seconds,
        )
    except AttributeError:
        raise failures.nonsense() from None


async def _check_lines(response: httpx.Response) -> None:
    """The SDK passes over lines that it cannot read, and the sentence would lack them without a word."""
    import httpx

    class Checked(httpx.AsyncByteStream):
        """The lines of a response, each whole and JSON; another one is an error, as is an end amid a line."""

        def __init__(self, inner: httpx.AsyncByteStream) -> None:
            self._inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            begun = b""
            async for data in self._inner:
                *lines, begun = (begun + data).split(b"\n")
                for line in lines:
                    self._check(line)
                yield data
            self._check(begun)

        def _check(self, line: bytes) -> None:
            try:
                if line.strip():
                    json.loads(line)
            except ValueError:
                raise failures.nonsense() from None

        async def aclose(self) -> None:
            await self._inner.aclose()

    if (
        response.is_success
        and "content-encoding" not in response.headers
        and response.url.path.endswith("/with-timestamps")
    ):
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = Checked(response.stream)
