"""What voices that run on this machine have in common: a text is said piece by piece, each in a thread, and pronounced
by espeak-ng."""

from __future__ import annotations

import asyncio
import re
import threading
import unicodedata
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers import espeak_library
from engine.providers.base import About, SpeechChunk
from engine.spans import estimate_words, pause_after, pieces_of

DEADLINE = 30.0
"""Seconds for one piece of text, loading the model included (1 to 3 s)."""
PIECE = 120
"""Characters synthesized at once: a sentence or a long clause. Shorter sounds sooner, longer sounds smoother."""
THREADS = 2
"""Processor cores that one synthesis may use."""
QUIET = 0.003
"""Of full scale: what is less loud at either end of a piece is no part of it."""

_CLAUSE = re.compile(r"([.!?,;:…]+)(?=[\s\"')\]]|$)")

Synthesize = Callable[[str, threading.Event], Pcm]
"""The sound of one piece; it may stop, and return anything, once the event is set."""


def pace(speed: float) -> float:
    """`Voice.speed` within what such voices can."""
    return min(2.0, max(0.5, speed))


class Pieces:
    """A voice's thread, which synthesizes one piece at a time."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=about.name)

    async def speak(self, text: str, speed: float, synthesize: Synthesize) -> AsyncGenerator[SpeechChunk, None]:
        """`text`, with pauses and estimated times. Cancelling stops before the next piece. Raises what `synthesize`
        does, and `ProviderTimeout` after `DEADLINE`."""
        begun = 0.0
        for first, last in pieces_of(text, PIECE):
            speech = await self._piece(text[first:last], synthesize)
            pause = silence(pause_after(text, last) / speed, speech.rate)
            words = estimate_words(text, speech.seconds, begun, (first, last))
            begun += speech.seconds + pause.seconds
            yield SpeechChunk(pcm=Pcm(speech.data + pause.data, speech.rate), words=words)

    async def _piece(self, text: str, synthesize: Synthesize) -> Pcm:
        stop = threading.Event()
        work = asyncio.get_running_loop().run_in_executor(self._thread, synthesize, text, stop)
        try:
            async with asyncio.timeout(DEADLINE):
                return await work
        except TimeoutError:
            raise ProviderTimeout(self._about.name, f"{self._about.label} took longer than {DEADLINE:.0f} s") from None
        finally:
            stop.set()

    def audible(self, samples: Any, rate: int, stop: threading.Event) -> Pcm:  # noqa: ANN401 (an array of floats)
        """`samples` (-1 to 1) without the silence around them. Raises ProviderFailed where they are nothing else."""
        import numpy as np

        loud = np.flatnonzero(np.abs(samples) > QUIET)
        if not loud.size and not stop.is_set():
            raise ProviderFailed(self._about.name, f"{self._about.label} had nothing to say to this sentence")
        samples = samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]
        return Pcm((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes(), rate)


def phonemes(text: str, accent: str) -> str:
    """How `text` sounds, as Piper's voices were taught to read it: IPA, accents apart from their letters, with the
    punctuation that carries the melody."""
    library = espeak_library.load()
    clauses = _CLAUSE.split(text)
    parts: list[str] = []
    for clause, sign in zip(clauses[::2], [*clauses[1::2], ""], strict=True):
        parts.append(library.phonemes(clause, accent) + sign[:1].replace("…", "."))
    return unicodedata.normalize("NFD", " ".join(part for part in parts if part))
