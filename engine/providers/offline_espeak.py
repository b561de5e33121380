"""Text to speech by espeak-ng from a wheel: no network, no key, first audio in a millisecond, exact word times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from engine.audio import Pcm, silence
from engine.errors import ProviderTimeout
from engine.providers.base import About, SpeechChunk, Voice, WordSpan
from engine.providers.espeak_library import NAME, WordEvent, load
from engine.providers.spoken import spoken
from engine.spans import Stretch, WordTimer, pause_after, pieces_of, words_of

VOICES = {
    "en-us": "en-us+adam",
    "en-us-female": "en-us+f5",
    "en-gb": "en-gb-x-rp+adam",
    "en-gb-female": "en-gb-x-rp+f5",
    "en-us-deep": "en-us+Reed",
    "en-us-clear": "en-us+klatt4",
    "en-us-plain": "en-us",
}
"""Our name of a voice and espeak's, default first: the variants that a recogniser understands best (`bench`)."""

NORMAL_PACE = 165
"""Words a minute at speed 1: an unhurried speaker before an audience."""
LEAD = 0.01
"""Seconds of silence left before the first sound; espeak leaves up to 0.12."""
CHUNK = 0.25
"""Seconds of audio in each chunk after the first, which is espeak's own 60 ms: fewer wake-ups of the event loop."""
DEADLINE = 10.0
"""Seconds to wait for the next piece of audio. Fifty simultaneous sentences take 0.2."""

_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")
"""All synthesis of the process: the library allows one at a time, and a queue is fair."""


class EspeakVoice:
    """TextToSpeech by espeak-ng. A long text is synthesized piece by piece, so that nobody waits long for their turn;
    closing or cancelling an iteration stops the synthesis within one 60 ms piece of audio (well under 1 ms)."""

    about = About(
        name=NAME, label="espeak-ng", local=True, caveat="clear but robotic; a better voice can be added, see Models"
    )

    def voices(self) -> Sequence[str]:
        return tuple(VOICES)

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises `ProviderFailed` when the library cannot be loaded, `ProviderTimeout` when it gets no turn."""
        begun = 0.0
        for first, last in pieces_of(text):
            piece = _Piece(text, (first, last), voice, begun)
            async with aclosing(piece.chunks()) as chunks:
                async for chunk in chunks:
                    begun += chunk.pcm.seconds
                    yield chunk


class _Piece:
    """One run of the synthesizer. `_run` and `_take` work in its thread, the rest on the event loop."""

    def __init__(self, whole: str, stretch: Stretch, voice: Voice, begun: float) -> None:
        """The part `stretch` of `whole`, which sounds from second `begun` of it."""
        self._offset, self._begun = stretch[0], begun
        text = whole[slice(*stretch)]
        self._said, self._origin = spoken(text)
        self._name = VOICES.get(voice.name) or next(iter(VOICES.values()))
        self._speed = min(2.0, max(0.5, voice.speed))
        self._timer = WordTimer(text, words_of(text))
        self._pause = pause_after(whole, stretch[1]) / self._speed
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[SpeechChunk | None] = asyncio.Queue()
        self._stopped = False
        self._events: list[WordEvent] = []
        self._held = bytearray()
        self._sounding = False
        self._trimmed = self._samples = 0
        self._rate = 0

    async def chunks(self) -> AsyncGenerator[SpeechChunk, None]:
        work = self._loop.run_in_executor(_THREAD, self._run)
        work.add_done_callback(lambda _: self._queue.put_nowait(None))
        try:
            while (chunk := await self._next()) is not None:
                yield chunk
            await work
        finally:
            self._stopped = True
            work.cancel()

    async def _next(self) -> SpeechChunk | None:
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._queue.get()
        except TimeoutError:
            raise ProviderTimeout(NAME, f"espeak-ng said nothing for {DEADLINE:.0f} s") from None

    def _run(self) -> None:
        library = load()
        self._rate = library.rate
        library.synthesize(self._said, self._name, round(NORMAL_PACE * self._speed), self._take)
        if not self._sounding:  # stopped at once, or a script that the library cannot read
            return
        words = (*self._timed(), *self._timer.finish((self._samples + len(self._held) // 2) / self._rate))
        self._held += silence(self._pause, self._rate).data
        self._give(words)

    def _take(self, data: bytes, events: list[WordEvent]) -> bool:
        self._events += events
        if not self._sounding:
            sound = data.lstrip(b"\0")
            lead = round(LEAD * self._rate) if sound else 0
            spare = max(0, (len(data) - len(sound)) // 2 - lead)
            self._trimmed += spare
            data = data[spare * 2 :]
            self._sounding = bool(sound)
        self._held += data
        if self._held and (not self._samples or len(self._held) >= CHUNK * self._rate * 2):
            return self._give(self._timed()) and not self._stopped
        return not self._stopped

    def _timed(self) -> tuple[WordSpan, ...]:
        words: tuple[WordSpan, ...] = ()
        for position, at in self._events:
            if position < len(self._origin):
                words += self._timer.heard(self._origin[position], max(0.0, at - self._trimmed / self._rate))
        self._events.clear()
        return words

    def _give(self, words: tuple[WordSpan, ...]) -> bool:
        """Hand what is held over to the event loop; False where it is gone."""
        pcm = Pcm(bytes(self._held), self._rate)
        self._samples += pcm.samples
        self._held.clear()
        placed = tuple(
            WordSpan(
                first=word.first + self._offset,
                last=word.last + self._offset,
                start=word.start + self._begun,
                end=word.end + self._begun,
            )
            for word in words
        )
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, SpeechChunk(pcm=pcm, words=placed))
        except RuntimeError:  # the loop was closed: nobody listens any more
            return False
        return True
