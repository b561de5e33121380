"""A voice that goes on when its own fails: with the next one, at the word at which it broke off."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from engine.audio import Pcm, Resampler
from engine.errors import ProviderFailed
from engine.providers.base import About, SpeechChunk, TextToSpeech, Voice, WordSpan
from engine.providers.circuit import Chain
from engine.providers.tab import Tab
from engine.spans import estimate_words, words_of

LETTER = 0.065
"""Seconds that a character takes at a normal pace, punctuation and spaces included (15 to 16 a second are usual for
English): where a voice breaks off that does not tell when its words sound."""
EPSILON = 1e-6
"""Seconds: sums of many chunks differ in the last bits."""


class FallbackVoice:
    """`TextToSpeech` by the first of a chain that speaks. What one of them has given of a text is kept, and the next
    one speaks the rest, at the same rate. Voices are those of the first; the others take a name they do not know for
    their default."""

    def __init__(self, chain: Chain[TextToSpeech]) -> None:
        self._chain = chain

    def of(self, tab: Tab) -> FallbackVoice:
        return FallbackVoice(self._chain.of(tab))

    @property
    def about(self) -> About:
        return self._chain.about

    def voices(self) -> Sequence[str]:
        return self._chain.links[0].provider.voices()

    async def warm(self) -> None:
        await self._chain.warm()

    async def close(self) -> None:
        await self._chain.close()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises ProviderFailed where the last of them failed."""
        said = _Said(text=text, speed=voice.speed)
        link = None
        while said.rest:
            link = self._chain.asked(after=link)
            try:
                async with aclosing(link.provider.speak(said.rest, voice)) as chunks:
                    async for chunk in chunks:
                        yield said.take(chunk, last=link is self._chain.links[-1])
            except ProviderFailed as error:
                link.circuit.failed(error)
                if link is self._chain.links[-1]:
                    raise
                said.break_off()
            else:
                link.circuit.worked()
                if tail := said.finish():
                    yield tail
                return


@dataclass(slots=True, kw_only=True)
class _Said:
    """What of `text` has been synthesized, by one voice after another: seconds of sound, and the words in it."""

    text: str
    speed: float
    first: int = 0
    """The character from which the voice that speaks now has it."""
    seconds: float = 0.0
    since: float = 0.0
    """Where in the sound it began."""
    rate: int = 0
    words: list[WordSpan] = field(default_factory=list)
    """Of the voice that speaks now, those that were said to their end, …"""
    begun: list[WordSpan] = field(default_factory=list)
    """… and those after them whose sound is not all there."""
    owed: tuple[WordSpan, ...] = ()
    """Of the voices before it, where those did not tell."""
    resampler: Resampler | None = None

    @property
    def rest(self) -> str:
        return self.text[self.first :]

    def take(self, chunk: SpeechChunk, *, last: bool) -> SpeechChunk:
        """`chunk` as a part of the whole. A word is told of when all of its sound is there, unless nobody could go on
        in the middle of it: this is the `last` voice."""
        self.rate = self.rate or chunk.pcm.rate
        pcm = chunk.pcm
        if pcm.rate != self.rate:
            self.resampler = self.resampler or Resampler(pcm.rate, self.rate)
            pcm = self.resampler.push(pcm)
        self.seconds += pcm.seconds
        self.begun += [self._placed(word) for word in chunk.words]
        words = [word for word in self.begun if last or word.end <= self.seconds + EPSILON]
        self.begun = self.begun[len(words) :]
        self.words += words
        owed, self.owed = self.owed, ()
        return SpeechChunk(pcm=pcm, words=(*owed, *words))

    def break_off(self) -> None:
        """The voice failed: the next one begins at the first word that has not been said."""
        missing = [word for word in words_of(self.text) if word[0] >= self.first]
        if self.seconds > self.since and missing:
            ended: Sequence[WordSpan] = self.words
            if not self.words and not self.begun:
                ended = [word for word in self._estimated() if word.end <= self.seconds + EPSILON]
                self.owed = (*self.owed, *ended)
            after = ended[-1].last if ended else self.first
            self.first = next((first for first, _ in missing if first >= after), len(self.text))
        self.since, self.words, self.begun, self.resampler = self.seconds, [], [], None

    def finish(self) -> SpeechChunk | None:
        """All was said: what the resampler still holds, and times of words that were not told."""
        pcm = self.resampler.flush() if self.resampler else Pcm(b"", self.rate or 1)
        self.owed = (*self.owed, *self.begun)
        if (
            self.first and not self.words and not self.begun
        ):  # else whoever plays it would take it that only the others were spoken
            stretch = (self.first, len(self.text))
            self.owed = (*self.owed, *estimate_words(self.text, self.seconds - self.since, self.since, stretch))
        if not pcm.data and not self.owed:
            return None
        return SpeechChunk(pcm=pcm, words=self.owed)

    def _placed(self, word: WordSpan) -> WordSpan:
        return WordSpan(
            first=word.first + self.first,
            last=word.last + self.first,
            start=word.start + self.since,
            end=word.end + self.since,
        )

    def _estimated(self) -> tuple[WordSpan, ...]:
        whole = max(self.seconds - self.since, len(self.rest) * LETTER / self.speed)
        return estimate_words(self.text, whole, self.since, (self.first, len(self.text)))
