"""Scripted providers: they do what they are told, when they are told to. For tests and benchmarks only.

No setting leads here. Audio is speech where it is not digital silence. Times are seconds, kept on the event loop's
clock, so that a test in virtual time knows each of them exactly.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine.audio import HEARING_RATE, Pcm
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import (
    About,
    Expectation,
    Prompt,
    SpeechChunk,
    SpeechEdge,
    Transcript,
    Voice,
    Word,
    WordSpan,
)
from engine.spans import words_of

RATE = 16_000
"""Hz of scripted speech."""
LONGEST = 120.0
"""Seconds of audio in one turn."""


def _about(kind: str) -> About:
    return About(name=f"scripted {kind}", label=f"Scripted {kind}", local=True)


@dataclass(slots=True, kw_only=True)
class ScriptedEars:
    """Understands the utterances in `says`, one a turn that had audio, in order; `final_after` seconds after `finish`.
    Their words are spread evenly over what is no digital silence.

    `stuck`: finals never come. `failing`: no ear can be opened. `heard` collects the audio of each turn.
    """

    says: list[str] = field(default_factory=list)
    final_after: float = 0.0
    confidence: float = 0.95
    stuck: bool = False
    failing: bool = False
    heard: dict[int, list[Pcm]] = field(default_factory=dict)
    about: About = field(default_factory=lambda: _about("ears"))

    @asynccontextmanager
    async def listen(self, expect: Expectation) -> AsyncIterator[ScriptedListening]:
        if self.failing:
            raise ProviderFailed(self.about.name, "the scripted ears are shut")
        listening = ScriptedListening(self)
        try:
            yield listening
        finally:
            listening.leave()


def _voiced(pieces: Sequence[Pcm]) -> tuple[float, float]:
    """From where to where there is sound in a row of pieces, in seconds; (0, 0): nowhere."""
    start = end = at = 0.0
    for pcm in pieces:
        if any(pcm.data):
            start, end = (start if end else at), at + pcm.seconds
        at += pcm.seconds
    return start, end


class ScriptedListening:
    def __init__(self, ears: ScriptedEars) -> None:
        self._ears = ears
        self._turn = 0
        self._finished = True
        self._heard: list[Pcm] = []
        self._seconds = 0.0
        self._finals: asyncio.Queue[Transcript | None] = asyncio.Queue()

    def push(self, pcm: Pcm, turn: int) -> None:
        if not self._takes(turn):
            return
        if self._seconds + pcm.seconds > LONGEST:
            raise TooLarge(f"One turn of speech may last {LONGEST:g} seconds")
        self._seconds += pcm.seconds
        self._ears.heard.setdefault(turn, []).append(pcm)
        self._heard.append(pcm)

    def finish(self, turn: int) -> None:
        if not self._takes(turn):
            return
        self._finished = True
        if self._ears.stuck:
            return
        start, end = _voiced(self._heard)
        text = self._ears.says.pop(0) if end and self._ears.says else ""
        spoken = text.split()
        step = (end - start) / max(1, len(spoken))
        words = tuple(
            Word(text=word, start=start + i * step, end=start + (i + 1) * step) for i, word in enumerate(spoken)
        )
        final = Transcript(turn=turn, text=text, final=True, words=words, confidence=self._ears.confidence)
        if self._ears.final_after:
            asyncio.get_running_loop().call_later(self._ears.final_after, self._finals.put_nowait, final)
        else:
            self._finals.put_nowait(final)

    def interim(self, turn: int, text: str) -> None:
        """For a test: understand `text` of `turn` so far."""
        self._finals.put_nowait(Transcript(turn=turn, text=text, final=False))

    def leave(self) -> None:
        self._finals.put_nowait(None)

    def _takes(self, turn: int) -> bool:
        """Whether `turn` is under way; one with a new number begins."""
        if turn > self._turn:
            self._turn, self._finished, self._heard, self._seconds = turn, False, [], 0.0
        return turn == self._turn and not self._finished

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while (told := await self._finals.get()) is not None:
            yield told
        self.leave()


@dataclass(slots=True, kw_only=True)
class ScriptedMind:
    """Replies `text`, word by word: the first `first_after` seconds after being asked, one more every `word_every`.

    `fails`: raises after that many words. `asked` collects the prompts; `open_now` counts replies under way: after a
    cancellation it is back at 0.
    """

    text: str = "It is free."
    first_after: float = 0.0
    word_every: float = 0.0
    fails: int | None = None
    asked: list[Prompt] = field(default_factory=list)
    open_now: int = 0
    about: About = field(default_factory=lambda: _about("mind"))

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.asked.append(prompt)
        self.open_now += 1
        try:
            await asyncio.sleep(self.first_after)
            for number, word in enumerate(self.text.split(" ")):
                if self.fails is not None and number >= self.fails:
                    raise ProviderFailed(self.about.name, "the scripted mind went blank", retryable=True)
                yield word if number == 0 else f" {word}"
                await asyncio.sleep(self.word_every)
        finally:
            self.open_now -= 1


@dataclass(slots=True, kw_only=True)
class ScriptedSpeech:
    """Speaks each word in `word_seconds` of a steady level, with its time, in chunks of `chunk` seconds: the first
    `first_after` seconds after being asked, one more every `chunk_every`.

    `fails`: raises when asked to speak a text that holds it. `breaks`: raises after that many chunks. `timed`: it tells
    when its words sound. `spoken` collects the texts, `ended` those spoken to the
    end, `open_now` counts speeches under way: after a cancellation it is back at 0.
    """

    word_seconds: float = 0.25
    chunk: float = 0.1
    first_after: float = 0.0
    chunk_every: float = 0.0
    fails: str | None = None
    breaks: int | None = None
    timed: bool = True
    rate: int = RATE
    spoken: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    open_now: int = 0
    about: About = field(default_factory=lambda: _about("speech"))

    def voices(self) -> Sequence[str]:
        return ("steady", "steadier")

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        self.spoken.append(text)
        self.open_now += 1
        try:
            await asyncio.sleep(self.first_after)
            if self.fails is not None and self.fails in text:
                raise ProviderFailed(self.about.name, "the scripted voice is hoarse")
            for number, chunk in enumerate(self._chunks(text, self.word_seconds / voice.speed)):
                if number == self.breaks:
                    raise ProviderFailed(self.about.name, "the scripted voice broke off", retryable=True)
                yield chunk
                await asyncio.sleep(self.chunk_every)
            self.ended.append(text)
        finally:
            self.open_now -= 1

    def _chunks(self, text: str, seconds: float) -> list[SpeechChunk]:
        spans = [
            WordSpan(first=first, last=last, start=i * seconds, end=(i + 1) * seconds)
            for i, (first, last) in enumerate(words_of(text))
        ]
        rate = self.rate
        total, size = round(len(spans) * seconds * rate), round(self.chunk * rate)
        chunks = []
        for at in range(0, total, size):
            words = tuple(span for span in spans if at <= round(span.start * rate) < at + size)
            samples = min(size, total - at)
            chunks.append(SpeechChunk(pcm=Pcm(b"\x00\x10" * samples, rate), words=words if self.timed else ()))
        return chunks


@dataclass(slots=True, kw_only=True)
class ScriptedActivity:
    """Speech is what is not digital silence; an edge is found `onset_after` or `offset_after` seconds of audio late."""

    onset_after: float = 0.06
    offset_after: float = 0.1
    about: About = field(default_factory=lambda: _about("activity"))

    def open(self) -> ScriptedDetector:
        return ScriptedDetector(self)


class ScriptedDetector:
    FRAME = HEARING_RATE // 50
    """Samples of 20 ms, judged at once."""

    def __init__(self, activity: ScriptedActivity) -> None:
        self._activity = activity
        self._at = 0
        self._changed = 0
        self._voiced = False
        self.speaking = False

    def feed(self, pcm: Pcm) -> Sequence[SpeechEdge]:
        edges = []
        for first in range(0, len(pcm.data), self.FRAME * 2):
            frame = pcm.data[first : first + self.FRAME * 2]
            voiced = any(frame)
            if voiced is not self._voiced:
                self._voiced, self._changed = voiced, self._at
            self._at += len(frame) // 2
            needed = self._activity.onset_after if voiced else self._activity.offset_after
            if voiced is not self.speaking and self._at - self._changed >= needed * HEARING_RATE:
                self.speaking = voiced
                edges.append(SpeechEdge(onset=voiced, at=self._changed / HEARING_RATE))
        return edges
